import CacheBackends
import CacheModel
import RESP
import TestSupport
import Testing

/// Keys that are created, replaced, renamed and copied, over every source.
@Suite(.timeLimit(.minutes(5))) struct WholeKeyTests {
  private let key = CacheKey(everyByte)
  private let other = mateOfEveryByte

  static let values: [NewValue] = [
    .string(everyByte),
    .hash([HashField(field: everyByte, value: everyByte), HashField(field: [1], value: [])]),
    .list([everyByte, [], everyByte, [7]]),
    .set([everyByte, [0]]),
    .sortedSet([
      ScoredMember(member: [0], score: -.infinity), ScoredMember(member: everyByte, score: 0.1),
      ScoredMember(member: [1], score: 1e300),
    ]),
  ]

  /// On a cluster those without parts and those with an order, and all of them in the long form.
  static let everywhere = SourceKind.allCases.flatMap { source in
    values.filter {
      source != .redisCluster || LongRun.factor > 1 || $0.kind == .string || $0.kind == .list
    }.map { (source, $0) }
  }

  private func with(
    _ kind: SourceKind, options: [String] = [], _ body: (SourceUnderTest) async throws -> Void
  ) async throws {
    let source = try SourceUnderTest(kind, options: options)
    _ = try await source.backend.open()
    try await body(source)
    await source.close()
  }

  private func content(_ key: CacheKey, _ source: SourceUnderTest) async throws -> ValueContent? {
    try await source.backend.read(key, within: .standard)?.content.inOrder
  }

  private func undo(
    _ change: KeyChange, of key: CacheKey, _ source: SourceUnderTest
  ) async throws -> UndoRecord {
    let outcome = try await source.backend.apply(change, to: key, undoLimit: 1 << 20)
    guard case .done(let undo?) = outcome else { throw BackendError.unsupported("\(outcome)") }
    return undo
  }

  private func putBack(
    _ record: UndoRecord, _ source: SourceUnderTest
  ) async throws -> UndoRecord {
    let outcome = try await source.backend.undo(record, overwriting: false)
    guard case .restored(let redo?) = outcome else { throw BackendError.unsupported("\(outcome)") }
    return redo
  }

  // MARK: Creating

  @Test(arguments: everywhere)
  func creatingMakesValueAndTTL(_ kind: SourceKind, _ value: NewValue) async throws {
    try await with(kind) { (source: SourceUnderTest) async throws in
      let until = WallTime(milliseconds: try await source.now() + 123_457)
      let record = try await undo(.create(value, .until(until)), of: key, source)
      #expect(try await content(key, source) == value.content.inOrder)
      #expect(try await source.deadline(key) == until.milliseconds)
      let redo = try await putBack(record, source)
      #expect(try await content(key, source) == nil)
      _ = try await putBack(redo, source)
      #expect(try await content(key, source) == value.content.inOrder)
      #expect(try await source.deadline(key) == until.milliseconds)
    }
  }

  @Test(arguments: everywhere)
  func creatingNeverOverwrites(_ kind: SourceKind, _ value: NewValue) async throws {
    try await with(kind) { (source: SourceUnderTest) async throws in
      let until = WallTime(milliseconds: try await source.now() + 99_999)
      let ttls: [TTLChange?] = [nil, .fromNow(milliseconds: 99_999), .until(until)]
      for (limit, ttl) in [nil, 1 << 20].flatMap({ limit in ttls.map { (limit, $0) } }) {
        try await source.run("DEL", key.bytes)
        let channel = InterveningChannel(source.channel) { [key] in
          try await source.run("SET", key.bytes, bytes("theirs"))
        }
        let backend = RedisBackend(over: channel, address: "busy", database: 0)
        let create = KeyChange.create(value, ttl)
        #expect(try await backend.apply(create, to: key, undoLimit: limit) == .alreadyExists)
        #expect(channel.hasIntervened)
        #expect(try await backend.apply(create, to: key, undoLimit: limit) == .alreadyExists)
        #expect(try await source.value(key) == bytes("theirs"))
        #expect(try await source.deadline(key) == -1)
      }
    }
  }

  @Test(arguments: [
    NewValue.hash([]), .list([]), .set([]), .sortedSet([]),
    .sortedSet([ScoredMember(member: [1], score: .nan)]),
  ])
  func whatNoSourceKeepsIsRefused(_ value: NewValue) async throws {
    try await with(.engineInProcess) { (source: SourceUnderTest) async throws in
      for change in [KeyChange.create(value, nil), .put(value, nil, otherKinds: true)] {
        await #expect(throws: BackendError.self) {
          try await source.backend.apply(change, to: key, undoLimit: nil)
        }
      }
      #expect(try await source.run("EXISTS", key.bytes) == .integer(0))
    }
  }

  @Test(arguments: everywhere)
  func replacingKeepsTheTTLAndSparesOtherKinds(
    _ kind: SourceKind, _ value: NewValue
  ) async throws {
    try await with(kind) { (source: SourceUnderTest) async throws in
      let theirs: RESPCommand =
        value.kind == .string
        ? EditCase.command("HSET", [1], [2]) : EditCase.command("SET", everyByte)
      for command in [theirs, EditCase.command("PEXPIRE", bytes("9876543"))] {
        _ = try await source.other.send(command)
      }
      let before = (try await content(key, source), try await source.deadline(key))
      let spare = KeyChange.put(value, nil, otherKinds: false)
      let outcome = try await source.backend.apply(spare, to: key, undoLimit: nil)
      #expect(outcome == .otherKind(value.kind == .string ? .hash : .string))
      #expect(try await content(key, source) == before.0)
      let record = try await undo(.put(value, nil, otherKinds: true), of: key, source)
      #expect(try await content(key, source) == value.content.inOrder)
      #expect(try await source.deadline(key) == before.1)
      _ = try await putBack(record, source)
      #expect(try await content(key, source) == before.0)
      #expect(try await source.deadline(key) == before.1)
    }
  }

  // MARK: Another name

  private static let moves: [@Sendable (CacheKey, Bool) -> KeyChange] = [
    { .rename(to: $0, replacing: $1) }, { .copy(to: $0, replacing: $1) },
  ]

  /// With COPY, and on servers that do not have it.
  static let movesEverywhere = SourceKind.allCases.flatMap { kind in
    [(kind, 0, true), (kind, 1, true)] + (kind.isEngine ? [] : [(kind, 1, false)])
  }

  private func options(_ hasCopy: Bool) -> [String] {
    hasCopy ? [] : ["--rename-command", "COPY", ""]
  }

  @Test(arguments: movesEverywhere)
  func anotherNameKeepsBytesAndDeadline(
    _ kind: SourceKind, _ move: Int, _ hasCopy: Bool
  ) async throws {
    try await with(kind, options: options(hasCopy)) { (source: SourceUnderTest) async throws in
      for ttl in ["7777777", nil] {
        try await source.run("DEL", other.bytes)
        try await source.run("HSET", key.bytes, everyByte, everyByte)
        try await source.run("PERSIST", key.bytes)
        if let ttl { try await source.run("PEXPIRE", key.bytes, bytes(ttl)) }
        let deadline = try await source.deadline(key)
        let record = try await undo(Self.moves[move](other, false), of: key, source)
        let fields = ValueContent.hash([HashField(field: everyByte, value: everyByte)])
        #expect(try await content(other, source) == fields)
        #expect(try await source.deadline(other) == deadline)
        #expect(try await content(key, source) == (move == 0 ? nil : fields))
        let redo = try await putBack(record, source)
        #expect(try await content(other, source) == nil)
        #expect(try await content(key, source) == fields)
        #expect(try await source.deadline(key) == deadline)
        _ = try await putBack(redo, source)
        #expect(try await content(other, source) == fields)
        #expect(try await source.deadline(other) == deadline)
        #expect(try await content(key, source) == (move == 0 ? nil : fields))
      }
    }
  }

  @Test(arguments: movesEverywhere)
  func anotherNameIsNeverOverwrittenUnasked(
    _ kind: SourceKind, _ move: Int, _ hasCopy: Bool
  ) async throws {
    try await with(kind, options: options(hasCopy)) { (source: SourceUnderTest) async throws in
      try await source.run("SET", key.bytes, bytes("mine"))
      for limit in [nil, 1 << 20] {
        try await source.run("DEL", other.bytes)
        let channel = InterveningChannel(source.channel) { [other] in
          try await source.run("SET", other.bytes, bytes("theirs"), bytes("PX"), bytes("5555555"))
        }
        let backend = RedisBackend(over: channel, address: "busy", database: 0)
        let change = Self.moves[move](other, false)
        #expect(try await backend.apply(change, to: key, undoLimit: limit) == .alreadyExists)
        #expect(channel.hasIntervened)
        let deadline = try await source.deadline(other)
        #expect(try await backend.apply(change, to: key, undoLimit: limit) == .alreadyExists)
        #expect(try await source.value(other) == bytes("theirs"))
        #expect(try await source.deadline(other) == deadline)
        #expect(try await source.value(key) == bytes("mine"))
      }
    }
  }

  @Test(arguments: movesEverywhere)
  func whatAMoveReplacesComesBack(
    _ kind: SourceKind, _ move: Int, _ hasCopy: Bool
  ) async throws {
    try await with(kind, options: options(hasCopy)) { (source: SourceUnderTest) async throws in
      try await source.run("SET", key.bytes, bytes("mine"), bytes("PX"), bytes("4444444"))
      try await source.run("HSET", other.bytes, bytes("f"), bytes("theirs"))
      try await source.run("PEXPIRE", other.bytes, bytes("6666666"))
      let deadlines = (try await source.deadline(key), try await source.deadline(other))
      let record = try await undo(Self.moves[move](other, true), of: key, source)
      #expect(try await source.value(other) == bytes("mine"))
      #expect(try await source.deadline(other) == deadlines.0)
      _ = try await putBack(record, source)
      #expect(try await source.value(key) == bytes("mine"))
      #expect(try await source.deadline(key) == deadlines.0)
      #expect(try await source.run("HGET", other.bytes, bytes("f")) == .bulk("theirs"))
      #expect(try await source.deadline(other) == deadlines.1)
    }
  }

  @Test(arguments: movesEverywhere)
  func whatHasGoneGetsNoOtherName(
    _ kind: SourceKind, _ move: Int, _ hasCopy: Bool
  ) async throws {
    try await with(kind, options: options(hasCopy)) { (source: SourceUnderTest) async throws in
      for replacing in [false, true] {
        let change = Self.moves[move](other, replacing)
        #expect(try await source.backend.apply(change, to: key, undoLimit: nil) == .gone)
        for limit in [nil, 1 << 20] {
          try await source.run("SET", key.bytes, bytes("v"))
          let channel = InterveningChannel(source.channel) { [key] in
            try await source.run("DEL", key.bytes)
          }
          let backend = RedisBackend(over: channel, address: "busy", database: 0)
          #expect(try await backend.apply(change, to: key, undoLimit: limit) == .gone)
          #expect(channel.hasIntervened)
          #expect(try await source.run("EXISTS", key.bytes, other.bytes) == .integer(0))
        }
      }
      try await source.run("SET", key.bytes, bytes("v"))
      let same = Self.moves[move](key, true)
      #expect(try await source.backend.apply(same, to: key, undoLimit: nil) == .nothingToDo)
      #expect(try await source.value(key) == bytes("v"))
    }
  }

  /// One record takes both keys back, or none of them.
  @Test(arguments: SourceKind.allCases)
  func anUndoOfTwoKeysIsAllOrNothing(_ kind: SourceKind) async throws {
    try await with(kind) { (source: SourceUnderTest) async throws in
      for theirs in [key, other] {
        try await source.run("DEL", other.bytes)
        try await source.run("SET", key.bytes, bytes("mine"))
        let record = try await undo(.rename(to: other, replacing: false), of: key, source)
        try await source.run("SET", theirs.bytes, bytes("newer"))
        #expect(try await source.backend.undo(record, overwriting: false) == .changedMeanwhile)
        #expect(try await source.value(theirs) == bytes("newer"))
        #expect(try await source.value(other) == (theirs == other ? bytes("newer") : bytes("mine")))
        guard case .restored = try await source.backend.undo(record, overwriting: true) else {
          Issue.record("not overwritten")
          continue
        }
        #expect(try await source.value(key) == bytes("mine"))
        #expect(try await source.value(other) == nil)
      }
    }
  }

  /// Of two keys the one whose time has come meanwhile stays away, and the other comes back.
  @Test(arguments: SourceKind.allCases)
  func ofTwoKeysOneMayHaveExpired(_ kind: SourceKind) async throws {
    try await with(kind) { (source: SourceUnderTest) async throws in
      try await source.run("SET", key.bytes, bytes("mine"))
      try await source.run("SET", other.bytes, bytes("theirs"), bytes("PX"), bytes("6666666"))
      var record = try await undo(.rename(to: other, replacing: true), of: key, source)
      record.transitions[1].before?.deadline = WallTime(milliseconds: try await source.now() - 1)
      _ = try await putBack(record, source)
      #expect(try await source.value(key) == bytes("mine"))
      #expect(try await source.value(other) == nil)
    }
  }
}

extension NewValue {
  /// What reading it tells.
  var content: ValueContent {
    switch self {
    case .string(let bytes): .string(bytes)
    case .hash(let fields): .hash(fields)
    case .list(let elements): .list(from: 0, elements)
    case .set(let members): .set(members)
    case .sortedSet(let members): .sortedSet(members)
    }
  }
}
