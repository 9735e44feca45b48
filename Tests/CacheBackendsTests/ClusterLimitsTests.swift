import CacheBackends
import CacheModel
import Plans
import RESP
import RedisClient
import TestSupport
import Testing

/// What the suite asks of every source and a cluster does not have: each by its name, with what is said
/// instead, and printed, so that nothing is left out in silence.
@Suite(.timeLimit(.minutes(5))) struct ClusterLimitsTests {
  private let here = CacheKey("here")

  private func with(_ body: (SourceUnderTest) async throws -> Void) async throws {
    let source = try SourceUnderTest(.redisCluster)
    _ = try await source.backend.open()
    try await body(source)
    await source.close()
  }

  private func report(_ what: String, _ said: String) {
    print("a cluster does not do: \(what): \(said)")
  }

  /// Two keys of different slots are on two servers, or may be any moment.
  @Test func noKeyTakesANameOfAnotherSlot() async throws {
    try await with { source in
      let elsewhere = CacheKey("elsewhere")
      #expect(HashSlot(of: here.bytes) != HashSlot(of: elsewhere.bytes))
      let changes: [(String, KeyChange)] = [
        ("rename to another slot", .rename(to: elsewhere, replacing: true)),
        ("copy to another slot", .copy(to: elsewhere, replacing: false)),
      ]
      for (what, change) in changes {
        for limit in [nil, 1 << 20] {
          try await source.run("SET", "here", "mine", "PX", "5555555")
          try await source.run("SET", "elsewhere", "theirs")
          let deadline = try await source.deadline(here)
          do throws(BackendError) {
            let outcome = try await source.backend.apply(change, to: here, undoLimit: limit)
            // A copy may also say that there is a key already.
            #expect(outcome == .alreadyExists, "\(what): \(outcome)")
          } catch {
            #expect(error.sentence.contains("different slots"), "\(error.sentence)")
            if limit != nil { report(what, error.sentence) }
          }
          #expect(try await source.value(here) == bytes("mine"))
          #expect(try await source.deadline(here) == deadline)
          #expect(try await source.value(elsewhere) == bytes("theirs"))
        }
        try await source.run("DEL", "elsewhere")
        await #expect {
          try await source.backend.apply(change, to: here, undoLimit: 1 << 20)
        } throws: { error in
          (error as? BackendError)?.sentence.contains("different slots") == true
        }
        #expect(try await source.run("EXISTS", "elsewhere", "here") == .integer(1))
      }
    }
  }

  /// The same of a plan that gives a prefix another name: no key is lost, and each is told.
  @Test func aPrefixKeepsItsNameWhereTheSlotsAreOthers() async throws {
    try await JournaledSource.with(.redisCluster) { source in
      let keys = (0..<20).map { CacheKey("old:\($0)") }
      for key in keys { try await source.fill(key, .string(key.bytes)) }
      let before = try await source.pictures(keys)
      let batch = try await source.changes.make(
        keys.map { key in
          let new = CacheKey(bytes("new:") + key.bytes.dropFirst(4))
          return KeyedChange(key: key, change: .rename(to: new, replacing: false))
        }, source.header("rename old:* to new:*"))
      for result in batch.results {
        #expect {
          _ = try result.get()
        } throws: { ($0 as? BackendError)?.sentence.contains("different slots") == true }
      }
      #expect(try await source.pictures(keys) == before)
      #expect(try await source.source.other.send(RESPCommand("DBSIZE")) == .integer(20))
      // What was never done cannot be taken back.
      _ = try await source.takeBack(batch.change)
      #expect(try await source.pictures(keys) == before)
    }
  }

  @Test func thereIsOneDatabase() async throws {
    try await with { source in
      let refused = try await source.other.exclusively(for: nil) {
        connection throws(ChannelError) in
        try await connection.send([
          RESPCommand("SELECT", "1"), RESPCommand("MOVE", "here", "1"),
          RESPCommand("SWAPDB", "0", "1"),
        ])
      }
      for (what, reply) in zip(["SELECT 1", "MOVE", "SWAPDB"], refused) {
        let said = try #require(reply.error?.text, "\(what)")
        #expect(said.contains("not allowed in cluster mode"), "\(said)")
        report(what, said)
      }
      for test in ["afterAReconnectTheDatabaseIsTheSame", "theDatabaseStaysAfterAReconnect"] {
        report(test, "there is no other database to come back to by mistake")
      }
      try await source.run("SET", "here", "v")
      #expect(
        try await source.backend.databases()
          == [DatabaseFigures(number: 0, keys: 1, keysWithTTL: 0)])
    }
  }

  /// Several slots are never one transaction: somebody else sees the one before the other.
  @Test func aTransactionHoldsWithinASlot() async throws {
    try await with { source in
      let end = try await source.other.exclusively(for: nil) { connection throws(ChannelError) in
        try await connection.send([
          RESPCommand("WATCH", "a", "b"), RESPCommand("MULTI"), RESPCommand("SET", "a", "1"),
          RESPCommand("SET", "b", "1"), RESPCommand("EXEC"),
        ]).last ?? .null
      }
      #expect(end == .null)
      #expect(try await source.run("EXISTS", "a", "b") == .integer(0))
      report(
        "a transaction over watched keys of two slots", "it is cancelled, and made slot by slot")
    }
  }

  /// What the other sources show by their databases: after all connections broke, at every node, changes
  /// and undo go on.
  @Test func changesGoOnWhenEveryConnectionBroke() async throws {
    try await JournaledSource.with(.redisCluster) { source in
      let keys = (0..<40).map { CacheKey("key:\($0)") }
      for key in keys { try await source.fill(key, .string(everyByte)) }
      let before = try await source.pictures(keys)
      for change in [KeyChange.delete, .setTTL(.persist)] {
        let batch = try await source.changes.make(
          keys.map { KeyedChange(key: $0, change: change) }, source.header("change"))
        #expect(batch.isDone)
        try await source.source.breakConnections()
        try await waitUntilBack(source, keys)
        #expect(try await source.takeBack(batch.change).restored == 40)
        #expect(try await source.pictures(keys) == before)
        try await source.source.breakConnections()
        try await waitUntilBack(source, keys)
      }
    }
  }

  /// Until every node has been reached.
  private func waitUntilBack(_ source: JournaledSource, _ keys: [CacheKey]) async throws {
    while true {
      do {
        _ = try await source.backend.capture(keys, limit: 1 << 20)
        _ = try await source.source.other.send(keys.map { RESPCommand("EXISTS", [$0.bytes]) })
        return
      } catch {
        await Task.yield()
      }
    }
  }
}
