import CacheModel
import ChangeJournal
import TestSupport
import Testing

/// The kinds of keepers, which must not be told apart by what they promise.
enum KeeperKind: CaseIterable {
  case disk, memory

  func keeper(_ scratch: Scratch, bound: Int64 = 16 << 20) async throws -> any ChangeKeeper {
    switch self {
    case .disk: try await scratch.journal(JournalBounds(bytes: bound))
    case .memory: MemoryKeeper(bound: bound)
    }
  }
}

@Suite struct KeeperConformanceTests {
  @Test(arguments: KeeperKind.allCases)
  func whatWasKeptIsFoundAgain(_ kind: KeeperKind) async throws {
    let scratch = try Scratch()
    let keeper = try await kind.keeper(scratch)
    let change = try await keeper.begin(Sample.header("delete 50 keys", at: 5))
    let first = RandomRecords.batch(seed: 1, count: 30)
    let second = RandomRecords.batch(seed: 2, count: 20)
    let early = try await keeper.keep(first, of: change)
    let late = try await keeper.keep(second, of: change)
    #expect(try await keeper.batches(of: change) == [late, early])
    #expect(
      try await keeper.records(in: early)
        == first.map { KeptRecord(record: $0, isSettled: false) })
    let entry = try #require(try await keeper.entry(change))
    #expect(entry.standing == .underWay && entry.keyCount == 50 && entry.keptCount == 50)
    #expect(entry.header == Sample.header("delete 50 keys", at: 5) && entry.bytes > 0)

