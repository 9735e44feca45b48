import CacheBackends
import CacheModel
import RESP
import Testing

/// Undo and redo, over every source.
@Suite(.timeLimit(.minutes(5))) struct UndoTests {
  private let key = CacheKey(everyByte)

  private func with(
    _ kind: SourceKind, database: Int = 0, _ body: (SourceUnderTest) async throws -> Void
  ) async throws {
    let source = try SourceUnderTest(kind, database: database)
    _ = try await source.backend.open()
    try await body(source)
    await source.close()
  }

  /// Makes the change and answers its undo record.
  private func record(
    _ change: KeyChange, _ source: SourceUnderTest, limit: Int = 1 << 20
  ) async throws -> UndoRecord {
    let outcome = try await source.backend.apply(change, to: key, undoLimit: limit)
    guard case .done(let undo?) = outcome else { throw BackendError.unsupported("\(outcome)") }
    return undo
  }

  private func fill(_ source: SourceUnderTest) async throws -> Int64? {
    try await source.run("SET", key.bytes, everyByte, bytes("PX"), bytes("7777777"))
    return try await source.deadline(key)
  }

  @Test(arguments: SourceKind.allCases)
  func restoresBytesAndDeadline(_ kind: SourceKind) async throws {
    try await with(kind, database: 3) { source in
      let changes: [KeyChange] = [
        .setString([], expected: everyByte), .putString([1], .persist, otherKinds: false),
        .setTTL(.persist), .setTTL(.fromNow(milliseconds: 5)), .expireNow, .delete,
        .setTTL(.adjust(milliseconds: 10_000)),
      ]
      for change in changes {
        let before = try await fill(source)
        let undo = try await record(change, source)
        guard case .restored = try await source.backend.undo(undo, overwriting: false) else {
          Issue.record("not restored: \(change)")
          continue
        }
        #expect(try await source.value(key) == everyByte)
        #expect(try await source.deadline(key) == before, "\(change)")
      }
    }
  }

  @Test(arguments: SourceKind.allCases)
  func restoresHashesOfAllSizes(_ kind: SourceKind) async throws {
    try await with(kind) { source in
      for size in [1, 100, 2000] {
        for number in 0..<size {
          try await source.run(
            "HSET", key.bytes, bytes("f\(number)"), everyByte + [UInt8(number & 255)])
        }
        let undo = try await record(.delete, source)
        guard case .restored = try await source.backend.undo(undo, overwriting: false) else {
          Issue.record("not restored")
          continue
        }
        #expect(try await source.run("HLEN", key.bytes) == .integer(Int64(size)))
        #expect(
          try await source.run("HGET", key.bytes, bytes("f\(size - 1)")).bytes
            == everyByte + [UInt8((size - 1) & 255)])
        #expect(try await source.deadline(key) == -1)
        try await source.run("DEL", key.bytes)
      }
    }
  }

  @Test(arguments: SourceKind.allCases)
  func undoingACreationRemovesTheKeyAndRedoMakesIt(_ kind: SourceKind) async throws {
    try await with(kind) { source in
      let create = KeyChange.createString(everyByte, .fromNow(milliseconds: 66_666))
      let undo = try await record(create, source)
      let deadline = try await source.deadline(key)
      let outcome = try await source.backend.undo(undo, overwriting: false)
      guard case .restored(let redo?) = outcome else {
        Issue.record("\(outcome)")
        return
      }
      #expect(try await source.run("EXISTS", key.bytes) == .integer(0))
      guard case .restored(let again?) = try await source.backend.undo(redo, overwriting: false)
      else {
        Issue.record("no redo")
        return
      }
      #expect(try await source.value(key) == everyByte)
      #expect(try await source.deadline(key) == deadline)
      #expect(again.transitions[0].before == nil)
    }
  }

  @Test(arguments: SourceKind.allCases)
  func refusesANewerValueUnlessTold(_ kind: SourceKind) async throws {
    try await with(kind) { source in
      let before = try await fill(source)
      let undo = try await record(.setString([1], expected: everyByte), source)
      try await source.run("SET", key.bytes, bytes("newer"))
      #expect(try await source.backend.undo(undo, overwriting: false) == .changedMeanwhile)
      #expect(try await source.value(key) == bytes("newer"))
      guard case .restored = try await source.backend.undo(undo, overwriting: true) else {
        Issue.record("did not overwrite")
        return
      }
      #expect(try await source.value(key) == everyByte)
      #expect(try await source.deadline(key) == before)
      // A new TTL is a change as well, and so is a key that somebody made anew.
      let second = try await record(.delete, source)
      try await source.run("SET", key.bytes, everyByte)
      #expect(try await source.backend.undo(second, overwriting: false) == .changedMeanwhile)
    }
  }

  @Test(arguments: SourceKind.allCases)
  func doesNotReviveWhatWouldHaveExpired(_ kind: SourceKind) async throws {
    try await with(kind) { source in
      _ = try await fill(source)
      var undo = try await record(.setString([1], expected: everyByte), source)
      try await source.run("PERSIST", key.bytes)
      undo.transitions[0].before?.deadline = WallTime(milliseconds: try await source.now() - 1)
      // RESTORE with a deadline in the past would delete the key that is there now.
      #expect(try await source.backend.undo(undo, overwriting: true) == .expiredMeanwhile)
      #expect(try await source.value(key) == [1])
    }
  }

  @Test(arguments: SourceKind.allCases)
  func refusesAnotherServerAndAnotherDatabase(_ kind: SourceKind) async throws {
    try await with(kind) { source in
      _ = try await fill(source)
      let undo = try await record(.delete, source)
      let stranger = try SourceUnderTest(kind, isSecond: true)
      _ = try await stranger.backend.open()
      #expect(try await stranger.backend.undo(undo, overwriting: true) == .otherSource)
      await stranger.close()
      var elsewhere = undo
      elsewhere.origin.database = 5
      #expect(try await source.backend.undo(elsewhere, overwriting: true) == .otherSource)
      #expect(try await source.run("EXISTS", key.bytes) == .integer(0))
    }
  }

  @Test(arguments: SourceKind.allCases)
  func keepsNoUndoOfWhatIsTooLarge(_ kind: SourceKind) async throws {
    try await with(kind) { source in
      try await source.run("SET", key.bytes, [UInt8](repeating: 7, count: 100_000))
      #expect(
        try await source.backend.apply(.setTTL(.persist), to: key, undoLimit: 50_000)
          == .nothingToDo)
      let outcome = try await source.backend.apply(.delete, to: key, undoLimit: 50_000)
      #expect(outcome == .done(undo: nil))
    }
  }
}
