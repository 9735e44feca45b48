import CacheBackends
import CacheModel
import Plans
import RESP
import RedisClient
import SystemIO
import TestSupport
import Testing

/// A cluster behind the words of the explorer: one keyspace, one identity, changes with undo.
@Suite(.timeLimit(.minutes(5)), .serialized) struct ClusterTests {
  private struct Source {
    let cluster: RedisClusterProcess
    let channel: ClusterChannel
    let backend: RedisBackend
    let keeper = ScriptedKeeper()
    let description: SourceDescription

    func header(_ title: String) -> ChangeHeader {
      ChangeHeader(
        title: title, at: WallTime(milliseconds: 7), source: description.identity,
        address: "cluster")
    }

    var changes: JournaledChanges { JournaledChanges(backend, keeper: keeper) }

    /// Payload and deadline of every key; the names sorted.
    func picture() async throws -> [CacheKey: [RESPValue]] {
      var names: [CacheKey] = []
      var cursor: ScanCursor? = .start
      while let from = cursor {
        let page = try await backend.scan(from: from, matching: nil, of: nil, count: 100)
        names += page.keys
        cursor = page.next
      }
      let questions = names.flatMap {
        [RESPCommand("DUMP", [$0.bytes]), RESPCommand("PEXPIRETIME", [$0.bytes])]
      }
      let replies = try await channel.send(questions)
      var picture: [CacheKey: [RESPValue]] = [:]
      for (place, name) in names.enumerated() {
        picture[name] = Array(replies[(2 * place)...(2 * place + 1)])
      }
      return picture
    }
  }

  private func with(
    replicas: Int = 0, _ body: (Source) async throws -> Void
  ) async throws {
    let loop = try SourceUnderTest.loop.get()
    let cluster = try await RedisClusterProcess(replicas: replicas, on: loop)
    let channel = ClusterChannel(
      seeds: [cluster.endpoint(1)], ChannelConfiguration(endpoint: cluster.endpoint(1)), on: loop)
    let backend = RedisBackend(over: channel, address: "cluster", database: 0)
    do {
      let description = try await backend.open()
      try await body(
        Source(
          cluster: cluster, channel: channel, backend: backend, description: description))
    } catch {
      await backend.close()
      await cluster.close()
      throw error
    }
    await backend.close()
    await cluster.close()
  }

  /// One large element each: of several the order in a payload is that of a hash table.
  private func fill(_ source: Source, _ count: Int) async throws -> [CacheKey] {
    var batch: [RESPCommand] = []
    var keys: [CacheKey] = []
    for number in 0..<count {
      let key = CacheKey("key:\(number)")
      keys.append(key)
      switch number % 5 {
      case 0: batch.append(RESPCommand("SET", [key.bytes, everyByte]))
      case 1: batch.append(RESPCommand("HSET", [key.bytes, [1], everyByte]))
      case 2: batch.append(RESPCommand("RPUSH", [key.bytes, [1], everyByte]))
      case 3: batch.append(RESPCommand("SADD", [key.bytes, everyByte]))
      default: batch.append(RESPCommand("ZADD", [key.bytes, bytes("1.5"), everyByte]))
      }
      guard number % 2 == 0 else { continue }
      batch.append(RESPCommand("PEXPIRE", [key.bytes, bytes("\(1_000_000 + number)")]))
    }
    let replies = try await source.channel.send(batch)
    #expect(replies.allSatisfy { $0.error == nil })
    return keys
  }

  @Test func whatManyChangesDidIsTakenBack() async throws {
    try await with { source in
      let keys = try await fill(source, 200)
      let before = try await source.picture()
      #expect(before.count == 200)
      #expect(try await source.backend.statistics().keys == 200)
      let described = try await source.backend.describe(keys, [.kind, .lifetime, .bytes])
      #expect(described.allSatisfy { $0?.kind != nil && $0?.bytes != nil })
      for change in [KeyChange.delete, .setTTL(.persist), .expireNow] {
        let batch = try await source.changes.make(
          keys.map { KeyedChange(key: $0, change: change) }, source.header("change all"))
        #expect(batch.lost == 0)
        for result in batch.results { #expect(throws: Never.self) { _ = try result.get() } }
        #expect(try await source.picture() != before)
        let back = try await source.changes.takeBack(
          try #require(batch.change), overwriting: false, source.header("undo"))
        #expect(back.failures.isEmpty && back.changedMeanwhile == 0)
        #expect(try await source.picture() == before)
      }
    }
  }

  @Test func aSingleKeyIsEditedAsEverywhere() async throws {
    try await with { source in
      _ = try await fill(source, 10)
      let before = try await source.picture()
      let edits: [(String, KeyChange)] = [
        ("key:0", .setString([1, 2], expected: everyByte)),
        ("key:1", .setTTL(.persist)),
        ("key:2", .delete),
        ("key:3", .rename(to: CacheKey("other{key:3}"), replacing: false)),
      ]
      for (name, change) in edits {
        let tagged = name == "key:3" ? CacheKey("{key:3}") : CacheKey(name)
        if name == "key:3" {
          _ = try await source.channel.send(RESPCommand("SADD", "{key:3}", "1"))
        }
        let all = try await source.picture()
        let outcome = try await source.backend.apply(change, to: tagged, undoLimit: 1 << 20)
        if case .done(let undo?) = outcome {
          _ = try await source.backend.undo(undo, overwriting: false)
        }
        #expect(try await source.picture() == all, "\(name)")
      }
      _ = try await source.channel.send(RESPCommand("DEL", "{key:3}"))
      #expect(try await source.picture() == before)
      await #expect {
        try await source.backend.apply(
          .rename(to: CacheKey("elsewhere"), replacing: false), to: CacheKey("key:0"),
          undoLimit: 1 << 20)
      } throws: { error in
        (error as? BackendError)?.sentence.contains("different slots") == true
      }
      #expect(try await source.picture() == before)
    }
  }

  @Test func newerValuesAreLeftAndTold() async throws {
    try await with { source in
      let keys = try await fill(source, 60)
      let batch = try await source.changes.make(
        keys.map { KeyedChange(key: $0, change: .delete) }, source.header("delete all"))
      _ = try await source.channel.send(RESPCommand("SET", "key:7", "newer"))
      let back = try await source.changes.takeBack(
        try #require(batch.change), overwriting: false, source.header("undo"))
      #expect(back.restored == 59 && back.newerKeys == [CacheKey("key:7")])
      #expect(try await source.channel.send(RESPCommand("GET", "key:7")).text == "newer")
    }
  }

  /// The ids of the nodes tell a cluster apart: it is the same when a replica has taken over, at once,
  /// whichever node it was.
  @Test(arguments: [0, 1, 2]) func undoOutlivesAFailover(_ node: Int) async throws {
    try await with(replicas: 3) { source in
      let keys = try await fill(source, 60)
      let before = try await source.picture()
      let batch = try await source.changes.make(
        keys.map { KeyedChange(key: $0, change: .delete) }, source.header("delete all"))
      try await source.cluster.wait("replicas have all") {
        for node in 3..<6 {
          guard (try? await source.cluster.run(node, "DBSIZE")) == .integer(0) else { return false }
        }
        return true
      }
      source.cluster.nodes[node].end(removingFolder: true)
      try await source.cluster.wait("another primary") {
        let told = try? await source.cluster.run(3 + node, "ROLE").elements?.first?.text
        return told == "master"
      }
      let back = try await source.changes.takeBack(
        try #require(batch.change), overwriting: false, source.header("undo"))
      #expect(back.restored == 60 && back.failures.isEmpty, "\(back.failures)")
      #expect(try await source.picture() == before)
    }
  }

  @Test func anotherClusterIsRefused() async throws {
    try await with { source in
      _ = try await fill(source, 5)
      let outcome = try await source.backend.apply(
        .delete, to: CacheKey("key:0"), undoLimit: 1 << 20)
      guard case .done(let undo?) = outcome else {
        Issue.record("no undo")
        return
      }
      try await self.with { (other: Source) async throws -> Void in
        #expect(try await other.backend.undo(undo, overwriting: true) == .otherSource)
        #expect(try await other.picture().isEmpty)
      }
    }
  }
}
