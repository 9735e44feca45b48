import CacheBackends
import CacheModel
import RESP
import Testing

/// The write rules, each over every change of a part of every kind of value, on every source.
@Suite(.timeLimit(.minutes(5))) struct EditRuleTests {
  static let everywhere = SourceKind.allCases.flatMap { source in
    EditCase.cases(on: source).map { (source, $0) }
  }

  private let key = EditCase.key

  /// A source that holds the value of the case, with a TTL.
  private func with(
    _ kind: SourceKind, _ edit: EditCase, _ body: (SourceUnderTest) async throws -> Void
  ) async throws {
    let source = try SourceUnderTest(kind)
    _ = try await source.backend.open()
    for command in edit.setUp + [EditCase.command("PEXPIRE", bytes("9876543"))] {
      if let error = try await source.other.send(command).error { throw error }
    }
    try await body(source)
    await source.close()
  }

  private func content(_ source: SourceUnderTest) async throws -> ValueContent? {
    try await source.backend.read(key, within: .standard)?.content.inOrder
  }

  private func isDone(_ outcome: ChangeOutcome) -> Bool {
    if case .done = outcome { true } else { false }
  }

  @Test(arguments: everywhere)
  func keepsBytesAndDeadline(_ kind: SourceKind, _ edit: EditCase) async throws {
    try await with(kind, edit) { (source: SourceUnderTest) async throws in
      let deadline = try await source.deadline(key)
      let outcome = try await source.backend.apply(edit.change, to: key, undoLimit: nil)
      #expect(outcome == .done(undo: nil))
      #expect(try await content(source) == edit.after.inOrder)
      #expect(try await source.deadline(key) == deadline)
    }
  }

  @Test(arguments: everywhere)
  func undoAndRedoBringBothStatesBack(_ kind: SourceKind, _ edit: EditCase) async throws {
    try await with(kind, edit) { (source: SourceUnderTest) async throws in
      let deadline = try await source.deadline(key)
      let before = try await content(source)
      let outcome = try await source.backend.apply(edit.change, to: key, undoLimit: 1 << 20)
      guard case .done(let undo?) = outcome,
        case .restored(let redo?) = try await source.backend.undo(undo, overwriting: false)
      else {
        Issue.record("\(outcome)")
        return
      }
      #expect(try await content(source) == before)
      #expect(try await source.deadline(key) == deadline)
      guard case .restored = try await source.backend.undo(redo, overwriting: false) else {
        Issue.record("not redone")
        return
      }
      #expect(try await content(source) == edit.after.inOrder)
      #expect(try await source.deadline(key) == deadline)
    }
  }

  @Test(arguments: everywhere)
  func neverRevivesAKeyThatHasGone(_ kind: SourceKind, _ edit: EditCase) async throws {
    try await with(kind, edit) { (source: SourceUnderTest) async throws in
      try await source.run("DEL", key.bytes)
      for limit in [nil, 1 << 20] {
        #expect(try await source.backend.apply(edit.change, to: key, undoLimit: limit) == .gone)
      }
      #expect(try await source.run("EXISTS", key.bytes) == .integer(0))
    }
  }

  /// With a transaction, and where one command does.
  @Test(arguments: everywhere)
  func neverRevivesAKeyThatGoesMeanwhile(_ kind: SourceKind, _ edit: EditCase) async throws {
    for limit in [nil, 1 << 20] {
      try await with(kind, edit) { (source: SourceUnderTest) async throws in
        let channel = InterveningChannel(source.channel) { [key] in
          try await source.run("DEL", key.bytes)
        }
        let backend = RedisBackend(over: channel, address: "busy", database: 0)
        #expect(try await backend.apply(edit.change, to: key, undoLimit: limit) == .gone)
        #expect(channel.hasIntervened)
        #expect(try await source.run("EXISTS", key.bytes) == .integer(0))
      }
    }
  }

  @Test(arguments: everywhere.filter { $0.1.interference != nil })
  func neverChangesWhatIsNewer(_ kind: SourceKind, _ edit: EditCase) async throws {
    let (command, outcome, left) = try #require(edit.interference)
    for limit in [nil, 1 << 20] {
      try await with(kind, edit) { (source: SourceUnderTest) async throws in
        let channel = InterveningChannel(source.channel) {
          if let error = try await source.other.send(command).error { throw error }
        }
        let backend = RedisBackend(over: channel, address: "busy", database: 0)
        #expect(try await backend.apply(edit.change, to: key, undoLimit: limit) == outcome)
        #expect(channel.hasIntervened)
        #expect(try await content(source) == left.inOrder)
      }
    }
  }

  /// What was read is not what is there; a part is not there; a part is there already.
  @Test(arguments: everywhere)
  func tellsWhyNothingWasDone(_ kind: SourceKind, _ edit: EditCase) async throws {
    try await with(kind, edit) { (source: SourceUnderTest) async throws in
      let before = try await content(source)
      let refused: [(KeyChange?, ChangeOutcome)] = [
        (edit.stale, .changedMeanwhile), (edit.missing, .elementGone),
        (edit.taken, .elementExists),
      ]
      for (change, outcome) in refused {
        guard let change else { continue }
        for limit in [nil, 1 << 20] {
          #expect(try await source.backend.apply(change, to: key, undoLimit: limit) == outcome)
        }
      }
      #expect(try await content(source) == before)
    }
  }

  @Test(arguments: everywhere)
  func leavesOtherKindsAlone(_ kind: SourceKind, _ edit: EditCase) async throws {
    try await with(kind, edit) { (source: SourceUnderTest) async throws in
      try await source.run("DEL", key.bytes)
      let other: ValueKind = edit.kind == .string ? .hash : .string
      if other == .hash {
        try await source.run("HSET", key.bytes, bytes("f"), everyByte)
      } else {
        try await source.run("SET", key.bytes, everyByte)
      }
      let before = try await content(source)
      for limit in [nil, 1 << 20] {
        let outcome = try await source.backend.apply(edit.change, to: key, undoLimit: limit)
        #expect(outcome == .otherKind(other))
      }
      #expect(try await content(source) == before)
    }
  }
}

extension ValueContent {
  /// Hashes and sets have no order of their own: theirs is made that of the bytes.
  var inOrder: ValueContent {
    switch self {
    case .hash(let fields):
      .hash(fields.sorted { $0.field.lexicographicallyPrecedes($1.field) })
    case .set(let members): .set(members.sorted { $0.lexicographicallyPrecedes($1) })
    default: self
    }
  }
}
