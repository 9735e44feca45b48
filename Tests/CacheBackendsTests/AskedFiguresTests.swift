import CacheBackends
import CacheModel
import RESP
import Synchronization
import TestSupport
import Testing

/// Walks over keys of one kind, and figures that are asked one by one.
@Suite(.timeLimit(.minutes(5))) struct AskedFiguresTests {
  private func fill(_ source: SourceUnderTest) async throws {
    try await source.run("SET", "s", "v")
    try await source.run("HSET", "h", "f", "v")
    try await source.run("RPUSH", "l", "v")
  }

  @Test(arguments: SourceKind.allCases)
  func theServerLeavesOutOtherKinds(_ kind: SourceKind) async throws {
    let source = try SourceUnderTest(kind)
    _ = try await source.backend.open()
    try await fill(source)
    for (kind, names) in [(ValueKind.hash, ["h"]), (nil, ["h", "l", "s"])] {
      var found: [CacheKey] = []
      var cursor: ScanCursor? = .start
      while let from = cursor {
        let page = try await source.backend.scan(from: from, matching: nil, of: kind, count: 100)
        #expect(page.kind == kind)
        found += page.keys
        cursor = page.next
      }
      #expect(found.sorted() == names.map { CacheKey($0) })
    }
    await source.close()
  }

  /// Servers before 6.0 refuse the option; it is sent once and never again.
  @Test(arguments: SourceKind.redis)
  func aServerThatCannotIsAskedForAllKinds(_ kind: SourceKind) async throws {
    let source = try SourceUnderTest(kind)
    try await fill(source)
    let sent = Mutex(0)
    let channel = MappedChannel(inner: source.channel) { command in
      guard command.verb == "SCAN", let place = command.arguments.firstIndex(of: bytes("TYPE"))
      else { return command }
      sent.withLock { $0 += 1 }
      var arguments = command.arguments
      arguments[place] = bytes("NEWER")
      return RESPCommand(arguments: arguments)
    }
    let backend = RedisBackend(over: channel, address: "old", database: 0)
    _ = try await backend.open()
    for _ in 0..<2 {
      let page = try await backend.scan(from: .start, matching: nil, of: .hash, count: 100)
      #expect(page.keys.count == 3)
      #expect(page.kind == nil)
    }
    #expect(sent.withLock { $0 } == 1)
    await source.close()
  }

  @Test(arguments: SourceKind.redis)
  func oneOfUseAndIdleTimeIsTold(_ kind: SourceKind) async throws {
    let source = try SourceUnderTest(kind, options: ["--maxmemory-policy", "allkeys-lfu"])
    let about = try await source.backend.open()
    #expect(about.capabilities.contains(.frequency) && !about.capabilities.contains(.idleTime))
    #expect(about.refusals[.idleTime]?.contains("allkeys-lfu") == true)
    try await fill(source)
    let found = try await source.backend.describe(
      [CacheKey("s"), CacheKey("none")], [.frequency, .idle])
    #expect((0...255).contains(found[0]?.frequency ?? -1))
    #expect(found[0]?.idleSeconds == nil && found[0]?.kind == nil)
    #expect(found[1] == nil)
    await source.close()
  }

  @Test(arguments: SourceKind.allCases)
  func onlyWhatIsAskedIsTold(_ kind: SourceKind) async throws {
    let source = try SourceUnderTest(kind)
    _ = try await source.backend.open()
    try await fill(source)
    let keys = [CacheKey("s"), CacheKey("none")]
    let kinds = try await source.backend.describe(keys, .kind)
    #expect(kinds == [KeySummary(key: CacheKey("s"), kind: .string), nil])
    let sizes = try await source.backend.describe(keys, .bytes)
    #expect(sizes[0]?.bytes != nil && sizes[0]?.kind == nil && sizes[1] == nil)
    await source.close()
  }
}
