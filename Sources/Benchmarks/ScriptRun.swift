import TerminalCanvas
import TestSupport

/// Presses keys while everything is still loading, and measures how long each takes to the frame
/// that shows its effect.
struct ScriptRun {
  private let server: RedisServerProcess
  private let limit = 50.0
  private let rounds = 3

  init(_ server: RedisServerProcess) {
    self.server = server
  }

  private static let keys = "j pgdn G g / e s s esc v tab b esc".split(separator: " ").map(
    String.init)

  func run() throws {
    var times = Self.keys.map { _ in [Double]() }
    for _ in 0..<rounds {
      let terminal = try LoadingRun.open(server)
      try terminal.wait("keys") { $0.text.contains(" str ") }
      for (place, key) in Self.keys.enumerated() { times[place].append(try press(key, terminal)) }
      try terminal.press("ctrl-c q q")
    }
    for (key, times) in zip(Self.keys, times) {
      let worst = times.max() ?? 0
      let verdict = worst <= limit ? "within \(limit)" : "ABOVE \(limit)"
      print("  \(key): median \(Int(times.median)) ms, worst \(Int(worst)) ms  \(verdict)")
    }
  }

  private func press(_ key: String, _ terminal: PseudoTerminal) throws -> Double {
    // What is still under way from the key before must not pass for the effect of this one.
    try? terminal.wait(timeout: .milliseconds(150), "rest") { _ in false }
    let before = Self.mark(terminal.emulator)
    let start = ContinuousClock.now
    try terminal.press(key)
    try terminal.wait("an effect of \(key)") { Self.mark($0) != before }
    return (ContinuousClock.now - start).milliseconds
  }

  /// What a key press changes and loading does not: where the cursor is, the name of what is under
  /// it, the filter, the message, the hints, how the value is shown.
  private static func mark(_ screen: TerminalEmulator) -> [String] {
    let title = screen.lines[2]
    let filter = title.contains("  /") ? String(title.prefix(30)) : ""
    let selected = screen.cells.indices.filter { row in
      row > 3 && screen.cells[row].count > 4 && screen.cells[row][3].look.background != nil
    }
    let value = title.components(after: "┐┌ ")
    let facts = screen.lines[3].components(after: "││ ").prefix(24)
    return [filter, "\(selected)", value, String(facts)] + screen.lines.suffix(2)
  }
}

extension String {
  /// What follows a text; empty when it is not there.
  fileprivate func components(after text: String) -> String {
    var rest = self[...]
    while !rest.isEmpty {
      if rest.hasPrefix(text) { return String(rest.dropFirst(text.count)) }
      rest = rest.dropFirst()
    }
    return ""
  }
}
