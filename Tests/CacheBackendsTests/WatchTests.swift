import CacheBackends
import CacheModel
import RESP
import Synchronization
import TestSupport
import Testing

/// Keys whose changes a server tells unasked.
@Suite(.timeLimit(.minutes(5))) struct WatchTests {
  private let keys = [CacheKey(everyByte), CacheKey("b"), CacheKey("none yet")]

  static let pushing: [SourceKind] = [.engineRESP3, .redisRESP3, .redisRESP2, .redisCluster]

  /// The names that were told, in their order.
  private final class Told: Sendable {
    private let names = Mutex<[CacheKey]>([])
    private let counts = Mutex((batches: 0, beginnings: 0))

    func add(_ keys: [CacheKey]) {
      counts.withLock { counts in
        if keys.isEmpty { counts.beginnings += 1 } else { counts.batches += 1 }
      }
      names.withLock { $0 += keys }
    }

    var batches: Int { counts.withLock { $0.batches } }
    /// How often it was said that from now on changes are told.
    var beginnings: Int { counts.withLock { $0.beginnings } }

    func forget() { names.withLock { $0 = [] } }

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
    _ backend: RedisBackend, _ keys: [CacheKey], below prefixes: [[UInt8]] = [],
    _ body: (AsyncStream<FollowedView>.Continuation, Told) async throws -> Void
  ) async throws {
    let (following, follow) = AsyncStream.makeStream(of: FollowedView.self)
    let told = Told()
    let watch = Task { try await backend.watch(following) { told.add($0) } }
    follow.yield(FollowedView(keys: keys, prefixes: prefixes))
    try await body(follow, told)
    follow.finish()
    #expect(try await watch.value == .stopped)
  }

  /// Writes a key of its own until a change of it is told: from then on all are followed that were
  /// to be followed before.
  private func settle(
    _ source: SourceUnderTest, _ told: Told, by mark: CacheKey = CacheKey("mark")
  ) async throws {
    let writer = Task {
      // Not so often that it is too much to tell.
      while !Task.isCancelled {
        try await source.run("INCR", mark.bytes)
        try await Task.sleep(for: .milliseconds(20))
      }
    }
    while await told.next(orMark: true) != mark {}
    writer.cancel()
    _ = await writer.result
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
      while try await source.backend.trackers(of: key) != none { await Task.yield() }
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
      follow.yield(FollowedView(keys: [CacheKey("new"), CacheKey("mark2")]))
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
      let (before, start) = (told.batches, ContinuousClock.now)
      for _ in 0..<200 { try await source.run("INCR", "mark") }
      #expect(await told.next(orMark: true) == mark)
      let seconds = (ContinuousClock.now - start) / .seconds(1)
      #expect(Double(told.batches - before) < 3 + 6 * seconds)
    }
    await source.close()
  }

  /// A key that nobody knew of comes below a prefix in view.
  @Test(arguments: pushing)
  func tellsOfWhatComesBelowAPrefix(_ kind: SourceKind) async throws {
    let source = try SourceUnderTest(kind)
    _ = try await source.backend.open()
    let prefixes = [bytes("app:"), everyByte + [0x3A]]
    let new = [CacheKey("app:1"), CacheKey(everyByte + [0x3A, 0])]
    try await watching(source.backend, [CacheKey("mark")], below: prefixes) { _, told in
      try await settle(source, told)
      try await source.run("SET", "application", "v")
      for name in new {
        try await source.run("SET", name.bytes, [1])
        #expect(await told.next() == name)
      }
    }
    await source.close()
  }

  /// More than five hundred a second below the prefix: only what is in view is told, and when that is
  /// too much as well, nothing.
  @Test(arguments: [SourceKind.redisRESP3, .engineRESP3, .redisCluster])
  func aFloodEndsIt(_ kind: SourceKind) async throws {
    let source = try SourceUnderTest(kind)
    let clock = ManualClock()
    let backend = RedisBackend(
      over: source.channel, address: "flooded", database: 0,
      clock: SourceClock(
        wallMilliseconds: { 0 }, monotonicMicroseconds: { clock.now * 1000 }))
    _ = try await backend.open()
    let (following, follow) = AsyncStream.makeStream(of: FollowedView.self)
    let told = Told()
    let watch = Task { try await backend.watch(following) { told.add($0) } }
    let seen = (0..<20).map { CacheKey("app:seen:\($0)") }
    func write(_ names: [CacheKey]) async throws {
      _ = try await source.other.send(names.map { RESPCommand("SET", [$0.bytes, [1]]) })
    }
    follow.yield(FollowedView(keys: seen + [CacheKey("mark")], prefixes: [bytes("app:")]))
    try await settle(source, told)
    // The clock stands still: all of this comes within one second.
    try await write((0..<600).map { CacheKey("app:\($0)") })
    while told.beginnings < 2 { await Task.yield() }
    try await write([CacheKey("app:one more"), seen[3]])
    while await told.next() != seen[3] {}
    clock.advance(by: 1500)
    try await write((0..<600).map { seen[$0 % seen.count] })
    try await write((0..<100).map { CacheKey("app:seen:0\($0)") })
    for _ in 0..<30 { try await write(seen) }
    #expect(try await watch.value == .tooManyChanges)
    follow.finish()
    await source.close()
  }

  /// Servers before 6.0, and users who may not track: keyspace notifications, where the server sends
  /// them already.
  @Test(arguments: ["KEA", "Ag$lshzxeE", "Kg$lshzxe"])
  func eventsServeWhereNothingIsTracked(_ setting: String) async throws {
    let source = try SourceUnderTest(
      .redisRESP2, database: 3, options: ["--notify-keyspace-events", setting])
    let backend = source.untracked()
    _ = try await backend.open()
    let (one, many) = (CacheKey("user[1]:a*"), bytes("app:"))
    try await watching(backend, [one, CacheKey("mark")], below: [many]) { follow, told in
      try await settle(source, told)
      try await source.run("SET", "user1:ab", "v")
      try await source.run("SET", one.bytes, [1])
      #expect(await told.next() == one)
      try await source.run("SET", "app:new", "v", "PX", "1")
      #expect(await told.next() == CacheKey("app:new"))
      follow.yield(FollowedView(keys: [CacheKey("other"), CacheKey("mark2")]))
      try await settle(source, told, by: CacheKey("mark2"))
      told.forget()
      try await source.run("SET", one.bytes, [2])
      try await source.run("SET", "other", "v")
      #expect(await told.next() == CacheKey("other"))
    }
    await source.close()
  }

  @Test(arguments: ["", "Kx", "KE", "A", "Ex"])
  func eventsThatLeaveChangesOutDoNotServe(_ setting: String) async throws {
    let source = try SourceUnderTest(
      .redisRESP2, options: ["--notify-keyspace-events", setting])
    let backend = source.untracked()
    _ = try await backend.open()
    #expect(try await end(backend) == .cannotTell)
    await source.close()
  }

  /// How it ends with a view that is never taken away.
  private func end(_ backend: RedisBackend) async throws -> WatchEnd {
    let (following, follow) = AsyncStream.makeStream(of: FollowedView.self)
    follow.yield(FollowedView(keys: keys))
    return try await backend.watch(following) { _ in }
  }

  /// The connections of a server that track anything.
  private func trackers(_ source: SourceUnderTest) async throws -> Int {
    let list = try await source.run("CLIENT", "LIST").text ?? ""
    return list.split(separator: "\n").count { line in
      line.split(separator: " ").contains { word in
        word.hasPrefix("flags=") && word.dropFirst(6).contains("t")
      }
    }
  }

  @Test(arguments: [SourceKind.redisRESP3, .redisRESP2])
  func theConnectionIsClosedWhenNobodyWantsItAnyMore(_ kind: SourceKind) async throws {
    let source = try SourceUnderTest(kind)
    _ = try await source.backend.open()
    let (following, follow) = AsyncStream.makeStream(of: FollowedView.self)
    let told = Told()
    let watch = Task { try await source.backend.watch(following) { told.add($0) } }
    follow.yield(FollowedView(keys: [CacheKey("mark")]))
    try await settle(source, told)
    #expect(try await trackers(source) == 1)
    watch.cancel()
    _ = await watch.result
    while try await trackers(source) > 0 {}
    await source.close()
  }

  /// With the guard that refuses changes it is the same: the connection that is told is one's own.
  @Test func aReadOnlySourceTellsThroughASecondConnectionToo() async throws {
    let source = try SourceUnderTest(.redisRESP2)
    let backend = source.decorated { ReadOnlyChannel($0) }
    _ = try await backend.open()
    try await watching(backend, [CacheKey("mark")]) { _, told in
      try await settle(source, told)
    }
    let guarded = ReadOnlyChannel(source.channel)
    for id in ["1", "0x1", ""] {
      let command = RESPCommand("CLIENT", "TRACKING", "ON", "REDIRECT", id, "BCAST")
      await #expect(throws: ChannelError.readOnly(verb: "CLIENT")) {
        try await guarded.exclusively(for: nil) { connection throws(ChannelError) in
          try await connection.send([command])
        }
      }
    }
    await source.close()
  }

  @Test func theEngineOfThisProcessIsAsked() async throws {
    let source = try SourceUnderTest(.engineInProcess)
    _ = try await source.backend.open()
    #expect(try await end(source.backend) == .cannotTell)
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
    #expect(try await end(source.backend) == .cannotTell)
    await source.close()
  }

  @Test func aLostConnectionIsTold() async throws {
    let source = try SourceUnderTest(.redisRESP3)
    let backend = RedisBackend(
      over: ReadOnlyChannel(source.channel), address: "guarded", database: 0)
    _ = try await backend.open()
    let (following, follow) = AsyncStream.makeStream(of: FollowedView.self)
    let told = Told()
    let watch = Task { try await backend.watch(following) { told.add($0) } }
    let mark = CacheKey("mark")
    follow.yield(FollowedView(keys: [mark]))
    try await settle(source, told)
    try await source.run("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
    await #expect(throws: BackendError.self) { try await watch.value }
    await source.close()
  }
}
