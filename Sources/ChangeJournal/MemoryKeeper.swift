package import CacheModel
import Synchronization

/// Old states in memory, for as long as the program runs: for a session that leaves nothing behind,
/// and where there is no folder for a journal.
///
/// The same rules as the journal on the disk: the oldest finished changes make room, what is under
/// way or being taken back stays, and what does not fit is refused. Nothing here is interrupted: it
/// ends with the program. Complexity: a change is found in constant time, and what is past the bound
/// goes in the time that it takes to name it.
package final class MemoryKeeper: ChangeKeeper {
  private let state: Mutex<MemoryState>

  package static let standardBound: Int64 = 64 << 20

  /// `bound` counts bytes in memory.
  package init(bound: Int64 = standardBound) {
    state = Mutex(MemoryState(bound: max(0, bound)))
  }

  package func begin(_ header: ChangeHeader) async throws(KeeperError) -> ChangeID {
    try state.withLock { (state) throws(KeeperError) in try state.begin(header) }
  }

  package func keep(
    _ records: [UndoRecord], of change: ChangeID
  ) async throws(KeeperError) -> BatchID {
    try state.withLock { (state) throws(KeeperError) in try state.keep(records, of: change) }
  }

  package func settle(
    _ batch: BatchID, _ records: [UndoRecord], repeated: Int
  ) async throws(KeeperError) {
    try state.withLock { (state) throws(KeeperError) in
      try state.settle(batch, records, repeated: repeated)
    }
  }

  package func finish(_ change: ChangeID, lost: Int, passed: Int) async throws(KeeperError) {
    try state.withLock { (state) throws(KeeperError) in
      try state.finish(change, lost: Int64(lost), passed: Int64(passed))
    }
  }

  package func entries(
    of source: SourceIdentity?, limit: Int, before: ChangeID?
  ) async throws(KeeperError) -> [JournalEntry] {
    state.withLock { $0.entries(of: source, limit: limit, before: before) }
  }

  package func entry(_ change: ChangeID) async throws(KeeperError) -> JournalEntry? {
    state.withLock { $0.changes[change]?.entry }
  }

  package func batches(of change: ChangeID) async throws(KeeperError) -> [BatchID] {
    guard let known = state.withLock({ $0.changes[change] }) else { throw .noSuchChange }
    return known.batches.reversed()
  }

  package func records(in batch: BatchID) async throws(KeeperError) -> [KeptRecord] {
    guard let known = state.withLock({ $0.batches[batch] }) else { throw .noSuchChange }
    return known.records.map { KeptRecord(record: $0, isSettled: known.isSettled) }
  }

  package func room() async throws(KeeperError) -> Int64 {
    state.withLock { $0.room }
  }

  package func purge(_ source: SourceIdentity?) async throws(KeeperError) -> Int {
    state.withLock { $0.purge(source) }
  }
}
