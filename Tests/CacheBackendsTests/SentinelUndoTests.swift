import CacheBackends
import CacheModel
import Plans
import RESP
import RedisClient
import SystemIO
import TestSupport
import Testing
import Transport

/// Changes behind sentinels, taken back after another server has taken over.
@Suite(.timeLimit(.minutes(10)), .serialized) struct SentinelUndoTests {
  private let keys = (0..<20).map { CacheKey("key:\($0)") }

  private func wait(_ what: String, _ isSo: () async throws -> Bool) async throws {
    for _ in 0..<6000 {
      if (try? await isSo()) == true { return }
      try await Task.sleep(for: .milliseconds(10))
    }
    throw RedisServerError(words: "it does not come to that: \(what)")
  }

  /// The figures are asked, as the explorer does all the time.
  private func waitForAnotherIdentity(
    than old: SourceIdentity, of backend: RedisBackend
  ) async throws -> SourceIdentity {
    var found: SourceIdentity?
    try await wait("another identity") {
      guard let now = try await backend.statistics().identity, now != old else { return false }
      found = now
      return true
    }
    return try #require(found)
  }

  private func header(_ source: SourceIdentity) -> ChangeHeader {
    ChangeHeader(
      title: "t", at: WallTime(milliseconds: 7), source: source,
      address: "redis+sentinel://h/shop/0")
  }

  @Test func undoOutlivesFailovers() async throws {
    let loop = try SourceUnderTest.loop.get()
    let group = try await RedisSentinelGroup(on: loop)
    let channel = SocketChannel(try group.configuration(), on: loop)
    let backend = RedisBackend(over: channel, address: "redis+sentinel://h/shop/0", database: 0)
    let before = try await backend.open().identity
    let filled = try await channel.send(
      keys.map { RESPCommand("SET", [$0.bytes, everyByte, bytes("PX"), bytes("86399000")]) })
    #expect(filled.allSatisfy { $0 == .ok })
    let changes = JournaledChanges(backend, keeper: ScriptedKeeper())
    let batch = try await changes.make(
      keys.map { KeyedChange(key: $0, change: .delete) }, header(before))
    #expect(batch.lost == 0)
    let all = try #require(batch.change)
    _ = try await channel.send(RESPCommand("SET", "one", "old"))
    let single = try await backend.apply(.delete, to: CacheKey("one"), undoLimit: 1 << 20)
    guard case .done(let undo?) = single else {
      Issue.record("no undo")
      return
    }
    for node in 1...2 {
      try await wait("replicas have all") { try await group.run(node, "DBSIZE") == .integer(0) }
    }

    group.nodes[0].end(removingFolder: true)
    try await group.waitForPrimary(otherThan: 0)
    let after = try await waitForAnotherIdentity(than: before, of: backend)
    #expect(after.owns(before) && after.serverID != before.serverID)
    guard case .restored = try await backend.undo(undo, overwriting: false) else {
      Issue.record("not taken back")
      return
    }
    #expect(try await channel.send(RESPCommand("GET", "one")) == .bulk("old"))
    let back = try await changes.takeBack(all, overwriting: false, header(after))
    #expect(back.restored == 20 && back.failures.isEmpty && back.otherSource == 0)
    let values = try await channel.send(keys.map { RESPCommand("GET", [$0.bytes]) })
    #expect(values.allSatisfy { $0.bytes == everyByte })

    // Another server at the same address has other data, whatever it is called.
    let stranger = try RedisServerProcess()
    let strange = RedisBackend(
      over: SocketChannel(
        ChannelConfiguration(endpoint: .unix(path: stranger.socketPath)), on: loop),
      address: "redis+sentinel://h/shop/0", database: 0)
    let other = try await strange.open().identity
    #expect(!other.owns(before) && !other.owns(after))
    #expect(try await strange.undo(undo, overwriting: true) == .otherSource)
    #expect(try await strange.statistics().keys == 0)
    await strange.close()
    await backend.close()
    await group.close()
    withExtendedLifetime(stranger) {}
  }

  /// A server names one former id alone; whoever was there knows those before it.
  @Test func undoOutlivesTwoFailoversInARow() async throws {
    let loop = try SourceUnderTest.loop.get()
    let group = try await RedisSentinelGroup(on: loop)
    let channel = SocketChannel(try group.configuration(), on: loop)
    let backend = RedisBackend(over: channel, address: "redis+sentinel://h/shop/0", database: 0)
    var identity = try await backend.open().identity
    let first = identity
    _ = try await channel.send(RESPCommand("SET", "one", "old"))
    let single = try await backend.apply(.delete, to: CacheKey("one"), undoLimit: 1 << 20)
    guard case .done(let undo?) = single else {
      Issue.record("no undo")
      return
    }
    var primary = 0
    for _ in 0..<2 {
      try await wait("replicas follow") {
        for node in group.nodes.indices where node != primary {
          let told = try await group.run(node, "INFO", "replication").text
          guard told?.contains("master_link_status:up") == true else { return false }
        }
        return true
      }
      try await group.failOver()
      primary = try await group.waitForPrimary(otherThan: primary)
      identity = try await waitForAnotherIdentity(than: identity, of: backend)
    }
    #expect(identity.owns(first))
    guard case .restored = try await backend.undo(undo, overwriting: false) else {
      Issue.record("not taken back")
      return
    }
    #expect(try await channel.send(RESPCommand("GET", "one")) == .bulk("old"))
    await backend.close()
    await group.close()
  }
}
