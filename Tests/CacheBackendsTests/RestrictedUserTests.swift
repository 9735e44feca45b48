import CacheBackends
import CacheModel
import RESP
import TestSupport
import Testing

/// Users that may do only a part: what is refused is told truly, and what is not refused works.
@Suite(.timeLimit(.minutes(5))) struct RestrictedUserTests {
  private let key = CacheKey("k")

  private func with(
    _ rules: String, kind: SourceKind = .redisRESP3, options: [String] = [],
    _ body: (SourceUnderTest) async throws -> Void
  ) async throws {
    let source = try SourceUnderTest(
      kind, options: ["--aclfile", "@/users.acl"] + options,
      files: [
        "users.acl": """
        user default on nopass ~* &* +@all
        user limited on >secret \(rules)

        """
      ], user: "limited", password: "secret")
    _ = try await source.backend.open()
    try await body(source)
    await source.close()
  }

  private func isRefusal(_ error: any Error, of verb: String) -> Bool {
    guard case .refused(verb, let message) = error as? BackendError else { return false }
    return message.hasPrefix("NOPERM")
  }

  // MARK: Transactions

  @Test(arguments: SourceKind.redis)
  func withoutMULTINothingHappensToAKeyWhoseOldStateIsToBeKept(_ kind: SourceKind) async throws {
    try await with("~* &* +@all -multi", kind: kind) { source in
      let changes: [KeyChange] = [
        .delete, .expireNow, .setTTL(.fromNow(milliseconds: 5)),
        .setString(bytes("w"), expected: bytes("v")), .setString(bytes("w"), expected: nil),
        .putString(bytes("w"), nil, otherKinds: true),
      ]
      try await source.run("SET", "k", "v")
      for change in changes {
        await #expect {
          try await source.backend.apply(change, to: key, undoLimit: 1 << 20)
        } throws: { isRefusal($0, of: "MULTI") }
        #expect(try await source.value(key) == bytes("v"), "\(change)")
        #expect(try await source.deadline(key) == -1, "\(change)")
      }
      let edit = KeyChange.setString(bytes("w"), expected: bytes("v"))
      await #expect {
        try await source.backend.apply(edit, to: key, undoLimit: nil)
      } throws: { isRefusal($0, of: "MULTI") }
      #expect(try await source.value(key) == bytes("v"))
    }
  }

  @Test func withoutMULTIAnUndoLeavesEverythingAsItIs() async throws {
    try await with("~* &* +@all -multi") { source in
      try await source.run("SET", "k", "v")
      let unlimited = RedisBackend(over: source.other, address: "other", database: 0)
      guard
        case .done(let undo?) = try await unlimited.apply(.delete, to: key, undoLimit: 1 << 20)
      else {
        Issue.record("not done")
        return
      }
      await #expect {
        try await source.backend.undo(undo, overwriting: true)
      } throws: { isRefusal($0, of: "MULTI") }
      #expect(try await source.value(key) == nil)
    }
  }

  @Test(arguments: ["-multi", "-exec", "-multi -discard", "-exec -discard"])
  func whatNeedsNoTransactionIsDoneWithoutOne(_ rule: String) async throws {
    try await with("~* &* +@all \(rule)") { source in
      try await source.run("SET", "k", "v")
      let ttl = KeyChange.setTTL(.fromNow(milliseconds: 9_000_000))
      #expect(try await source.backend.apply(ttl, to: key, undoLimit: nil) == .done(undo: nil))
      #expect((try await source.run("PTTL", "k").integer ?? 0) > 8_000_000)
      #expect(try await source.backend.apply(.delete, to: key, undoLimit: nil) == .done(undo: nil))
      #expect(try await source.backend.apply(.delete, to: key, undoLimit: nil) == .gone)
      #expect(try await source.value(key) == nil)
    }
  }

  @Test(arguments: ["-multi", "-exec", "-dbsize", "-dbsize -exec -discard"])
  func aFlushWithoutATransactionIsDoneAndToldAsDone(_ rule: String) async throws {
    try await with("~* &* +@all \(rule)") { source in
      for number in 0..<5 { try await source.run("SET", "k\(number)", "v") }
      #expect(try await source.backend.flush() == nil)
      #expect(try await source.other.send(RESPCommand("DBSIZE")) == .integer(0))
    }
  }

  @Test(arguments: ["-flushdb", "-multi -flushdb", "-exec -flushdb"])
  func aFlushThatIsRefusedDeletesNothing(_ rule: String) async throws {
    try await with("~* &* +@all \(rule)") { source in
      try await source.run("SET", "k", "v")
      await #expect(throws: BackendError.self) { try await source.backend.flush() }
      #expect(try await source.value(key) == bytes("v"))
    }
  }

  @Test func flushesServersWhoseFLUSHDBTakesNoArgument() async throws {
    try await with("~* &* +@all") { source in
      // What Redis 3 answers to FLUSHDB ASYNC, had from a command that takes no argument here.
      let old = MappedChannel(
        inner: source.channel,
        asked: {
          $0 == RESPCommand("FLUSHDB", "ASYNC") ? RESPCommand("DBSIZE", "ASYNC") : $0
        })
      try await source.run("SET", "k", "v")
      let backend = RedisBackend(over: old, address: "old", database: 0)
      #expect(try await backend.flush() == 1)
      #expect(try await source.value(key) == nil)
    }
  }

  // MARK: Keys

  /// Newer servers say it in other words, without a plural.
  private static let newerWords: MappedChannel.Answered = { _, reply in
    guard reply.error?.text.contains("one of the keys") == true else { return reply }
    return .error("NOPERM No permissions to access a key")
  }

  @Test(arguments: [false, true])
  func aForeignKeyCostsTheOthersNothing(_ isNewer: Bool) async throws {
    try await with("~app:* &* +@all") { source in try await useForeignKey(source, isNewer) }
  }

  private func useForeignKey(_ source: SourceUnderTest, _ isNewer: Bool) async throws {
    var channel = MappedChannel(inner: source.channel)
    if isNewer { channel.answered = Self.newerWords }
    let backend = RedisBackend(over: channel, address: "limited", database: 0)
    try await source.run("SET", "app:k", "v", "PX", "9000000")
    try await source.run("SET", "foreign", "v", "PX", "9000000")
    try await expectOwnKeyTold(backend)
  }

  private func expectOwnKeyTold(_ backend: RedisBackend) async throws {
    let about = try await backend.open()
    #expect(about.capabilities.contains(.memoryUsage))
    let (foreign, own) = (CacheKey("foreign"), CacheKey("app:k"))
    for _ in 0..<2 {
      let summaries = try await backend.describe([foreign, own], .everything)
      let (first, second) = (summaries[0], summaries[1])
      #expect(first?.kind == nil && first?.lifetime == nil)
      #expect(second?.kind == .string && second?.lifetime?.ttl != nil)
      #expect(second?.bytes != nil && second?.encoding != nil)
    }
    await #expect(throws: BackendError.self) { try await backend.read(foreign, within: .standard) }
    let page = try await backend.read(own, within: .standard)
    #expect(page?.lifetime?.ttl != nil)
  }

  @Test(arguments: SourceKind.redis)
  func aLifetimeThatIsNotToldIsNotUnlimited(_ kind: SourceKind) async throws {
    try await with("~* &* +@all -pttl", kind: kind) { source in
      try await source.run("SET", "k", "v", "PX", "9000000")
      let page = try await source.backend.read(key, within: .standard)
      #expect(page?.content == .string(bytes("v")))
      #expect(page != nil && page?.lifetime == nil)
    }
  }

  // MARK: Kinds

  @Test(arguments: SourceKind.redis)
  func withoutTYPENoOtherKindIsReplaced(_ kind: SourceKind) async throws {
    try await with("~* &* +@all -type", kind: kind) { source in
      let backend = source.backend
      try await source.run("HSET", "h", "f", "v")
      try await source.run("SET", "k", "v")
      let changes: [KeyChange] = [
        .setString(bytes("w"), expected: nil), .putString(bytes("w"), nil, otherKinds: false),
        .setString(bytes("w"), expected: bytes("v")),
      ]
      for change in changes {
        let outcome = try await backend.apply(change, to: CacheKey("h"), undoLimit: nil)
        guard case .otherKind = outcome else {
          Issue.record("\(change): \(outcome)")
          continue
        }
        #expect(try await source.run("HGET", "h", "f") == .bulk("v"))
      }
      for (change, value) in zip(changes, ["w", "w", "w"]) {
        try await source.run("SET", "k", "v")
        #expect(try await backend.apply(change, to: key, undoLimit: nil) == .done(undo: nil))
        #expect(try await source.value(key) == bytes(value))
      }
      let replace = KeyChange.putString(bytes("w"), nil, otherKinds: true)
      #expect(
        try await backend.apply(replace, to: CacheKey("h"), undoLimit: nil) == .done(undo: nil))
    }
  }

  // MARK: The clock

  @Test(arguments: SourceKind.redis)
  func withoutTIMEChangesAreMadeAndUndone(_ kind: SourceKind) async throws {
    try await with("~* &* +@all -time", kind: kind) { source in
      try await source.run("SET", "k", "v", "PX", "9000000")
      let before = try await source.deadline(key)
      for change in [KeyChange.delete, .setTTL(.persist), .setString([1], expected: nil)] {
        guard
          case .done(let undo?) = try await source.backend.apply(
            change, to: key, undoLimit: 1 << 20)
        else {
          Issue.record("no undo of \(change)")
          continue
        }
        guard case .restored = try await source.backend.undo(undo, overwriting: false) else {
          Issue.record("not restored: \(change)")
          continue
        }
        #expect(try await source.value(key) == bytes("v"))
        #expect(try await source.deadline(key) == before)
      }
    }
  }

  @Test func aDeadlineThatCannotBeKnownIsNeitherLostNorKeptWrongly() async throws {
    let options = ["--rename-command", "PEXPIRETIME", ""]
    try await with("~* &* +@all -time", options: options) { source in
      let backend = source.backend
      try await source.run("SET", "k", "v", "PX", "9000000")
      let edit = KeyChange.setString(bytes("w"), expected: bytes("v"))
      #expect(try await backend.apply(edit, to: key, undoLimit: 1 << 20) == .done(undo: nil))
      #expect((try await source.run("PTTL", "k").integer ?? 0) > 8_000_000)
      let longer = KeyChange.setTTL(.adjust(milliseconds: 5000))
      await #expect {
        try await backend.apply(longer, to: key, undoLimit: nil)
      } throws: { isRefusal($0, of: "TIME") }
      let persist = KeyChange.setTTL(.persist)
      #expect(try await backend.apply(persist, to: key, undoLimit: nil) == .done(undo: nil))
      #expect(try await source.run("PTTL", "k") == .integer(-1))
    }
  }
}
