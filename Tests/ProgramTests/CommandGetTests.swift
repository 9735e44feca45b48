import TestSupport
import Testing

@Suite struct CommandGetTests {
  @Test(arguments: CommandSource.Kind.allCases)
  func everyByteSurvives(_ kind: CommandSource.Kind) throws {
    let source = try CommandSource(kind)
    let bytes = (0...255).map { UInt8($0) } + [0x0A]
    #expect(try source.run("set", "all", "-", input: bytes).status == 0)
    #expect(try source.redis("strlen", "all") == "257")
    #expect(try source.run("get", "all", "--raw").output == bytes)
    let object = try source.run("get", "all", "--json").object()
    #expect(object["codecs"] == .list([.text("binary")]))
    #expect(object["value"] == nil && object["value_b64"] != nil)
    #expect(object["length"] == .number(257))
  }

  @Test(arguments: CommandSource.Kind.allCases)
  func aLargeValueIsWhole(_ kind: CommandSource.Kind) throws {
    let source = try CommandSource(kind)
    let bytes = [UInt8](repeating: 0x61, count: 3 << 20)
    #expect(try source.run("set", "big", "-", input: bytes).status == 0)
    #expect(try source.run("get", "big", "--raw").output == bytes)
  }

  static let values: [(value: String, codec: String, shown: String, json: String)] = [
    ("hello", "text", "hello\n", "\"hello\""),
    ("", "text", "\n", "\"\""),
    ("line\n", "text", "line\n", "\"line\\n\""),
    ("-12", "int", "-12\n", "-12"),
    ("9007199254740993", "int", "9007199254740993\n", "{\"$int\":\"9007199254740993\"}"),
    (
      "{\"b\":1,\"a\":[1.50]}", "json", "{\n  \"b\": 1,\n  \"a\": [\n    1.50\n  ]\n}\n",
      "{\"b\":1,\"a\":[1.50]}"
    ),
    ("\u{1B}[31m", "text", "\u{1B}[31m\n", "\"\\u001b[31m\""),
  ]

  @Test(arguments: CommandSource.Kind.allCases)
  func decodes(_ kind: CommandSource.Kind) throws {
    let source = try CommandSource(kind)
    for (value, codec, shown, json) in Self.values {
      #expect(try source.run("set", "k", "-", input: Array(value.utf8)).status == 0)
      #expect(try source.run("get", "k").text == shown)
      let finished = try source.run("get", "k", "--json")
      #expect(finished.text.hasSuffix(",\"value\":\(json)}\n"), "\(finished.text)")
      let object = try finished.object()
      #expect(object["codecs"] == .list([.text(codec)]) && object["outcome"] == .text("ok"))
      #expect(object["key"] == .text("k") && object["type"] == .text("string"))
      #expect(object["ttl_ms"] == .null && object["db"] == .number(0))
    }
  }

  @Test(arguments: CommandSource.Kind.allCases)
  func showsAHash(_ kind: CommandSource.Kind) throws {
    let source = try CommandSource(kind)
    try source.redis("hset", "h", "name", "anna", "data", "{\"x\":null}")
    try source.redis("pexpire", "h", "60000")
    let object = try source.run("get", "h", "--json").object()
    #expect(object["value"] == .object(["name": .text("anna"), "data": .object(["x": .null])]))
    #expect(object["length"] == .number(2) && object["codecs"] == nil)
    #expect((1...60_000).contains(object["ttl_ms"]?.number ?? 0))
    #expect(Set(try source.run("get", "h").lines) == ["name: anna", "data: {\"x\":null}"])
    let raw = try source.run("get", "h", "--raw")
    #expect(raw.status == 1 && raw.output.isEmpty && raw.errors.contains("holds a hash"))
    try source.redis("hset", "h", "$odd", "1")
    guard case .object(let value)? = try source.run("get", "h", "--json").object()["value"] else {
      Issue.record("no object")
      return
    }
    #expect(Array(value.keys) == ["$dict"])
  }

  @Test(arguments: CommandSource.Kind.allCases)
  func showsListsAndSets(_ kind: CommandSource.Kind) throws {
    let source = try CommandSource(kind)
    try source.redis("rpush", "l", "a", "1")
    try source.redis("sadd", "s", "m")
    try source.redis("zadd", "z", "1.5", "m")
    let value = { try source.run("get", $0, "--json").object()["value"] }
    #expect(try value("l") == .list([.text("a"), .number(1)]))
    #expect(try value("s") == .object(["$set": .list([.text("m")])]))
    #expect(try value("z") == .list([.list([.text("m"), .number(1.5)])]))
    #expect(try source.run("get", "l").lines == ["0: a", "1: 1"])
    #expect(try source.run("get", "s").lines == ["m"])
    #expect(try source.run("get", "z").lines == ["1.5 m"])
    for key in ["l", "s", "z"] {
      let text = try source.run("get", key, "--raw")
      #expect(text.status == 1 && text.errors.contains("\(key) holds a "))
      let set = try source.run("set", key, "v")
      #expect(set.status == 1 && set.errors.contains("--replace would replace it"))
    }
  }

  @Test func streamsComeByTime() throws {
    let source = try CommandSource(.redis)
    for id in ["5-1", "7-0"] { try source.redis("xadd", "x", id, "f", "v", "password", "hunter2") }
    let stream = try source.run("get", "x")
    #expect(stream.text == "5-1 f=v password=hunter2\n7-0 f=v password=hunter2\n")
    let json = try source.run("get", "x", "--json").text
    #expect(json.contains(#""value":[["5-1",{"f":"v","password":"hunter2"}],["7-0","#))
  }

  /// PFCOUNT would write the estimate anew: it is computed from the registers, and is the same.
  @Test(arguments: [50, 20_000]) func aHyperLogLogTellsWhatItCounts(_ count: Int) throws {
    let source = try CommandSource(.redis)
    for start in stride(from: 0, to: count, by: 1000) {
      let names = (start..<min(start + 1000, count)).map { "u\($0)" }.joined(separator: " ")
      try source.redis(input: Array("PFADD h \(names)".utf8))
    }
    let json = try source.run("get", "h", "--json").text
    let estimate = try source.redis("pfcount", "h")
    #expect(
      json.contains(#""recognised":{"codec":"hll","value":{"estimate":\#(estimate),"#),
      "\(json.suffix(200))")
    #expect(json.contains(#""kept by the server":false"#) && json.contains(#""codecs":["binary"]"#))
    let after = try source.run("get", "h", "--json").text
    #expect(after.contains(#""estimate":\#(estimate),"kept by the server":true"#))
  }

  @Test(arguments: CommandSource.Kind.allCases)
  func aMissingKeyIsAFailure(_ kind: CommandSource.Kind) throws {
    let source = try CommandSource(kind)
    let finished = try source.run("get", "nothing", "--json")
    #expect(finished.status == 1 && finished.output.isEmpty)
    #expect(
      finished.errors
        == "{\"error\":{\"kind\":\"not_found\",\"message\":\"no such key: nothing\"}}\n")
    #expect(try source.run("get", "nothing").errors == "cachescope: no such key: nothing\n")
  }
}
