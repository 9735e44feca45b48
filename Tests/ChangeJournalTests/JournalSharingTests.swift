import CacheModel
import ChangeJournal
import Synchronization
import TestSupport
import Testing

/// Batches that are kept at the same time share one writing to the disk, and nothing else.
@Suite(.timeLimit(.minutes(5))) struct JournalSharingTests {
  @Test func oneThatFindsNoRoomTakesNoOtherAlong() async throws {
    let scratch = try Scratch()
    let journal = try await scratch.journal(JournalBounds(bytes: 1 << 20))
    let change = try await journal.begin(Sample.header())
    let large = Sample.deletion("large", bytes: 3 << 19)
    let end = End()
    let kept = try await withThrowingTaskGroup(of: Int.self) { group in
      group.addTask {
        defer { end.come() }
        for _ in 0..<10 {
          await #expect(throws: KeeperError.self) {
            try await journal.keep([large], of: change)
          }
        }
        return 0
      }
      // While one is written all the others come to wait for the next writing.
      for place in 0..<8 {
        group.addTask {
          var kept = 0
          while !end.hasCome {
            let batch = try await journal.keep([Sample.deletion("k\(place)")], of: change)
            try await journal.settle(batch, [])
            kept += 1
          }
          return kept
        }
      }
      return try await group.reduce(0, +)
    }
    #expect(kept > 0)
    #expect(try await journal.allRecords(of: change).isEmpty)
  }
}

/// Something that comes once.
private final class End: Sendable {
  private let value = Mutex(false)

  var hasCome: Bool { value.withLock { $0 } }

  func come() {
    value.withLock { $0 = true }
  }
}
