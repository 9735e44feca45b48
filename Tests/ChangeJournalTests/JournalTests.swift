import CacheModel
import ChangeJournal
import Glibc
import SystemIO
import TestSupport
import Testing

/// What only the journal on the disk does.
@Suite struct JournalTests {
  @Test func survivesTheEndOfTheProgram() async throws {
    let scratch = try Scratch()
    let records = RandomRecords.batch(seed: 4, count: 50)
    let first = try await scratch.journal()
    let change = try await first.change(Sample.header("déjà vu"), [records])
    await first.close()
    await #expect(throws: KeeperError.self) { try await first.entries() }
    let second = try await scratch.journal()
    #expect(try await second.entries().map(\.header.title) == ["déjà vu"])
    #expect(try await second.allRecords(of: change).map(\.record) == records)
  }

  @Test func whatWasNotFinishedIsInterrupted() async throws {
    let scratch = try Scratch()
    let first = try await scratch.journal()
    let change = try await first.begin(Sample.header())
    let batch = try await first.keep([Sample.deletion("a")], of: change)
    let second = try await scratch.journal()
    #expect(try await second.entry(change)?.standing == .underWay)
    await first.close()
    let entry = try #require(try await second.entry(change))
    #expect(entry.standing == .interrupted && entry.keptCount == 1)

    // Whoever takes it back notes what had come of it.
    try await second.settle(batch, [])
    try await second.finish(change, lost: 0)
    #expect(try await second.entry(change) == nil)
  }

  @Test func anInterruptedChangeIsTakenBack() async throws {
    let scratch = try Scratch()
    let first = try await scratch.journal()
    let change = try await first.begin(Sample.header())
    _ = try await first.keep([Sample.deletion("a"), Sample.deletion("b")], of: change)
    await first.close()
    let second = try await scratch.journal()
    try await second.change(
      Sample.header("undo", reverts: change), [[Sample.deletion("a")]], passed: 1)
    let entry = try #require(try await second.entry(change))
    #expect(entry.standing == .takenBack && entry.keptCount == 0)
  }

  @Test func severalProgramsUseItAtOnce() async throws {
    let scratch = try Scratch()
    let journals = [
      try await scratch.journal(), try await scratch.journal(), try await scratch.journal(),
    ]
    try await withThrowingTaskGroup { group in
      for (place, journal) in journals.enumerated() {
        group.addTask {
          for number in 0..<20 {
            try await journal.change(
              Sample.header("\(place).\(number)"), [[Sample.deletion("a")]])
          }
        }
      }
      try await group.waitForAll()
    }
    #expect(try await journals[0].entries().count == 60)
  }

