import CacheBackends
import CacheModel
import RESP
import Testing

@Suite(.timeLimit(.minutes(5))) struct StatisticsTests {
  /// Whatever the backend itself does leaves the hits and misses that it tells where they were, and
  /// what another client does shows to the last lookup.
  @Test(arguments: SourceKind.unhurried)
  func ownLookupsDoNotCount(_ kind: SourceKind) async throws {
    let source = try SourceUnderTest(kind)
    let backend = source.backend
    _ = try await backend.open()
    var random = SystemRandomNumberGenerator()
    var (hits, misses) = (Int64(0), Int64(0))
    for round in 0..<15 {
      try await act(backend, source, round: round, using: &random)
      for _ in 0..<Int.random(in: 0..<5, using: &random) {
        let found = !(try await source.run("GET", "s\(Int.random(in: 0..<8, using: &random))"))
          .isNull
        if found { hits += 1 } else { misses += 1 }
      }
      let statistics = try await backend.statistics()
      #expect(statistics.hits == hits, "round \(round)")
      #expect(statistics.misses == misses, "round \(round)")
    }
    await source.close()
  }

  /// Something of everything that the backend can do, on keys that are there and keys that are not.
  private func act(
    _ backend: RedisBackend, _ source: SourceUnderTest, round: Int,
    using random: inout SystemRandomNumberGenerator
  ) async throws {
    let string = CacheKey("s\(Int.random(in: 0..<8, using: &random))")
    let hash = CacheKey("h\(Int.random(in: 0..<4, using: &random))")
    try await source.run("SET", CacheKey("s\(Int.random(in: 0..<8, using: &random))").bytes, [1])
    // Refused where a string was put in its place; that counts nothing.
    _ = try? await source.run("HSET", "h\(Int.random(in: 0..<4, using: &random))", "f", "v")
    for key in [string, hash, CacheKey("never")] {
      _ = try await backend.describe([key, hash, key], .everything)
      _ = try await backend.read(key, within: .preview)
    }
    _ = try await backend.scan(from: .start, matching: nil, count: 10)
    let changes: [(KeyChange, CacheKey)] = [
      (.setString([2], expected: [1]), string), (.setString([2], expected: [9]), string),
      (.setString([2], expected: nil), hash),
      (.setField(bytes("f"), value: [UInt8(round)], expected: nil), hash),
      (.setField(bytes("none"), value: [1], expected: nil), hash),
      (.createString([3], nil), string), (.putString([1], nil, otherKinds: false), hash),
      (.setTTL(.fromNow(milliseconds: 100_000)), string),
      (.setTTL(.adjust(milliseconds: 1000)), string), (.setTTL(.persist), hash),
      (.delete, hash), (.delete, CacheKey("never")), (.expireNow, string),
    ]
    for (change, key) in changes where Bool.random(using: &random) {
      let outcome = try await backend.apply(change, to: key, undoLimit: 1 << 20)
      guard case .done(let record?) = outcome, Bool.random(using: &random) else { continue }
      _ = try await backend.undo(record, overwriting: false)
    }
  }

  /// The explorer asks for statistics while other calls are under way.
  @Test(arguments: SourceKind.unhurried)
  func staysExactWhileItIsBusy(_ kind: SourceKind) async throws {
    let source = try SourceUnderTest(kind)
    let backend = source.backend
    _ = try await backend.open()
    for number in 0..<300 { try await source.run("SET", "k\(number)", "v") }
    let keys = (0..<600).map { CacheKey("k\($0)") }
    let atFirst = try await backend.statistics().commandsOfOthers
    try await withThrowingTaskGroup(of: Void.self) { group in
      for worker in 0..<3 {
        group.addTask {
          for _ in 0..<15 {
            _ = try await backend.describe(keys, .everything)
            _ = try await backend.read(keys[worker], within: .preview)
            _ = try await backend.apply(.setTTL(.persist), to: keys[worker], undoLimit: 100)
          }
        }
      }
      group.addTask {
        for _ in 0..<60 {
          let statistics = try await backend.statistics()
          #expect(statistics.hits == 0)
          #expect(statistics.misses == 0)
          // The greetings of connections are nobody's, or those to a cluster our own, also where a
          // server refuses one and does not count it; a batch that is counted too early or too late
          // would be some hundred commands.
          let least: Int64 = kind == .redisCluster ? -60 : 0
          #expect((least...60).contains(statistics.commandsOfOthers - atFirst))
        }
      }
      try await group.waitForAll()
    }
    await source.close()
  }

  @Test(arguments: SourceKind.allCases)
  func tellsTheFiguresOfTheServer(_ kind: SourceKind) async throws {
    let source = try SourceUnderTest(kind, database: 2)
    _ = try await source.backend.open()
    #expect(try await source.backend.statistics().keys == 0)
    for number in 0..<10 { try await source.run("SET", "k\(number)", "v") }
    try await source.run("EXPIRE", "k1", "1000")
    let statistics = try await source.backend.statistics()
    #expect(statistics.keys == 10)
    #expect(statistics.keysWithTTL == 1)
    #expect((statistics.usedMemory?.bytes ?? 0) > 0)
    #expect(statistics.maxMemory == .some(nil))
    #expect(statistics.evicted == 0)
    #expect((statistics.commands ?? 0) > 10)
    #expect(statistics.clients != nil && statistics.networkIn != nil)
    // One for the runs of all nodes.
    let ofNodes = statistics.runID?.hasPrefix("cluster") == true
    #expect(ofNodes == (kind == .redisCluster) && (ofNodes || statistics.runID?.count == 40))
    #expect(statistics.evictionPolicy == "noeviction")
    #expect(statistics.roundTripMicroseconds != nil)
    await source.close()
  }

  @Test(arguments: SourceKind.redis)
  func startsAnewWhenTheCountersAreReset(_ kind: SourceKind) async throws {
    let source = try SourceUnderTest(kind)
    _ = try await source.backend.open()
    try await source.run("SET", "k", "v")
    _ = try await source.backend.describe([CacheKey("k"), CacheKey("none")], .everything)
    _ = try await source.backend.statistics()
    try await source.run("CONFIG", "RESETSTAT")
    for _ in 0..<3 { try await source.run("GET", "k") }
    let first = try await source.backend.statistics()
    #expect((first.hits ?? -1) >= 0 && (first.misses ?? -1) >= 0)
    for _ in 0..<5 { try await source.run("GET", "k") }
    let second = try await source.backend.statistics()
    #expect((second.hits ?? 0) - (first.hits ?? 0) == 5)
    await source.close()
  }

  @Test(arguments: SourceKind.redis)
  func neverSendsKEYS(_ kind: SourceKind) async throws {
    let source = try SourceUnderTest(kind)
    _ = try await source.backend.open()
    var random = SystemRandomNumberGenerator()
    for round in 0..<5 { try await act(source.backend, source, round: round, using: &random) }
    _ = try await source.backend.flush()
    let used = try await source.run("INFO", "commandstats").text ?? ""
    #expect(used.contains("cmdstat_scan"))
    for verb in ["keys", "monitor", "eval"] {
      #expect(!used.contains("cmdstat_\(verb):"))
    }
    await source.close()
  }
}

extension CacheStatistics {
  fileprivate var commandsOfOthers: Int64 { (commands ?? 0) - ownCommands }
}
