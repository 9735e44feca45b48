import CacheModel
import ChangeJournal
import SystemIO
import TestSupport
import Testing

/// Files that are no journal, or no longer a whole one.
@Suite struct DamageTests {
  private func filled(_ scratch: Scratch) async throws {
    let journal = try await scratch.journal()
    for seed in 0..<20 {
      try await journal.change(
        Sample.header("\(seed)"),
        [RandomRecords.batch(seed: UInt64(seed), count: 40, largest: 2000)])
    }
    await journal.close()
  }

  private func bytes(_ scratch: Scratch) throws -> [UInt8] {
    try FileBytes.read(path: scratch.file, limit: 64 << 20)
  }

  private func write(_ bytes: [UInt8], _ scratch: Scratch) throws {
    try FileBytes.writeOwnerOnly(path: scratch.file, bytes, replacing: true)
  }

  private func isDamage(_ error: any Error) -> Bool {
    if case KeeperError.damaged = error { true } else { false }
  }

  /// Refused with the reason; put aside when that is asked for, and a new one works.
  private func expectReplaced(_ scratch: Scratch) async throws {
    let damaged = try bytes(scratch)
    await #expect { try await scratch.journal() } throws: { isDamage($0) }
    #expect(try bytes(scratch) == damaged)
    let journal = try await scratch.journal(at: 1_700_000_000_000, replacingDamaged: true)
    #expect(try await journal.entries().isEmpty)
    try await journal.change(Sample.header(), [[Sample.deletion("a")]])
    let aside = "\(scratch.file).damaged-20231114T221320"
    #expect(try FileBytes.read(path: aside, limit: 64 << 20) == damaged)
    _ = try await journal.purge(nil)
    #expect(!FolderEntries.names(in: scratch.path, limit: 99).contains { $0.contains("damaged") })
  }

  @Test func randomBytes() async throws {
    let scratch = try Scratch()
    var random = SeededRandom(seed: 5)
    try write((0..<20_000).map { _ in UInt8.random(in: 0...255, using: &random) }, scratch)
    try await expectReplaced(scratch)
  }

  @Test func anotherProgramsDatabase() async throws {
    let scratch = try Scratch()
    try write([], scratch)
    _ = try scratch.execute("CREATE TABLE changes (id INTEGER PRIMARY KEY)")
    try await expectReplaced(scratch)
  }

  @Test func aLaterVersion() async throws {
    let scratch = try Scratch()
    try await filled(scratch)
    _ = try scratch.execute("PRAGMA user_version = 7")
    await #expect(
      throws: KeeperError.damaged("it has version 7, and this program reads 1")
    ) { try await scratch.journal() }
    try await expectReplaced(scratch)
  }

  @Test func aTableWithoutItsColumns() async throws {
    let scratch = try Scratch()
    try await filled(scratch)
    _ = try scratch.execute("ALTER TABLE batches DROP COLUMN digest")
    try await expectReplaced(scratch)
  }

  /// Wherever a file is cut off, opening, looking and replacing end in an answer.
  @Test func cutOffAnywhere() async throws {
    let scratch = try Scratch()
    try await filled(scratch)
    let whole = try bytes(scratch)
    for length in [1, 50, 100, 5000, 8192, 16384, whole.count / 2, whole.count - 1] {
      let cut = try Scratch()
      try write(Array(whole[..<length]), cut)
      if let journal = try? await cut.journal() { await look(through: journal) }
      let journal = try await cut.journal(replacingDamaged: true)
      try await journal.change(Sample.header("new"), [[Sample.deletion("a")]])
      #expect(try await journal.entries().first?.header.title == "new", "\(length)")
    }
  }

  /// Wherever bytes are changed, what is read is what was written, or damage is told.
  @Test func changedBytesAreNeverHandedOut() async throws {
    let scratch = try Scratch()
    try await filled(scratch)
    let whole = try bytes(scratch)
    var random = SeededRandom(seed: LongRun.seed(9, for: "changed bytes"))
    for _ in 0..<(40 * LongRun.factor) {
      let changed = try Scratch()
      var bytes = whole
      for _ in 0..<3 {
        bytes[Int.random(in: 100..<bytes.count, using: &random)] ^= UInt8.random(
          in: 1...255, using: &random)
      }
      try write(bytes, changed)
      if let journal = try? await changed.journal() { await look(through: journal) }
    }
  }

  /// Records that are read are those that were kept under this change's title.
  private func look(through journal: Journal) async {
    guard let entries = try? await journal.entries() else { return }
    for entry in entries {
      guard let batches = try? await journal.batches(of: entry.id) else { continue }
      for batch in batches {
        guard let records = try? await journal.records(in: batch),
          let seed = UInt64("\(batch.number - 1)")
        else { continue }
        let written = RandomRecords.batch(seed: seed, count: 40, largest: 2000)
        #expect(records.map(\.record) == written)
      }
    }
    _ = try? await journal.room()
    _ = try? await journal.change(Sample.header(), [[Sample.deletion("a")]])
    await journal.close()
  }
}
