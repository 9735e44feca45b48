import TestSupport
import Testing

@Suite struct CommandChangeTests {
  private func ttl(_ source: CommandSource, _ key: String) throws -> Int {
    Int(try source.redis("pttl", key)) ?? -99
  }

  @Test(arguments: CommandSource.Kind.allCases)
  func setKeepsWhatItShould(_ kind: CommandSource.Kind) throws {
    let source = try CommandSource(kind)
    let first = try source.run("set", "k", "one", "--json")
    #expect(first.status == 0 && first.text == "{\"key\":\"k\",\"result\":\"set\"}\n")
    #expect(try ttl(source, "k") == -1)
    #expect(try source.run("set", "k", "two", "--ttl", "5m").status == 0)
    #expect((290_000...300_000).contains(try ttl(source, "k")))
    #expect(try source.run("set", "k", "three").status == 0)
    #expect((280_000...300_000).contains(try ttl(source, "k")))
    #expect(try source.redis("get", "k") == "three")
    #expect(try source.run("set", "k", "four", "--ttl", "none").status == 0)
    #expect(try ttl(source, "k") == -1)
  }

  @Test(arguments: CommandSource.Kind.allCases)
  func setNeverReplacesWhatItWasNotToldTo(_ kind: CommandSource.Kind) throws {
    let source = try CommandSource(kind)
    try source.redis("hset", "h", "f", "v")
    try source.redis("set", "k", "old")
    let created = try source.run("set", "k", "new", "--create", "--json")
    #expect(created.status == 1 && created.errors.contains("\"kind\":\"conflict\""))
    #expect(try source.redis("get", "k") == "old")
    let other = try source.run("set", "h", "new")
    #expect(other.status == 1 && other.errors.contains("h holds a hash; --replace"))
    #expect(try source.redis("type", "h") == "hash")
    #expect(try source.run("set", "h", "new", "--replace").status == 0)
    #expect(try source.redis("get", "h") == "new")
    #expect(try source.run("set", "n", "new", "--create", "--ttl", "10s").status == 0)
    #expect((1...10_000).contains(try ttl(source, "n")))
  }

