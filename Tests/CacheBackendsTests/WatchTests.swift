import CacheBackends
import CacheModel
import RESP
import Synchronization
import Testing

/// Keys whose changes a server tells unasked.
@Suite(.timeLimit(.minutes(5))) struct WatchTests {
  private let keys = [CacheKey(everyByte), CacheKey("b"), CacheKey("none yet")]

  static let pushing: [SourceKind] = [.engineRESP3, .redisRESP3]

  /// The names that were told, in their order.
  private final class Told: Sendable {
    private let names = Mutex<[CacheKey]>([])

    func add(_ keys: [CacheKey]) {
      names.withLock { $0 += keys }
    }

    /// The next name, waited for; those that `settle` writes are left out unless one is wanted.
    func next(orMark isMarkWanted: Bool = false) async -> CacheKey {
      while true {
        let name = names.withLock { $0.isEmpty ? nil : $0.removeFirst() }
        if let name, isMarkWanted || name.text?.hasPrefix("mark") != true { return name }
        if name == nil { await Task.yield() }
      }
    }
  }

  private func watching(
    _ backend: RedisBackend, _ keys: [CacheKey],
    _ body: (AsyncStream<[CacheKey]>.Continuation, Told) async throws -> Void
  ) async throws {
    let (following, follow) = AsyncStream.makeStream(of: [CacheKey].self)
    let told = Told()
    let watch = Task { try await backend.watch(following) { told.add($0) } }
    follow.yield(keys)
    try await body(follow, told)
    follow.finish()
    #expect(try await watch.value)
  }

  /// Writes a key of its own until a change of it is told: from then on all are followed that were
  /// to be followed before.
  private func settle(
    _ source: SourceUnderTest, _ told: Told, by mark: CacheKey = CacheKey("mark")
  ) async throws {
    let writer = Task {
      while !Task.isCancelled { try await source.run("INCR", mark.bytes) }
    }
    while await told.next(orMark: true) != mark {}
    writer.cancel()
    _ = try await writer.value
  }

  @Test(arguments: pushing)
  func itsOwnTrackingIsNotCounted(_ kind: SourceKind) async throws {
    let source = try SourceUnderTest(kind)
    _ = try await source.backend.open()
    let key = CacheKey("never written")
    let stranger = source.decorated { $0 }
    _ = try await stranger.open()
    let none: KeyTrackers = kind.isEngine ? .clients([]) : .counted(0)
    try await watching(source.backend, [key]) { _, _ in
      // Another sees it as soon as the key is followed.
      while try await stranger.trackers(of: key) == none { await Task.yield() }
      #expect(try await source.backend.trackers(of: key) == none)
    }
    await source.close()
  }

  @Test(arguments: pushing)
  func tellsOfWritesCreationsAndEnds(_ kind: SourceKind) async throws {
    let source = try SourceUnderTest(kind)
    _ = try await source.backend.open()
    let mark = CacheKey("mark")
    try await source.run("HSET", keys[0].bytes, everyByte, [1])
    try await source.run("SET", "b", "v")
    try await watching(source.backend, keys + [mark]) { _, told in
      try await settle(source, told)
      try await source.run("HSET", keys[0].bytes, everyByte, [2])
      #expect(await told.next() == keys[0])
      try await source.run("HSET", keys[0].bytes, everyByte, [3])
      #expect(await told.next() == keys[0])
      try await source.run("SET", "none yet", "v")
      #expect(await told.next() == keys[2])
      try await source.run("PEXPIRE", "b", "1")
      #expect(await told.next() == keys[1])
      try await source.run("SET", "foreign", "v")
      try await settle(source, told)
      _ = try await source.other.send(RESPCommand("FLUSHALL"))
      var gone: Set<CacheKey> = []
      while gone.count < 3 { gone.insert(await told.next()) }
      #expect(gone == Set(keys))
    }
    await source.close()
  }

  @Test(arguments: pushing)
  func followsWhatIsInViewOnly(_ kind: SourceKind) async throws {
    let source = try SourceUnderTest(kind)
    _ = try await source.backend.open()
    let mark = CacheKey("mark")
    try await watching(source.backend, [CacheKey("old"), mark]) { follow, told in
      try await settle(source, told)
      follow.yield([CacheKey("new"), CacheKey("mark2")])
      try await settle(source, told, by: CacheKey("mark2"))
      try await source.run("SET", "old", "v")
      try await source.run("SET", "new", "v")
      #expect(await told.next() == CacheKey("new"))
    }
    await source.close()
  }

  /// A key that is written all the time is told a few times a second.
  @Test(arguments: pushing)
  func aBusyKeyIsToldInBatches(_ kind: SourceKind) async throws {
    let source = try SourceUnderTest(kind)
    _ = try await source.backend.open()
    let mark = CacheKey("mark")
    try await watching(source.backend, [mark]) { _, told in
      try await settle(source, told)
      let (before, start) = (try await pushesSent(source), ContinuousClock.now)
      for _ in 0..<600 { try await source.run("INCR", "mark") }
      #expect(await told.next(orMark: true) == mark)
      let seconds = (ContinuousClock.now - start) / .seconds(1)
      #expect(Double(try await pushesSent(source) - before) < 10 + 8 * seconds)
    }
    await source.close()
  }

  private func pushesSent(_ source: SourceUnderTest) async throws -> Int {
    let text = try await source.run("INFO", "commandstats").text ?? ""
    let line = text.split(whereSeparator: \.isNewline).first { $0.hasPrefix("cmdstat_exists:") }
    let calls = line?.split(separator: "=").dropFirst().first?.split(separator: ",").first
    return calls.flatMap { Int($0) } ?? 0
  }

  @Test(arguments: [SourceKind.engineInProcess, .redisRESP2])
  func sourcesThatDoNotPushSaySo(_ kind: SourceKind) async throws {
    let source = try SourceUnderTest(kind)
    _ = try await source.backend.open()
    let (following, follow) = AsyncStream.makeStream(of: [CacheKey].self)
    follow.yield(keys)
    #expect(try await source.backend.watch(following) { _ in } == false)
    await source.close()
  }

  @Test func usersWithoutTheRightAreNotTold() async throws {
    let source = try SourceUnderTest(
      .redisRESP3, options: ["--aclfile", "@/users.acl"],
      files: [
        "users.acl": """
        user default on nopass ~* &* +@all
        user limited on >secret ~* &* +@all -client|tracking

        """
      ], user: "limited", password: "secret")
    _ = try await source.backend.open()
    let (following, follow) = AsyncStream.makeStream(of: [CacheKey].self)
    follow.yield(keys)
    #expect(try await source.backend.watch(following) { _ in } == false)
    await source.close()
  }

  @Test func aLostConnectionIsTold() async throws {
    let source = try SourceUnderTest(.redisRESP3)
    let backend = RedisBackend(
      over: ReadOnlyChannel(source.channel), address: "guarded", database: 0)
    _ = try await backend.open()
    let (following, follow) = AsyncStream.makeStream(of: [CacheKey].self)
    let told = Told()
    let watch = Task { try await backend.watch(following) { told.add($0) } }
    let mark = CacheKey("mark")
    follow.yield([mark])
    try await settle(source, told)
    try await source.run("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
    await #expect(throws: BackendError.self) { try await watch.value }
    await source.close()
  }
}
