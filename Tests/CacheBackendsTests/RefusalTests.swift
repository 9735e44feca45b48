import CacheBackends
import CacheModel
import RESP
import RedisClient
import TestSupport
import Testing

/// Servers that refuse, and channels that do.
@Suite(.timeLimit(.minutes(5))) struct RefusalTests {
  private func restricted(_ rules: String, kind: SourceKind = .redisRESP3) throws -> SourceUnderTest
  {
    try SourceUnderTest(
      kind, options: ["--aclfile", "@/users.acl"],
      files: [
        "users.acl": """
        user default on nopass ~* &* +@all
        user viewer on >p@ss&%^ ~* &* +@all \(rules)

        """
      ], user: "viewer", password: "p@ss&%^")
  }

  @Test(arguments: SourceKind.redis)
  func theRestWorksWithoutMemoryInfoAndObject(_ kind: SourceKind) async throws {
    let source = try restricted("-memory -info -object -client -hello -unlink", kind: kind)
    let about = try await source.backend.open()
    #expect(!about.capabilities.contains(.memoryUsage))
    #expect(!about.capabilities.contains(.statistics))
    #expect(about.refusals[.memoryUsage]?.hasPrefix("NOPERM") == true)
    #expect(about.capabilities.contains(.write))
    try await source.run("SET", "k", "v", "PX", "60000")
    let summary = try await source.backend.describe([CacheKey("k")], .everything)[0]
    #expect(summary?.kind == .string && summary?.length == 1)
    #expect(summary?.bytes == nil && summary?.encoding == nil)
    #expect(
      try await source.backend.read(CacheKey("k"), within: .standard)?.content == .string([118]))
    let statistics = try await source.backend.statistics()
    #expect(statistics.keys == 1 && statistics.hits == nil)
    let deleted = try await source.backend.apply(.delete, to: CacheKey("k"), undoLimit: 1 << 20)
    guard case .done(let undo?) = deleted else {
      Issue.record("\(deleted)")
      return
    }
    guard case .restored = try await source.backend.undo(undo, overwriting: false) else {
      Issue.record("no undo")
      return
    }
    #expect(try await source.value(CacheKey("k")) == [118])
    await source.close()
  }

  @Test func withoutDumpAndGetAChangeIsMadeWithoutUndo() async throws {
    let source = try restricted("-dump -get")
    _ = try await source.backend.open()
    try await source.run("SET", "k", "v")
    let change = KeyChange.putString(bytes("w"), nil, otherKinds: true)
    let outcome = try await source.backend.apply(change, to: CacheKey("k"), undoLimit: 1 << 20)
    #expect(outcome == .done(undo: nil))
    #expect(try await source.value(CacheKey("k")) == bytes("w"))
    await source.close()
  }

  @Test func aWriteThatIsRefusedSaysSoInTheServersWords() async throws {
    let source = try restricted("-@write")
    _ = try await source.backend.open()
    try await source.run("SET", "k", "v")
    await #expect {
      try await source.backend.apply(.delete, to: CacheKey("k"), undoLimit: 1 << 20)
    } throws: { error in
      guard case .refused(_, let message) = error as? BackendError else { return false }
      return message.hasPrefix("NOPERM")
    }
    #expect(try await source.value(CacheKey("k")) == bytes("v"))
    await source.close()
  }

  /// Servers without PEXPIRETIME keep deadlines too, to a few milliseconds and never longer.
  @Test(arguments: SourceKind.redis)
  func worksWithoutTheNewerCommands(_ kind: SourceKind) async throws {
    let source = try SourceUnderTest(
      kind,
      options: [
        "--rename-command", "PEXPIRETIME", "", "--rename-command", "UNLINK", "",
        "--rename-command", "MEMORY", "", "--rename-command", "HELLO", "",
      ])
    let key = CacheKey("k")
    _ = try await source.backend.open()
    try await source.run("SET", "k", "old", "PX", "80000")
    let before = try await source.deadlineByPTTL(key)
    for change in [KeyChange.setString(bytes("new"), expected: bytes("old")), .delete] {
      guard
        case .done(let undo?) = try await source.backend.apply(change, to: key, undoLimit: 1 << 20)
      else {
        Issue.record("not done: \(change)")
        continue
      }
      guard case .restored = try await source.backend.undo(undo, overwriting: false) else {
        Issue.record("not undone: \(change)")
        continue
      }
      #expect(try await source.value(key) == bytes("old"))
      let after = try await source.deadlineByPTTL(key)
      // Clock and PTTL are two commands; a busy machine may pause the server between them.
      #expect(abs(after - before) <= 50)
    }
    await source.close()
  }

  // MARK: Read-only

  @Test(arguments: SourceKind.allCases)
  func aReadOnlyChannelSendsNoWrite(_ kind: SourceKind) async throws {
    let source = try SourceUnderTest(kind)
    try await source.run("SET", "k", "v", "PX", "600000")
    try await source.run("HSET", "h", "f", "v")
    let guardian = ReadOnlyChannel(source.channel)
    let backend = RedisBackend(over: guardian, address: "guarded", database: 0)
    _ = try await backend.open()
    #expect(try await backend.read(CacheKey("k"), within: .standard)?.content == .string([118]))
    _ = try await backend.describe([CacheKey("k"), CacheKey("h")], .everything)
    _ = try await backend.statistics()
    let changes: [KeyChange] = [
      .setString([1], expected: [118]), .putString([1], nil, otherKinds: true), .delete,
      .expireNow, .setTTL(.persist),
    ]
    for change in changes {
      await #expect(throws: BackendError.readOnly) {
        try await backend.apply(change, to: CacheKey("k"), undoLimit: 1 << 20)
      }
    }
    await #expect(throws: BackendError.readOnly) { try await backend.flush() }
    #expect(try await source.value(CacheKey("k")) == bytes("v"))
    guardian.setReadOnly(false)
    #expect(
      try await backend.apply(.delete, to: CacheKey("k"), undoLimit: nil) == .done(undo: nil))
    await source.close()
  }

  @Test func whatIsNotKnownIsAWrite() async throws {
    let script = ScriptedChannel { _ in .ok }
    let channel = ReadOnlyChannel(script)
    let refused = [
      RESPCommand("SET", "k", "v"), RESPCommand("EVAL", "return 1", "0"),
      RESPCommand("PUBLISH", "c", "m"), RESPCommand("CONFIG", "SET", "a", "b"),
      RESPCommand("CLIENT", "KILL", "ID", "1"), RESPCommand("client", "pause", "1"),
      RESPCommand("SHUTDOWN"), RESPCommand("SLOWLOG", "RESET"), RESPCommand("GETDEL", "k"),
      RESPCommand("GETEX", "k", "PERSIST"), RESPCommand("SORT", "l", "STORE", "m"),
      RESPCommand("NEWCOMMAND"), RESPCommand("CONFIG"), RESPCommand("ACL", "SETUSER", "x"),
    ]
    for command in refused {
      await #expect(throws: ChannelError.readOnly(verb: command.verb)) {
        try await channel.send([RESPCommand("GET", "k"), command])
      }
      await #expect(throws: ChannelError.readOnly(verb: command.verb)) {
        try await channel.exclusively(for: nil) { connection throws(ChannelError) in
          try await connection.send([RESPCommand("MULTI"), command])
        }
      }
    }
    #expect(script.commands.isEmpty)
    _ = try await channel.send([RESPCommand("get", "k"), RESPCommand("config", "get", "*")])
    #expect(script.commands.count == 2)
  }

  // MARK: Breaks

  @Test(arguments: SourceKind.redis)
  func aKilledConnectionComesBackToTheSameDatabase(_ kind: SourceKind) async throws {
    let source = try SourceUnderTest(kind, database: 6)
    _ = try await source.backend.open()
    try await source.run("SET", "k", "v")
    _ = try await source.backend.apply(.setTTL(.persist), to: CacheKey("k"), undoLimit: nil)
    try await source.run("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
    // Calls fail, in words, until the channel has come back by itself.
    var found: ValuePage?
    while found == nil {
      do {
        found = try await source.backend.read(CacheKey("k"), within: .standard)
      } catch BackendError.connectionLost {
        await Task.yield()
      }
    }
    #expect(found?.content == .string(bytes("v")))
    let change = KeyChange.setString(bytes("w"), expected: bytes("v"))
    guard case .done = try await source.backend.apply(change, to: CacheKey("k"), undoLimit: nil)
    else {
      Issue.record("not done")
      return
    }
    #expect(try await source.value(CacheKey("k")) == bytes("w"))
    await source.close()
  }

  /// A source whose replies make no sense is refused in words and crashes nothing.
  @Test func nonsenseIsToldAsSuch() async throws {
    let replies: [RESPValue] = [
      .null, .integer(-1), .bulk("x"), .array([]), .array([.array([]), .null]), .map([]),
      .array([.bulk("99999999999999999999999"), .array([.integer(1)])]), .double(.nan),
      .error("ERR no"), .simple("QUEUED"), .array([.integer(.max), .integer(.min)]),
    ]
    for reply in replies {
      let backend = RedisBackend(
        over: ScriptedChannel { _ in reply }, address: "nonsense", database: 0)
      let key = CacheKey("k")
      _ = try? await backend.open()
      _ = try? await backend.scan(from: .start, matching: nil, count: 10)
      _ = try? await backend.describe([key], .everything)
      _ = try? await backend.read(key, within: .standard)
      _ = try? await backend.statistics()
      _ = try? await backend.flush()
      let changes: [KeyChange] = [
        .setString([1], expected: [2]), .setField([1], value: [1], expected: nil), .delete,
        .setTTL(.adjust(milliseconds: .max)), .setTTL(.adjust(milliseconds: .min)),
        .createString([1], .until(WallTime(milliseconds: .max))),
      ]
      for change in changes { _ = try? await backend.apply(change, to: key, undoLimit: 100) }
      let origin = SourceIdentity(serverID: "address:nonsense", database: 0)
      let record = UndoRecord(
        key: key, payload: [1], deadline: WallTime(milliseconds: .max), payloadAfter: nil,
        deadlineAfter: nil, origin: origin)
      _ = try? await backend.undo(record, overwriting: true)
    }
  }
}
