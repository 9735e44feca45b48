import CacheBackends
import CacheModel
import Plans
import RESP
import TestSupport
import Testing

/// Taking back through the journal, for whole keys of every kind on every source: never over what is
/// newer, never what would have expired, never elsewhere.
@Suite(.timeLimit(.minutes(5))) struct JournaledUndoTests {
  private static let everywhere = WholeKeyTests.everywhere
  private let key = CacheKey(everyByte)
  private let other = CacheKey([0, 255, 13, 10])

  /// Changes of somebody else after which all sizes and names are as before, as far as a kind allows.
  private static func slightChanges(_ key: CacheKey, _ value: NewValue) -> [[RESPCommand]] {
    func command(_ verb: String, _ arguments: [UInt8]...) -> RESPCommand {
      RESPCommand(verb, [key.bytes] + arguments)
    }
    return switch value {
    case .string: [[command("SETRANGE", bytes("255"), [254])]]
    case .hash:
      [
        [command("HSET", everyByte, [], [1], everyByte)],
        [command("HDEL", [1]), command("HSET", [], [1])],
      ]
    case .list: [[command("LSET", bytes("1"), [7]), command("LSET", bytes("3"), [])]]
    case .set: [[command("SREM", [0]), command("SADD", [1])]]
    case .sortedSet: [[command("ZADD", bytes("0.2"), everyByte)]]
    }
  }

  @Test(arguments: everywhere, [false, true])
  func isNotTakenBackOverWhatIsNewer(
    _ place: (SourceKind, NewValue), _ isOneOfMany: Bool
  ) async throws {
    let (kind, value) = place
    try await JournaledSource.with(kind) { source in
      let newer = [
        [RESPCommand("PEXPIRE", [key.bytes, bytes("888888")])], [RESPCommand("DEL", [key.bytes])],
      ]
      for commands in Self.slightChanges(key, value) + newer {
        try await source.fill(key, value)
        let before = try await source.picture(key)
        var changes = [KeyedChange(key: key, change: .setTTL(.persist))]
        if isOneOfMany {
          try await source.fill(other, value)
          changes.append(KeyedChange(key: other, change: .setTTL(.persist)))
        }
        let batch = try await source.changes.make(changes, source.header("persist"))
        #expect(batch.isDone)
        try await source.send(commands)
        let theirs = try await source.picture(key)
        let back = try await source.takeBack(batch.change)
        #expect(back.changedMeanwhile == 1 && back.newerKeys == [key], "\(commands)")
        #expect(back.restored == changes.count - 1)
        #expect(try await source.picture(key) == theirs, "\(commands)")
        #expect(
          try await source.takeBack(batch.change, overwriting: true).restored == changes.count)
        #expect(try await source.picture(key) == before, "\(commands)")
      }
    }
  }

  /// What was deleted and made anew by somebody, with a TTL and without.
  @Test(arguments: everywhere)
  func aDeletedKeyDoesNotComeBackOverANewOne(_ kind: SourceKind, _ value: NewValue) async throws {
    try await JournaledSource.with(kind) { source in
      for ttl in [nil, 555_555] {
        try await source.fill(key, value)
        let id = try await source.made(.delete, of: key)
        try await source.fill(key, .string(bytes("theirs")), ttl: ttl)
        let theirs = try await source.picture(key)
        #expect(try await source.takeBack(id).newerKeys == [key])
        #expect(try await source.picture(key) == theirs)
      }
    }
  }

  @Test(arguments: everywhere, [false, true])
  func whatWouldHaveExpiredIsNamedAndNotRevived(
    _ place: (SourceKind, NewValue), _ isOneOfMany: Bool
  ) async throws {
    let (kind, value) = place
    try await JournaledSource.with(kind) { source in
      let keys = isOneOfMany ? [key, other] : [key]
      for key in keys { try await source.fill(key, value) }
      let batch = try await source.changes.make(
        keys.map { KeyedChange(key: $0, change: .delete) }, source.header("delete"))
      let past = WallTime(milliseconds: try await source.source.now() - 1)
      let id = try await source.keepAgain(batch.change) { record in
        if record.key == key { record.transitions[0].before?.deadline = past }
      }
      for overwriting in [false, true] {
        let back = try await source.takeBack(id, overwriting: overwriting)
        #expect(back.expiredKeys == [key] && back.restored == keys.count - 1)
        #expect(try await source.picture(key) == .init(content: nil, deadline: -2))
      }
    }
  }

  /// Another server has taken over the address since, and the journal belongs to the old one.
  @Test(arguments: everywhere, [false, true])
  func anotherServerIsLeftAlone(
    _ place: (SourceKind, NewValue), _ isOneOfMany: Bool
  ) async throws {
    let (kind, value) = place
    let isReplaced = Flag()
    let replaced: (SourceUnderTest) -> any RESPChannel = { source in
      MappedChannel(
        inner: source.channel,
        answered: { command, reply in
          guard isReplaced.isSet, command.verb == "INFO", let text = reply.text else {
            return reply
          }
          let other = text.replacing("_replid:", with: "_replid:f")
          return .bulk(bytes(other.replacing("node_ids:", with: "node_ids:other\r\nnot:")))
        })
    }
    try await JournaledSource.with(kind, through: replaced) { source in
      let keys = isOneOfMany ? [key, other] : [key]
      for key in keys { try await source.fill(key, value) }
      let before = try await source.pictures([key, other])
      let batch = try await source.changes.make(
        keys.map { KeyedChange(key: $0, change: .delete) }, source.header("delete"))
      isReplaced.set(true)
      for overwriting in [false, true] {
        let back = try await source.takeBack(batch.change, overwriting: overwriting)
        #expect(back.otherSource == keys.count && back.restored == 0)
        #expect(try await source.picture(key) == .init(content: nil, deadline: -2))
      }
      isReplaced.set(false)
      #expect(try await source.takeBack(batch.change).restored == keys.count)
      #expect(try await source.pictures([key, other]) == before)
    }
  }

  /// What is overwritten is too large to be kept, and the connection breaks meanwhile: that is
  /// counted as lost, and nothing in the journal says later that there was no key.
  @Test(arguments: SourceKind.allCases)
  func whatWasTooLargeToBeKeptIsLostAndNotDeleted(_ kind: SourceKind) async throws {
    let breaking: (SourceUnderTest) -> any RESPChannel = { BreakingChannel($0.channel, at: 1) }
    try await JournaledSource.with(kind, through: breaking) { source in
      try await source.fill(key, .string(everyByte))
      let before = try await source.picture(key)
      let batch = try await source.plainChanges.make(
        [KeyedChange(key: key, change: .delete)], source.header("delete"))
      try await source.source.run("SETRANGE", key.bytes, bytes("99999"), [1])
      let small = JournaledChanges(source.backend, keeper: source.keeper, limit: 5000)
      let back = try await source.takeBack(batch.change, overwriting: true, by: small)
      #expect(back.failures.count == 1 && back.lost == 1)
      #expect(try await source.picture(key) == before)
      #expect(try await source.takeBack(back.change, by: source.plainChanges).tried == 0)
      #expect(try await source.picture(key) == before)
    }
  }

  /// What was interrupted is asked for again: what is back already counts as put back, in whatever
  /// form the server keeps it now.
  @Test(arguments: everywhere)
  func whatIsBackAlreadyCountsAsPutBack(_ kind: SourceKind, _ value: NewValue) async throws {
    try await JournaledSource.with(kind) { source in
      for key in [key, other] { try await source.fill(key, value) }
      let before = try await source.pictures([key, other])
      let batch = try await source.changes.make(
        [key, other].map { KeyedChange(key: $0, change: .delete) }, source.header("delete"))
      for _ in 0..<3 {
        #expect(try await source.takeBack(batch.change).restored == 2)
        #expect(try await source.pictures([key, other]) == before)
      }
    }
  }

  /// Undo that overwrites keeps what it really overwrote, not what it saw at first.
  @Test(arguments: SourceKind.allCases)
  func whatUndoOverwritesComesBackAsItWas(_ kind: SourceKind) async throws {
    try await JournaledSource.with(kind) { source in
      try await source.fill(key, .string(bytes("old")))
      let change = try await source.made(.delete, of: key)
      try await source.source.run("SET", key.bytes, bytes("newer"))
      let channel = InterveningChannel(source.source.channel) {
        try await source.source.run("SET", key.bytes, bytes("newest"))
      }
      let other = JournaledChanges(
        RedisBackend(over: channel, address: "journaled", database: 0), keeper: source.keeper)
      let back = try await source.takeBack(change, overwriting: true, by: other)
      #expect(channel.hasIntervened && back.restored == 1)
      #expect(try await source.source.value(key) == bytes("old"))
      #expect(try await source.takeBack(back.change).restored == 1)
      #expect(try await source.source.value(key) == bytes("newest"))
    }
  }
}
