import CacheBackends
import CacheModel
import RESP
import TestSupport
import Testing

/// Changes and undo of many keys at once, over every source: the outcomes of the single ones, key by
/// key.
@Suite(.timeLimit(.minutes(5)), .serialized) struct ManyChangesTests {
  private func with(
    _ kind: SourceKind, options: [String] = [], _ body: (SourceUnderTest) async throws -> Void
  ) async throws {
    let source = try SourceUnderTest(kind, options: options)
    _ = try await source.backend.open()
    try await body(source)
    await source.close()
  }

  private let keys = (0..<300).map { CacheKey(bytes("k\($0)") + [UInt8($0 & 255), 0, 255]) }

  /// Keys of all kinds, every third with a TTL; every fiftieth does not exist.
  private func fill(_ source: SourceUnderTest) async throws {
    var batch: [RESPCommand] = [RESPCommand("FLUSHDB")]
    for (number, key) in keys.enumerated() where number % 50 != 49 {
      batch.append(Self.filling(key, number))
      if number % 3 == 0 {
        batch.append(RESPCommand("PEXPIRE", [key.bytes, bytes("\(1_000_000 + number)")]))
      }
    }
    for reply in try await source.other.send(batch) {
      if let error = reply.error { throw error }
    }
  }

  private static func filling(_ key: CacheKey, _ number: Int) -> RESPCommand {
    let part = bytes("part \(number)")
    switch number % 5 {
    case 0: return RESPCommand("SET", [key.bytes, everyByte + part])
    case 1: return RESPCommand("HSET", [key.bytes, part, everyByte, everyByte, part])
    case 2: return RESPCommand("RPUSH", [key.bytes, part, everyByte, part])
    case 3: return RESPCommand("SADD", [key.bytes, part, everyByte])
    default:
      return RESPCommand("ZADD", [key.bytes, bytes("-1.5"), part, bytes("7"), everyByte])
    }
  }

  private struct State: Equatable {
    var content: ValueContent?
    var deadline: Int64?
  }

  private func states(_ source: SourceUnderTest) async throws -> [State] {
    var states: [State] = []
    for key in keys {
      states.append(
        State(
          content: try await source.backend.read(key, within: .standard)?.content.inOrder,
          deadline: try await source.deadline(key)))
    }
    return states
  }

  private func records(_ results: [Result<ChangeOutcome, BackendError>]) -> [UndoRecord] {
    results.compactMap { result in
      if case .success(.done(let undo)) = result { undo } else { nil }
    }
  }

  private static let changes: [KeyChange] = [
    .delete, .expireNow, .setTTL(.persist), .setTTL(.now),
    .setTTL(.fromNow(milliseconds: 500_000)), .setTTL(.until(WallTime(milliseconds: 1))),
    .setTTL(.until(WallTime(milliseconds: 4_000_000_000_000))),
    .setTTL(.adjust(milliseconds: 5000)),
  ]

  @Test(arguments: SourceKind.unhurried)
  func allAreMadeAndAllAreTakenBack(_ kind: SourceKind) async throws {
    try await with(kind) { source in
      for change in Self.changes {
        try await fill(source)
        let before = try await states(source)
        let results = await source.backend.apply(
          keys.map { KeyedChange(key: $0, change: change) }, undoLimit: 1 << 20)
        for (number, result) in results.enumerated() {
          let hasNoTTL = number % 3 != 0
          let isAboutTTL =
            change == .setTTL(.persist) || change == .setTTL(.adjust(milliseconds: 5000))
          if number % 50 == 49 {
            #expect(result == .success(.gone), "\(change) \(number)")
          } else if hasNoTTL, isAboutTTL {
            #expect(result == .success(.nothingToDo), "\(change) \(number)")
          } else if case .success(.done(_?)) = result {
          } else {
            Issue.record("\(change) \(number): \(result)")
          }
        }
        let undone = await source.backend.undo(records(results).reversed(), overwriting: false)
        for result in undone {
          guard case .success(.restored(_?)) = result else {
            Issue.record("\(change): \(result)")
            continue
          }
        }
        #expect(try await states(source) == before, "\(change)")
      }
    }
  }

  @Test(arguments: SourceKind.allCases)
  func withoutUndoTheyAreMadeAsWell(_ kind: SourceKind) async throws {
    try await with(kind) { source in
      try await fill(source)
      let ttl = KeyChange.setTTL(.until(WallTime(milliseconds: 4_000_000_000_000)))
      for change in [ttl, .setTTL(.persist), .delete] {
        let results = await source.backend.apply(
          keys.map { KeyedChange(key: $0, change: change) }, undoLimit: nil)
        for (number, result) in results.enumerated() {
          #expect(result == .success(number % 50 == 49 ? .gone : .done(undo: nil)))
        }
        if change == ttl {
          #expect(try await source.deadline(keys[1]) == 4_000_000_000_000)
          continue
        }
        #expect(try await source.deadline(keys[1]) == (change == .delete ? -2 : -1))
      }
      #expect(try await source.other.send(RESPCommand("DBSIZE")) == .integer(0))
    }
  }

  /// A TTL from now that nobody has settled before is counted from the server's clock as it was read.
  @Test(arguments: SourceKind.allCases)
  func aTTLFromNowIsNoLonger(_ kind: SourceKind) async throws {
    try await with(kind) { source in
      try await fill(source)
      for limit in [nil, 1 << 20] {
        let results = await source.backend.apply(
          keys.map { KeyedChange(key: $0, change: .setTTL(.fromNow(milliseconds: 500_000))) },
          undoLimit: limit)
        #expect(results.count { (try? $0.get()) != .gone } == 294)
        for key in keys.prefix(49) {
          let left = try await source.run("PTTL", key.bytes).integer ?? 0
          #expect((1...500_000).contains(left))
        }
      }
    }
  }

  @Test func serversWithoutTheNewerCommandsAreServedToo() async throws {
    let options = ["--rename-command", "UNLINK", "", "--rename-command", "PEXPIRETIME", ""]
    try await with(.redisRESP3, options: options) { source in
      try await fill(source)
      let results = await source.backend.apply(
        keys.map { KeyedChange(key: $0, change: .delete) }, undoLimit: 1 << 20)
      #expect(records(results).count == 294)
      #expect(try await source.other.send(RESPCommand("DBSIZE")) == .integer(0))
      let undone = await source.backend.undo(records(results), overwriting: false)
      #expect(undone.allSatisfy { if case .success(.restored) = $0 { true } else { false } })
      #expect(try await source.other.send(RESPCommand("DBSIZE")) == .integer(294))
      let left = try await source.run("PTTL", keys[0].bytes).integer ?? 0
      #expect((900_000...1_000_010).contains(left))
      // Without undo as well, and told as done.
      let fresh = source.decorated { $0 }
      let done = await fresh.apply(
        keys.map { KeyedChange(key: $0, change: .delete) }, undoLimit: nil)
      #expect(done.filter { $0 == .success(.done(undo: nil)) }.count == 294)
      #expect(try await source.other.send(RESPCommand("DBSIZE")) == .integer(0))
    }
  }

  @Test(arguments: SourceKind.allCases)
  func whatIsTooLargeIsDoneWithoutUndo(_ kind: SourceKind) async throws {
    try await with(kind) { source in
      try await fill(source)
      try await source.run("SETRANGE", bytes("large"), bytes("99999"), [1])
      let all = keys + [CacheKey("large")]
      let results = await source.backend.apply(
        all.map { KeyedChange(key: $0, change: .delete) }, undoLimit: 50_000)
      #expect(results.last == .success(.done(undo: nil)))
      #expect(records(results).count == 294)
    }
  }

  // MARK: Capture

  @Test(arguments: SourceKind.allCases)
  func capturesWhatIsThere(_ kind: SourceKind) async throws {
    try await with(kind) { source in
      try await fill(source)
      try await source.run("SETRANGE", bytes("large"), bytes("99999"), [1])
      let all = [CacheKey("large")] + keys
      let states = try await source.backend.capture(all, limit: 50_000)
      #expect(states.count == all.count)
      guard case .tooLarge(let size) = states[0] else {
        Issue.record("\(states[0])")
        return
      }
      #expect(size >= 100_000)
      for (number, state) in states.dropFirst().enumerated() {
        guard number % 50 != 49 else {
          #expect(state == .absent)
          continue
        }
        guard case .present(let state) = state else {
          Issue.record("\(number): \(state)")
          continue
        }
        let deadline = try await source.deadline(keys[number])
        #expect(state.deadline?.milliseconds ?? -1 == deadline)
      }
    }
  }

  @Test(arguments: [SourceKind.engineInProcess, .redisRESP3])
  func handsOutNoMoreThanABound(_ kind: SourceKind) async throws {
    try await with(kind) { source in
      for number in 0..<20 {
        try await source.run("SETRANGE", bytes("k\(number)"), bytes("999999"), [1])
      }
      let keys = (0..<20).map { CacheKey("k\($0)") }
      let states = try await source.backend.capture(keys, limit: 64 << 20)
      #expect((4...9).contains(states.count), "\(states.count)")
      try await source.run("SETRANGE", bytes("huge"), bytes("19999999"), [1])
      let huge = try await source.backend.capture([CacheKey("huge")] + keys, limit: 64 << 20)
      #expect(huge.count == 1 && huge[0].isKept)
    }
  }

  // MARK: Others

  @Test(arguments: SourceKind.allCases)
  func oneBusyKeyCostsTheOthersNothing(_ kind: SourceKind) async throws {
    try await with(kind) { source in
      try await fill(source)
      let results = await source.backend.apply(
        keys.map { KeyedChange(key: $0, change: .delete) }, undoLimit: 1 << 20)
      let busy = keys[20]
      let channel = InterveningChannel(source.channel) {
        try await source.run("SET", busy.bytes, bytes("theirs"))
      }
      let backend = RedisBackend(over: channel, address: "busy", database: 0)
      _ = try await backend.open()
      let undone = await backend.undo(records(results), overwriting: false)
      #expect(channel.hasIntervened)
      #expect(undone.filter { $0 == .success(.changedMeanwhile) }.count == 1)
      #expect(try await source.value(busy) == bytes("theirs"))
      #expect(try await source.other.send(RESPCommand("DBSIZE")) == .integer(294))
    }
  }

  @Test func aBrokenConnectionTellsWhatWasSentFromWhatWasNot() async throws {
    try await with(.redisRESP3) { source in
      try await fill(source)
      let breaking = BreakingChannel(source.channel, at: 2)
      let backend = RedisBackend(over: breaking, address: "breaking", database: 0)
      _ = try await backend.open()
      let results = await backend.apply(
        keys.map { KeyedChange(key: $0, change: .delete) }, undoLimit: 1 << 20)
      let unknown = results.filter { result in
        if case .failure(let error) = result { error.isOutcomeUnknown } else { false }
      }
      let unsent = results.filter { result in
        if case .failure(let error) = result { !error.isOutcomeUnknown } else { false }
      }
      #expect(unknown.count == 128 && unsent.count == 44)
      #expect(try await source.run("EXISTS", keys[290].bytes) == .integer(1))
      #expect(records(results).count == 126)
    }
  }

  @Test func recordsOfAnotherSourceArePassedOver() async throws {
    try await with(.engineInProcess) { source in
      try await fill(source)
      let results = await source.backend.apply(
        keys.map { KeyedChange(key: $0, change: .delete) }, undoLimit: 1 << 20)
      var records = records(results)
      for place in records.indices where place % 2 == 0 { records[place].origin.serverID = "other" }
      let undone = await source.backend.undo(records, overwriting: true)
      for (place, result) in undone.enumerated() {
        if place % 2 == 0 {
          #expect(result == .success(.otherSource))
        } else if case .success(.restored) = result {
        } else {
          Issue.record("\(result)")
        }
      }
    }
  }
}