  @Test(arguments: CommandSource.Kind.allCases)
  func expireTakesEveryForm(_ kind: CommandSource.Kind) throws {
    let source = try CommandSource(kind)
    try source.redis("mset", "a", "1", "b", "2")
    let lines = try source.run("expire", "a", "b", "10m").lines
    #expect(lines.map { $0.prefix(13) } == ["expires a in ", "expires b in "])
    let end = /in (10:00|9:59), at 20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d\d\dZ$/
    #expect(lines.allSatisfy { $0.contains(end) }, "\(lines)")
    let object = try source.run("expire", "a", "10m", "--json").object()
    #expect(object["result"] == .text("expires"))
    #expect((590_000...600_000).contains(object["ttl_ms"]?.number ?? 0))
    #expect((590_000...600_000).contains(try ttl(source, "b")))
    #expect(try source.run("expire", "a", "--ttl=-5m").status == 0)
    #expect((290_000...300_000).contains(try ttl(source, "a")))
    #expect(try source.run("expire", "a", "--", "-1m").status == 0)
    #expect((230_000...240_000).contains(try ttl(source, "a")))
    #expect(try source.run("expire", "a", "1500ms").status == 0)
    #expect((1...1500).contains(try ttl(source, "a")))
    #expect(try source.run("expire", "a", "@2099-01-01T00:00Z").status == 0)
    #expect(try source.redis("pexpiretime", "a") == "4070908800000")
    #expect(try source.run("expire", "a", "none").text == "persisted a\n")
    #expect(
      try source.run("expire", "a", "+5m").text
        == "unchanged a: it has no TTL to make longer\n")
    #expect(try ttl(source, "a") == -1)
    #expect(
      try source.run("persist", "b", "a").lines == ["persisted b", "unchanged a: it has no TTL"])
    #expect(try source.run("expire", "b", "now").text == "expired b\n")
    #expect(try source.redis("exists", "b") == "0")
  }

  /// A slip in the year is not the end of a key.
  @Test(arguments: CommandSource.Kind.allCases)
  func aTimeThatHasPassedIsRefused(_ kind: CommandSource.Kind) throws {
    let source = try CommandSource(kind)
    try source.redis("mset", "a", "1", "b", "2")
    let past = "@2020-01-01T10:00"
    for arguments in [
      ["expire", "a", past], ["set", "a", "2", "--ttl", past],
      ["invalidate", "--match", "*", "--ttl", past, "--yes"],
    ] {
      let refused = try source.program.run(arguments)
      #expect(refused.status == 2, "\(arguments)")
      #expect(refused.errors.contains("that time has passed"), "\(refused.errors)")
    }
    #expect(try source.run("expire", "a", past).errors.contains("expire KEY now expires it"))
    #expect(try source.redis("mget", "a", "b") == "1\n2")
    #expect(try source.run("expire", "a", "60s").status == 0)
    #expect(try source.run("expire", "a", "--ttl=-5m").text == "expired now a\n")
    #expect(try source.redis("exists", "a") == "0")
  }

  /// A name that cannot be typed is given as base64, and lists tell it so.
  @Test(arguments: CommandSource.Kind.allCases)
  func namesThatAreNoTextAreGivenAsBase64(_ kind: CommandSource.Kind) throws {
    let source = try CommandSource(kind)
    let name = "YgD/G3g="  // b, 0, 255, escape, x
    #expect(try source.run("set", "--key-b64", name, "v").status == 0)
    let line = try #require(try source.run("keys", "--names", "--match", "b*").lines.first)
    #expect(line == #"b\x00\xff\x1bx"#)
    let object = try source.run("keys", "--json", "--match", "b*").object()
    #expect(object["key_b64"] == .text(name))
    #expect(try source.run("get", "--key-b64", name).text == "v\n")
    #expect(try source.run("expire", "--key-b64", name, "1h").status == 0)
    #expect(try source.run("persist", "--key-b64", name).status == 0)
    #expect(try source.run("get", line).errors.contains("no such key"))
    #expect(try source.run("del", "--key-b64", name).text == "deleted \(line)\n")
  }

  @Test func aSpreadDiffersFromKeyToKey() throws {
    let source = try CommandSource(.redis)
    let names = (0..<50).map { "k\($0)" }
    for name in names { try source.redis("set", name, "v") }
    #expect(try source.program.run(["expire"] + names + ["1000s~10%"]).status == 0)
    let ends = try names.map { try ttl(source, $0) }
    #expect(ends.allSatisfy { (880_000...1_100_000).contains($0) }, "\(ends)")
    #expect(Set(ends.map { $0 / 1000 }).count > 10)
  }

  @Test(arguments: CommandSource.Kind.allCases)
  func aPartThatFailsIsToldAndTheRestDone(_ kind: CommandSource.Kind) throws {
    let source = try CommandSource(kind)
    try source.redis("mset", "a", "1", "b", "2")
    let finished = try source.run("del", "a", "gone", "b")
    #expect(finished.status == 1)
    #expect(finished.lines == ["deleted a", "deleted b"])
    #expect(finished.errors == "cachescope: no such key: gone\n")
    #expect(try source.redis("dbsize") == "0")
    let expire = try source.run("expire", "gone", "5m", "--json")
    #expect(expire.status == 1 && expire.output.isEmpty)
    #expect(expire.errors.contains("\"kind\":\"not_found\""))
    #expect(try source.run("persist", "gone").status == 1)
  }

  @Test(arguments: CommandSource.Kind.allCases)
  func manyKeysAreToldBefore(_ kind: CommandSource.Kind) throws {
    let source = try CommandSource(kind)
    let keys = (0..<101).map { $0 < 61 ? "user:\($0)" : $0 < 100 ? "page:\($0)" : "one" }
    for key in keys { try source.redis("set", key, "1") }
    let expired = try source.program.run(["expire"] + keys + ["1h"])
    #expect(expired.status == 0 && expired.lines.count == 101)
    #expect(
      expired.errors
        == "cachescope: this sets the TTL of 101 keys of db0: user: 61, page: 39, others 1\n")
    let deleted = try source.program.run(["del"] + keys.dropLast())
    #expect(deleted.errors.isEmpty && deleted.lines.count == 100)
    #expect(try source.redis("dbsize") == "1")
  }

  @Test func aKeyThatIsRefusedDoesNotEndTheRun() throws {
    let source = try CommandSource(.redis)
    try source.redis("mset", "app:a", "1", "foreign", "2", "app:b", "3")
    try source.redis("acl", "setuser", "default", "resetkeys", "~app:*")
    let keys = ["app:a", "foreign", "app:b"]
    let expired = try source.program.run(["expire"] + keys + ["5m"])
    #expect(expired.status == 1)
    #expect(expired.lines.map { $0.prefix(13) } == ["expires app:a", "expires app:b"])
    #expect(expired.errors.hasPrefix("cachescope: foreign: the server refused"))
    let deleted = try source.program.run(["del"] + keys)
    #expect(deleted.status == 1 && deleted.lines == ["deleted app:a", "deleted app:b"])
    #expect(deleted.errors.contains("NOPERM"))
  }

  @Test(arguments: CommandSource.Kind.allCases)
  func aKeyNeverGlobs(_ kind: CommandSource.Kind) throws {
    let source = try CommandSource(kind)
    try source.redis("mset", "user1", "1", "user[1]", "2", "u*", "3")
    #expect(try source.run("del", "user[1]", "u*").status == 0)
    #expect(try source.redis("keys", "*") == "user1")
  }

  @Test(arguments: CommandSource.Kind.allCases)
  func readOnlySendsNothing(_ kind: CommandSource.Kind) throws {
    let source = try CommandSource(kind)
    try source.redis("set", "a", "1")
    let refused = [
      ["set", "a", "2"], ["expire", "a", "5m"], ["persist", "a"], ["del", "a"], ["flush", "--yes"],
    ]
    for arguments in refused {
      let finished = try source.program.run(arguments + ["--read-only", "--json"])
      #expect(finished.status == 3 && finished.output.isEmpty)
      #expect(finished.errors.contains("\"kind\":\"refused\""))
    }
    #expect(try source.run("get", "a", "--read-only").text == "1\n")
  }

  @Test(arguments: CommandSource.Kind.allCases)
  func flushNeedsAWord(_ kind: CommandSource.Kind) throws {
    let source = try CommandSource(kind)
    try source.redis("mset", "a", "1", "b", "2")
    let refused = try source.run("flush")
    #expect(refused.status == 3 && refused.errors.contains("--yes"))
    #expect(try source.redis("dbsize") == "2")
    #expect(try source.run("flush", "--yes", "--json").text == "{\"deleted\":2,\"db\":0}\n")
    #expect(try source.redis("dbsize") == "0")
  }

  @Test func flushMeansOneDatabase() throws {
    let source = try CommandSource(.redis)
    try source.redis("-n", "2", "set", "a", "1")
    try source.redis("set", "b", "1")
    #expect(try source.run("flush", "-n", "2", "--yes").text == "deleted 1 key of db2\n")
    #expect(try source.redis("dbsize") == "1")
  }
}
