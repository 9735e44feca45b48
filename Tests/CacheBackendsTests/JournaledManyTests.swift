import CacheBackends
import CacheModel
import Plans
import RESP
import TestSupport
import Testing

/// Changes of many keys on the way through the journal, over every source.
@Suite(.timeLimit(.minutes(5))) struct JournaledManyTests {
  private let keys = (0..<20).map { CacheKey(bytes("k\($0)") + [UInt8($0), 0, 255]) }

  /// Each kind four times, in turn with a TTL and without.
  private func fill(_ source: JournaledSource, ttl: Int = 1_000_000) async throws {
    let kinds: [(String, [[UInt8]])] = [
      ("SET", [everyByte]), ("HSET", [everyByte, [1], [1], everyByte]),
      ("RPUSH", [everyByte, [1], everyByte]), ("SADD", [everyByte, [1]]),
      ("ZADD", [bytes("-1.5"), everyByte, bytes("7"), [1]]),
    ]
    var batch = keys.map { RESPCommand("DEL", [$0.bytes]) }
    for (number, key) in keys.enumerated() {
      let (verb, arguments) = kinds[number % 5]
      batch.append(RESPCommand(verb, [key.bytes] + arguments))
      guard number % 2 == 0 else { continue }
      batch.append(RESPCommand("PEXPIRE", [key.bytes, bytes("\(ttl + number)")]))
    }
    try await source.send(batch)
  }

  private func make(
    _ change: KeyChange, _ source: JournaledSource, of some: [CacheKey]? = nil
  ) async throws -> ChangedBatch {
    try await source.changes.make(
      (some ?? keys).map { KeyedChange(key: $0, change: change) }, source.header("\(change)"))
  }

  @Test(arguments: SourceKind.unhurried)
  func allAreMadeTakenBackAndMadeAgain(_ kind: SourceKind) async throws {
    try await JournaledSource.with(kind) { source in
      let changes: [KeyChange] = [
        .delete, .setTTL(.until(WallTime(milliseconds: 4_000_000_000_000))), .setTTL(.persist),
        .setTTL(.fromNow(milliseconds: 500_000)), .setTTL(.adjust(milliseconds: -5000)),
      ]
      for change in changes {
        try await fill(source)
        let before = try await source.pictures(keys)
        let batch = try await make(change, source)
        let after = try await source.pictures(keys)
        let done = zip(before, after).filter { $0 != $1 }.count
        #expect(done >= 10 && batch.lost == 0)
        let back = try await source.takeBack(batch.change)
        #expect(back.restored == done && back.lost == 0, "\(change)")
        #expect(try await source.pictures(keys) == before, "\(change)")
        #expect(try await source.takeBack(back.change).restored == done, "\(change)")
        #expect(try await source.pictures(keys) == after, "\(change)")
      }
    }
  }

  /// A TTL from now is what was asked for, and not longer, for many keys as for one.
  @Test(arguments: SourceKind.allCases)
  func noneLivesLongerThanAsked(_ kind: SourceKind) async throws {
    try await JournaledSource.with(kind) { source in
      try await fill(source)
      for some in [keys, [keys[0]]] {
        let earliest = try await source.source.now() + 500_000
        #expect(try await make(.setTTL(.fromNow(milliseconds: 500_000)), source, of: some).isDone)
        let latest = try await source.source.now() + 500_000
        for key in some {
          let deadline = try #require(try await source.source.deadline(key))
          #expect((earliest...latest).contains(deadline))
        }
      }
    }
  }

  /// A deadline that has passed is an expiry. A server that is kept waiting for a millisecond right
  /// then deletes a key instead, so not all of them are asked for.
  @Test(arguments: SourceKind.allCases)
  func aDeadlineInThePastExpires(_ kind: SourceKind) async throws {
    try await JournaledSource.with(kind) { source in
      try await fill(source)
      let before = try #require(try await source.backend.statistics().expired)
      #expect(try await make(.setTTL(.until(WallTime(milliseconds: 1))), source).isDone)
      for key in keys {
        while try await source.source.run("EXISTS", key.bytes) != .integer(0) {}
      }
      let expired = try #require(try await source.backend.statistics().expired) - before
      #expect((10...20).contains(expired))
    }
  }

  /// Somebody writes one of them while they are changed, or while they are taken back.
  @Test(arguments: SourceKind.allCases, [false, true])
  func whatSomebodyWritesMeanwhileIsNotLost(
    _ kind: SourceKind, _ whileTakingBack: Bool
  ) async throws {
    let busy = keys[6]
    let isOn = Flag(!whileTakingBack)
    let writes: (SourceUnderTest) -> any RESPChannel = { source in
      InterveningChannel(source.channel, when: { isOn.isSet }) {
        try await source.run("DEL", busy.bytes)
        try await source.run("SET", busy.bytes, bytes("theirs"))
      }
    }
    try await JournaledSource.with(kind, through: writes) { source in
      try await fill(source)
      let batch = try await make(.delete, source)
      #expect(batch.isDone)
      isOn.set(true)
      let back = try await source.takeBack(batch.change)
      if whileTakingBack {
        #expect(back.newerKeys == [busy] && back.restored == 19)
      } else {
        // What was really deleted comes back, not what was kept before.
        #expect(back.restored == 20)
      }
      #expect(try await source.source.value(busy) == bytes("theirs"))
    }
  }

  /// The connection breaks while a transaction is under way, and while it is taken back: what may
  /// have been done stays in the journal, and looking tells.
  @Test(arguments: SourceKind.allCases, [false, true])
  func whatMayHaveBeenDoneCanBeTakenBack(_ kind: SourceKind, _ isCarriedOut: Bool) async throws {
    let breaking: (SourceUnderTest) -> any RESPChannel = {
      BreakingChannel($0.channel, at: 1, carryingItOut: isCarriedOut)
    }
    try await JournaledSource.with(kind, through: breaking) { source in
      try await fill(source)
      let before = try await source.pictures(keys)
      let batch = try await make(.delete, source)
      #expect(batch.isUnknown && batch.lost == 0)
      let after = try await source.pictures(keys)
      #expect((after == before) != isCarriedOut)
      let back = try await source.takeBack(batch.change, by: source.plainChanges)
      #expect(back.restored == 20)
      #expect(try await source.pictures(keys) == before)
      let deleted = try await source.plainChanges.make(
        keys.map { KeyedChange(key: $0, change: .delete) }, source.header("delete"))
      let broken = try await source.takeBack(deleted.change)
      #expect(broken.failures.count == 20 && broken.lost == 0)
      // A server may write what was put back in another form than the one that was kept; so it asks.
      let again = try await source.takeBack(
        broken.change, overwriting: isCarriedOut, by: source.plainChanges)
      #expect(again.restored == 20)
      #expect(try await source.pictures(keys) == keys.map { _ in gone })
    }
  }

  /// The last change of a key is taken back first, across batches and within one.
  @Test(arguments: SourceKind.allCases)
  func theLastChangeIsTakenBackFirst(_ kind: SourceKind) async throws {
    try await JournaledSource.with(kind) { source in
      try await fill(source)
      let before = try await source.pictures(keys)
      let change = try await source.changes.begin(source.header("four of one key"))
      for times in [1, 3] {
        let list = keys[2]
        let pushes = (0..<times).map {
          KeyedChange(key: list, change: .pushElement([UInt8($0)], .head))
        }
        #expect(try await change.apply(pushes).isDone)
      }
      await change.finish(lost: 0)
      #expect(try await source.takeBack(change.id).restored == 4)
      #expect(try await source.pictures(keys) == before)
    }
  }

  /// All connections have been broken: the next changes go to the same database, as if nothing had
  /// happened.
  @Test(arguments: SourceKind.withDatabases)
  func afterAReconnectTheDatabaseIsTheSame(_ kind: SourceKind) async throws {
    try await JournaledSource.with(kind, database: 6) { source in
      try await fill(source)
      let before = try await source.pictures(keys)
      let first = try await make(.setTTL(.persist), source)
      let alike = keys.map { RESPCommand("SET", [$0.bytes, [1]]) }
      _ = try await inDatabase0(alike, source)
      for change in [first.change, nil] {
        try await source.source.run("CLIENT", "KILL", "SKIPME", "yes")
        try await waitUntilBack(source)
        if change != nil { #expect(try await source.takeBack(change).restored == 10) }
        if change == nil { #expect(try await make(.delete, source).isDone) }
        let left = change == nil ? keys.map { _ in gone } : before
        #expect(try await source.pictures(keys) == left)
        let elsewhere = try await inDatabase0(keys.map { RESPCommand("GET", [$0.bytes]) }, source)
        #expect(elsewhere == keys.map { _ in .bulk([1]) })
      }
    }
  }

  private let gone = JournaledSource.Picture(content: nil, deadline: -2)

  private func inDatabase0(
    _ commands: [RESPCommand], _ source: JournaledSource
  ) async throws -> [RESPValue] {
    try await source.source.other.exclusively(for: nil) { connection throws(ChannelError) in
      _ = try await connection.send([RESPCommand("SELECT", "0")])
      return try await connection.send(commands)
    }
  }

  /// Calls fail, in words, until the channel has come back by itself.
  private func waitUntilBack(_ source: JournaledSource) async throws {
    while true {
      do {
        _ = try await source.backend.capture([keys[0]], limit: 1 << 20)
        return
      } catch BackendError.connectionLost {
        await Task.yield()
      }
    }
  }
}
