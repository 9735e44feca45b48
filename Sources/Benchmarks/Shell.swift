import TerminalCanvas
import TestSupport

/// Runs commands of a shell and measures them.
enum Shell {
  /// Milliseconds that a command takes; throws when it fails.
  @discardableResult
  static func time(_ command: String) throws -> Double {
    let start = ContinuousClock.now
    let terminal = try PseudoTerminal(
      "/bin/sh", ["-c", command], size: ScreenSize(columns: 80, rows: 24))
    let ending = try terminal.waitForEnd(timeout: .seconds(600))
    guard ending == .exited(0) else { throw ShellFailure(words: terminal.screen) }
    return (ContinuousClock.now - start).milliseconds
  }
}

struct ShellFailure: Error {
  var words: String
}

extension Duration {
  var milliseconds: Double {
    Double(components.seconds) * 1000 + Double(components.attoseconds) / 1e15
  }
}

extension [Double] {
  var median: Double { isEmpty ? 0 : sorted()[count / 2] }
}
