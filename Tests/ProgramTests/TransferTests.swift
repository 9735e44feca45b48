import SystemIO
import TestSupport
import Testing

/// `export`, `import` and `copy` between a redis-server and the engine.
@Suite struct TransferTests {
  /// Entries of every type, one of them under a key that is not text.
  private func fill(_ source: CommandSource) throws {
    try source.redis("set", "app:plain", "text", "PX", "5000000")
    try source.redis(input: Array(#"SET "app:\xFF\x00" "\x01\xFE\x7F""#.utf8))
    try source.redis("hset", "app:hash", "a", "1", "b", "two")
    try source.redis("rpush", "app:list", "x", "y", "x")
    try source.redis("sadd", "app:set", "one")
    try source.redis("zadd", "app:scores", "1.5", "low", "inf", "high")
    try source.redis("set", "other", "stays")
  }

  /// What an export shows of the entries, in any order.
  private func entries(_ source: CommandSource) throws -> Set<String> {
    let lines = try source.run("export", "-").lines
    return Set(lines.dropFirst().dropLast().map { $0.replacing(/"dump":"[^"]*",/, with: "") })
  }

  private func file(_ source: CommandSource, _ name: String = "export") -> String {
    "\(source.program.folder)/\(name)"
  }

  @Test func anExportOfRedisIsTheSameKeyspaceInTheEngine() throws {
    let (redis, engine) = (try CommandSource(.redis), try CommandSource(.engine))
    try fill(redis)
    let path = file(redis)
    let exported = try redis.run("export", "--match", "app:*", path)
    #expect(exported.status == 0 && exported.text == "6 entries exported to \(path)\n")
    let imported = try engine.run("import", path)
    #expect(imported.status == 0 && imported.text == "6 entries imported\n")
    #expect(try entries(engine) == entries(redis).filter { !$0.contains("stays") })
    let ends = try [redis, engine].map { try $0.redis("pexpiretime", "app:plain") }
    #expect(ends[0] == ends[1] && ends[0] != "-1")
    // Again: what is there with the same value is not written.
    let again = "0 entries imported, 6 already there\n"
    #expect(try engine.run("import", path).text == again)
    #expect(try engine.run("import", path, "--on-conflict", "replace").text == again)
  }

  @Test func keysThatExistAreSkippedReplacedOrFail() throws {
    let source = try CommandSource(.redis)
    try fill(source)
    let path = file(source)
    #expect(try source.run("export", path).status == 0)
    try source.redis("set", "other", "newer")
    let failing = try source.run("import", path)
    #expect(failing.status == 1 && failing.errors.contains("other: exists already"))
    #expect(failing.text == "0 entries imported, 6 already there, 1 failed\n")
    let skipping = try source.run("import", path, "--on-conflict", "skip")
    #expect(skipping.status == 0)
    #expect(
      skipping.text
        == "0 entries imported, 6 already there, 1 hold something else and stay as they are\n")
    #expect(try source.redis("get", "other") == "newer")
    let replacing = try source.run("import", path, "--on-conflict", "replace", "--json")
    #expect(replacing.status == 0)
    #expect(
      replacing.text == #"{"imported":1,"already_there":6,"skipped":0,"expired":0,"failed":0}"#
        + "\n")
    #expect(try source.redis("get", "other") == "stays")
    // What was there already was not written: it is not taken back either.
    #expect(try source.run("undo").text == "took back import \(path): 1 of 1 key\n")
    #expect(try source.redis("get", "other") == "newer")
    #expect(try source.redis("dbsize") == "7")
  }

  @Test func whatWouldHaveExpiredIsNotRevived() throws {
    let source = try CommandSource(.redis)
    try source.redis("set", "short", "1", "PX", "300")
    try source.redis("set", "long", "1")
    let path = file(source)
    #expect(try source.run("export", path).status == 0)
    try source.redis("flushall")
    try source.program.execute("/bin/sleep", ["0.4"])
    let imported = try source.run("import", path)
    #expect(imported.status == 0)
    #expect(imported.text == "1 entry imported, 1 would have expired by now\n")
    #expect(try source.redis("exists", "short") == "0")
  }

  @Test func aFileThatIsCutOffIsImportedUpToThereAndResumed() throws {
    let source = try CommandSource(.redis)
    try fill(source)
    let path = file(source)
    #expect(try source.run("export", path).status == 0)
    let whole = try FileBytes.read(path: path, limit: 1 << 20)
    let lines = whole.split(separator: 0x0A)
    let cut = Array(lines[0...3].joined(separator: [0x0A])) + [0x0A] + lines[4].prefix(20)
    try FileBytes.writeOwnerOnly(path: path, cut, replacing: true)
    try source.redis("flushall")
    let imported = try source.run("import", path)
    #expect(imported.status == 1 && imported.text == "3 entries imported\n")
    #expect(imported.errors.contains("line 5: is cut off"))
    try fill(source)
    let resumed = try source.run("export", "--resume", path)
    #expect(resumed.status == 0 && resumed.text.hasPrefix("7 entries exported"))
    let again = try FileBytes.read(path: path, limit: 1 << 20).split(separator: 0x0A)
    #expect(Set(again.map { Array($0.prefix(20)) }).count == 9)
    #expect(try source.run("export", "--resume", path).text.contains("whole export already"))
    #expect(try source.run("export", path).errors.contains("--resume"))
  }

  @Test(arguments: [
    ("", "empty"), ("{\"format\":\"cachescope-export\",\"version\":9}\n", "version 9"),
    ("hello\n", "not JSON"), ("{\"format\":\"other\"}\n", "no line of an export"),
  ])
  func whatIsNoExportIsRefusedWhole(_ text: String, _ words: String) throws {
    let source = try CommandSource(.engine)
    let path = file(source)
    try FileBytes.writeOwnerOnly(path: path, Array(text.utf8))
    let imported = try source.run("import", path)
    #expect(imported.status == 1 && imported.errors.contains(words))
    #expect(imported.errors.contains("nothing was sent"))
  }

  @Test func copyTakesEntriesOverWithTheirEnds() throws {
    let (redis, engine) = (try CommandSource(.redis), try CommandSource(.engine))
    try fill(redis)
    let (from, to) = ("unix://\(redis.socketPath)", "unix://\(engine.socketPath)")
    let copied = try redis.program.run("copy", from, to, "--where", "type:hash")
    #expect(copied.status == 0 && copied.text == "1 entry copied\n")
    let whole = try redis.program.run("copy", from, to, "--json").text
    #expect(whole.contains(#""copied":6,"already_there":1"#), "\(whole)")
    #expect(try redis.program.run("undo", "-u", to).text.contains("6 of 6 keys"))
    #expect(try entries(engine).count == 1)
    #expect(try redis.program.run("copy", from, to).text == "6 entries copied, 1 already there\n")
    #expect(try entries(engine) == entries(redis))
    let ends = try [redis, engine].map { try $0.redis("pexpiretime", "app:plain") }
    #expect(ends[0] == ends[1])
    let same = try redis.program.run("copy", from, from)
    #expect(same.status == 2 && same.errors.contains("same database"))
  }

  @Test func anExportGoesThroughAPipe() throws {
    let source = try CommandSource(.engine)
    try fill(source)
    let stream = try source.run("export", "-")
    // One that nobody reads to its end cannot be gone on with.
    try source.redis("-x", "set", "large", input: [UInt8](repeating: 0x61, count: 1 << 20))
    let broken = try source.program.execute(
      "/bin/sh", ["-c", "\"$0\" export - | head -c 10", BuiltProgram.path("cachescope")])
    #expect(broken.errors.contains("the export is not whole"), "\(broken.errors)")
    #expect(!broken.errors.contains("--resume"))
    try source.redis("flushall")
    let imported = try source.run("import", "-", input: stream.output)
    #expect(imported.status == 0 && imported.text == "7 entries imported\n")
  }

  @Test func tagsGoAlong() throws {
    let source = try CommandSource(.engine)
    try fill(source)
    try source.redis("cachescope.tag", "app:list", "news", "front page")
    let path = file(source)
    #expect(try source.run("export", path).status == 0)
    let tags = try source.redis("cachescope.tags", "app:list")
    #expect(tags.contains("front page"))
    try source.redis("flushall")
    #expect(try source.run("import", path).status == 0)
    #expect(try source.redis("cachescope.tags", "app:list") == tags)
  }

  @Test func anImportIsTakenBackAsOneChange() throws {
    let source = try CommandSource(.redis)
    try fill(source)
    let path = file(source)
    #expect(try source.run("export", path).status == 0)
    try source.redis("flushall")
    try source.redis("set", "other", "newer", "PX", "5000000")
    let (before, end) = (try entries(source), try source.redis("pexpiretime", "other"))
    let imported = try source.run("import", path, "--on-conflict", "replace")
    #expect(imported.text == "7 entries imported\n")
    #expect(try source.run("undo").text == "took back import \(path): 7 of 7 keys\n")
    #expect(try entries(source) == before)
    #expect(try source.redis("pexpiretime", "other") == end)
  }

  /// All lines are whole, and yet something is missing or too much.
  @Test func whatIsNoWholeExportIsToldWithItsLine() throws {
    let source = try CommandSource(.redis)
    try fill(source)
    let path = file(source)
    #expect(try source.run("export", path).status == 0)
    let lines = try FileBytes.read(path: path, limit: 1 << 20).split(separator: 0x0A)
    let cases: [(lines: [ArraySlice<UInt8>], done: String, problem: String)] = [
      (Array(lines.dropLast()), "7 entries imported\n", "line 9: is missing, the last one"),
      (
        [lines[0], lines[1], lines[0]] + lines[2...], "1 entry imported\n",
        "line 3: is no line of an export"
      ),
    ]
    for (lines, done, problem) in cases {
      try source.redis("flushall")
      let text = Array(lines.joined(separator: [0x0A])) + [0x0A]
      try FileBytes.writeOwnerOnly(path: path, text, replacing: true)
      let imported = try source.run("import", path)
      #expect(imported.status == 1 && imported.text == done, "\(imported.text)")
      #expect(imported.errors.contains(problem), "\(imported.errors)")
    }
  }

  /// A key whose value the server does not hand out.
  @Test func whatCannotBeTakenAlongIsToldOf() throws {
    let (source, engine) = (try CommandSource(.redis), try CommandSource(.engine))
    try fill(source)
    try source.redis("acl", "setuser", "default", "resetkeys", "%RW~app:*", "%W~other")
    let path = file(source)
    let exported = try source.run("export", path)
    #expect(exported.status == 1 && exported.text == "6 entries exported to \(path)\n")
    #expect(exported.errors.contains("other: "), "\(exported.errors)")
    let lines = try FileBytes.read(path: path, limit: 1 << 20).split(separator: 0x0A)
    let last = String(decoding: lines.last ?? [], as: UTF8.self)
    #expect(last == #"{"end":true,"entries":6,"failed":1}"#)
    let copied = try source.program.run(
      "copy", "unix://\(source.socketPath)", "unix://\(engine.socketPath)")
    #expect(copied.status == 1 && copied.text == "6 entries copied, 1 failed\n")
    #expect(copied.errors.contains("other: "), "\(copied.errors)")
  }

  @Test func whatTheServerRefusesIsToldOfAndTheRestIsImported() throws {
    let source = try CommandSource(.redis)
    try fill(source)
    let path = file(source)
    let text = try source.run("export", "-").text
      .replacing(/("key":"other".*"dump":)"[^"]*"/) { "\($0.output.1)\"AAAA\"" }
    try FileBytes.writeOwnerOnly(path: path, Array(text.utf8))
    try source.redis("flushall")
    let imported = try source.run("import", path)
    #expect(imported.status == 1 && imported.text == "6 entries imported, 1 failed\n")
    #expect(imported.errors.contains("other: the server refused"), "\(imported.errors)")
    #expect(try source.redis("dbsize") == "6")
  }
}

/// What is read of an export is masked, what is put back is not.
@Suite struct MaskedExportTests {
  @Test func theValueToReadIsMaskedAndThePayloadIsExact() throws {
    let source = try CommandSource(.redis)
    let value = #"{"password":"correct horse battery","pin":12345,"token":"zq81bd77xk"}"#
    try source.redis("set", "k", value)
    try source.redis("hset", "h", "pwd", "hunter2")
    let path = "\(source.program.folder)/masked"
    #expect(try source.run("export", path).status == 0)
    let text = try source.run("export", "-").text
    #expect(!text.contains("horse") && !text.contains("zq81bd77xk") && !text.contains("hunter2"))
    #expect(text.contains(#""password":"co••••••ry""#) && text.contains(#""pin":12345"#))
    let clear = try source.run("export", "-", "--unmask").text
    #expect(clear.contains("correct horse battery") && clear.contains("hunter2"))
    try source.redis("flushall")
    #expect(try source.run("import", path).status == 0)
    #expect(try source.run("get", "k", "--raw").text == value)
    #expect(try source.redis("hget", "h", "pwd") == "hunter2")
    // What programs read is exact.
    #expect(try source.run("get", "k").text.contains("correct horse battery"))
    #expect(try source.run("get", "k", "--json").text.contains("correct horse battery"))
  }
}
