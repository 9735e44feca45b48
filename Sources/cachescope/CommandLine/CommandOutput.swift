import Synchronization
import SystemIO
import TerminalCanvas

/// Where a command writes: results to standard output, everything else to standard error.
///
/// Lines are gathered and written in large pieces; `flush` writes what is there. Whatever goes to
/// standard error, and all text that goes to a terminal, is made safe first.
final class CommandOutput: Sendable {
  let isJSON: Bool
  let isTerminal = StandardStream.output.isTerminal
  private let gathered = Mutex<[UInt8]>([])
  private let failures = Mutex<Int32?>(nil)

  private static let pieceSize = 32 << 10

  init(isJSON: Bool) {
    self.isJSON = isJSON
  }

  /// The status of the first failure that was told; 0 without one.
  var exitStatus: Int32 { failures.withLock { $0 } ?? 0 }

  /// One line of the result, already safe.
  func line(_ text: String) {
    bytes(Array(text.utf8) + [0x0A])
  }

  /// A part of the result as it is.
  func bytes(_ bytes: [UInt8]) {
    let isLarge = gathered.withLock { gathered in
      gathered.append(contentsOf: bytes)
      return gathered.count >= Self.pieceSize
    }
    if isLarge { flush() }
  }

  func flush() {
    let piece = gathered.withLock { gathered in
      defer { gathered = [] }
      return gathered
    }
    do throws(Errno) {
      try StandardStream.output.write(piece)
    } catch {
      tell(CommandFailure(.io, "standard output: \(error.text)"))
    }
  }

  /// Tells a failure on standard error and remembers its status; the command may go on.
  func tell(_ failure: CommandFailure) {
    failures.withLock { status in
      if status == nil { status = failure.kind.exitStatus }
    }
    flush()
    if isJSON {
      Self.writeError(failure.json)
    } else {
      note(failure.message)
    }
  }

  /// A remark on standard error.
  func note(_ message: String) {
    for line in message.split(separator: "\n") {
      Self.writeError("cachescope: " + TextSanitizer.listText(String(line)))
    }
  }

  private static func writeError(_ line: String) {
    // Nobody is left to be told when standard error cannot be written.
    try? StandardStream.error.write(Array((line + "\n").utf8))
  }
}
