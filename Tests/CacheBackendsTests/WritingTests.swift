import CacheBackends
import CacheModel
import RESP
import Testing

/// The write rules, over every source.
@Suite(.timeLimit(.minutes(5))) struct WritingTests {
  private let key = CacheKey("k")

  private func with(
    _ kind: SourceKind, _ body: (SourceUnderTest) async throws -> Void
  ) async throws {
    let source = try SourceUnderTest(kind)
    _ = try await source.backend.open()
    try await body(source)
    await source.close()
  }

  private func isDone(_ outcome: ChangeOutcome) -> Bool {
    if case .done = outcome { true } else { false }
  }

  @Test(arguments: SourceKind.allCases)
  func everyByteSurvives(_ kind: SourceKind) async throws {
    try await with(kind) { source in
      let backend = source.backend
      let key = CacheKey(everyByte)
      #expect(isDone(try await backend.apply(.createString(everyByte, nil), to: key, undoLimit: 0)))
      #expect(try await source.value(key) == everyByte)
      let turned = everyByte.reversed() + everyByte
      #expect(
        isDone(
          try await backend.apply(
            .setString(turned, expected: everyByte), to: key, undoLimit: nil)))
      #expect(try await backend.read(key, within: .standard)?.content == .string(turned))
      let hash = CacheKey([0, 255, 10, 13])
      try await source.run("HSET", hash.bytes, everyByte, [0])
      let edit = KeyChange.setField(everyByte, value: everyByte, expected: [0])
      #expect(isDone(try await backend.apply(edit, to: hash, undoLimit: nil)))
      #expect(
        try await backend.read(hash, within: .standard)?.content
          == .hash([HashField(field: everyByte, value: everyByte)]))
      var names: Set<CacheKey> = []
      var cursor: ScanCursor? = .start
      while let from = cursor {
        let page = try await backend.scan(from: from, matching: nil, count: 100)
        names.formUnion(page.keys)
        cursor = page.next
      }
      #expect(names == [key, hash])
    }
  }

  @Test(arguments: SourceKind.allCases)
  func anEditKeepsTheDeadlineToTheMillisecond(_ kind: SourceKind) async throws {
    try await with(kind) { source in
      try await source.run("SET", "k", "old", "PX", "123457")
      try await source.run("HSET", "h", "f", "old")
      try await source.run("PEXPIRE", "h", "98765")
      let before = try await source.deadline(key)
      let hashBefore = try await source.deadline(CacheKey("h"))
      let set = KeyChange.setString(bytes("new"), expected: bytes("old"))
      let field = KeyChange.setField(bytes("f"), value: bytes("new"), expected: bytes("old"))
      let put = KeyChange.putString(bytes("put"), nil, otherKinds: false)
      #expect(isDone(try await source.backend.apply(set, to: key, undoLimit: 1 << 20)))
      #expect(
        isDone(try await source.backend.apply(field, to: CacheKey("h"), undoLimit: 1 << 20)))
      #expect(isDone(try await source.backend.apply(put, to: key, undoLimit: nil)))
      #expect(try await source.deadline(key) == before)
      #expect(try await source.deadline(CacheKey("h")) == hashBefore)
      #expect(try await source.value(key) == bytes("put"))
    }
  }

  @Test(arguments: SourceKind.allCases)
  func anEditNeverOverwritesANewerValue(_ kind: SourceKind) async throws {
    try await with(kind) { source in
      try await source.run("SET", "k", "newer")
      try await source.run("HSET", "h", "f", "newer")
      for expected in ["older", "newe", "newer "] {
        let set = KeyChange.setString(bytes("mine"), expected: bytes(expected))
        let field = KeyChange.setField(bytes("f"), value: bytes("mine"), expected: bytes(expected))
        #expect(
          try await source.backend.apply(set, to: key, undoLimit: nil) == .changedMeanwhile)
        #expect(
          try await source.backend.apply(field, to: CacheKey("h"), undoLimit: nil)
            == .changedMeanwhile)
      }
      #expect(try await source.value(key) == bytes("newer"))
      #expect(try await source.run("HGET", "h", "f") == .bulk("newer"))
    }
  }

  /// Two editors who read the same value: one wins, whatever the interleaving.
  @Test(arguments: SourceKind.allCases)
  func ofOverlappingEditsOneWins(_ kind: SourceKind) async throws {
    try await with(kind) { source in
      for round in 0..<20 {
        let (old, next) = (bytes("v\(round)"), bytes("v\(round + 1)"))
        try await source.run("SET", key.bytes, old)
        let backend = source.backend
        let outcomes = try await withThrowingTaskGroup(of: ChangeOutcome.self) { group in
          for editor in 0..<4 {
            group.addTask {
              try await backend.apply(
                .setString(next + bytes(" by \(editor)"), expected: old), to: CacheKey("k"),
                undoLimit: nil)
            }
          }
          return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(outcomes.filter(isDone).count == 1)
        #expect(outcomes.filter { $0 == .changedMeanwhile }.count == 3)
      }
    }
  }

  @Test(arguments: SourceKind.allCases)
  func whatHasGoneDoesNotComeBack(_ kind: SourceKind) async throws {
    try await with(kind) { (source: SourceUnderTest) async throws in
      let changes: [KeyChange] = [
        .setString(bytes("x"), expected: bytes("old")), .setString(bytes("x"), expected: nil),
        .setField(bytes("f"), value: bytes("x"), expected: bytes("old")),
        .setField(bytes("f"), value: bytes("x"), expected: nil), .expireNow, .delete,
        .setTTL(.fromNow(milliseconds: 1000)), .setTTL(.persist),
        .setTTL(.adjust(milliseconds: 1000)),
      ]
      for change in changes {
        #expect(try await source.backend.apply(change, to: key, undoLimit: 1 << 20) == .gone)
      }
      #expect(try await source.run("EXISTS", "k") == .integer(0))
    }
  }

  @Test(arguments: SourceKind.allCases)
  func aFieldThatHasGoneDoesNotComeBack(_ kind: SourceKind) async throws {
    try await with(kind) { source in
      try await source.run("HSET", "k", "other", "v")
      let over = KeyChange.setField(bytes("f"), value: bytes("x"), expected: nil)
      #expect(try await source.backend.apply(over, to: key, undoLimit: nil) == .elementGone)
      let edit = KeyChange.setField(bytes("f"), value: bytes("x"), expected: bytes("old"))
      #expect(try await source.backend.apply(edit, to: key, undoLimit: nil) == .elementGone)
      #expect(try await source.run("HLEN", "k") == .integer(1))
    }
  }

  @Test(arguments: SourceKind.allCases)
  func creatingNeverOverwrites(_ kind: SourceKind) async throws {
    try await with(kind) { source in
      try await source.run("HSET", "k", "f", "v")
      let create = KeyChange.createString(bytes("x"), .fromNow(milliseconds: 60_000))
      #expect(try await source.backend.apply(create, to: key, undoLimit: nil) == .alreadyExists)
      #expect(try await source.run("HGET", "k", "f") == .bulk("v"))
      let fresh = CacheKey("fresh")
      #expect(isDone(try await source.backend.apply(create, to: fresh, undoLimit: nil)))
      let left = try #require(try await source.run("PTTL", "fresh").integer)
      #expect((30_000...60_000).contains(left))
    }
  }

  @Test(arguments: SourceKind.allCases)
  func anotherKindIsReplacedOnlyWhenAsked(_ kind: SourceKind) async throws {
    try await with(kind) { source in
      try await source.run("HSET", "k", "f", "v")
      try await source.run("PEXPIRE", "k", "50000")
      let before = try await source.deadline(key)
      let backend = source.backend
      let refused: [KeyChange] = [
        .setString(bytes("x"), expected: bytes("v")), .setString(bytes("x"), expected: nil),
        .putString(bytes("x"), nil, otherKinds: false),
      ]
      for change in refused {
        #expect(try await backend.apply(change, to: key, undoLimit: nil) == .otherKind(.hash))
      }
      let put = KeyChange.putString(bytes("x"), nil, otherKinds: true)
      #expect(isDone(try await backend.apply(put, to: key, undoLimit: nil)))
      #expect(try await source.value(key) == bytes("x"))
      #expect(try await source.deadline(key) == before)
      let field = KeyChange.setField(bytes("f"), value: bytes("x"), expected: nil)
      #expect(try await backend.apply(field, to: key, undoLimit: nil) == .otherKind(.string))
    }
  }

  @Test(arguments: SourceKind.allCases)
  func lifetimesAreSetOnTheServersClock(_ kind: SourceKind) async throws {
    try await with(kind) { source in
      let backend = source.backend
      try await source.run("SET", "k", "v")
      #expect(try await backend.apply(.setTTL(.persist), to: key, undoLimit: nil) == .nothingToDo)
      let adjust = KeyChange.setTTL(.adjust(milliseconds: 5000))
      #expect(try await backend.apply(adjust, to: key, undoLimit: nil) == .nothingToDo)
      let until = try await source.now() + 100_000
      let set = KeyChange.setTTL(.until(WallTime(milliseconds: until)))
      #expect(isDone(try await backend.apply(set, to: key, undoLimit: nil)))
      #expect(try await source.deadline(key) == until)
      #expect(isDone(try await backend.apply(adjust, to: key, undoLimit: nil)))
      #expect(try await source.deadline(key) == until + 5000)
      #expect(isDone(try await backend.apply(.setTTL(.persist), to: key, undoLimit: nil)))
      #expect(try await source.deadline(key) == -1)
      let past = KeyChange.setTTL(.until(WallTime(milliseconds: until - 200_000)))
      #expect(isDone(try await backend.apply(past, to: key, undoLimit: nil)))
      try await untilGone(key, source)
    }
  }

  /// Expiring counts as an expiry on the server, not as a deletion.
  @Test(arguments: SourceKind.allCases)
  func expiringNowIsAnExpiry(_ kind: SourceKind) async throws {
    try await with(kind) { source in
      try await source.run("SET", "k", "v")
      try await source.run("SET", "k2", "v", "PX", "90000")
      let before = try #require(try await source.backend.statistics().expired)
      #expect(isDone(try await source.backend.apply(.expireNow, to: key, undoLimit: nil)))
      let shorten = KeyChange.setTTL(.adjust(milliseconds: -95_000))
      #expect(isDone(try await source.backend.apply(shorten, to: CacheKey("k2"), undoLimit: nil)))
      try await untilGone(key, source)
      try await untilGone(CacheKey("k2"), source)
      #expect(try await source.backend.statistics().expired == before + 2)
    }
  }

  /// Waits the millisecond until a key's time has come, by asking.
  private func untilGone(_ key: CacheKey, _ source: SourceUnderTest) async throws {
    while try await source.run("EXISTS", key.bytes) != .integer(0) { await Task.yield() }
  }

  @Test(arguments: SourceKind.allCases)
  func anEditThatChangesNothingSendsNothing(_ kind: SourceKind) async throws {
    try await with(kind) { source in
      try await source.run("SET", "k", "v")
      try await source.run("HSET", "h", "f", "v")
      let commands = try await source.backend.statistics().ownCommands
      let set = KeyChange.setString(bytes("v"), expected: bytes("v"))
      let field = KeyChange.setField(bytes("f"), value: bytes("v"), expected: bytes("v"))
      #expect(try await source.backend.apply(set, to: key, undoLimit: 9) == .nothingToDo)
      #expect(
        try await source.backend.apply(field, to: CacheKey("h"), undoLimit: 9) == .nothingToDo)
      let sent = try await source.backend.statistics().ownCommands - commands
      // Every node of a cluster is asked, and one perhaps where the slots are.
      #expect(kind == .redisCluster ? (3...5).contains(sent) : sent == 1)
    }
  }

  /// A key that another client writes all the time can still be deleted and given a TTL.
  @Test(arguments: SourceKind.allCases)
  func aHotKeyCanBeChanged(_ kind: SourceKind) async throws {
    try await with(kind) { source in
      let writer = Task {
        while !Task.isCancelled { _ = try? await source.run("INCR", "k") }
      }
      let backend = source.backend
      for _ in 0..<20 {
        try await source.run("INCR", "k")
        let ttl = KeyChange.setTTL(.fromNow(milliseconds: 60_000))
        #expect(isDone(try await backend.apply(ttl, to: key, undoLimit: 1 << 20)))
        try await source.run("INCR", "k")
        #expect(isDone(try await backend.apply(.delete, to: key, undoLimit: 1 << 20)))
      }
      writer.cancel()
      await writer.value
    }
  }

  @Test(arguments: SourceKind.allCases)
  func flushingCountsWhatItDeleted(_ kind: SourceKind) async throws {
    try await with(kind) { source in
      for number in 0..<321 { try await source.run("SET", "k\(number)", "v") }
      #expect(try await source.backend.flush() == 321)
      #expect(try await source.run("EXISTS", "k1") == .integer(0))
      #expect(try await source.backend.flush() == 0)
    }
  }
}
