import CacheBackends
import CacheModel
import RESP
import TestSupport
import Testing

/// Keys that are deleted by one command in a transaction.
@Suite(.timeLimit(.minutes(2))) struct JoinedDeletionTests {
  private let keys = (0..<20).map { CacheKey("k\($0)") }
  private var deletions: [KeyedChange] { keys.map { KeyedChange(key: $0, change: .delete) } }

  private func fill(_ source: SourceUnderTest) async throws {
    for key in keys { try await source.run("SET", key.bytes, key.bytes) }
  }

  /// The server frees what they held beside its work for others.
  @Test(arguments: SourceKind.redis)
  func theServerIsNotHeldUp(_ kind: SourceKind) async throws {
    let source = try SourceUnderTest(kind)
    _ = try await source.backend.open()
    for limit in [nil, 1 << 20] {
      try await fill(source)
      _ = await source.backend.apply(deletions, undoLimit: limit)
      #expect(try await source.other.send(RESPCommand("DBSIZE")) == .integer(0))
    }
    let used = try await source.run("INFO", "commandstats").text ?? ""
    #expect(used.contains("cmdstat_unlink:"))
    #expect(!used.contains("cmdstat_del:"))
    await source.close()
  }

  /// What is to expire does so, each key by itself, so that those who listen for that are told.
  @Test(arguments: SourceKind.overSockets)
  func whatIsToExpireIsNotDeleted(_ kind: SourceKind) async throws {
    let source = try SourceUnderTest(kind)
    _ = try await source.backend.open()
    try await fill(source)
    _ = await source.backend.apply(
      keys.map { KeyedChange(key: $0, change: .expireNow) }, undoLimit: 1 << 20)
    while try await source.other.send(RESPCommand("DBSIZE")) != .integer(0) {}
    let told = try await source.run("INFO", "stats").text ?? ""
    #expect(told.contains("expired_keys:20"))
    await source.close()
  }

  /// A transaction may carry out the rest while one of its commands is refused.
  @Test(arguments: SourceKind.overSockets)
  func whatIsRefusedIsNotToldAsDone(_ kind: SourceKind) async throws {
    let source = try SourceUnderTest(kind)
    try await fill(source)
    let backend = source.decorated { inner in
      MappedChannel(
        inner: inner,
        asked: {
          $0.verb == "UNLINK" ? RESPCommand("LPOP", Array($0.arguments.dropFirst().prefix(1))) : $0
        })
    }
    _ = try await backend.open()
    for result in await backend.apply(deletions, undoLimit: 1 << 20) {
      #expect(throws: BackendError.self) { try result.get() }
    }
    #expect(try await source.other.send(RESPCommand("DBSIZE")) == .integer(20))
    await source.close()
  }
}
