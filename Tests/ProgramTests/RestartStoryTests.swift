import SystemIO
import TestSupport
import Testing

/// Undo over a restart of the server, with real servers.
@Suite(.timeLimit(.minutes(5))) struct RestartStoryTests {
  /// A server that can be restarted, and the program on its address.
  private struct Place {
    let server: RedisServerProcess
    let program: CommandProgram

    init(_ options: [String] = []) throws {
      server = try RedisServerProcess(options)
      program = try CommandProgram(["CACHESCOPE_URL": "unix://\(server.socketPath)"])
    }

    func run(_ words: String...) throws -> Finished { try program.run(words) }

    @discardableResult
    func redis(_ words: String...) throws -> String {
      let words = ["-s", server.socketPath] + words
      return try program.execute("/usr/bin/redis-cli", words).text.trimmed()
    }

    /// A line of INFO.
    func told(_ field: String) throws -> String {
      let lines = try redis("info", "replication").split(whereSeparator: \.isNewline)
      return String(lines.first { $0.hasPrefix(field + ":") }?.dropFirst(field.count + 1) ?? "")
    }

    /// Until the server says so.
    func wait(_ field: String, _ value: String) throws {
      for _ in 0..<600 where try told(field) != value {
        _ = try program.execute("/bin/sleep", ["0.1"])
      }
      try #require(try told(field) == value)
    }
  }

  enum Keeping: CaseIterable, Sendable {
    case snapshot, appendOnly

    var options: [String] {
      self == .snapshot
        ? ["--save", "3600 100000"] : ["--appendonly", "yes", "--appendfsync", "always"]
    }
  }

  @Test(arguments: Keeping.allCases)
  func aRestartedServerIsTakenForTheSameOnlyWhenToldSo(_ keeping: Keeping) throws {
    let place = try Place(keeping.options)
    try place.redis("mset", "a", "1", "b", "old", "c", "3", "d", "4")
    try place.redis("pexpire", "a", "86399000")
    #expect(try place.run("del", "a").status == 0)
    #expect(try place.run("set", "b", "new").status == 0)
    #expect(try place.run("del", "c", "d").status == 0)
    if keeping == .snapshot { try place.redis("save") }
    let identity = try place.told("master_replid")
    place.server.end()
    try place.server.start()
    try #require(try place.told("master_replid") != identity)
    try #require(try place.redis("get", "b") == "new")

    let sentence = "3 changes were made through this address on a server with another identity"
    let nothing = try place.run("undo")
    #expect(nothing.status == 1 && nothing.errors.contains(sentence))
    #expect(nothing.errors.contains("cachescope undo --restarted"))
    let listed = try place.run("undo", "--list")
    #expect(listed.status == 0 && listed.text.isEmpty && listed.errors.contains(sentence))
    let refused = try place.run("undo", "2")
    #expect(refused.status == 3 && refused.errors.contains("undo --restarted 2"))
    #expect(try place.redis("get", "b") == "new")
    #expect(try place.run("undo", "--list", "--restarted").lines.count == 3)

    // Somebody has written one since.
    try place.redis("set", "c", "newer")
    let told = try place.run("undo", "--restarted", "--all", "--dry-run")
    #expect(told.text.contains("leaves what is not as the change left it: 1 key: c"), "\(told)")
    #expect(try place.redis("exists", "a", "d") == "0")
    #expect(try place.run("undo", "--restarted", "2").text == "took back set b: 1 of 1 key\n")
    #expect(try place.redis("get", "b") == "old")
    let all = try place.run("undo", "--restarted", "--all")
    #expect(all.status == 1 && all.errors.contains("1 key not as the change left it"))
    #expect(try place.redis("mget", "a", "c", "d") == "1\nnewer\n4")
    #expect((80_000_000...86_399_000).contains(Int(try place.redis("pttl", "a")) ?? 0))
    #expect(try place.run("undo", "--restarted", "--all").status == 1)
    #expect(try place.run("undo", "--restarted", "--overwrite").status == 2)
  }

  /// A server that has begun anew: what a change left is not there, and what it deleted is not.
  @Test(arguments: CommandSource.Kind.allCases)
  func anEmptyServerIsGivenOnlyWhatWasDeleted(_ kind: CommandSource.Kind) throws {
    let program: CommandProgram
    var server: RedisServerProcess?
    var engine: ServeProcess?
    switch kind {
    case .redis:
      let started = try RedisServerProcess()
      server = started
      program = try CommandProgram(["CACHESCOPE_URL": "unix://\(started.socketPath)"])
    case .engine:
      program = try CommandProgram()
      engine = try ServeProcess(program)
    }
    for words in [
      ["set", "a", "1"], ["set", "b", "old"], ["del", "a"], ["set", "b", "new"],
    ] {
      #expect(try program.run(words).status == 0)
    }
    server?.end()
    engine?.end()
    try server?.start()
    if kind == .engine { engine = try ServeProcess(program) }
    #expect(try program.run("undo").errors.contains("4 changes were made through this address"))
    // The newest one first, and nothing of it is there: it can be tried again.
    for _ in 0..<2 {
      let newest = try program.run("undo", "--restarted")
      #expect(newest.status == 1 && newest.text == "took back set b: 0 of 1 key\n")
    }
    #expect(try program.run("get", "b").status == 1)
    #expect(try program.run("undo", "--restarted", "3").status == 0)
    #expect(try program.run("get", "a", "--raw").text == "1")
    #expect(try program.run("undo", "--list").lines.isEmpty)
    withExtendedLifetime((server, engine)) {}
  }

  private func replica(of place: Place) throws -> Place {
    let replica = try Place(["--replicaof", "127.0.0.1", "\(place.server.port)"])
    try replica.wait("master_link_status", "up")
    return replica
  }

  @Test func aReplicaThatWasPromotedHasTheSameData() throws {
    let place = try Place(["--repl-diskless-sync-delay", "0"])
    let replica = try replica(of: place)
    try place.redis("mset", "a", "1", "b", "2")
    #expect(try place.run("del", "a").status == 0)
    #expect(try place.run("set", "b", "new").status == 0)
    #expect(try place.redis("wait", "1", "20000") == "1")
    let former = try place.told("master_replid")
    place.server.end()
    try replica.redis("replicaof", "no", "one")
    try replica.wait("master_replid2", former)
    let address = "unix://\(replica.server.socketPath)"
    #expect(try place.run("undo", "--list", "-u", address).lines.count == 2)
    #expect(try place.run("undo", "-u", address).text == "took back set b: 1 of 1 key\n")
    #expect(try place.run("undo", "-u", address).text == "took back delete a: 1 of 1 key\n")
    #expect(try replica.redis("mget", "a", "b") == "1\n2")
    #expect(try place.run("undo", "-u", address).status == 1)
  }

  @Test func aRestartThatKeepsTheReplicationIsTheSameServer() throws {
    let place = try Place(["--repl-diskless-sync-delay", "0", "--save", "3600 100000"])
    let replica = try replica(of: place)
    try place.redis("mset", "a", "1", "b", "2")
    #expect(try place.run("del", "a").status == 0)
    try place.redis("save")
    let former = try place.told("master_replid")
    place.server.end()
    replica.server.end()
    try place.server.start()
    try #require(try place.told("master_replid") != former)
    try #require(try place.told("master_replid2") == former)
    #expect(try place.run("del", "b").status == 0)
    #expect(try place.run("undo", "--list").lines.count == 2)
    #expect(try place.run("undo", "--all").status == 0)
    #expect(try place.redis("mget", "a", "b") == "1\n2")
  }
}
