import TestSupport
import Testing

@Suite struct CommandKeysTests {
  @Test(arguments: CommandSource.Kind.allCases)
  func aQueryIsTheFilterOfTheExplorer(_ kind: CommandSource.Kind) throws {
    let source = try CommandSource(kind)
    try source.redis("mset", "user:1", "a", "User:2", "b", "page:1", "c", "ttl<60", "d")
    try source.redis("hset", "user:h", "f", "v")
    let found = { (query: String) in
      Set(try source.run("keys", "--where", query, "--names").lines)
    }
    #expect(try found("user") == ["user:1", "User:2", "user:h"])
    #expect(try found("User") == ["User:2"])
    #expect(try found("user:*") == ["user:1", "user:h"])
    #expect(try found("user type:hash") == ["user:h"])
    #expect(try found("!type:hash !page") == ["user:1", "User:2", "ttl<60"])
    #expect(try found("\"ttl<60\"") == ["ttl<60"])
    #expect(try found("re:/^user:\\d$/ prefix:us") == ["user:1"])
    #expect(try found("~ur1") == ["user:1"])
    let both = try source.run("keys", "--match", "user*", "--where", "!type:hash", "--json")
    #expect(try both.objects().map { $0["key"] } == [.text("user:1")])
  }

  @Test(arguments: CommandSource.Kind.allCases)
  func aQueryAsksForFiguresAndValues(_ kind: CommandSource.Kind) throws {
    let source = try CommandSource(kind)
    try source.redis("mset", "old", "x", "json", "{\"name\":\"Anna\"}", "int", "7")
    try source.redis("set", "short", "Anna", "ex", "50")
    try source.redis("set", "large", String(repeating: "x", count: 9000), "ex", "5000")
    try source.redis("hset", "h", "name", "anna")
    let found = { (query: String) in
      Set(try source.run("keys", "--where", query, "--names").lines)
    }
    #expect(try found("ttl<60") == ["short"])
    #expect(try found("ttl>=1h") == ["large"])
    #expect(try found("!ttl:none") == ["short", "large"])
    #expect(try found("ttl:none type:string") == ["old", "json", "int"])
    #expect(try found("size>8kb") == ["large"])
    #expect(try found("idle<1h !size>8kb ttl<1h") == ["short"])
    #expect(try found("db:0 o") == ["old", "short", "json"])
    #expect(try found("value:anna") == ["json", "short", "h"])
    #expect(try found("value:Anna !codec:json type:string") == ["short"])
    #expect(try found("codec:int") == ["int"])
    let reading = try source.run("keys", "--where", "value:anna", "--json")
    #expect(reading.errors.contains("value:anna reads the values of all keys"))
    let rows = try source.run("keys", "--where", "ttl<60", "--json").objects()
    #expect(rows.count == 1 && rows[0]["type"] == .text("string"))
    #expect(rows[0]["length"] == .number(4) && (rows[0]["ttl_ms"]?.number ?? 0) > 40_000)
  }

  /// Values are read several at a time; each is held against its own key, in an optimised build too.
  @Test(arguments: CommandSource.Kind.allCases)
  func eachOfManyValuesBelongsToItsKey(_ kind: CommandSource.Kind) throws {
    let source = try CommandSource(kind)
    let lines = (0..<200).map { "set key:\($0) \($0 % 3 == 0 ? "wanted" : "other")\n" }
    try source.redis(input: Array(lines.joined().utf8))
    let found = try source.run("keys", "--where", "value:wanted", "--names").lines
    let wanted = (0..<200).filter { $0 % 3 == 0 }.map { "key:\($0)" }
    #expect(found.sorted() == wanted.sorted())
  }

  @Test func howOftenKeysAreUsedIsAskedWhereItIsCounted() throws {
    let source = try CommandSource(.redis)
    try source.redis("config", "set", "maxmemory-policy", "allkeys-lfu")
    try source.redis("mset", "a", "1", "b", "2")
    #expect(Set(try source.run("keys", "--where", "freq<200", "--names").lines) == ["a", "b"])
    #expect(try source.run("keys", "--where", "freq>200", "--names").lines.isEmpty)
    let idle = try source.run("keys", "--where", "idle>1d")
    #expect(idle.status == 2 && idle.errors.contains("idle>1d cannot be answered"))
  }

  /// Who wrote a value, and through which layers it is read.
  @Test(arguments: CommandSource.Kind.allCases)
  func findsByFrameworkAndCodec(_ kind: CommandSource.Kind) throws {
    let source = try CommandSource(kind)
    try source.redis("set", "plain", "{\"a\":1}")
    try source.redis("set", "flask_cache_x", "!(lp0\n.")
    func found(_ query: String) throws -> [String] {
      try source.run("keys", "--where", query, "--names").lines.sorted()
    }
    #expect(try found("fw:flask-caching") == ["flask_cache_x"])
    #expect(try found("codec:pickle") == ["flask_cache_x"])
    #expect(try found("codec:json") == ["plain"])
    #expect(try found("fw:plain codec:json") == ["plain"])
  }

