import CacheBackends
import CacheModel
import RESP
import TestSupport
import Testing

/// Undo where a server's own form of values is not to be had, or not taken back: the old state is
/// kept, or put back, by its parts, as exactly as otherwise.
@Suite(.timeLimit(.minutes(5))) struct PartsUndoTests {
  private static let keys = ["s", "h", "l", "t", "z"].map { CacheKey($0) }

  // MARK: Without DUMP, without RESTORE

  @Test(arguments: ["-dump", "-restore", "-dump -restore"], SourceKind.redis)
  func everyKindComesBackByItsParts(_ rules: String, _ kind: SourceKind) async throws {
    let source = try SourceUnderTest(limitedTo: rules, kind)
    try await source.fillAllKinds()
    let changes: [KeyChange] = [
      .delete, .expireNow, .putString([1], .persist, otherKinds: true),
      .rename(to: CacheKey("other"), replacing: true), .setTTL(.persist),
    ]
    for key in Self.keys {
      for change in changes {
        _ = try await source.run("SET", "other", "overwritten", "PX", "800000")
        let before = try await [source.picture(key), source.picture(CacheKey("other"))]
        let outcome = try await source.backend.apply(change, to: key, undoLimit: 1 << 20)
        let undo = try #require(outcome.undo, "\(key) \(change)")
        try await source.waitUntilGone(key, after: change)
        let after = try await [source.picture(key), source.picture(CacheKey("other"))]
        #expect(after != before, "\(key) \(change)")
        let redo = try #require(try await source.undo(undo), "\(key) \(change)")
        #expect(
          try await [source.picture(key), source.picture(CacheKey("other"))] == before,
          "\(key) \(change)")
        let again = try #require(try await source.undo(redo), "\(key) \(change)")
        #expect(
          try await [source.picture(key), source.picture(CacheKey("other"))] == after,
          "\(key) \(change)")
        _ = try await source.undo(again)
        #expect(try await source.picture(key) == before[0], "\(key) \(change)")
      }
    }
    await source.close()
  }

  @Test func whatIsKeptWithoutDumpIsTheContent() async throws {
    let source = try SourceUnderTest(limitedTo: "-dump")
    try await source.run("SET", "s", "v", "PX", "900000")
    let undo = try await source.backend.apply(.delete, to: CacheKey("s"), undoLimit: 1 << 20).undo
    #expect(undo?.transitions.first?.before?.value == .typed(.string(bytes("v"))))
    #expect(try await source.backend.open().capabilities.contains(.undo))
    let states = try await source.backend.capture(Self.keys, limit: 1 << 20)
    #expect(states == Self.keys.map { _ in .absent })
    try await source.fillAllKinds()
    let kept = try await source.backend.capture(Self.keys, limit: 1 << 20)
    #expect(!kept.contains { !$0.isKept })
    await source.close()
  }

  @Test func aNewerValueIsNotOverwritten() async throws {
    let source = try SourceUnderTest(limitedTo: "-dump -restore")
    let key = CacheKey("h")
    try await source.run("HSET", "h", "f", "v")
    let undo = try #require(
      try await source.backend.apply(.delete, to: key, undoLimit: 1 << 20).undo)
    try await source.run("HSET", "h", "f", "newer")
    #expect(try await source.backend.undo(undo, overwriting: false) == .changedMeanwhile)
    #expect(try await source.run("HGET", "h", "f") == .bulk(bytes("newer")))
    guard case .restored = try await source.backend.undo(undo, overwriting: true) else {
      Issue.record("not restored")
      return
    }
    #expect(try await source.run("HGET", "h", "f") == .bulk(bytes("v")))
    await source.close()
  }

  /// A stream has no typed form here.
  @Test func aStreamIsKeptOnlyInTheServersForm() async throws {
    let key = CacheKey("x")
    let withoutDump = try SourceUnderTest(limitedTo: "-dump")
    try await withoutDump.run("XADD", "x", "1-1", "f", "v")
    let states = try await withoutDump.backend.capture([key], limit: 1 << 20)
    #expect(states.first?.isKept == false)
    #expect(
      try await withoutDump.backend.apply(.delete, to: key, undoLimit: 1 << 20) == .done(undo: nil))
    await withoutDump.close()
    let withoutRestore = try SourceUnderTest(limitedTo: "-restore")
    try await withoutRestore.run("XADD", "x", "1-1", "f", "v")
    let undo = try #require(
      try await withoutRestore.backend.apply(.delete, to: key, undoLimit: 1 << 20).undo)
    await #expect {
      try await withoutRestore.backend.undo(undo, overwriting: true)
    } throws: { error in
      guard case .refused("RESTORE", let words) = error as? BackendError else { return false }
      return words.hasPrefix("NOPERM") && words.contains("nothing was changed")
    }
    await withoutRestore.close()
  }

  // MARK: Fields that expire

  /// A whole reading does not tell when fields expire: a hash is kept by its parts only where the
  /// server says that it has none of those.
  @Test(arguments: [
    ("8.0.1", "keys=1,expires=0,subexpiry=0", true), ("8.0.1", "keys=1,subexpiry=1", false),
    ("8.0.1", "keys=1,expires=0", false), ("7.2.4", "keys=1,expires=0", true),
  ])
  func fieldsThatMayExpireAreNotLost(
    version: String, line: String, isKept: Bool
  ) async throws {
    let source = try SourceUnderTest(limitedTo: "-dump")
    let backend = source.decorated { inner in
      MappedChannel(
        inner: inner,
        answered: { command, reply in
          Self.asOfVersion(version, line, command, reply)
        })
    }
    _ = try await backend.open()
    try await source.run("HSET", "h", "f", "v")
    let state = try await backend.capture([CacheKey("h")], limit: 1 << 20).first
    #expect(state?.isKept == isKept)
    try await source.run("SET", "s", "v")
    #expect(try await backend.capture([CacheKey("s")], limit: 1 << 20).first?.isKept == true)
    await source.close()
  }

  private static func asOfVersion(
    _ version: String, _ line: String, _ command: RESPCommand, _ reply: RESPValue
  ) -> RESPValue {
    guard command.verb == "INFO" else { return reply }
    if command.arguments.count > 1 { return .bulk(bytes("# Keyspace\r\ndb0:\(line)\r\n")) }
    return .bulk(bytes("redis_version:\(version)\r\nmaster_replid:id\r\n"))
  }

  /// Their deadlines go along, or nothing goes.
  @Test func aHashIsNotPutBackWithoutTheDeadlinesOfItsFields() async throws {
    let source = try SourceUnderTest(.redisRESP3)
    let about = try await source.backend.open()
    let word = PackedFixture.listpackEntry
    let end = [0xF4] + PayloadFixture.little(4_000_000_000_000, 8)
    let packed = PackedFixture.listpack([word("a"), word("1"), [0], word("b"), word("2"), end])
    let payload = PayloadFixture.sealed(
      [25] + PayloadFixture.little(4_000_000_000_000, 8) + PayloadFixture.string(packed),
      version: 12)
    let record = UndoRecord(
      key: CacheKey("h"), payload: payload, deadline: nil, payloadAfter: nil, deadlineAfter: nil,
      origin: about.identity)
    await #expect {
      try await source.backend.undo(record, overwriting: true)
    } throws: { error in
      guard case .refused("HPEXPIREAT", _) = error as? BackendError else { return false }
      return true
    }
    #expect(try await source.run("EXISTS", "h") == .integer(0))
    await source.close()
  }
}

