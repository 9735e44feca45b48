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
  private let other = mateOfEveryByte

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
        try await source.fill(key, value)
        try await source.fill(other, theirs, ttl: 876_543)
        let before = try await source.pictures([key, other])
        let id = try await source.made(change, of: key)
        let after = try await source.pictures([key, other])
        #expect(after != before)
        if case .put(_, nil, _) = change { #expect(after[0].deadline == before[0].deadline) }
        let back = try await source.takeBack(id)
        #expect(back.restored == 1 && back.lost == 0, "\(change)")
        #expect(try await source.pictures([key, other]) == before, "\(change)")
        #expect(try await source.takeBack(back.change).restored == 1, "\(change)")
        #expect(try await source.pictures([key, other]) == after, "\(change)")
      }
    }
  }

  @Test(arguments: everywhere)
  func whatIsNewNeverOverwrites(_ kind: SourceKind, _ value: NewValue) async throws {
    let writes: (SourceUnderTest) -> any RESPChannel = { source in
      InterveningChannel(source.channel) {
        for key in [CacheKey(everyByte), mateOfEveryByte] {
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
        try await source.fill(key, value)
        let before = try await source.picture(key)
        let batch = try await source.make(change, of: changed)
        #expect(batch.results == [.success(.alreadyExists)], "\(change)")
        #expect(source.keeper.log == ["begin", "keep 1", "settle 0", "finish 0"])
        #expect(try await source.takeBack(batch.change).tried == 0)
        let theirs = JournaledSource.Picture(content: .string(bytes("theirs")), deadline: -1)
        #expect(try await source.pictures([key, other]) == [before, theirs], "\(change)")
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
      // Asked for once more, it is away already.
      #expect(try await source.takeBack(id).restored == 1)
      #expect(try await source.takeBack(back.change).restored == 1)
      #expect(
        try await source.picture(key)
          == .init(content: value.content.inOrder, deadline: until.milliseconds))
    }
  }

  /// The program ended between the keeping of a change and the note of what came of it, and the
  /// change had been carried out: what it was to leave is known, so that it is taken back unasked.
  @Test(arguments: everywhere)
  func anInterruptedChangeIsTakenBack(_ kind: SourceKind, _ value: NewValue) async throws {
    try await JournaledSource.with(kind) { source in
      let changes: [KeyChange] = [
        .delete, .setTTL(.persist), .setTTL(.until(WallTime(milliseconds: 4_000_000_000_000))),
        .setTTL(.fromNow(milliseconds: 86_400_000)), .setTTL(.adjust(milliseconds: 5000)),
        .rename(to: other, replacing: true),
      ]
      for change in changes {
        for isCarriedOut in [false, true] {
          try await source.fill(key, value)
          try await source.fill(other, .string(everyByte), ttl: 876_543)
          let before = try await source.pictures([key, other])
          let (id, sent) = try await source.kept(change, of: key)
          if isCarriedOut {
            _ = await source.backend.apply(sent, undoLimit: nil)
            #expect(try await source.pictures([key, other]) != before)
          }
          #expect(try await source.takeBack(id).restored == 1, "\(change) \(isCarriedOut)")
          #expect(try await source.pictures([key, other]) == before, "\(change) \(isCarriedOut)")
        }
      }
    }
  }
}
