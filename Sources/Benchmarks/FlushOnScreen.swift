import SystemIO
import TerminalCanvas
import TestSupport

/// `F` over a large keyspace on a redis-server of its own: how long the walk before the question and
/// the plan take, how soon a key press is answered meanwhile, and how much memory that takes.
struct FlushOnScreen {
  var count: Int
  private let limit = 50.0

  private static let filling = """
    local from, to = tonumber(ARGV[1]), tonumber(ARGV[2])
    for i = from, to do
      local k = string.format('app:session:%02d:%08d', i % 64, i)
      redis.call('SET', k, string.rep('x', 20 + i % 100))
      if i % 2 == 0 then redis.call('PEXPIRE', k, 36000000 + i) end
    end
    return to
    """

  func run() throws {
    let server = try RedisServerProcess(["--lua-time-limit", "0"])
    try FileBytes.writeOwnerOnly(path: server.folder + "/fill.lua", Array(Self.filling.utf8))
    for start in stride(from: 1, through: count, by: 500_000) {
      try Shell.time(
        "redis-cli -s \(server.socketPath) --eval \(server.folder)/fill.lua , \(start) "
          + "\(min(count, start + 499_999)) >/dev/null")
    }
    print("\(count) keys on redis-server")
    let terminal = try PseudoTerminal(
      BuiltProgram.path("cachescope"), ["-s", server.socketPath],
      // A journal on the disk: in memory few old states find room.
      environment: PseudoTerminal.environment.merging(
        ["XDG_STATE_HOME": server.folder + "/state"]
      ) { $1 },
      size: ScreenSize(columns: 120, rows: 36))
    try terminal.wait(timeout: .seconds(120), "all types") {
      let title = LoadingRun.title($0)
      return title.contains("row ") && !title.contains("scanning") && !title.contains("types")
        && !title.contains("sizes")
    }
    print("  peak resident memory when loaded: \(Int(Self.peakMegabytes(terminal))) MB")
    try ask(terminal)
    try measure(terminal)
    try withExtendedLifetime(server) {
      try terminal.press("q q")
      _ = try terminal.waitForEnd()
    }
  }

  private func ask(_ terminal: PseudoTerminal) throws {
    let time = try timed {
      try terminal.press("F")
      try terminal.wait(timeout: .seconds(120), "the question") { $0.text.contains("y flush") }
    }
    print("  the walk before the question: \(Int(time)) ms")
    try rest(terminal)
    try terminal.press("y")
    try terminal.wait("the name") { $0.text.contains("Type db0") }
    try rest(terminal)
    terminal.send("db0")
    try rest(terminal)
  }

  private func measure(_ terminal: PseudoTerminal) throws {
    let start = ContinuousClock.now
    try terminal.press("enter")
    try terminal.wait("the run") { $0.text.contains("p hold") }
    var times: [String: [Double]] = [:]
    let steps: [(String, String, String)] = [
      ("p", "p hold", "p go on"), ("p", "p go on", "p hold"), ("esc", "p hold", "P shows it"),
      ("?", "by key", "n next"), ("esc", "n next", "by key"), ("P", "by key", "p hold"),
    ]
    var place = 0
    while place < 400, !Self.isOver(terminal.screen) {
      let (key, _, after) = steps[place % steps.count]
      let time = try timed {
        try terminal.press(key)
        try terminal.wait(timeout: .seconds(20), "\(after) after \(key)") {
          $0.text.contains(after) || Self.isOver($0.text)
        }
      }
      times["\(key) → \(after)", default: []].append(time)
      try? terminal.wait(timeout: .milliseconds(300), "rest") { _ in false }
      place += 1
    }
    try terminal.wait(timeout: .seconds(600), "the end") { Self.isOver($0.text) }
    print("  the plan with all of this: \(Int((ContinuousClock.now - start).milliseconds)) ms")
    for (key, times) in times.sorted(by: { $0.key < $1.key }) {
      let worst = times.max() ?? 0
      let verdict = worst <= limit ? "within \(limit)" : "ABOVE \(limit)"
      print("  \(key): median \(Int(times.median)) ms, worst \(Int(worst)) ms  \(verdict)")
    }
    print("  peak resident memory: \(Int(Self.peakMegabytes(terminal))) MB")
    if terminal.screen.contains("n next") { try terminal.press("esc") }
    if terminal.screen.contains("u takes it back") { try terminal.press("P") }
    try terminal.wait("the report") { $0.text.contains("u take it back") }
    try rest(terminal)
    let back = try timed {
      try terminal.press("u")
      try terminal.wait(timeout: .seconds(600), "all keys again") {
        $0.text.contains("restored") || $0.text.contains("took back")
      }
    }
    print("  taken back in \(Int(back)) ms")
    print("  peak resident memory: \(Int(Self.peakMegabytes(terminal))) MB")
  }

  /// The report, or the line that tells of it.
  private static func isOver(_ text: String) -> Bool {
    text.contains("u take it back") || text.contains("u takes it back")
  }

  private func rest(_ terminal: PseudoTerminal) throws {
    try? terminal.wait(timeout: .milliseconds(400), "time") { _ in false }
  }

  private func timed(_ work: () throws -> Void) rethrows -> Double {
    let start = ContinuousClock.now
    try work()
    return (ContinuousClock.now - start).milliseconds
  }

  static func peakMegabytes(_ terminal: PseudoTerminal) -> Double {
    let path = "/proc/\(terminal.processIdentifier)/status"
    let bytes = (try? FileBytes.read(path: path, limit: 1 << 16)) ?? []
    let line = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
      .first { $0.hasPrefix("VmHWM:") }
    return (line?.split(separator: " ").dropFirst().first.flatMap { Double($0) } ?? 0) / 1024
  }
}