  @Test func waitsForALockAndThenSaysSo() async throws {
    let scratch = try Scratch()
    let journal = try await scratch.journal(patience: 50)
    let change = try await journal.begin(Sample.header())
    let other = try scratch.execute("BEGIN IMMEDIATE")
    await #expect(throws: KeeperError.locked) {
      try await journal.keep([Sample.deletion("a")], of: change)
    }
    // Looking is possible all the same.
    #expect(try await journal.entries().count == 1)
    withExtendedLifetime(other) {}
  }

  @Test func onlyItsOwnerMayReadIt() async throws {
    let scratch = try Scratch()
    let folder = "\(scratch.path)/state/deeper"
    let options = JournalOptions { WallTime(milliseconds: 0) }
    let journal = try await Journal.open(in: folder, options, on: Scratch.loop)
    try await journal.change(Sample.header(), [[Sample.deletion("a")]])
    let names = FolderEntries.names(in: folder, limit: 99)
    #expect(
      Set(names) == [
        "journal.sqlite3", "journal.sqlite3-wal", "journal.sqlite3-shm", "journal.owners",
      ])
    for name in names { #expect(mode("\(folder)/\(name)") == 0o600, "\(name)") }
    #expect(mode(folder) == 0o700)
  }

  private func mode(_ path: String) -> UInt32 {
    var facts = stat()
    return lstat(path, &facts) == 0 ? facts.st_mode & 0o777 : 0
  }

  @Test func refusesWhatOthersMayWrite() async throws {
    let scratch = try Scratch()
    try await scratch.journal().close()
    chmod(scratch.file, 0o640)
    try await scratch.journal().close()
    #expect(mode(scratch.file) == 0o600)
    for (path, rights) in [(scratch.file, UInt32(0o620)), (scratch.path, 0o770)] {
      chmod(path, rights)
      await #expect { try await scratch.journal() } throws: {
        guard case KeeperError.unsafe(let words) = $0 else { return false }
        return words.contains("chmod")
      }
      chmod(path, 0o700)
    }
  }

  @Test func refusesALink() async throws {
    let scratch = try Scratch()
    let elsewhere = "\(scratch.path)/elsewhere"
    try FileBytes.writeOwnerOnly(path: elsewhere, [])
    symlink(elsewhere, scratch.file)
    await #expect { try await scratch.journal() } throws: {
      if case KeeperError.unsafe = $0 { true } else { false }
    }
    #expect(try FileBytes.read(path: elsewhere, limit: 10).isEmpty)
  }

  @Test func forgetsWhatIsTooOld() async throws {
    let scratch = try Scratch()
    let bounds = JournalBounds(ageMilliseconds: 1000)
    let early = try await scratch.journal(bounds, at: 0)
    try await early.change(Sample.header("old", at: 0), [[Sample.deletion("a")]])
    let under = try await early.begin(Sample.header("under way", at: 0))
    try await early.change(Sample.header("young", at: 900), [[Sample.deletion("a")]])
    let late = try await scratch.journal(bounds, at: 1500)
    let change = try await late.begin(Sample.header("new", at: 1500))
    #expect(
      try await late.entries().map(\.header.title) == ["new", "young", "under way"])
    try await early.finish(under, lost: 1)
    try await late.finish(change, lost: 1)
  }

  @Test func theFileBecomesSmallerAgain() async throws {
    let scratch = try Scratch()
    let journal = try await scratch.journal()
    for number in 0..<8 {
      try await journal.change(
        Sample.header("\(number)"), [[Sample.deletion("a", bytes: 1 << 20)]])
    }
    #expect(try await journal.purge(nil) == 8)
    #expect(try FileBytes.read(path: scratch.file, limit: 1 << 20).count < 200_000)
    #expect(try FileBytes.read(path: scratch.file + "-wal", limit: 1 << 20).isEmpty)
  }

  @Test func purgingLeavesNothingOfAValue() async throws {
    let scratch = try Scratch()
    let journal = try await scratch.journal()
    let secret = Array("a secret that nobody may find".utf8)
    let record = UndoRecord(
      KeyTransition(
        key: CacheKey(secret), before: StoredState(payload: [], deadline: nil), after: .absent),
      origin: Sample.source)
    try await journal.change(Sample.header(), [[record]])
    func isFound() throws -> Bool {
      try ["", "-wal"].contains { suffix in
        let bytes = try FileBytes.read(path: scratch.file + suffix, limit: 64 << 20)
        return String(decoding: bytes, as: UTF8.self).contains("nobody may find")
      }
    }
    let isFoundBefore = try isFound()
    _ = try await journal.purge(Sample.source)
    let isFoundAfter = try isFound()
    #expect(isFoundBefore && !isFoundAfter)
  }

  @Test func namesAloneHoldNoValues() async throws {
    let scratch = try Scratch()
    let journal = try await scratch.journal(keepsValues: false)
    let change = try await journal.change(
      Sample.header(), [[Sample.deletion("name", bytes: 50)]])
    let kept = try #require(try await journal.allRecords(of: change).first)
    #expect(!kept.holdsValues && kept.record.key == CacheKey("name"))
    #expect(kept.record.transitions[0].before?.value.byteCount == 0)
    let entry = try #require(try await journal.entry(change))
    #expect(entry.keyCount == 1 && entry.keptCount == 0 && entry.standing == .done)
    // With values again, those of before stay without.
    let other = try await scratch.journal()
    #expect(try await other.allRecords(of: change).first?.holdsValues == false)
  }

  @Test func aFullDiskRefusesAndLosesNothing() async throws {
    let scratch = try Scratch()
    let bounds = JournalBounds(bytes: 1 << 30, fileBytes: 2 << 20)
    let journal = try await scratch.journal(bounds)
    try await journal.change(Sample.header("old"), [[Sample.deletion("a", bytes: 100_000)]])
    let change = try await journal.begin(Sample.header("large"))
    await #expect(throws: KeeperError.diskFull) {
      try await journal.keep([Sample.deletion("b", bytes: 4 << 20)], of: change)
    }
    let small = try await journal.keep([Sample.deletion("c", bytes: 1000)], of: change)
    #expect(try await journal.records(in: small).count == 1)
    #expect(try await journal.entries().map(\.header.title) == ["large", "old"])
  }

  @Test func aJournalThatWasRemovedIsMadeAnew() async throws {
    let scratch = try Scratch()
    let journal = try await scratch.journal()
    try await journal.change(Sample.header("old"), [[Sample.deletion("a")]])
    for name in FolderEntries.names(in: scratch.path, limit: 99) {
      unlink("\(scratch.path)/\(name)")
    }
    try await journal.change(Sample.header("new"), [[Sample.deletion("a")]])
    let other = try await scratch.journal()
    #expect(try await other.entries().map(\.header.title) == ["new"])
  }
}
