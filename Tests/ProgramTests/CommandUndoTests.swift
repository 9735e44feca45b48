import CacheModel
import ChangeJournal
import SystemIO
import TestSupport
import Testing

/// `undo` as scripts use it, on real servers.
@Suite struct CommandUndoTests {
  @Test(arguments: CommandSource.Kind.allCases)
  func takesBackTheLastChange(_ kind: CommandSource.Kind) throws {
    let source = try CommandSource(kind)
    let nothing = try source.run("undo", "--json")
    #expect(nothing.status == 1 && nothing.errors.contains("\"kind\":\"not_found\""))
    try source.redis("set", "a", "one", "PX", "600000")
    try source.redis("rpush", "list", "x", "y", "z")
    #expect(try source.run("del", "a", "list").status == 0)
    #expect(try source.run("set", "b", "new").status == 0)
    #expect(try source.run("undo").text == "took back set b: 1 of 1 key\n")
    #expect(try source.redis("exists", "a", "b", "list") == "0")
    let object = try source.run("undo", "--json").object()
    #expect(object["title"] == .text("delete 2 keys: a, list") && object["restored"] == .number(2))
    #expect(try source.redis("get", "a") == "one")
    #expect(try source.redis("lrange", "list", "0", "-1") == "x\ny\nz")
    #expect((500_000...600_000).contains(Int(try source.redis("pttl", "a")) ?? 0))
    #expect(try source.run("undo").status == 1)
  }