    try await keeper.settle(late, Array(second.prefix(5)))
    try await keeper.settle(early, first)
    try await keeper.finish(change, lost: 3)
    #expect(
      try await keeper.records(in: late)
        == second.prefix(5).map { KeptRecord(record: $0, isSettled: true) })
    let done = try #require(try await keeper.entry(change))
    #expect(done.standing == .done && done.keyCount == 38 && done.keptCount == 35)
  }

  @Test(arguments: KeeperKind.allCases)
  func whatWasNotedUnderAFormerIDIsOfTheSameSource(_ kind: KeeperKind) async throws {
    let scratch = try Scratch()
    let keeper = try await kind.keeper(scratch)
    let former = Sample.source
    let present = SourceIdentity(serverID: "new", database: 0, formerIDs: ["one"])
    let otherDatabase = SourceIdentity(serverID: "one", database: 1)
    for (title, source) in [
      ("a", former), ("b", present), ("c", otherDatabase), ("d", former), ("e", Sample.other),
      ("f", present),
    ] {
      try await keeper.change(Sample.header(title, source: source), [[Sample.deletion(title)]])
    }
    let titles = { (limit: Int, before: ChangeID?) in
      try await keeper.entries(of: present, limit: limit, before: before).map(\.header.title)
    }
    #expect(try await titles(10, nil) == ["f", "d", "b", "a"])
    let page = try await keeper.entries(of: present, limit: 2, before: nil)
    #expect(page.map(\.header.title) == ["f", "d"])
    #expect(try await titles(2, page.last?.id) == ["b", "a"])
    // The former one knows nothing of what came after it.
    #expect(
      try await keeper.entries(of: former, limit: 10, before: nil).map(\.header.title)
        == ["d", "a"])
    #expect(try await keeper.purge(present) == 4)
    #expect(try await keeper.entries().map(\.header.title) == ["e", "c"])
  }

  @Test(arguments: KeeperKind.allCases)
  func whatWasPassedOverIsCounted(_ kind: KeeperKind) async throws {
    let scratch = try Scratch()
    let keeper = try await kind.keeper(scratch)
    let change = try await keeper.change(
      Sample.header(), [[Sample.deletion("a"), Sample.deletion("bb")]])
    try await keeper.change(
      Sample.header("take back", reverts: change), [[Sample.deletion("a")]], passed: 1)
    let entry = try #require(try await keeper.entry(change))
    #expect(entry.keptCount == 0 && entry.passedCount == 1)
    #expect(!entry.canBeTakenBack && entry.canBeTakenBack(overwriting: true))
  }

  @Test(arguments: KeeperKind.allCases)
  func whatChangedNothingIsForgotten(_ kind: KeeperKind) async throws {
    let scratch = try Scratch()
    let keeper = try await kind.keeper(scratch)
    let change = try await keeper.begin(Sample.header())
    let batch = try await keeper.keep([Sample.deletion("a")], of: change)
    try await keeper.settle(batch, [])
    #expect(try await keeper.batches(of: change).isEmpty)
    try await keeper.finish(change, lost: 0)
    #expect(try await keeper.entry(change) == nil)
    #expect(try await keeper.entries().isEmpty)
    await #expect(throws: KeeperError.noSuchChange) { try await keeper.batches(of: change) }
    await #expect(throws: KeeperError.noSuchChange) { try await keeper.records(in: batch) }
    await #expect(throws: KeeperError.noSuchChange) {
      try await keeper.keep([Sample.deletion("a")], of: change)
    }
    await #expect(throws: KeeperError.noSuchChange) { try await keeper.settle(batch, []) }
    await #expect(throws: KeeperError.noSuchChange) { try await keeper.finish(change, lost: 0) }
    await #expect(throws: KeeperError.noSuchChange) {
      try await keeper.begin(Sample.header(reverts: change))
    }
  }

  @Test(arguments: KeeperKind.allCases)
  func nothingIsKeptForAFinishedChange(_ kind: KeeperKind) async throws {
    let scratch = try Scratch()
    let keeper = try await kind.keeper(scratch)
    let change = try await keeper.change(Sample.header(), [[Sample.deletion("a")]])
    await #expect(throws: KeeperError.noSuchChange) {
      try await keeper.keep([Sample.deletion("a")], of: change)
    }
  }

  @Test(arguments: KeeperKind.allCases)
  func listsByPageAndSource(_ kind: KeeperKind) async throws {
    let scratch = try Scratch()
    let keeper = try await kind.keeper(scratch)
    for number in 0..<9 {
      let source = number.isMultiple(of: 3) ? Sample.other : Sample.source
      try await keeper.change(
        Sample.header("\(number)", source: source), [[Sample.deletion("a")]])
    }
    let newest = try await keeper.entries(of: nil, limit: 4, before: nil)
    #expect(newest.map(\.header.title) == ["8", "7", "6", "5"])
    let next = try await keeper.entries(of: nil, limit: 4, before: newest.last?.id)
    #expect(next.map(\.header.title) == ["4", "3", "2", "1"])
    let theirs = try await keeper.entries(of: Sample.other, limit: 2, before: nil)
    #expect(theirs.map(\.header.title) == ["6", "3"])
    #expect(
      try await keeper.entries(of: Sample.other, limit: 9, before: theirs.last?.id)
        .map(\.header.title) == ["0"])
  }

  @Test(arguments: KeeperKind.allCases)
  func takingBackAndMakingAgainAreTold(_ kind: KeeperKind) async throws {
    let scratch = try Scratch()
    let keeper = try await kind.keeper(scratch)
    let records = (0..<10).map { Sample.deletion("k\($0)") }
    let change = try await keeper.change(Sample.header(), [records])
    func standing() async throws -> JournalEntry.Standing? {
      try await keeper.entry(change)?.standing
    }

    // Six of ten keys, and one that has expired.
    let part = try await keeper.change(
      Sample.header("undo", reverts: change), [Array(records.prefix(6))], passed: 1)
    #expect(try await standing() == .takenBackInPart)
    #expect(try await keeper.entry(change)?.keptCount == 3)
    #expect(try await keeper.entry(part)?.isUndo == true)

    let rest = try await keeper.change(
      Sample.header("undo", reverts: change), [Array(records.suffix(4))])
    #expect(try await standing() == .takenBack)
    #expect(try await keeper.entry(change)?.keptCount == 0)

    let again = try await keeper.change(
      Sample.header("redo", reverts: rest), [Array(records.suffix(4))])
    #expect(try await standing() == .takenBackInPart)
    #expect(try await keeper.entry(change)?.keptCount == 4)
    #expect(try await keeper.entry(rest)?.standing == .takenBack)
    #expect(try await keeper.entry(again)?.generation == 2)

    try await keeper.change(
      Sample.header("undo", reverts: again), [Array(records.suffix(4))])
    #expect(try await standing() == .takenBack)
  }

  /// An undo that was interrupted is asked for again, and again: it meets the same keys first each time.
  @Test(arguments: KeeperKind.allCases)
  func whatIsTakenBackAgainCountsOnce(_ kind: KeeperKind) async throws {
    let scratch = try Scratch()
    let keeper = try await kind.keeper(scratch)
    let records = (0..<4).map { Sample.deletion("k\($0)") }
    let change = try await keeper.change(Sample.header(), [records])
    func undo(_ records: [UndoRecord], repeated: Int) async throws -> ChangeID {
      let undo = try await keeper.begin(Sample.header("undo", reverts: change))
      let batch = try await keeper.keep(records, of: undo)
      try await keeper.settle(batch, records, repeated: repeated)
      return undo
    }

    let first = try await undo(Array(records.prefix(2)), repeated: 0)
    _ = try await undo(Array(records.prefix(2)), repeated: 2)
    let half = try #require(try await keeper.entry(change))
    #expect(half.keptCount == 2 && half.undoneCount == 2)
    _ = try await undo(records, repeated: 2)
    #expect(try await keeper.entry(change)?.standing == .takenBack)

    // Made again by two of them: no key counts as changed more than once.
    for _ in 0..<3 {
      let redo = try await keeper.begin(Sample.header("redo", reverts: first))
      let batch = try await keeper.keep(Array(records.prefix(2)), of: redo)
      try await keeper.settle(batch, Array(records.prefix(2)))
    }
    let again = try #require(try await keeper.entry(change))
    #expect(again.keptCount == 4 && again.undoneCount == 0)
  }

  @Test(arguments: KeeperKind.allCases)
  func theOldestMakeRoom(_ kind: KeeperKind) async throws {
    let scratch = try Scratch()
    let keeper = try await kind.keeper(scratch, bound: 1 << 20)
    for number in 0..<20 {
      try await keeper.change(
        Sample.header("\(number)"), [[Sample.deletion("a", bytes: 200_000)]])
    }
    let titles = try await keeper.entries().map(\.header.title)
    #expect(titles.count >= 2 && titles.count < 6)
    #expect(titles == (20 - titles.count..<20).reversed().map { "\($0)" })
  }

  @Test(arguments: KeeperKind.allCases)
  func whatIsUnderWayStays(_ kind: KeeperKind) async throws {
    let scratch = try Scratch()
    let keeper = try await kind.keeper(scratch, bound: 1 << 20)
    let first = try await keeper.change(
      Sample.header("first"), [[Sample.deletion("a", bytes: 300_000)]])
    let undo = try await keeper.begin(Sample.header("undo", reverts: first))
    let long = try await keeper.begin(Sample.header("long"))
    let batch = try await keeper.keep([Sample.deletion("b", bytes: 300_000)], of: long)
    let before = try await keeper.room()
    #expect(before > 300_000 && before < 500_000)
    await #expect(throws: KeeperError.self) {
      try await keeper.keep([Sample.deletion("c", bytes: 600_000)], of: undo)
    }
    #expect(try await keeper.allRecords(of: first).count == 1)
    #expect(try await keeper.records(in: batch).count == 1)
    // What was refused has changed nothing: a smaller one is kept.
    let small = try await keeper.keep([Sample.deletion("c", bytes: 100_000)], of: undo)
    #expect(try await keeper.records(in: small).count == 1)
  }

  @Test(arguments: KeeperKind.allCases)
  func whatIsUnderWayStaysAlthoughItIsTheOldest(_ kind: KeeperKind) async throws {
    let scratch = try Scratch()
    let keeper = try await kind.keeper(scratch, bound: 1 << 20)
    let open = try await keeper.begin(Sample.header("open"))
    let batch = try await keeper.keep([Sample.deletion("a", bytes: 300_000)], of: open)
    let done = try await keeper.change(
      Sample.header("done"), [[Sample.deletion("b", bytes: 400_000)]])
    let next = try await keeper.begin(Sample.header("next"))
    _ = try await keeper.keep([Sample.deletion("c", bytes: 400_000)], of: next)
    #expect(try await keeper.records(in: batch).count == 1)
    #expect(try await keeper.entry(done) == nil)
  }

  @Test(arguments: KeeperKind.allCases)
  func oneBatchBeyondTheBoundIsRefused(_ kind: KeeperKind) async throws {
    let scratch = try Scratch()
    let keeper = try await kind.keeper(scratch, bound: 1 << 20)
    try await keeper.change(Sample.header("old"), [[Sample.deletion("a")]])
    let change = try await keeper.begin(Sample.header("large"))
    do {
      _ = try await keeper.keep([Sample.deletion("b", bytes: 2 << 20)], of: change)
      Issue.record("kept")
    } catch KeeperError.tooLarge(let needed, let bound) {
      #expect(needed > 2 << 20 && bound == 1 << 20)
    }
    #expect(try await keeper.entries().last?.header.title == "old")
  }

  @Test(arguments: KeeperKind.allCases)
  func purgesOneSourceOrAll(_ kind: KeeperKind) async throws {
    let scratch = try Scratch()
    let keeper = try await kind.keeper(scratch)
    for number in 0..<150 {
      let source = number.isMultiple(of: 3) ? Sample.other : Sample.source
      try await keeper.change(
        Sample.header("\(number)", source: source), [[Sample.deletion("a")]])
    }
    let open = try await keeper.begin(Sample.header("open"))
    #expect(try await keeper.purge(Sample.other) == 50)
    #expect(try await keeper.entries().count == 101)
    #expect(try await keeper.purge(nil) == 100)
    #expect(try await keeper.entries().map(\.id) == [open])
  }

  /// Many tasks at once: each batch is kept under its own change.
  @Test(arguments: KeeperKind.allCases)
  func manyAtOnce(_ kind: KeeperKind) async throws {
    let scratch = try Scratch()
    let keeper = try await kind.keeper(scratch)
    try await withThrowingTaskGroup { group in
      for seed in 0..<40 {
        group.addTask {
          let records = RandomRecords.batch(seed: UInt64(seed), count: 10)
          let change = try await keeper.change(Sample.header("\(seed)"), [records, records])
          let found = try await keeper.allRecords(of: change).map(\.record)
          #expect(found == records + records)
        }
      }
      try await group.waitForAll()
    }
    #expect(try await keeper.entries().count == 40)
  }
}
