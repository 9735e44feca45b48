import CacheBackends
import CacheModel
import Plans
import RESP
import TestSupport
import Testing

/// A source whose changes all go the way of the program: kept, sent, corrected, taken back.
struct JournaledSource: Sendable {
  let source: SourceUnderTest
  /// The one that changes; its channel may be decorated.
  let backend: RedisBackend
  let keeper = ScriptedKeeper()
  let identity: SourceIdentity

  /// Runs a test on a fresh one.
  static func with(
    _ kind: SourceKind, database: Int = 0,
    through decorate: (SourceUnderTest) -> any RESPChannel = { $0.channel },
    _ body: (JournaledSource) async throws -> Void
  ) async throws {
    let source = try SourceUnderTest(kind, database: database)
    let backend = RedisBackend(over: decorate(source), address: "journaled", database: database)
    let identity = try await backend.open().identity
    _ = try await source.backend.open()
    try await body(JournaledSource(source: source, backend: backend, identity: identity))
    await source.close()
  }

  private init(source: SourceUnderTest, backend: RedisBackend, identity: SourceIdentity) {
    self.source = source
    self.backend = backend
    self.identity = identity
  }

  var changes: JournaledChanges { JournaledChanges(backend, keeper: keeper) }
  /// The same journal, on a channel that nobody has decorated.
  var plainChanges: JournaledChanges { JournaledChanges(source.backend, keeper: keeper) }

  func header(_ title: String) -> ChangeHeader {
    ChangeHeader(
      title: title, at: WallTime(milliseconds: 7), source: identity, address: "journaled")
  }

  // MARK: Changing

  func make(_ change: KeyChange, of key: CacheKey) async throws -> ChangedBatch {
    try await changes.make([KeyedChange(key: key, change: change)], header("\(change)"))
  }

  /// The change has to be made and kept.
  func made(_ change: KeyChange, of key: CacheKey) async throws -> ChangeID? {
    let batch = try await make(change, of: key)
    #expect(batch.isDone && batch.lost == 0, "\(batch.results)")
    return batch.change
  }

  func takeBack(
    _ change: ChangeID?, overwriting: Bool = false, by changes: JournaledChanges? = nil
  ) async throws -> TakingBack {
    try await (changes ?? self.changes).takeBack(
      try #require(change), overwriting: overwriting, header("undo"))
  }

  /// Keeps a change and does not send it, as if the program had ended.
  func keepOnly(_ change: KeyChange, of key: CacheKey) async throws -> ChangeID? {
    try await kept(change, of: key).id
  }

  /// The same, with what would have been sent.
  func kept(
    _ change: KeyChange, of key: CacheKey
  ) async throws -> (id: ChangeID?, sent: [KeyedChange]) {
    let begun = try await changes.begin(header("interrupted"))
    let prepared = try await begun.prepare([KeyedChange(key: key, change: change)])
    return (begun.id, prepared.changes)
  }

  /// Keeps the records of a change once more, each altered.
  func keepAgain(
    _ change: ChangeID?, _ alter: (inout UndoRecord) -> Void
  ) async throws -> ChangeID {
    let again = try await keeper.begin(header("altered"))
    for batch in try await keeper.batches(of: try #require(change)).reversed() {
      let records = try await keeper.records(in: batch).map { kept in
        var record = kept.record
        alter(&record)
        return record
      }
      try await keeper.settle(try await keeper.keep(records, of: again), records)
    }
    return again
  }

  // MARK: Looking

  /// A key as any client sees it.
  struct Picture: Equatable {
    var content: ValueContent?
    /// -1 without, -2 where there is no key.
    var deadline: Int64?
  }

  func picture(_ key: CacheKey) async throws -> Picture {
    Picture(
      content: try await source.backend.read(key, within: .standard)?.content.inOrder,
      deadline: try await source.deadline(key))
  }

  func send(_ commands: [RESPCommand]) async throws {
    for reply in try await source.other.send(commands) {
      if let error = reply.error { throw error }
    }
  }
}

extension JournaledSource {
  /// Makes a key anew by the other client.
  func fill(_ key: CacheKey, _ value: NewValue, ttl: Int? = 987_654) async throws {
    let fill =
      switch value {
      case .string(let bytes): RESPCommand("SET", [key.bytes, bytes])
      case .hash(let fields):
        RESPCommand("HSET", [key.bytes] + fields.flatMap { [$0.field, $0.value] })
      case .list(let elements): RESPCommand("RPUSH", [key.bytes] + elements)
      case .set(let members): RESPCommand("SADD", [key.bytes] + members)
      case .sortedSet(let members):
        RESPCommand("ZADD", [key.bytes] + members.flatMap { [bytes("\($0.score)"), $0.member] })
      }
    let expiry = ttl.map { [RESPCommand("PEXPIRE", [key.bytes, bytes("\($0)")])] } ?? []
    try await send([RESPCommand("DEL", [key.bytes]), fill] + expiry)
  }

  func pictures(_ keys: [CacheKey]) async throws -> [Picture] {
    var pictures: [Picture] = []
    for key in keys { pictures.append(try await picture(key)) }
    return pictures
  }
}

extension ChangedBatch {
  /// Whether all of it was done.
  var isDone: Bool {
    results.allSatisfy { if case .success(.done) = $0 { true } else { false } }
  }

  var isUnknown: Bool {
    results.allSatisfy {
      if case .failure(let error) = $0 { error.isOutcomeUnknown } else { false }
    }
  }
}
