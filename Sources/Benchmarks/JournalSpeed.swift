import CacheModel
import ChangeJournal
import SystemIO

/// A million deletions of small values kept, settled and read back, in batches of 256 of which a few
/// are under way at the same time.
struct JournalSpeed {
  let count: Int
  let folder: String

  private static let batch = 256
  private static let underWay = 4

  func run() async throws {
    let options = JournalOptions { WallTime(milliseconds: SystemClock.wallMilliseconds) }
    let journal = try await Journal.open(in: folder, options)
    let start = SystemClock.monotonicMilliseconds
    let change = try await journal.begin(
      ChangeHeader(
        title: "delete \(count) keys", at: options.now(),
        source: SourceIdentity(serverID: "benchmark", database: 0), address: "redis://benchmark"))
    try await withThrowingTaskGroup(of: Void.self) { group in
      var waiting = 0
      for from in stride(from: 0, to: count, by: Self.batch) {
        if waiting == Self.underWay { try await group.next() } else { waiting += 1 }
        group.addTask {
          let records = (from..<min(from + Self.batch, self.count)).map { Self.record($0) }
          try await journal.settle(journal.keep(records, of: change), records)
        }
      }
      try await group.waitForAll()
    }
    try await journal.finish(change, lost: 0)
    let kept = SystemClock.monotonicMilliseconds
    let bytes = try await journal.entry(change)?.bytes ?? 0
    print("kept     \(count) deletions in \(kept - start) ms, \(bytes >> 10) KiB of old states")

    var read = 0
    for batch in try await journal.batches(of: change) {
      read += try await journal.records(in: batch).count
    }
    print("read     \(read) of them in \(SystemClock.monotonicMilliseconds - kept) ms")
    let before = SystemClock.monotonicMilliseconds
    _ = try await journal.purge(nil)
    print("purged   in \(SystemClock.monotonicMilliseconds - before) ms")
    print("resident \(ProcessFigures.residentBytes >> 20) MiB")
  }

  private static func record(_ number: Int) -> UndoRecord {
    let text =
      "{\"user_id\": \(number), \"roles\": [\"staff\"], \"token\": \(number &* 2_654_435_761)}"
    return UndoRecord(
      KeyTransition(
        key: CacheKey("app:session:\(number)"),
        before: StoredState(
          payload: [0] + Array(text.utf8) + [10, 0, 1, 2, 3, 4, 5, 6, 7, 8],
          deadline: WallTime(milliseconds: 1_790_000_000_000 + Int64(number))),
        after: .absent),
      origin: SourceIdentity(serverID: "benchmark", database: 0))
  }
}
