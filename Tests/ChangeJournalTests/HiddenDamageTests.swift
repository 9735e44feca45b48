import CacheModel
import ChangeJournal
import SystemIO
import TestSupport
import Testing

/// Damage in a journal that opens and can be listed all the same.
@Suite struct HiddenDamageTests {
  private func filled(_ scratch: Scratch) async throws -> ChangeID {
    let journal = try await scratch.journal()
    var last = ChangeID(0)
    for number in 0..<20 {
      last = try await journal.change(
        Sample.header("\(number)"), [[Sample.deletion("a", bytes: 3000)]])
    }
    await journal.close()
    return last
  }

  @Test func aPageThatIsNoneIsFoundWhereAllAreLookedAt() async throws {
    let scratch = try Scratch()
    _ = try await filled(scratch)
    var bytes = try FileBytes.read(path: scratch.file, limit: 64 << 20)
    // The size of a page stands in the head of the file; 13 begins a page of rows.
    let size = Int(bytes[16]) << 8 | Int(bytes[17])
    let page = try #require(
      stride(from: 0, to: bytes.count, by: size).reversed().first { bytes[$0] == 13 })
    for place in page..<page + 8 { bytes[place] = 0xFF }
    try FileBytes.writeOwnerOnly(path: scratch.file, bytes, replacing: true)

    let unaware = try await scratch.journal()
    #expect(try await unaware.entries().count == 20)
    await unaware.close()
    let journal = try await scratch.journal(replacingDamaged: true)
    #expect(try await journal.entries().isEmpty)
    let names = FolderEntries.names(in: scratch.path, limit: 99)
    #expect(names.contains { $0.hasPrefix("journal.sqlite3.damaged-") }, "\(names)")
  }

  @Test func aBatchWithAnotherCountIsNotHandedOut() async throws {
    let scratch = try Scratch()
    let change = try await filled(scratch)
    withExtendedLifetime(try scratch.execute("UPDATE batches SET count = count + 1")) {}
    let journal = try await scratch.journal()
    let batch = try #require(try await journal.batches(of: change).first)
    await #expect(throws: KeeperError.damaged("a batch has another count than it should")) {
      try await journal.records(in: batch)
    }
  }
}
