import SystemIO
import TerminalCanvas
import TestSupport

/// A fifth of all keys deleted by query on a redis-server of its own, beside
/// `redis-cli --scan --pattern … | xargs redis-cli unlink` in turn; then beside a GET load that takes
/// all it can, how much of its throughput that keeps.
struct DeleteMillion {
  /// Keys in all, of which a fifth is deleted.
  var count: Int
  var rounds = 3

  /// `stale:` the first fifth, `live:` the others; half of all have a TTL.
  private static let filling = """
    local from, to, stale = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
    for i = from, to do
      local k
      if i <= stale then k = string.format('stale:%02d:%08d', i % 64, i)
      else k = string.format('live:%02d:%08d', i % 64, i) end
      redis.call('SET', k, string.rep('x', 20 + i % 100))
      if i % 2 == 0 then redis.call('PEXPIRE', k, 36000000 + i) end
    end
    return to
    """

  private struct Source {
    let server: RedisServerProcess
    var client: String { "redis-cli -s \(server.socketPath)" }
  }

  func run() throws {
    let source = Source(server: try RedisServerProcess(["--lua-time-limit", "0"]))
    try FileBytes.writeOwnerOnly(
      path: source.server.folder + "/fill.lua", Array(Self.filling.utf8))
    try fill(source, 1, count)
    print("\(count / 5) of \(count) keys on redis-server")
    var peers: [Double] = []
    var own: [Double] = []
    var peaks: [Double] = []
    for round in 0..<rounds {
      // Who goes first changes from round to round.
      for isOwn in round.isMultiple(of: 2) ? [false, true] : [true, false] {
        if isOwn {
          let (time, peak) = try invalidate(source)
          own.append(time)
          peaks.append(peak)
        } else {
          peers.append(try Shell.time(peer(source)))
        }
        try fill(source, 1, count / 5)
      }
    }
    line("redis-cli --scan | xargs redis-cli unlink", peers.median, "ms")
    line("cachescope invalidate", own.median, "ms")
    line("invalidate / redis-cli", own.median / peers.median, "", limit: 1)
    line("peak resident memory", peaks.max() ?? 0, "MB", limit: 200)
    try runBesideLoad(source)
  }

  private func fill(_ source: Source, _ from: Int, _ to: Int) throws {
    for start in stride(from: from, through: to, by: 500_000) {
      let end = min(to, start + 499_999)
      try Shell.time(
        "\(source.client) --eval \(source.server.folder)/fill.lua , \(start) \(end) \(count / 5) "
          + ">/dev/null")
    }
  }

  private func peer(_ source: Source) -> String {
    "\(source.client) --scan --pattern 'stale:*' | xargs \(source.client) unlink >/dev/null"
  }

  /// Milliseconds, and megabytes at most.
  private func invalidate(_ source: Source) throws -> (time: Double, peak: Double) {
    let start = ContinuousClock.now
    let terminal = try PseudoTerminal(
      BuiltProgram.path("cachescope"),
      [
        "invalidate", "-s", source.server.socketPath, "--where", "stale:*", "--confirm", "db0",
      ],
      // A journal on the disk: without a folder for it old states stay in memory, and few find room.
      environment: PseudoTerminal.environment.merging(
        ["XDG_STATE_HOME": source.server.folder + "/state"]
      ) { $1 },
      size: ScreenSize(columns: 120, rows: 24))
    var peak = 0.0
    while let now = Self.peakMegabytes(of: terminal.processIdentifier) {
      peak = max(peak, now)
      try? terminal.wait(timeout: .milliseconds(50), "the end") { _ in false }
    }
    let ending = try terminal.waitForEnd(timeout: .seconds(600))
    guard ending == .exited(0) else { throw ShellFailure(words: terminal.screen) }
    return ((ContinuousClock.now - start).milliseconds, peak)
  }

  /// Nil once the process has ended.
  private static func peakMegabytes(of process: Int32) -> Double? {
    let bytes = (try? FileBytes.read(path: "/proc/\(process)/status", limit: 1 << 16)) ?? []
    let text = String(decoding: bytes, as: UTF8.self)
    let line = text.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return line?.split(separator: " ").dropFirst().first.flatMap { Double($0) }.map { $0 / 1024 }
  }

  // MARK: Beside a load

  private func runBesideLoad(_ source: Source) throws {
    let load = try PseudoTerminal(
      "/bin/sh",
      [
        "-c",
        "exec redis-benchmark -s \(source.server.socketPath) -t get -n 1000000000 -c 20 -r 1000 -q",
      ], size: ScreenSize(columns: 80, rows: 24))
    defer { try? load.press("ctrl-c") }
    try rest(.seconds(2), load)
    let alone = try gets(source) { try rest(.seconds(5), load) }
    var time = 0.0
    let beside = try gets(source) { time = try invalidate(source).time }
    line("GET load alone", alone, "GET/s")
    line("GET load beside invalidate", beside, "GET/s")
    line("kept", beside / alone, "", atLeast: 0.8)
    line("invalidate beside the load", time, "ms")
  }

  private func rest(_ time: Duration, _ terminal: PseudoTerminal) throws {
    try? terminal.wait(timeout: time, "time") { _ in false }
  }

  /// GETs a second while something is done.
  private func gets(_ source: Source, _ work: () throws -> Void) throws -> Double {
    let start = ContinuousClock.now
    let before = try getCalls(source)
    try work()
    let calls = try getCalls(source) - before
    return calls / ((ContinuousClock.now - start).milliseconds / 1000)
  }

  private func getCalls(_ source: Source) throws -> Double {
    let path = source.server.folder + "/stats"
    try Shell.time("\(source.client) info commandstats >\(path)")
    let text = String(decoding: try FileBytes.read(path: path, limit: 1 << 20), as: UTF8.self)
    let head = "cmdstat_get:calls="
    let line = text.split(whereSeparator: \.isNewline).first { $0.hasPrefix(head) }
    let digits = line?.dropFirst(head.count).prefix { $0.isNumber } ?? ""
    return Double(digits) ?? 0
  }

  private func line(
    _ name: String, _ value: Double, _ unit: String, limit: Double? = nil, atLeast: Double? = nil
  ) {
    let rounded = (value * 100).rounded() / 100
    var verdict = limit.map { value <= $0 ? "  within \($0)" : "  ABOVE \($0)" } ?? ""
    if let atLeast { verdict = value >= atLeast ? "  at least \(atLeast)" : "  BELOW \(atLeast)" }
    print("  \(name): \(rounded) \(unit)\(verdict)")
  }
}
