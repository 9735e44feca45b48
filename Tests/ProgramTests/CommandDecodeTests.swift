import TestSupport
import Testing

@Suite struct CommandDecodeTests {
  /// Rows of every kind that need nothing but bytes, key, flags or the name of a file.
  static let rows = PythonCacheRow.all.filter {
    $0.facts["backend"]?.string != "sqlite" && $0.facts["key_base64"] == nil
  }
  .enumerated().filter { $0.offset.isMultiple(of: 8) }.map(\.element.id)

  @Test func readsWhatPythonsLibrariesWrote() throws {
    let program = try CommandProgram()
    #expect(Self.rows.count >= 40)
    for id in Self.rows {
      let row = try #require(PythonCacheRow.all.first { $0.id == id })
      var arguments = ["decode", "--json"]
      if let flags = row.flags { arguments += ["--flags", String(flags)] }
      if row.facts["backend"]?.string == "file" { arguments.append("--file") }
      arguments += ["--", String(decoding: row.key, as: UTF8.self)]
      let finished = try program.run(arguments, input: row.value)
      let told = try #require(ParsedJSON(finished.output), "\(id)")
      #expect(finished.status == 0 && finished.errors.isEmpty, "\(id)")
      #expect(told["framework"] == row.expected["framework"], "\(id)")
      #expect((told["logical_key"] ?? .null) == row.expected["logical_key"], "\(id)")
      #expect(told["codecs"] == row.expected["codec_chain"], "\(id)")
      #expect(told["outcome"] == row.expected["outcome"], "\(id)")
      #expect(told["value"] == row.expected["rendered"], "\(id)")
      #expect(told["key_version"] == row.expected["key_version"], "\(id)")
    }
  }

  static let hostile: [(bytes: [UInt8], outcome: String)] = [
    ([0x80, 4, 0x4B], "pickle:truncated"), ([0x80, 4, 0xFF], "pickle:unknown-opcode"),
    ([0x78, 0x9C, 0xFF, 0xFF], "compress:corrupt"), ([0x1F, 0x8B, 8], "compress:truncated"),
  ]

  @Test(arguments: hostile.indices)
  func whatCannotBeDecodedHasACode(_ index: Int) throws {
    let (bytes, outcome) = Self.hostile[index]
    let program = try CommandProgram()
    let finished = try program.run(["decode", "--json"], input: bytes)
    #expect(finished.status == 1 && finished.errors.isEmpty)
    let told = try #require(ParsedJSON(finished.output))
    #expect(told["outcome"]?.string == outcome)
    #expect(told["value"] == .object(["$error": .string(outcome)]))
    let shown = try program.run(["decode"], input: bytes)
    #expect(shown.status == 1 && shown.errors.contains(outcome) && shown.text.contains("00000000"))
  }

  @Test func aPickleThatWouldRunACommandIsShownAndNamed() throws {
    let program = try CommandProgram()
    let bytes = Array("cposix\nsystem\n(S'touch \(program.folder)/ran'\ntR.".utf8)
    let finished = try program.run(["decode"], input: bytes)
    #expect(finished.status == 0 && finished.text.contains("\"$call\": \"posix.system\""))
    #expect(finished.errors.contains("was not run: posix.system"))
    let told = try #require(ParsedJSON(try program.run(["decode", "--json"], input: bytes).output))
    #expect(told["suspicious"]?.strings == ["posix.system"])
  }

  static let ways: [(arguments: [String], input: String, output: String)] = [
    ([], "hello", "hello\n"), ([], "", "\n"),
    ([], "{\"a\":[1.50]}", "{\n  \"a\": [\n    1.50\n  ]\n}\n"),
    (["--as", "base64"], "aGVsbG8=", "hello\n"), (["--as", "base64,json"], "WzFd", "[\n  1\n]\n"),
    (["--as", "text"], "[1]", "[1]\n"), (["--as", "pickle:0-1"], "(K\u{1}l.", "[\n  1\n]\n"),
    (["--flags", "1"], "N.", "null\n"),
  ]

  @Test(arguments: ways.indices)
  func printsTheValueForAPerson(_ index: Int) throws {
    let (arguments, input, output) = Self.ways[index]
    let finished = try CommandProgram().run(["decode"] + arguments, input: Array(input.utf8))
    #expect(finished.status == 0 && finished.errors.isEmpty)
    #expect(finished.text == output)
  }

  @Test(arguments: CommandSource.Kind.allCases)
  func getReadsTheSame(_ kind: CommandSource.Kind) throws {
    let source = try CommandSource(kind)
    let row = try #require(PythonCacheRow.all.first { $0.id == "py-0133" })
    let key = String(decoding: row.key, as: UTF8.self)
    #expect(try source.run("set", key, "-", input: row.value).status == 0)
    let told = try #require(ParsedJSON(try source.run("get", key, "--json").output))
    #expect(told["framework"]?.string == "django" && told["key_version"]?.number == 1)
    #expect(told["logical_key"]?.string == "orm:queryset" && told["kind"]?.string == "value")
    #expect(told["codecs"]?.strings == ["pickle:5"] && told["value"] == row.expected["rendered"])
    #expect(
      try source.run("get", key).text.contains("\"$class\": \"django.db.models.query.QuerySet\""))
    #expect(try source.run("get", key, "--raw").output == row.value)
    try source.redis("hset", "rq:job:1", "status", "done", "n", "5")
    let hash = try #require(ParsedJSON(try source.run("get", "rq:job:1", "--json").output))
    #expect(hash["framework"]?.string == "rq" && hash["kind"]?.string == "job")
    #expect(hash["value"] == .object(["status": .string("done"), "n": .number(5)]))
  }
}
