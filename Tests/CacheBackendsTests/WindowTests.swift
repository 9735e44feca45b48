import CacheBackends
import CacheModel
import RESP
import Synchronization
import TestSupport
import Testing

/// Values in windows: every part is told once, and no window is larger than its bound.
@Suite(.timeLimit(.minutes(5))) struct WindowTests {
  private let key = CacheKey("k")

  private func with(
    _ kind: SourceKind, _ body: (SourceUnderTest) async throws -> Void
  ) async throws {
    let source = try SourceUnderTest(kind)
    _ = try await source.backend.open()
    try await body(source)
    await source.close()
  }

  /// All windows of the key, one after the other.
  private func pages(
    _ backend: RedisBackend, _ bound: ValueBound
  ) async throws -> [ValuePage] {
    var pages: [ValuePage] = []
    var position: ValuePosition? = .start
    while let from = position, pages.count < 5000 {
      let page = try #require(try await backend.read(key, from: from, within: bound))
      pages.append(page)
      position = page.next
    }
    return pages
  }

  @Test(arguments: SourceKind.allCases)
  func theIdleTimeIsThatBeforeTheLook(_ kind: SourceKind) async throws {
    try await with(kind) { source in
      try await source.run("SET", "other", "v")
      let payload = try #require(try await source.run("DUMP", "other").bytes)
      try await source.run(
        "RESTORE", key.bytes, Array("0".utf8), payload, Array("IDLETIME".utf8), Array("7200".utf8))
      let bound = ValueBound(bytes: 1000, elements: 1)
      let first = try await source.backend.read(key, within: bound)
      #expect((7200...7300).contains(first?.idleSeconds ?? 0))
      let again = try await source.backend.read(key, within: bound)
      let description = try await source.backend.open()
      // A channel within the process begins as one that counts.
      let isLeft = !description.countsLooks && kind != .engineInProcess
      #expect(((again?.idleSeconds ?? 0) >= 7200) == isLeft)
    }
  }

  @Test(arguments: SourceKind.allCases)
  func stringsByBytes(_ kind: SourceKind) async throws {
    try await with(kind) { source in
      let long = (0..<2500).map { UInt8(truncatingIfNeeded: $0 ^ ($0 >> 8)) }
      try await source.run("SET", key.bytes, long)
      let bound = ValueBound(bytes: 1000, elements: 1)
      let pages = try await pages(source.backend, bound)
      let parts = pages.map { page -> [UInt8] in
        if case .string(let bytes) = page.content { bytes } else { [] }
      }
      #expect(parts.map(\.count) == [1000, 1000, 500])
      #expect(parts.flatMap { $0 } == long)
      #expect(pages.map(\.position) == [.start, .index(1000), .index(2000)])
      #expect(pages.allSatisfy { $0.totalLength == 2500 })
      for place in [Int64(2500), 9000, .max, -5, .min] {
        let page = try await source.backend.read(key, from: .index(place), within: bound)
        #expect(page?.content == .string(place < 0 ? Array(long[..<1000]) : []), "\(place)")
        #expect(page?.next == (place < 0 ? .index(1000) : nil))
      }
    }
  }

  @Test(arguments: SourceKind.allCases)
  func listsByPosition(_ kind: SourceKind) async throws {
    try await with(kind) { source in
      let elements = (0..<1005).map { bytes("element \($0)") }
      for element in elements { try await source.run("RPUSH", key.bytes, element) }
      let pages = try await pages(source.backend, ValueBound(bytes: 1 << 20, elements: 100))
      #expect(pages.map(\.content.count) == Array(repeating: 100, count: 10) + [5])
      var told: [[UInt8]] = []
      for page in pages {
        guard case .list(let from, let part) = page.content else { continue }
        #expect(from == Int64(told.count))
        told += part
      }
      #expect(told == elements)
      let beyond = try await source.backend.read(key, from: .index(5000), within: .standard)
      #expect(beyond?.content == .list(from: 5000, []) && beyond?.next == nil)
    }
  }

  @Test(arguments: SourceKind.allCases)
  func sortedSetsByRank(_ kind: SourceKind) async throws {
    try await with(kind) { source in
      let members = (0..<250).map { ScoredMember(member: bytes("m\($0)"), score: Double($0) / 8) }
      for member in members {
        try await source.run("ZADD", key.bytes, bytes("\(member.score)"), member.member)
      }
      let pages = try await pages(source.backend, ValueBound(bytes: 1 << 20, elements: 60))
      #expect(pages.map(\.position) == [.start, .index(60), .index(120), .index(180), .index(240)])
      let told = pages.flatMap { page -> [ScoredMember] in
        if case .sortedSet(let members) = page.content { members } else { [] }
      }
      #expect(told == members)
    }
  }

  /// Small packed ones, which the server answers whole, and large ones.
  @Test(
    arguments: SourceKind.allCases.flatMap { kind in
      let counts = kind == .redisCluster && LongRun.factor == 1 ? [40] : [1, 40, 3000]
      return counts.flatMap { [(kind, $0, 7), (kind, $0, 500)] }
    })
  func hashesByWalk(_ kind: SourceKind, _ count: Int, _ elements: Int) async throws {
    try await with(kind) { source in
      let fields = (0..<count).map { HashField(field: bytes("f\($0)"), value: bytes("v\($0)")) }
      for start in stride(from: 0, to: count, by: 100) {
        let part = fields[start..<min(count, start + 100)].flatMap { [$0.field, $0.value] }
        _ = try await source.other.send(RESPCommand("HSET", [key.bytes] + part))
      }
      let pages = try await pages(source.backend, ValueBound(bytes: 1 << 20, elements: elements))
      let told = pages.flatMap { page -> [HashField] in
        if case .hash(let fields) = page.content { fields } else { [] }
      }
      #expect(pages.allSatisfy { $0.content.count <= elements && $0.totalLength == Int64(count) })
      #expect(told.count == count && Set(told) == Set(fields))
    }
  }

  @Test(arguments: SourceKind.allCases)
  func setsByWalk(_ kind: SourceKind) async throws {
    try await with(kind) { source in
      for number in 0..<900 { try await source.run("SADD", "k", "member \(number)") }
      let pages = try await pages(source.backend, ValueBound(bytes: 1 << 20, elements: 50))
      let told = pages.flatMap { page -> [[UInt8]] in
        if case .set(let members) = page.content { members } else { [] }
      }
      #expect(told.count == 900 && Set(told).count == 900)
    }
  }

  /// A place of another kind of value is the start.
  @Test(arguments: SourceKind.allCases)
  func aPlaceThatDoesNotFitIsTheStart(_ kind: SourceKind) async throws {
    try await with(kind) { source in
      try await source.run("SET", "k", "text")
      let odd = ValuePosition.walk(cursor: 77, skipping: .max)
      let page = try await source.backend.read(key, from: odd, within: .standard)
      #expect(page?.content == .string(bytes("text")) && page?.position == .start)
      try await source.run("DEL", "k")
      try await source.run("HSET", "k", "f", "v")
      let hash = try await source.backend.read(key, from: .index(3), within: .standard)
      #expect(hash?.content.count == 1 && hash?.position == .start)
      for skipping in [1, 2, .max, .min] {
        let place = ValuePosition.walk(cursor: 0, skipping: skipping)
        let page = try await source.backend.read(key, from: place, within: .standard)
        #expect(page?.content.count == (skipping > 0 ? 0 : 1), "\(skipping)")
      }
    }
  }
}
