import CacheBackends
import CacheModel
import Plans
import RESP
import TestSupport
import Testing

/// The write rules on the way through the journal, for whole keys of every kind on every source.
@Suite(.timeLimit(.minutes(5))) struct JournaledKeyTests {
  private static let everywhere = WholeKeyTests.everywhere
  private let key = CacheKey(everyByte)
  private let other = CacheKey([0, 255, 13, 10])

  private static func filling(_ key: CacheKey, _ value: NewValue) -> [RESPCommand] {
    let fill =
      switch value {
      case .string(let bytes): RESPCommand("SET", [key.bytes, bytes])
      case .hash(let fields):
        RESPCommand("HSET", [key.bytes] + fields.flatMap { [$0.field, $0.value] })
      case .list(let elements): RESPCommand("RPUSH", [key.bytes] + elements)
      case .set(let members): RESPCommand("SADD", [key.bytes] + members)
      case .sortedSet(let members):
        RESPCommand("ZADD", [key.bytes] + members.flatMap { [bytes("\($0.score)"), $0.member] })
      }
    return [RESPCommand("DEL", [key.bytes]), fill]
  }

  private func fill(
    _ source: JournaledSource, _ key: CacheKey, _ value: NewValue, ttl: Int? = 987_654
  ) async throws {
    let expiry = ttl.map { [RESPCommand("PEXPIRE", [key.bytes, bytes("\($0)")])] } ?? []
    try await source.send(Self.filling(key, value) + expiry)
  }

  private func pictures(_ source: JournaledSource) async throws -> [JournaledSource.Picture] {
    [try await source.picture(key), try await source.picture(other)]
  }

  // MARK: Making

  @Test(arguments: everywhere)
  func isMadeTakenBackAndMadeAgain(_ kind: SourceKind, _ value: NewValue) async throws {
    try await JournaledSource.with(kind) { source in
      let theirs = NewValue.hash([HashField(field: [1], value: everyByte)])
      let changes: [KeyChange] = [
        .delete, .setTTL(.persist), .setTTL(.until(WallTime(milliseconds: 4_000_000_000_000))),
        .setTTL(.adjust(milliseconds: 5000)), .put(.list([everyByte]), nil, otherKinds: true),
        .put(.string(everyByte), .persist, otherKinds: true),
        .rename(to: other, replacing: true), .copy(to: other, replacing: true),
      ]
      for change in changes {
        try await fill(source, key, value)
        try await fill(source, other, theirs, ttl: 876_543)
        let before = try await pictures(source)
        let id = try await source.made(change, of: key)
        let after = try await pictures(source)
        #expect(after != before)
        let back = try await source.takeBack(id)
        #expect(back.restored == 1 && back.lost == 0, "\(change)")
        #expect(try await pictures(source) == before, "\(change)")
        #expect(try await source.takeBack(back.change).restored == 1, "\(change)")
        #expect(try await pictures(source) == after, "\(change)")
      }
    }
  }

  @Test(arguments: everywhere)
  func whatIsNewNeverOverwrites(_ kind: SourceKind, _ value: NewValue) async throws {
    let writes: (SourceUnderTest) -> any RESPChannel = { source in
      InterveningChannel(source.channel) {
        for key in [CacheKey(everyByte), CacheKey([0, 255, 13, 10])] {
          try await source.run("SET", key.bytes, bytes("theirs"), bytes("NX"))
        }
      }
    }
    let changes: [(KeyChange, CacheKey)] = [
      (.create(value, nil), other), (.create(value, .fromNow(milliseconds: 99_999)), other),
      (.rename(to: other, replacing: false), key), (.copy(to: other, replacing: false), key),
    ]
    for (change, changed) in changes {
      try await JournaledSource.with(kind, through: writes) { source in
        try await fill(source, key, value)
        let before = try await source.picture(key)
        let batch = try await source.make(change, of: changed)
        #expect(batch.results == [.success(.alreadyExists)], "\(change)")
        #expect(source.keeper.log == ["begin", "keep 1", "settle 0", "finish 0"])
        #expect(try await source.takeBack(batch.change).tried == 0)
        let theirs = JournaledSource.Picture(content: .string(bytes("theirs")), deadline: -1)
        #expect(try await pictures(source) == [before, theirs], "\(change)")
      }
    }
  }

  @Test(arguments: everywhere)
  func whatIsNewIsTakenAwayAndMadeAgain(_ kind: SourceKind, _ value: NewValue) async throws {
    try await JournaledSource.with(kind) { source in
      let until = WallTime(milliseconds: 4_000_000_000_000)
      let id = try await source.made(.create(value, .until(until)), of: key)
      let back = try await source.takeBack(id)
      #expect(back.restored == 1)
      #expect(try await source.picture(key) == .init(content: nil, deadline: -2))
      #expect(try await source.takeBack(back.change).restored == 1)
      #expect(
        try await source.picture(key)
          == .init(content: value.content.inOrder, deadline: until.milliseconds))
    }
  }

  // MARK: Taking back

  /// Changes of somebody else after which all sizes and names are as before, as far as a kind allows.
  private static func slightChanges(_ key: CacheKey, _ value: NewValue) -> [RESPCommand] {
    func command(_ verb: String, _ arguments: [UInt8]...) -> RESPCommand {
      RESPCommand(verb, [key.bytes] + arguments)
    }
    return switch value {
    case .string: [command("SETRANGE", bytes("255"), [254])]
    case .hash: [command("HSET", everyByte, [], [1], everyByte)]
    case .list: [command("LSET", bytes("1"), [7]), command("LSET", bytes("3"), [])]
    case .set: [command("SREM", [0]), command("SADD", [1])]
    case .sortedSet: [command("ZADD", bytes("0.2"), everyByte)]
    }
  }

  @Test(arguments: everywhere, [false, true])
  func isNotTakenBackOverWhatIsNewer(
    _ place: (SourceKind, NewValue), _ isOneOfMany: Bool
  ) async throws {
    let (kind, value) = place
    try await JournaledSource.with(kind) { source in
      let newer: [[RESPCommand]] = [
        Self.slightChanges(key, value), [RESPCommand("PEXPIRE", [key.bytes, bytes("888888")])],
        [RESPCommand("DEL", [key.bytes])],
      ]
      for commands in newer {
        try await fill(source, key, value)
        let before = try await source.picture(key)
        var changes = [KeyedChange(key: key, change: .setTTL(.persist))]
        if isOneOfMany {
          try await fill(source, other, value)
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
        try await fill(source, key, value)
        let id = try await source.made(.delete, of: key)
        try await fill(source, key, .string(bytes("theirs")), ttl: ttl)
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
      for key in keys { try await fill(source, key, value) }
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
          return .bulk(bytes(text.replacing("_replid:", with: "_replid:f")))
        })
    }
    try await JournaledSource.with(kind, through: replaced) { source in
      let keys = isOneOfMany ? [key, other] : [key]
      for key in keys { try await fill(source, key, value) }
      let before = try await pictures(source)
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
      #expect(try await pictures(source) == before)
    }
  }

  /// The program ended between the keeping of a change and the note of what came of it, and the
  /// change had been carried out: what it was to leave is known, so that it is taken back unasked.
  @Test(arguments: everywhere)
  func anInterruptedChangeIsTakenBack(_ kind: SourceKind, _ value: NewValue) async throws {
    try await JournaledSource.with(kind) { source in
      let changes: [KeyChange] = [
        .delete, .setTTL(.persist), .setTTL(.until(WallTime(milliseconds: 4_000_000_000_000))),
        .rename(to: other, replacing: true),
      ]
      for change in changes {
        for isCarriedOut in [false, true] {
          try await fill(source, key, value)
          try await fill(source, other, .string(everyByte), ttl: 876_543)
          let before = try await pictures(source)
          let id = try await source.keepOnly(change, of: key)
          if isCarriedOut {
            _ = try await source.backend.apply(change, to: key, undoLimit: nil)
            #expect(try await pictures(source) != before)
          }
          #expect(try await source.takeBack(id).restored == 1, "\(change) \(isCarriedOut)")
          #expect(try await pictures(source) == before, "\(change) \(isCarriedOut)")
        }
      }
    }
  }
}
