import TestSupport
import Testing

@Suite struct CommandStatsTests {
  static let fields: Set<String> = [
    "time", "interval_s", "hits", "misses", "hits_delta", "misses_delta", "hit_ratio", "ops_per_s",
    "used_memory", "max_memory", "keys", "evicted_per_s", "expired_per_s", "clients",
    "net_in_per_s", "net_out_per_s", "rtt_ms",
  ]

  @Test(arguments: CommandSource.Kind.allCases)
  func lookupsOfOthersAreExactlyTheDifference(_ kind: CommandSource.Kind) throws {
    let source = try CommandSource(kind)
    try source.redis("set", "there", "1")
    let before = try source.run("stats", "--json").object()
    let lookups = (0..<1250).map { $0 % 5 == 4 ? "get missing" : "get there" }
    try source.redis(input: Array(lookups.joined(separator: "\n").utf8))
    let after = try source.run("stats", "--json").object()
    let difference = { (field: String) in
      (after[field]?.number ?? .nan) - (before[field]?.number ?? .nan)
    }
    #expect(difference("hits") == 1000)
    #expect(difference("misses") == 250)
    #expect(after["keys"] == .number(1))
  }

  /// What an explorer that is open beside asks counts for nobody, and its graph holds exactly what
  /// the other client did: 1,000 hits and 250 misses are 80 per cent.
  @Test(.timeLimit(.minutes(3)), arguments: CommandSource.Kind.allCases)
  func lookupsOfAnExplorerDoNotCount(_ kind: CommandSource.Kind) throws {
    let source = try CommandSource(kind)
    for key in 0..<30 { try source.redis("set", "key:\(key)", "1", "ex", "86399") }
    let explorer = try PseudoTerminal(
      BuiltProgram.path("cachescope"), ["-s", source.socketPath],
      environment: PseudoTerminal.environment.merging(source.program.environment) { $1 })
    try explorer.wait(for: "23h 59m")
    let before = try source.run("stats", "--json").object()
    let lookups = (0..<1250).map { $0 % 5 == 4 ? "get missing" : "get key:1" }
    try source.redis(input: Array(lookups.joined(separator: "\n").utf8))
    try explorer.press("2")
    try explorer.wait(for: "ratio mean 80.0%")
    let after = try source.run("stats", "--json").object()
    for (field, count) in [("hits", 1000.0), ("misses", 250.0)] {
      #expect((after[field]?.number ?? .nan) - (before[field]?.number ?? .nan) == count)
    }
  }

  @Test(arguments: CommandSource.Kind.allCases)
  func theFirstLineHasNoInterval(_ kind: CommandSource.Kind) throws {
    let source = try CommandSource(kind)
    let finished = try source.run("stats", "--watch", "0.2", "--count", "3", "--json")
    #expect(finished.status == 0)
    let lines = try finished.objects()
    #expect(lines.count == 3)
    for line in lines { #expect(Set(line.keys) == Self.fields) }
    let derived = ["interval_s", "hits_delta", "misses_delta", "ops_per_s", "net_in_per_s"]
    for field in derived {
      #expect(lines[0][field] == .null)
      #expect(lines[1][field]?.number != nil && lines[2][field]?.number != nil)
    }
    #expect((lines[1]["interval_s"]?.number ?? 0) >= 0.2)
    #expect(lines[1]["hits_delta"] == .number(0) && lines[1]["hit_ratio"] == .null)
    #expect(lines[0]["max_memory"] == .null)
    guard case .text(let time)? = lines[0]["time"] else {
      Issue.record("no time")
      return
    }
    #expect(time.wholeMatch(of: /20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d\d\dZ/) != nil)
  }

  @Test func aBoundIsTold() throws {
    let program = try CommandProgram()
    let engine = try ServeProcess(program, ["--maxmemory", "2mb", "--policy", "allkeys-lru"])
    defer { engine.end() }
    #expect(try program.run("stats", "--json").object()["max_memory"] == .number(2_097_152))
    let text = try program.run("stats").text
    #expect(text.contains("max memory      2.0 MB\n") && text.contains("allkeys-lru"))
  }

  /// The format as Prometheus reads it: each family announced once, then its sample.
  @Test(arguments: CommandSource.Kind.allCases)
  func prometheusReadsThem(_ kind: CommandSource.Kind) throws {
    let source = try CommandSource(kind)
    try source.redis("mset", "a", "1", "b", "2")
    try source.redis("expire", "a", "1000")
    for key in ["a", "a", "missing"] { try source.redis("get", key) }
    let finished = try source.run("stats", "--format", "prometheus")
    #expect(finished.status == 0 && finished.text.hasSuffix("\n"))
    var samples: [String: String] = [:]
    var family = ""
    for line in finished.lines {
      if line.hasPrefix("# HELP") {
        #expect(line.wholeMatch(of: /# HELP [a-z_]+ .+\./) != nil, "\(line)")
        family = String(line.split(separator: " ")[2])
      } else if line.hasPrefix("# TYPE") {
        #expect(line == "# TYPE \(family) counter" || line == "# TYPE \(family) gauge")
      } else {
        let sample = line.wholeMatch(of: /([a-z_]+(?:\{(?:[a-z_]+="[^"]*",?)+\})?) ([0-9.e-]+)/)
        let (_, name, value) = try #require(sample?.output, "\(line)")
        #expect(name == family || name.hasPrefix(family + "{"))
        #expect(samples.updateValue(String(value), forKey: String(name)) == nil)
      }
    }
    #expect(samples["redis_up"] == "1" && samples["redis_keyspace_hits_total"] == "2")
    #expect(samples["redis_keyspace_misses_total"] == "1")
    #expect(samples["redis_db_keys{db=\"db0\"}"] == "2")
    #expect(samples["redis_db_keys_expiring{db=\"db0\"}"] == "1")
    #expect(samples["redis_memory_max_bytes"] == "0")
    #expect(samples["redis_commands_total{cmd=\"get\"}"] == "3")
    #expect(samples["redis_commands_duration_seconds_total{cmd=\"mset\"}"] != nil)
    #expect(samples["redis_blocked_clients"] == "0")
  }

  @Test func aTableHasALineForEachTime() throws {
    let source = try CommandSource(.engine)
    let finished = try source.run("stats", "--watch", "0.1", "--count", "2")
    #expect(finished.lines.count == 3)
    #expect(finished.lines[0].contains("HITS/S"))
    #expect(Set(finished.lines.map(\.count)).count == 1)
  }
}
