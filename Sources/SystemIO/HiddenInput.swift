import Glibc
import Synchronization

/// Asks for a password on the terminal that controls the process, without showing what is typed.
package enum HiddenInput {
  private static let hidden = Mutex<Saved?>(nil)

  private struct Saved: Sendable {
    var descriptor: CInt
    var settings: termios
  }

  /// What was typed, without the line's end; nil at the end of input. Fails where there is no
  /// terminal.
  package static func ask(_ prompt: String) throws(Errno) -> [UInt8]? {
    let terminal = OwnedDescriptor(
      owning: try systemCall { Glibc.open("/dev/tty", O_RDWR | O_CLOEXEC) })
    let number = terminal.raw
    var settings = termios()
    _ = try systemCall { tcgetattr(number, &settings) }
    let before = settings
    hidden.withLock { $0 = Saved(descriptor: number, settings: before) }
    defer { showAgain() }
    settings.c_lflag &= ~tcflag_t(ECHO)
    _ = try systemCall { tcsetattr(number, TCSAFLUSH, &settings) }
    write(Array(prompt.utf8), to: number)
    let line = try readLine(from: number)
    write([0x0A], to: number)
    return line
  }

  /// Shows typed characters again if a question is open. For whoever ends the program meanwhile.
  package static func showAgain() {
    hidden.withLock { saved in
      guard var before = saved else { return }
      tcsetattr(before.descriptor, TCSAFLUSH, &before.settings)
      saved = nil
    }
  }

  private static func write(_ bytes: [UInt8], to number: CInt) {
    _ = try? systemCall { bytes.withUnsafeBytes { Glibc.write(number, $0.baseAddress, $0.count) } }
  }

  private static func readLine(from number: CInt) throws(Errno) -> [UInt8]? {
    var line = [UInt8](repeating: 0, count: 4096)
    let count = try systemCall {
      line.withUnsafeMutableBytes { Glibc.read(number, $0.baseAddress, $0.count) }
    }
    guard count > 0 else { return nil }
    return Array(line.prefix(count).prefix { $0 != 0x0A })
  }
}