extension ChangeOutcome {
  var undo: UndoRecord? {
    if case .done(let undo) = self { undo } else { nil }
  }
}

extension SourceUnderTest {
  /// A redis-server whose user may do all but what the rules take away.
  convenience init(limitedTo rules: String, _ kind: SourceKind = .redisRESP3) throws {
    try self.init(
      kind, options: ["--aclfile", "@/users.acl"],
      files: [
        "users.acl": """
        user default on nopass ~* &* +@all
        user limited on >secret ~* &* +@all \(rules)

        """
      ], user: "limited", password: "secret")
  }

  /// Puts a record back and answers what undoes that.
  func undo(_ record: UndoRecord) async throws -> UndoRecord? {
    guard case .restored(let redo) = try await backend.undo(record, overwriting: false) else {
      return nil
    }
    return redo
  }

  /// One key of every kind: more parts than go in one command, all bytes, odd scores, and a TTL.
  func fillAllKinds() async throws {
    let many = (0..<1200).map { Array("part \($0)".utf8) }
    let scores = ["inf", "-inf", "0.1", "1e300", "5e-324", "-7", "1152921504606846976"]
    let scored = zip(scores, many).flatMap { [Array($0.utf8), $1] }
    try await send("SET", "s", [everyByte])
    try await send("HSET", "h", many)
    try await send("RPUSH", "l", many + many + [[]])
    try await send("SADD", "t", many)
    try await send("ZADD", "z", scored + many.flatMap { [Array("3".utf8), $0 + [0]] })
    for key in ["s", "h", "l", "t", "z"] { try await run("PEXPIRE", key, "900000") }
  }

  private func send(_ verb: String, _ key: String, _ arguments: [[UInt8]]) async throws {
    let reply = try await other.send(RESPCommand(verb, [Array(key.utf8)] + arguments))
    if let error = reply.error { throw error }
  }

  /// An expiry in a millisecond leaves the key there for that long.
  func waitUntilGone(_ key: CacheKey, after change: KeyChange) async throws {
    guard change == .expireNow else { return }
    while try await run("EXISTS", key.bytes) != .integer(0) {}
  }

  /// Kind, content and deadline of a key.
  func picture(_ key: CacheKey) async throws -> [RESPValue] {
    let kind = try await run("TYPE", key.bytes)
    let deadline = try await run("PEXPIRETIME", key.bytes)
    let readings = [
      "string": ["GET"], "hash": ["HGETALL"], "list": ["LRANGE", "0", "-1"], "set": ["SMEMBERS"],
      "zset": ["ZRANGE", "0", "-1", "WITHSCORES"], "stream": ["XRANGE", "-", "+"],
    ]
    guard let words = readings[kind.text ?? ""] else { return [kind, deadline] }
    let arguments = [key.bytes] + words.dropFirst().map { Array($0.utf8) }
    let reply = try await other.send(RESPCommand(words[0], arguments))
    return [kind, deadline] + sorted(reply, kind.text)
  }

  /// Hashes and sets have no order; the second version of the protocol tells pairs in turn.
  private func sorted(_ reply: RESPValue, _ kind: String?) -> [RESPValue] {
    switch (reply, kind) {
    case (.map(let pairs), _):
      return pairs.map { .array([$0.key, $0.value]) }.sorted(by: isBefore)
    case (.array(let flat), "hash"):
      return stride(from: 0, to: flat.count - 1, by: 2).map { .array([flat[$0], flat[$0 + 1]]) }
        .sorted(by: isBefore)
    case (.set(let values), _), (.array(let values), "set"): return values.sorted(by: isBefore)
    default: return [reply]
    }
  }

  private func isBefore(_ one: RESPValue, _ other: RESPValue) -> Bool {
    let one = (one.elements?.first ?? one).bytes ?? []
    return one.lexicographicallyPrecedes((other.elements?.first ?? other).bytes ?? [])
  }
}