  @Test func listsAndTakesBackOneByItsID() throws {
    let source = try CommandSource(.redis)
    try source.redis("mset", "a", "1", "b", "2", "c", "3")
    for key in ["a", "b", "c"] { _ = try source.run("del", key) }
    let listed = try source.run("undo", "--list", "--json").objects()
    #expect(
      listed.map { $0["title"] } == [.text("delete c"), .text("delete b"), .text("delete a")])
    let id = try #require(listed[1]["id"]?.number)
    #expect(try source.run("undo", "\(Int(id))").status == 0)
    #expect(try source.redis("exists", "a", "b", "c") == "1")
    #expect(try source.redis("get", "b") == "2")
    let lines = try source.run("undo", "--list").lines
    #expect(lines.map { $0.contains("taken back") } == [false, true, false])
    #expect(try source.run("undo", "\(Int(id))").status == 1)
    #expect(try source.run("undo", "999").status == 1)
    #expect(try source.run("undo", "seven").status == 2)
    #expect(try source.run("undo", "--all").status == 0)
    #expect(try source.redis("exists", "a", "b", "c") == "3")
    #expect(try source.run("undo", "--all").status == 1)
  }

  @Test func aListIsNoChange() throws {
    let source = try CommandSource(.redis)
    try source.redis("mset", "a", "1", "b", "2")
    _ = try source.run("del", "a")
    let listed = try source.run("undo", "--list", "--read-only")
    #expect(listed.status == 0 && listed.text.contains("delete a"), "\(listed.errors)")
    #expect(try source.run("undo", "--read-only").status == 3)
    #expect(try source.run("undo", "--all", "--read-only").status == 3)
    #expect(try source.run("undo", "--list", "7").status == 2)
    #expect(try source.redis("exists", "a") == "0")
  }

  @Test func whatIsTakenBackIsSaidBefore() throws {
    let source = try CommandSource(.redis)
    try source.redis("mset", "page:1", "1", "page:2", "2", "b", "3")
    _ = try source.run("invalidate", "--match", "page:*", "--yes")
    let title = "delete 2 keys of --match 'page:*'"
    let told = try source.run("undo", "--dry-run")
    #expect(told.status == 0 && told.text == "would take back 1: \(title), just now, 2 keys\n")
    #expect(try source.run("undo", "--dry-run", "--json").object()["title"] == .text(title))
    #expect(try source.redis("exists", "page:1", "page:2") == "0")
    #expect(try source.run("undo", "--list").text.hasSuffix("\t\(title)\n"))
    let undone = try source.run("undo")
    #expect(undone.text == "took back \(title): 2 of 2 keys\n")
    #expect(undone.errors.contains("takes back 1: \(title), "))
    _ = try source.run("invalidate", "--where", "b type:string", "--ttl", "5m", "--yes")
    #expect(
      try source.run("undo", "--dry-run").text.contains(
        "set the TTL of 1 key of --where 'b type:string'"))
  }

  @Test func whatWasWrittenSinceStays() throws {
    let source = try CommandSource(.redis)
    try source.redis("mset", "a", "1", "b", "2")
    _ = try source.run("del", "a", "b")
    try source.redis("set", "b", "newer")
    let undone = try source.run("undo")
    #expect(undone.status == 1 && undone.text == "took back delete 2 keys: a, b: 1 of 2 keys\n")
    #expect(undone.errors.contains("1 key written since, left as found: b"))
    #expect(try source.redis("mget", "a", "b") == "1\nnewer")
    // It has been tried: nothing is left to take back.
    #expect(try source.run("undo").status == 1)
  }

  @Test(arguments: CommandSource.Kind.allCases)
  func whatWasWrittenSinceIsOverwrittenWhenToldSo(_ kind: CommandSource.Kind) throws {
    let source = try CommandSource(kind)
    try source.redis("mset", "a", "1", "b", "2")
    try source.redis("set", "c", "3", "px", "12000")
    _ = try source.run("del", "a", "b", "c")
    try source.redis("rpush", "b", "newer")
    let leaves = "  leaves what was written since: 1 key: b; --overwrite puts"
    while try !source.run("undo", "--dry-run").text.contains("would have expired by now") {
      try source.program.execute("/bin/sleep", ["0.5"])
    }
    let told = try source.run("undo", "--dry-run").lines
    #expect(told.count == 3 && told[1].hasPrefix(leaves), "\(told)")
    #expect(told[2] == "  does not revive what would have expired by now: 1 key: c")
    let object = try source.run("undo", "--dry-run", "--json").object()
    #expect(object["would_restore"] == .number(1) && object["changed_since"] == .number(1))
    #expect(object["would_overwrite"] == .number(0) && object["expired"] == .number(1))
    let undone = try source.run("undo")
    #expect(undone.errors.contains("1 key would have expired by now, not revived: c"))
    #expect(undone.errors.contains("cachescope undo 1 --overwrite puts the older value back"))
    #expect(try source.redis("lrange", "b", "0", "-1") == "newer")
    let refused = try source.run("undo", "1")
    #expect(refused.status == 1 && refused.errors.contains("undo 1 --overwrite"))
    let plan = try source.run("undo", "--overwrite", "--dry-run")
    #expect(plan.text.contains("  overwrites what was written since: 1 key: b"), "\(plan)")
    #expect(try source.redis("type", "b") == "list")
    #expect(try source.run("undo", "--overwrite").status == 0)
    #expect(try source.redis("mget", "a", "b") == "1\n2")
    #expect(try source.redis("exists", "c") == "0")
  }

  /// Asked again, undo says the same, and does not go on to an older change by itself.
  @Test func undoDoesNotPassOverWhatItLeft() throws {
    let source = try CommandSource(.redis)
    try source.redis("mset", "a", "1", "b", "2")
    #expect(try source.run("set", "a", "changed").status == 0)
    #expect(try source.run("del", "b").status == 0)
    try source.redis("set", "b", "newer")
    #expect(try source.run("undo").status == 1)
    for _ in 0..<2 {
      let again = try source.run("undo")
      #expect(again.status == 1)
      #expect(again.errors.contains("undo 2 --overwrite puts the older values over newer ones"))
      #expect(again.errors.contains("undo 1 takes an older change back"))
    }
    #expect(try source.redis("mget", "a", "b") == "changed\nnewer")
    #expect(try source.run("undo", "--list").text.contains("written since or expired"))
    #expect(try source.run("undo", "1").status == 0)
    #expect(try source.redis("mget", "a", "b") == "1\nnewer")
  }

  @Test func whatIsKeptIsBounded() throws {
    let server = try RedisServerProcess()
    let home = try CommandProgram()
    let folder = home.folder + "/cachescope"
    try home.execute("/bin/mkdir", ["-m", "700", folder])
    let configuration = """
      {
        journal: { size: "1mb", age: "2d", value: "600kb" },
        profiles: { small: {
          source: 'unix://\(server.socketPath)', journal: { value: "1kb" } } },
      }
      """
    try home.write(Array(configuration.utf8), to: folder + "/config.json5")
    let program = try CommandProgram([
      "XDG_CONFIG_HOME": home.folder, "CACHESCOPE_URL": "unix://\(server.socketPath)",
    ])
    var random = SeededRandom(seed: 7)
    func fill(_ key: String, _ count: Int) throws {
      let bytes = (0..<count).map { _ in UInt8.random(in: 0...255, using: &random) }
      #expect(try program.run(["set", key, "-", "--no-undo"], input: bytes).status == 0)
    }
    // Values: by the general part, by the profile, by the option.
    try fill("a", 2000)
    func isLost(_ words: [String]) throws -> Bool {
      guard try program.run(["del", "a"] + words).status == 0 else { return false }
      return try program.run("undo", "--list").lines.first?.contains("cannot be undone") == true
    }
    #expect(try isLost(["-u", "small"]))
    try fill("a", 2000)
    #expect(try !isLost([]))
    try fill("a", 2000)
    #expect(try program.run("del", "a", "-u", "small", "--undo-limit", "4kb").status == 0)
    #expect(try program.run("undo", "-u", "small").status == 0)
    try fill("a", 700_000)
    #expect(try isLost([]))
    #expect(try program.run("del", "a", "--undo-limit", "0").status == 2)
    #expect(try program.run("undo", "--purge").status == 0)
    // The whole: of four changes of 400 KB two find room.
    for name in ["a", "b", "c", "d"] {
      try fill(name, 400_000)
      #expect(try program.run("del", name).status == 0)
    }
    #expect(
      try program.run("undo", "--list").lines.map { $0.suffix(8) } == ["delete d", "delete c"])
  }

  /// A change that is older than the configuration lets it become goes with the next one.
  @Test(arguments: [true, false])
  func whatIsOldGoesWhereThatIsSaid(_ isSaid: Bool) async throws {
    let source = try CommandSource(.redis)
    let folder = source.program.folder
    let (state, settings) = (folder + "/state/cachescope", folder + "/config.json5")
    try source.program.execute("/bin/mkdir", ["-p", "-m", "700", folder + "/state", state])
    let now = SystemClock.wallMilliseconds
    let journal = try await Journal.open(in: state, JournalOptions { WallTime(milliseconds: now) })
    let old = try await journal.begin(
      ChangeHeader(
        title: "delete old", at: WallTime(milliseconds: now - 3 * 86_400_000),
        source: SourceIdentity(serverID: "x", database: 0), address: "redis://x"))
    try await journal.finish(old, lost: 1)
    try source.program.write(
      Array((isSaid ? "{ journal: { age: '2d' } }" : "{}").utf8), to: settings)
    #expect(try source.run("set", "a", "1", "--config", settings).status == 0)
    #expect(try await journal.entry(old) == nil || !isSaid)
    #expect(try await journal.entry(old) != nil || isSaid)
    await journal.close()
  }

  @Test func undoElsewhereIsRefused() throws {
    let source = try CommandSource(.redis)
    try source.redis("set", "a", "1")
    _ = try source.run("del", "a")
    let listed = try source.run("undo", "--list", "--json").objects()
    let id = try #require(listed.first?["id"]?.number)
    let other = try RedisServerProcess()
    let place = "unix://\(other.socketPath)"
    #expect(try source.run("undo", "-u", place).status == 1)
    let refused = try source.run("undo", "\(Int(id))", "-u", place)
    #expect(refused.status == 3 && refused.errors.contains("another server or database"))
    #expect(
      try source.run("undo", "\(Int(id))", "-u", "unix://\(source.socketPath)?db=1").status == 3)
  }

  @Test func withoutUndoNothingIsKept() throws {
    let source = try CommandSource(.redis)
    try source.redis("set", "a", "1")
    #expect(try source.run("del", "a", "--no-undo").status == 0)
    #expect(try source.run("undo", "--list").text.isEmpty)
  }

  @Test func purgingForgetsEverything() throws {
    let source = try CommandSource(.redis)
    try source.redis("set", "a", "1")
    _ = try source.run("del", "a")
    #expect(try source.run("undo", "--purge").text == "forgot 1 change\n")
    #expect(try source.run("undo", "--list").text.isEmpty)
    #expect(try source.run("undo", "--purge", "--json").text == "{\"forgotten\":0}\n")
    #expect(try source.run("undo", "--purge", "7").status == 2)
  }

  @Test func aJournalThatCannotBeKeptRefusesTheChange() throws {
    let source = try CommandSource(.redis)
    try source.redis("mset", "a", "1", "b", "2")
    _ = try source.run("del", "b")
    try source.program.execute("/bin/chmod", ["770", source.program.folder + "/state/cachescope"])
    let refused = try source.run("del", "a", "--json")
    #expect(refused.status == 1 && refused.errors.contains("\"kind\":\"io\""))
    #expect(refused.errors.contains("--no-undo"))
    #expect(try source.redis("get", "a") == "1")
    #expect(try source.run("del", "a", "--no-undo").status == 0)
    #expect(try source.redis("exists", "a") == "0")
  }

  @Test func aDamagedJournalIsPutAside() throws {
    let source = try CommandSource(.redis)
    try source.redis("mset", "a", "1", "b", "2")
    _ = try source.run("del", "a")
    let file = source.program.folder + "/state/cachescope/journal.sqlite3"
    try source.program.execute("/bin/rm", ["-f", file + "-wal", file + "-shm"])
    try source.program.write(Array("no database at all".utf8), to: file)
    let done = try source.run("del", "b")
    #expect(done.status == 0)
    #expect(try source.run("undo").status == 0)
    #expect(try source.redis("mget", "a", "b") == "\n2")
    let names = try source.program.execute(
      "/bin/ls", [source.program.folder + "/state/cachescope"]
    ).lines
    #expect(names.contains { $0.hasPrefix("journal.sqlite3.damaged-") })
  }

  @Test func aProfileKeepsNamesAloneOrNothing() throws {
    let server = try RedisServerProcess()
    let home = try CommandProgram()
    let profiles = ["keys", "off"].map {
      "\($0): { source: 'unix://\(server.socketPath)', journal: '\($0)' }"
    }
    let folder = home.folder + "/cachescope"
    try home.execute("/bin/mkdir", ["-m", "700", folder])
    try home.write(
      Array("{ profiles: { \(profiles.joined(separator: ", ")) } }".utf8),
      to: folder + "/config.json5")
    let program = try CommandProgram(["XDG_CONFIG_HOME": home.folder])
    #expect(try program.run("set", "secret-name", "secret-value", "-u", "keys").status == 0)
    #expect(try program.run("set", "secret-name", "another", "-u", "keys").status == 0)
    let listed = try program.run("undo", "--list", "-u", "keys")
    #expect(listed.lines.count == 2 && listed.text.contains("cannot be undone"))
    #expect(try program.run("undo", "-u", "keys").status == 1)
    #expect(try program.run("del", "secret-name", "-u", "off").status == 0)
    #expect(try program.run("undo", "-u", "off").errors.contains("journal is off"))
    #expect(try program.run("undo", "--list", "-u", "keys").lines.count == 2)
  }
}
