import CacheBackends
import CacheModel
import RESP
import Testing

/// Walking, describing and reading, over every source.
@Suite(.timeLimit(.minutes(5))) struct ListingTests {
  private func with(
    _ kind: SourceKind, _ body: (SourceUnderTest) async throws -> Void
  ) async throws {
    let source = try SourceUnderTest(kind)
    _ = try await source.backend.open()
    try await body(source)
    await source.close()
  }

  private func walk(
    _ backend: RedisBackend, matching glob: [UInt8]? = nil, count: Int = 50
  ) async throws -> Set<CacheKey> {
    var keys: Set<CacheKey> = []
    var cursor: ScanCursor? = .start
    while let at = cursor {
      let page = try await backend.scan(from: at, matching: glob, count: count)
      keys.formUnion(page.keys)
      cursor = page.next
    }
    return keys
  }

  @Test(arguments: SourceKind.allCases)
  func aWalkIsCompleteWhileAnotherClientWrites(_ kind: SourceKind) async throws {
    try await with(kind) { source in
      let lasting = Set((0..<3000).map { CacheKey("lasting:\($0)") })
      for key in lasting { try await source.run("SET", key.bytes, [1]) }
      let writer = Task {
        var number = 0
        while !Task.isCancelled {
          _ = try? await source.run("SET", "passing:\(number)", "v")
          _ = try? await source.run("DEL", "passing:\(number - 100)")
          number += 1
        }
      }
      let found = try await walk(source.backend)
      writer.cancel()
      await writer.value
      #expect(lasting.subtracting(found).isEmpty)
    }
  }

  @Test(arguments: SourceKind.allCases)
  func aGlobIsTheServers(_ kind: SourceKind) async throws {
    try await with(kind) { source in
      for key in ["user[1]:a", "user1:a", "user1:b", "other"] {
        try await source.run("SET", key, "v")
      }
      #expect(
        try await walk(source.backend, matching: bytes("user1:*"))
          == [CacheKey("user1:a"), CacheKey("user1:b")])
      #expect(
        try await walk(source.backend, matching: bytes("user\\[1\\]:*")) == [CacheKey("user[1]:a")])
    }
  }

  @Test(arguments: SourceKind.allCases)
  func describesInOrderAndToldWhatIsMissing(_ kind: SourceKind) async throws {
    try await with(kind) { source in
      try await source.run("SET", "s", "12345", "PX", "6000000")
      try await source.run("HSET", "h", "f", "v", "g", "w")
      let keys = ["s", "missing", "h"].map { CacheKey($0) }
      let found = try await source.backend.describe(keys, .everything)
      #expect(found.count == 3)
      #expect(found[1] == nil)
      let string = try #require(found[0])
      #expect(string.kind == .string)
      #expect(string.length == 5)
      #expect((string.bytes?.bytes ?? 0) > 5)
      #expect(string.encoding != nil)
      let left = try #require(string.lifetime?.ttl)
      #expect((5_000_000...6_000_000).contains(left.milliseconds))
      let hash = try #require(found[2])
      #expect(hash.kind == .hash)
      #expect(hash.length == 2)
      #expect(hash.lifetime == .unlimited)
      let brief = try await source.backend.describe(keys, .lifetimes)
      #expect(brief[0]?.bytes == nil && brief[0]?.kind == .string)
    }
  }

  @Test(arguments: SourceKind.allCases)
  func describesManyKeysAtOnce(_ kind: SourceKind) async throws {
    try await with(kind) { source in
      let keys = (0..<1100).map { CacheKey("k\($0)") }
      for key in keys where key != CacheKey("k600") { try await source.run("SET", key.bytes, [1]) }
      let found = try await source.backend.describe(keys, .sizes)
      #expect(found.map { $0?.key } == keys.map { $0 == CacheKey("k600") ? nil : $0 })
    }
  }

  @Test(arguments: SourceKind.allCases)
  func readsNoMoreThanTheBound(_ kind: SourceKind) async throws {
    try await with(kind) { source in
      let long = (0..<100_000).map { UInt8(truncatingIfNeeded: $0) }
      try await source.run("SET", bytes("s"), long)
      let part = try #require(
        try await source.backend.read(
          CacheKey("s"), within: ValueBound(bytes: 1000, elements: 5)))
      #expect(part.content == .string(Array(long[..<1000])))
      #expect(part.totalLength == 100_000)
      #expect(!part.isComplete)
      let whole = try await source.backend.read(CacheKey("s"), within: .standard)
      #expect(whole?.content == .string(long))
      #expect(whole?.isComplete == true)
      for number in 0..<2000 {
        try await source.run("HSET", "h", "f\(number)", "v\(number)")
      }
      let hash = try #require(
        try await source.backend.read(
          CacheKey("h"), within: ValueBound(bytes: 1 << 20, elements: 300)))
      #expect(hash.totalLength == 2000)
      guard case .hash(let fields) = hash.content else {
        Issue.record("no hash")
        return
      }
      #expect((1...300).contains(fields.count))
      #expect(Set(fields).count == fields.count)
      let all = try await source.backend.read(
        CacheKey("h"), within: ValueBound(bytes: 1 << 20, elements: 5000))
      #expect(all?.isComplete == true)
      #expect(try await source.backend.read(CacheKey("missing"), within: .standard) == nil)
    }
  }

  @Test(arguments: SourceKind.allCases)
  func readsEveryKind(_ kind: SourceKind) async throws {
    try await with(kind) { source in
      let backend = source.backend
      try await source.run("RPUSH", bytes("list"), everyByte, [0], [255])
      try await source.run("SADD", "set", "a", "b")
      try await source.run("ZADD", "zset", "1.5", "a", "-inf", "b", "3e300", "c")
      try await source.run("SET", "empty", "")
      let list = try await backend.read(CacheKey("list"), within: .standard)
      #expect(list?.content == .list(from: 0, [everyByte, [0], [255]]))
      let few = try await backend.read(
        CacheKey("list"), within: ValueBound(bytes: 1 << 20, elements: 2))
      #expect(few?.content.count == 2 && few?.totalLength == 3)
      guard
        case .set(let members)? = try await backend.read(CacheKey("set"), within: .standard)?
          .content
      else {
        Issue.record("no set")
        return
      }
      #expect(Set(members) == [bytes("a"), bytes("b")])
      #expect(
        try await backend.read(CacheKey("zset"), within: .standard)?.content
          == .sortedSet([
            ScoredMember(member: bytes("b"), score: -.infinity),
            ScoredMember(member: bytes("a"), score: 1.5),
            ScoredMember(member: bytes("c"), score: 3e300),
          ]))
      if !kind.isEngine {
        try await source.run("XADD", "stream", "7-1", "f", "v")
        let stream = try await backend.read(CacheKey("stream"), within: .standard)
        #expect(stream?.kind == .stream && stream?.totalLength == 1)
        let entry = StreamEntry(
          id: StreamID(milliseconds: 7, sequence: 1),
          fields: [HashField(field: bytes("f"), value: bytes("v"))])
        #expect(stream?.content == .stream([entry], groups: []))
      }
      let empty = try await backend.read(CacheKey("empty"), within: .standard)
      #expect(empty?.content == .string([]))
      let undo = try await backend.apply(.delete, to: CacheKey("zset"), undoLimit: 1 << 20)
      guard case .done(let record?) = undo,
        case .restored = try await backend.undo(record, overwriting: false)
      else {
        Issue.record("a sorted set was not put back")
        return
      }
      #expect(try await source.run("ZCARD", "zset") == .integer(3))
    }
  }

  @Test(arguments: SourceKind.allCases)
  func saysWhatItIs(_ kind: SourceKind) async throws {
    let source = try SourceUnderTest(kind, database: 4)
    let about = try await source.backend.open()
    #expect(about.product == (kind.isEngine ? "cachescope" : "redis"))
    #expect(!about.version.isEmpty)
    let database = kind == .redisCluster ? 0 : 4
    #expect(about.database == database && about.identity.database == database)
    #expect(about.role == "primary" && about.isCluster == (kind == .redisCluster))
    #expect(about.identity.serverID.replacing("cluster:", with: "").count == 40)
    #expect(about.capabilities == Set(Capability.allCases).subtracting([.frequency]))
    #expect(about.refusals[.frequency]?.contains("noeviction") == true)
    await source.close()
  }
}
