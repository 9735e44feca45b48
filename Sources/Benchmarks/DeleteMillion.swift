import SystemIO
import TerminalCanvas
import TestSupport

/// A fifth of all keys deleted by query on a redis-server of its own, beside
/// `redis-cli --scan --pattern … | xargs redis-cli unlink` in turn, and taken back each time; then
/// beside a GET load that takes all it can, how much of its throughput that keeps. Told are medians.
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
    /// A journal on the disk: without a folder for it old states stay in memory, and few find room.
    var state: String { server.folder + "/state" }
  }

  /// What a command took.
  private struct Cost {
    var milliseconds: Double
    var megabytes: Double
  }

  func run() throws {
    let source = Source(server: try RedisServerProcess(["--lua-time-limit", "0"]))
    try FileBytes.writeOwnerOnly(
      path: source.server.folder + "/fill.lua", Array(Self.filling.utf8))
    try fill(source, 1, count)
    print("\(count / 5) of \(count) keys on redis-server, \(rounds) rounds")
    try runAlone(source)
    try runBesideLoad(source)
  }

  private func runAlone(_ source: Source) throws {
    var (peers, journals): ([Double], [Double]) = ([], [])
    var (deletions, undos): ([Cost], [Cost]) = ([], [])
    for round in 0..<rounds {
      // Who goes first changes from round to round.
      for isOwn in round.isMultiple(of: 2) ? [false, true] : [true, false] {
        if isOwn {
          deletions.append(try invalidate(source))
          journals.append(try journalMegabytes(source))
          undos.append(try undo(source))
        } else {
          peers.append(try Shell.time(peer(source)))
          try fill(source, 1, count / 5)
        }
      }
    }
    let own = deletions.map(\.milliseconds).median
    Report.line("redis-cli --scan | xargs redis-cli unlink", peers.median, "ms")
    Report.line("cachescope invalidate", own, "ms")
    Report.line("invalidate / redis-cli", own / peers.median, "", limit: 1)
    Report.line("its peak resident memory", deletions.map(\.megabytes).max() ?? 0, "MB", limit: 200)
    Report.line("its journal", journals.median, "MB")
    Report.line("cachescope undo", undos.map(\.milliseconds).median, "ms")
    Report.line("its peak resident memory", undos.map(\.megabytes).max() ?? 0, "MB", limit: 200)
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

  // MARK: cachescope

  /// Deletes the fifth, with a journal that holds nothing else.
  private func invalidate(_ source: Source) throws -> Cost {
    try Shell.time("rm -rf \(source.state)")
    let cost = try cachescope(source, ["invalidate", "--where", "stale:*"])
    try expect(count - count / 5, source)
    return cost
  }

  private func undo(_ source: Source) throws -> Cost {
    let cost = try cachescope(source, ["undo"])
    try expect(count, source)
    return cost
  }

  private func cachescope(_ source: Source, _ arguments: [String]) throws -> Cost {
    let start = ContinuousClock.now
    let terminal = try PseudoTerminal(
      BuiltProgram.path("cachescope"),
      arguments + ["-s", source.server.socketPath, "--confirm", "db0"],
      environment: PseudoTerminal.environment.merging(["XDG_STATE_HOME": source.state]) { $1 },
      size: ScreenSize(columns: 120, rows: 24))
    var peak = 0.0
    while let now = Self.peakMegabytes(of: terminal.processIdentifier) {
      peak = max(peak, now)
      try? terminal.wait(timeout: .milliseconds(50), "the end") { _ in false }
    }
    let ending = try terminal.waitForEnd(timeout: .seconds(600))
    guard ending == .exited(0) else { throw ShellFailure(words: terminal.screen) }
    return Cost(
      milliseconds: (ContinuousClock.now - start).milliseconds, megabytes: peak)
  }

  /// A figure of a command that did not do all would mean nothing.
  private func expect(_ wanted: Int, _ source: Source) throws {
    let found = try number(after: "", in: "\(source.client) dbsize", source)
    guard Int(found) == wanted else {
      throw ShellFailure(words: "\(Int(found)) keys where \(wanted) should be")
    }
  }

  /// Nil once the process has ended.
  private static func peakMegabytes(of process: Int32) -> Double? {
    let bytes = (try? FileBytes.read(path: "/proc/\(process)/status", limit: 1 << 16)) ?? []
    let text = String(decoding: bytes, as: UTF8.self)
    let line = text.split(separator: "\n").first { $0.hasPrefix("VmHWM:") }
    return line?.split(separator: " ").dropFirst().first.flatMap { Double($0) }.map { $0 / 1024 }
  }

  private func journalMegabytes(_ source: Source) throws -> Double {
    try number(after: "", in: "du -sk \(source.state)", source) / 1024
  }

  // MARK: Beside a load

  private func runBesideLoad(_ source: Source) throws {
    let load = try PseudoTerminal(
      "/bin/sh",
      [
        "-c",
        "exec redis-benchmark -s \(source.server.socketPath) -t get -n 1000000000 -c 20 -r 1000 -q "
          // Nobody reads what it prints: it would stand still when the terminal takes no more.
          + ">/dev/null",
      ], size: ScreenSize(columns: 80, rows: 24))
    defer { try? load.press("ctrl-c") }
    try rest(.seconds(2), load)
    var (alone, beside, times): ([Double], [Double], [Double]) = ([], [], [])
    for _ in 0..<rounds {
      alone.append(try gets(source) { try rest(.seconds(5), load) })
      beside.append(try gets(source) { times.append(try invalidate(source).milliseconds) })
      try fill(source, 1, count / 5)
    }
    Report.line("GET load alone", alone.median, "GET/s")
    Report.line("GET load beside invalidate", beside.median, "GET/s")
    Report.line("kept", zip(alone, beside).map { $1 / $0 }.median, "", atLeast: 0.8)
    Report.line("invalidate beside the load", times.median, "ms")
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
    try number(
      after: "cmdstat_get:calls=", in: "\(source.client) info commandstats", source)
  }

  /// The number behind a text at the beginning of a line of what a command prints; 0 without one.
  private func number(
    after head: String, in command: String, _ source: Source
  ) throws -> Double {
    let path = source.server.folder + "/printed"
    try Shell.time("\(command) >\(path)")
    let text = String(decoding: try FileBytes.read(path: path, limit: 1 << 20), as: UTF8.self)
    let line = text.split(whereSeparator: \.isNewline).first { $0.hasPrefix(head) }
    let digits = line?.dropFirst(head.count).prefix { $0.isNumber } ?? ""
    return Double(digits) ?? 0
  }
}
