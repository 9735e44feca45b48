import CacheBackends
import CacheModel
import RESP
import Synchronization
import TestSupport
import Testing

/// Values that nobody wants to fetch whole. What is counted is what the server has sent.
@Suite(.timeLimit(.minutes(5)), .serialized) struct GiantTests {
  private let key = CacheKey("giant")

  /// Bytes and verbs of all replies so far.
  private final class Traffic: Sendable {
    let told = Mutex((bytes: 0, verbs: [String]()))

    func count(_ command: RESPCommand, _ reply: RESPValue) -> RESPValue {
      told.withLock {
        $0.bytes += Self.bytes(reply)
        $0.verbs.append(command.verb)
      }
      return reply
    }

    var bytes: Int { told.withLock { $0.bytes } }
    var verbs: [String] { told.withLock { $0.verbs } }

    private static func bytes(_ reply: RESPValue) -> Int {
      reply.elements?.reduce(0) { $0 + bytes($1) } ?? reply.bytes?.count ?? 8
    }
  }

  /// A server that holds what the script made, and a backend whose traffic is counted.
  private func with(
    _ script: String, rounds: Int = 1,
    _ body: (RedisBackend, Traffic, SourceUnderTest) async throws -> Void
  ) async throws {
    let source = try SourceUnderTest(.redisRESP3)
    for round in 0..<rounds { try await source.run("EVAL", script, "1", "giant", "\(round)") }
    let traffic = Traffic()
    let channel = MappedChannel(inner: source.channel, answered: traffic.count)
    let backend = RedisBackend(over: channel, address: "counted", database: 0)
    _ = try await backend.open()
    try await body(backend, traffic, source)
    await source.close()
  }

  @Test func aStringOf100MB() async throws {
    let script = "redis.call('SETRANGE', KEYS[1], 104857599, 'x')"
    try await with(script) { backend, traffic, _ in
      let page = try await backend.read(key, within: .preview)
      #expect(page?.totalLength == 104_857_600 && page?.content.count == 16 << 10)
      let end = ValuePosition.index(104_857_600 - 10)
      let last = try await backend.read(key, from: end, within: .preview)
      #expect(last?.content == .string([0, 0, 0, 0, 0, 0, 0, 0, 0, 120]))
      #expect(traffic.bytes < 100_000)
    }
  }

  @Test func aHashOfAMillionFields() async throws {
    let script = """
      for i = 1, 50000 do redis.call('HSET', KEYS[1], 'field:' .. ARGV[1] .. ':' .. i, i) end
      """
    try await with(script, rounds: 20) { backend, traffic, _ in
      let page = try #require(try await backend.read(key, within: .standard))
      #expect(page.totalLength == 1_000_000 && page.content.count == 500)
      let next = try #require(page.next)
      let second = try #require(try await backend.read(key, from: next, within: .standard))
      #expect(second.content.count == 500)
      #expect(traffic.bytes < 100_000)
    }
  }

  @Test(arguments: [
    "redis.call('RPUSH', KEYS[1], string.rep('x', 3000000))",
    "redis.call('HSET', KEYS[1], i, string.rep('x', 3000000))",
    "redis.call('SADD', KEYS[1], i .. string.rep('x', 3000000))",
    "redis.call('ZADD', KEYS[1], i, i .. string.rep('x', 3000000))",
  ])
  func partsOf3MBEach(_ script: String) async throws {
    try await with("for i = 1, 20 do \(script) end") { backend, traffic, _ in
      let page = try #require(try await backend.read(key, within: .preview))
      #expect(page.totalLength == 20 && page.content.count >= 1)
      #expect(page.next != nil)
      // One part, and for hashes and sets what lies in the same bucket.
      #expect(traffic.bytes < 13_500_000, "\(traffic.bytes)")
    }
  }

  /// The server's estimate looks at a few parts only and says that all are small.
  @Test func aFewGiantsAmongManySmallOnes() async throws {
    let script = """
      for i = 1, 5000 do redis.call('RPUSH', KEYS[1], 'small ' .. i) end
      for i = 1, 40 do redis.call('RPUSH', KEYS[1], string.rep('x', 1000000)) end
      """
    try await with(script) { backend, traffic, _ in
      var position: ValuePosition? = .start
      var most = 0
      while let from = position {
        let before = traffic.bytes
        position = try await backend.read(key, from: from, within: .standard)?.next
        most = max(most, traffic.bytes - before)
      }
      #expect(most <= 41_000_000, "\(most)")
    }
  }

  @Test(arguments: [
    "for i = 1, 100000 do redis.call('HSET', KEYS[1], 'field:' .. i, i) end",
    "redis.call('HSET', KEYS[1], 'f', string.rep('x', 20000000))",
    """
    for i = 1, 2000 do redis.call('HSET', KEYS[1], 'f' .. i, 'small') end
    for i = 1, 9 do redis.call('HSET', KEYS[1], 'big' .. i, string.rep('x', 2000000)) end
    """,
    "redis.call('SETRANGE', KEYS[1], 104857599, 'x')",
  ])
  func undoNeverFetchesThem(_ script: String) async throws {
    try await with(script) { backend, traffic, source in
      let outcome = try await backend.apply(
        .setTTL(.fromNow(milliseconds: 90_000)), to: key, undoLimit: 1 << 20)
      #expect(outcome == .done(undo: nil))
      let renamed = try await backend.apply(
        .rename(to: CacheKey("other"), replacing: false), to: key, undoLimit: 1 << 20)
      #expect(renamed == .done(undo: nil))
      let copied = try await backend.apply(
        .copy(to: key, replacing: false), to: CacheKey("other"), undoLimit: 1 << 20)
      #expect(copied == .done(undo: nil))
      #expect(!traffic.verbs.contains { ["DUMP", "HGETALL", "GET"].contains($0) })
      #expect(traffic.bytes < 100_000, "\(traffic.bytes)")
    }
  }

  /// What grew into a giant since the change is not fetched to be compared, nor for a redo.
  @Test func undoNeverFetchesWhatHasGrown() async throws {
    try await with("redis.call('SET', KEYS[1], 'small')") { backend, traffic, source in
      let edit = KeyChange.setString(bytes("new"), expected: bytes("small"))
      guard case .done(let undo?) = try await backend.apply(edit, to: key, undoLimit: 1 << 20)
      else {
        Issue.record("not done")
        return
      }
      try await source.run("SETRANGE", "giant", "104857599", "x")
      #expect(try await backend.undo(undo, overwriting: false) == .changedMeanwhile)
      #expect(try await backend.undo(undo, overwriting: true) == .restored(redo: nil))
      #expect(try await source.value(key) == bytes("small"))
      #expect(traffic.bytes < 100_000, "\(traffic.bytes)")
    }
  }

  /// What a change brings along counts as well.
  @Test func aGiantThatIsWrittenIsNotKept() async throws {
    try await with("redis.call('SET', KEYS[1], 'small')") { backend, traffic, source in
      let giant = [UInt8](repeating: 7, count: 3 << 20)
      let outcome = try await backend.apply(
        .setString(giant, expected: bytes("small")), to: key, undoLimit: 1 << 20)
      #expect(outcome == .done(undo: nil))
      #expect(try await source.value(key) == giant)
      #expect(!traffic.verbs.contains("DUMP"))
    }
  }
}
