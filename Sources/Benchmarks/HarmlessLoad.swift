import SystemIO
import TerminalCanvas
import TestSupport

/// What the explorer costs its server: how much of its throughput redis-benchmark keeps while the
/// explorer loads a million keys, in turn with and without it, and what the explorer costs when it is
/// only open.
struct HarmlessLoad {
  var count: Int
  var rounds: Int
  private let seconds = 8

  func run() throws {
    let filled = try FilledServer(count)
    print("\(count) keys on redis-server, \(rounds) rounds")
    for command in ["get", "set"] { try runBesideLoad(filled, command) }
    try runIdle(filled)
  }

  // MARK: Beside a load

  private func runBesideLoad(_ filled: FilledServer, _ command: String) throws {
    // Nobody reads what it prints: it would stand still when the terminal takes no more.
    let load = try PseudoTerminal(
      "/bin/sh",
      [
        "-c",
        "exec redis-benchmark -s \(filled.server.socketPath) -t \(command) -n 1000000000 -c 50 "
          + "-r 100000 -q >/dev/null",
      ], size: ScreenSize(columns: 80, rows: 24))
    defer { try? load.press("ctrl-c") }
    rest(.seconds(2), load)
    var (without, with): ([Double], [Double]) = ([], [])
    for round in 0..<rounds {
      // Who goes first changes from round to round.
      for isOpen in round.isMultiple(of: 2) ? [false, true] : [true, false] {
        if isOpen {
          with.append(try rateWhileLoading(filled, command))
        } else {
          without.append(try rate(filled, command) { rest(.seconds(seconds), load) })
        }
      }
    }
    let verb = command.uppercased()
    Report.line("\(verb) alone", without.median, "a second")
    Report.line("\(verb) while the explorer loads", with.median, "a second")
    Report.line("kept", with.median / without.median, "", atLeast: 0.85)
  }

  private func rateWhileLoading(_ filled: FilledServer, _ command: String) throws -> Double {
    let terminal = try LoadingRun.open(filled.server)
    let rate = try rate(filled, command) { rest(.seconds(seconds), terminal) }
    let title = LoadingRun.title(terminal.emulator)
    let isLoading = title.contains("scanning") || title.contains("types")
    if !isLoading { print("  (loaded before the time was over: \(title.prefix(80)))") }
    try terminal.press("ctrl-c q")
    _ = try terminal.waitForEnd()
    return rate
  }

  /// Calls of the load's command in a second, while something else is done.
  private func rate(
    _ filled: FilledServer, _ command: String, _ work: () throws -> Void
  ) throws -> Double {
    let start = ContinuousClock.now
    let before = try calls(filled, command)
    try work()
    let made = try calls(filled, command) - before
    return made / ((ContinuousClock.now - start).milliseconds / 1000)
  }

  private func calls(_ filled: FilledServer, _ command: String) throws -> Double {
    let text = try filled.text(of: "\(filled.client) info commandstats")
    let head = "cmdstat_\(command):calls="
    let line = text.split(whereSeparator: \.isNewline).first { $0.hasPrefix(head) }
    return line.flatMap { Double($0.dropFirst(head.count).prefix { $0.isNumber }) } ?? 0
  }

  // MARK: Idle

  private func runIdle(_ filled: FilledServer) throws {
    let own = try busyShare(filled) { try Shell.time("sleep 10") }
    let terminal = try LoadingRun.open(filled.server)
    try terminal.wait(timeout: .seconds(600), "everything") { screen in
      let title = LoadingRun.title(screen)
      return title.contains("row ") && !title.contains("%")
    }
    Report.line("the server alone", own * 100, "% of a processor")
    for (key, screen) in [("1", "Keys"), ("2", "Stats")] {
      try terminal.press(key)
      rest(.seconds(2), terminal)
      let share = try busyShare(filled) { rest(.seconds(10), terminal) }
      Report.line("open on \(screen), less that", (share - own) * 100, "%", limit: 1)
    }
    try terminal.press("q")
    _ = try terminal.waitForEnd()
  }

  /// The share of a processor that the server takes while something is done.
  private func busyShare(_ filled: FilledServer, _ work: () throws -> Void) throws -> Double {
    func busy() throws -> Double {
      try filled.figure("used_cpu_user", "cpu") + filled.figure("used_cpu_sys", "cpu")
    }
    let start = ContinuousClock.now
    let before = try busy()
    try work()
    let after = try busy()
    return (after - before) / ((ContinuousClock.now - start).milliseconds / 1000)
  }

  private func rest(_ time: Duration, _ terminal: PseudoTerminal) {
    try? terminal.wait(timeout: time, "time") { _ in false }
  }
}