  @Test(arguments: CommandSource.Kind.allCases)
  func aQueryThatNoKeyCanAnswerIsRefused(_ kind: CommandSource.Kind) throws {
    let source = try CommandSource(kind)
    try source.redis("set", "k", "v")
    for (query, words) in [
      ("ttl<1 ttl>1h", "no key can match ttl<1s ttl>1h"), ("type:sting", "type:hash"),
      ("ttl<", "at character 5 it ends here"), ("db:3", "database 0 is open"),
      ("freq<2", "LFU maxmemory-policy"),
      ("fw:rails", "recognised are django, flask-caching"), ("codec:avro", "recognised are json"),
      ("\"a", "a closing quote is expected"), ("re:/(/", "a group has no end"),
    ] {
      let finished = try source.run("keys", "--where", query)
      #expect(finished.status == 2, "\(query)")
      #expect(finished.errors.contains(words), "\(query): \(finished.errors)")
      #expect(finished.output.isEmpty, "\(query)")
    }
  }

  @Test(arguments: CommandSource.Kind.allCases)
  func tellsTheFieldsOfKeys(_ kind: CommandSource.Kind) throws {
    let source = try CommandSource(kind)
    try source.redis("set", "plain", "hello")
    try source.redis("set", "short", "x", "px", "90000")
    try source.redis("hset", "user:1", "name", "anna", "age", "7")
    try source.redis("-x", "set", "bin\u{0}", input: [0xFF])
    try source.redis("eval", "return 1", "0")
    let finished = try source.run("keys", "--json", "--sort", "key")
    #expect(finished.status == 0 && finished.errors.isEmpty)
    let rows = try finished.objects()
    let names = rows.map { $0["key"] }
    #expect(names == [.text("bin"), .text("plain"), .text("short"), .text("user:1")])
    #expect(rows[1]["type"] == .text("string"))
    #expect(rows[1]["ttl_ms"] == .null)
    #expect(rows[1]["length"] == .number(5))
    #expect(rows[1]["db"] == .number(0))
    #expect(rows[1]["encoding"] != nil)
    #expect((rows[1]["bytes"]?.number ?? 0) > 5)
    #expect((1...90_000).contains(rows[2]["ttl_ms"]?.number ?? 0))
    #expect(rows[3]["type"] == .text("hash"))
    #expect(rows[3]["length"] == .number(2))
  }

  @Test(arguments: CommandSource.Kind.allCases)
  func listsEveryKeyOnce(_ kind: CommandSource.Kind) throws {
    let source = try CommandSource(kind)
    let count = 5000
    let commands = (0..<count).map { "set key:\($0) v\($0)" }.joined(separator: "\n")
    try source.redis(input: Array(commands.utf8))
    let all = try source.run("keys", "--names")
    #expect(all.lines.count == count)
    #expect(Set(all.lines) == Set((0..<count).map { "key:\($0)" }))
    #expect(try source.run("keys", "--names", "--limit", "37").lines.count == 37)
    #expect(try source.run("keys", "--names", "--limit", "0").output.isEmpty)
    let some = try source.run("keys", "--match", "key:12?", "--names", "--sort", "key")
    #expect(some.lines == (0..<10).map { "key:12\($0)" })
    #expect(try source.run("keys", "--match", "nothing*").output.isEmpty)
  }

  @Test(arguments: CommandSource.Kind.allCases)
  func sorts(_ kind: CommandSource.Kind) throws {
    let source = try CommandSource(kind)
    try source.redis("set", "b", String(repeating: "x", count: 500), "ex", "100")
    try source.redis("set", "a", "x", "ex", "300")
    try source.redis("hset", "d", "f", "v")
    try source.redis("set", "c", String(repeating: "x", count: 5000), "ex", "200")
    let order = { (arguments: String...) in
      try source.program.run(["keys", "--json"] + arguments).objects().map { $0["key"] }
    }
    #expect(try order("--sort", "key") == ["a", "b", "c", "d"].map(JSONField.text))
    #expect(try order("--sort", "key", "--reverse") == ["d", "c", "b", "a"].map(JSONField.text))
    #expect(try order("--sort", "ttl") == ["b", "c", "a", "d"].map(JSONField.text))
    #expect(try order("--sort", "ttl", "--limit", "2") == ["b", "c"].map(JSONField.text))
    #expect(try order("--sort", "size", "--reverse").first == .text("c"))
    #expect(try order("--sort", "type") == ["d", "a", "b", "c"].map(JSONField.text))
  }

  @Test(arguments: CommandSource.Kind.allCases)
  func anyKeyIsToldExactly(_ kind: CommandSource.Kind) throws {
    let source = try CommandSource(kind)
    // \xff\xfe and a key with a line's end, which a list of lines must not break at.
    #expect(try source.run("set", "--key-b64", "//4=", "x").status == 0)
    #expect(try source.run("set", "two\nlines", "x").status == 0)
    let rows = try source.run("keys", "--json", "--sort", "key").objects()
    #expect(rows[0]["key"] == .text("two\nlines") && rows[0]["key_b64"] == nil)
    #expect(rows[1]["key_b64"] == .text("//4=") && rows[1]["key"] == nil)
    let names = try source.run("keys", "--names", "--sort", "key")
    #expect(names.lines == ["two\\nlines", "\\xff\\xfe"])
    let columns = try source.run("keys", "--sort", "key").lines.map { $0.split(separator: "\t") }
    #expect(columns.allSatisfy { $0.count == 4 && $0[0] == "string" && $0[1] == "none" })
    #expect(try source.run("get", "--key-b64", "//4=").text == "x\n")
  }
}
