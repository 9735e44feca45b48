import SystemIO
import TerminalCanvas
import TestSupport

/// Values of which only pages are held: a hash of five million fields, a list of ten million elements, a
/// string of 500 MB on a redis-server of its own. How soon the first page stands there, how soon the
/// end, and how much memory that takes.
///
/// A list and a string have a way to their end; the fields of a hash are walked over, of which so many
/// pages are measured.
struct LargeValues {
  /// Thousandths of the full size.
  var share: Int
  private let limit = 100.0
  private let walked = 200

  private static let filling = """
    local share = tonumber(ARGV[1])
    for i = 1, 5000 * share do redis.call('HSET', 'b:hash', 'field:' .. i, 'v' .. i) end
    for i = 1, 10000 * share do redis.call('RPUSH', 'c:list', 'element ' .. i) end
    local piece = string.rep('The quick brown fox jumps over the lazy dog.\\n', 11111)
    for i = 1, share do redis.call('APPEND', 'd:string', piece) end
    redis.call('APPEND', 'd:string', 'the last line')
    redis.call('SET', 'a:first', 'the first value')
    return 1
    """

  func run() throws {
    let server = try RedisServerProcess(["--lua-time-limit", "0"])
    try FileBytes.writeOwnerOnly(path: server.folder + "/fill.lua", Array(Self.filling.utf8))
    try Shell.time(
      "redis-cli -s \(server.socketPath) --eval \(server.folder)/fill.lua , \(share) >/dev/null")
    print("a hash of \(5000 * share) fields, a list of \(10_000 * share), \(share / 2) MB of text")
    let terminal = try PseudoTerminal(
      BuiltProgram.path("cachescope"), ["-s", server.socketPath, "--separator", "|"],
      environment: PseudoTerminal.environment.merging(
        ["XDG_STATE_HOME": server.folder + "/state"]
      ) { $1 },
      size: ScreenSize(columns: 120, rows: 36))
    try terminal.wait("the first value") { $0.text.contains("the first value") }
    let before = FlushOnScreen.peakMegabytes(terminal)
    try measure(terminal, "hash", opens: "field:", hasEnd: false)
    try measure(terminal, "list", opens: "element 1", end: "element \(10_000 * share)")
    try measure(terminal, "string", opens: "quick brown", end: "the last line")
    let grown = FlushOnScreen.peakMegabytes(terminal) - before
    Report.line("memory that it took", grown, "MB", limit: 64)
    try withExtendedLifetime(server) {
      try terminal.press("q q")
      _ = try terminal.waitForEnd()
    }
  }

  private func measure(
    _ terminal: PseudoTerminal, _ name: String, opens: String, end: String = "",
    hasEnd: Bool = true
  ) throws {
    let opening = try timed {
      try terminal.press("j")
      try terminal.wait(timeout: .seconds(20), "the \(name)") { $0.text.contains(opens) }
    }
    Report.line("\(name), opened", opening, "ms", limit: limit)
    try terminal.press("tab")
    try? terminal.wait(timeout: .milliseconds(400), "rest") { _ in false }
    if hasEnd {
      let ending = try timed {
        try terminal.press("G")
        try terminal.wait(timeout: .seconds(20), "its end") { $0.text.contains(end) }
      }
      Report.line("\(name), its end", ending, "ms", limit: limit)
    } else {
      let walk = try timed {
        for _ in 0..<walked {
          let before = terminal.screen
          try terminal.press("pagedown")
          try terminal.wait(timeout: .seconds(20), "another screen") { $0.text != before }
        }
      }
      Report.line("\(name), a screen further", walk / Double(walked), "ms")
    }
    try terminal.press("tab")
    try? terminal.wait(timeout: .milliseconds(400), "rest") { _ in false }
  }

  private func timed(_ body: () throws -> Void) rethrows -> Double {
    let start = ContinuousClock.now
    try body()
    return (ContinuousClock.now - start).milliseconds
  }
}
