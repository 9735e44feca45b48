import CLinux
import Glibc

/// Asks for a password on the terminal that controls the process, without showing what is typed.
///
/// The terminal is as before when the answer comes back. A signal that asks the program to end
/// (ctrl-c, SIGTERM) ends it from here, with 128 and the signal's number as its status, and the
/// terminal is as before then too. Ask before the program starts threads of its own: the signals
/// wait for this one alone.
package enum HiddenInput {
  /// What was typed, without the line's end; nil at the end of input. Fails where there is no
  /// terminal.
  package static func ask(_ prompt: String) throws(Errno) -> [UInt8]? {
    let terminal = OwnedDescriptor(
      owning: try systemCall { Glibc.open("/dev/tty", O_RDWR | O_CLOEXEC) })
    let mask = blockSignals()
    defer { restore(mask) }
    let signals = OwnedDescriptor(owning: try systemCall { cl_signal_descriptor() })
    let before = try hideInput(of: terminal.raw)
    defer { showInput(of: terminal.raw, before) }
    write(Array(prompt.utf8), to: terminal.raw)
    if let signal = try waitForLine(from: terminal.raw, or: signals.raw) {
      showInput(of: terminal.raw, before)
      endProcess(128 + signal)
    }
    let line = try readLine(from: terminal.raw)
    write([0x0A], to: terminal.raw)
    return line
  }

  /// Turns the echo off and answers the settings before.
  private static func hideInput(of terminal: CInt) throws(Errno) -> termios {
    var settings = termios()
    _ = try systemCall { tcgetattr(terminal, &settings) }
    let before = settings
    settings.c_lflag &= ~tcflag_t(ECHO)
    _ = try systemCall { tcsetattr(terminal, TCSAFLUSH, &settings) }
    return before
  }

  private static func showInput(of terminal: CInt, _ before: termios) {
    var before = before
    tcsetattr(terminal, TCSAFLUSH, &before)
  }

  /// Answers the signals' mask before.
  private static func blockSignals() -> sigset_t {
    var signals = sigset_t()
    var before = sigset_t()
    sigemptyset(&signals)
    for signal in [SIGINT, SIGTERM, SIGQUIT, SIGHUP] { sigaddset(&signals, signal) }
    pthread_sigmask(SIG_BLOCK, &signals, &before)
    return before
  }

  private static func restore(_ mask: sigset_t) {
    var mask = mask
    pthread_sigmask(SIG_SETMASK, &mask, nil)
  }

  /// Waits for either; the number of the signal that came, or nil for a line.
  private static func waitForLine(
    from terminal: CInt, or signals: CInt
  ) throws(Errno) -> CInt? {
    var ready = [
      pollfd(fd: signals, events: Int16(POLLIN), revents: 0),
      pollfd(fd: terminal, events: Int16(POLLIN), revents: 0),
    ]
    while true {
      _ = try systemCall { poll(&ready, 2, -1) }
      let signal = cl_signal_take(signals)
      if signal > 0 { return signal }
      if ready[1].revents != 0 { return nil }
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
