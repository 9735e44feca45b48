package import CacheModel
import Synchronization

/// Keeps changes in memory and remembers in which order it was asked; fails when told to.
package final class ScriptedKeeper: ChangeKeeper {
  private struct Change {
    var header: ChangeHeader
    var batches: [BatchID] = []
    var lost: Int?
  }

  private struct State {
    var changes: [ChangeID: Change] = [:]
    var batches: [BatchID: [KeptRecord]] = [:]
    var next: Int64 = 1
    var failure: KeeperError?
    var keepFailure: KeeperError?
    /// Batches that are kept before `keepFailure` counts.
    var keptBeforeFailure = 0
    var settleFailure: KeeperError?
    var log: [String] = []
  }

  private let state = Mutex(State())

  private let keepsValues: Bool

  /// Without `keepsValues` it says of all records that names and times alone were kept.
  package init(keepsValues: Bool = true) {
    self.keepsValues = keepsValues
  }

  /// What was asked for: `begin`, `keep 3`, `settle 2`, `finish 0`.
  package var log: [String] { state.withLock { $0.log } }

  /// From now on every writing call fails so; nil ends that.
  package func fail(with error: KeeperError?) {
    state.withLock { $0.failure = error }
  }

  /// From now on no batch is kept but the first ones, though changes are begun and ended; nil ends
  /// that.
  package func failKeeping(with error: KeeperError?, after batches: Int = 0) {
    state.withLock {
      $0.keepFailure = error
      $0.keptBeforeFailure = batches
    }
  }

  /// From now on what is kept is not corrected; nil ends that.
  package func failSettling(with error: KeeperError?) {
    state.withLock { $0.settleFailure = error }
  }

  package func begin(_ header: ChangeHeader) async throws(KeeperError) -> ChangeID {
    let result = state.withLock { state -> Result<ChangeID, KeeperError> in
      if let failure = state.failure { return .failure(failure) }
      let id = ChangeID(state.next)
      state.next += 1
      state.changes[id] = Change(header: header)
      state.log.append("begin")
      return .success(id)
    }
    return try result.get()
  }

  package func keep(
    _ records: [UndoRecord], of change: ChangeID
  ) async throws(KeeperError) -> BatchID {
    let keepsValues = keepsValues
    let result = state.withLock { state -> Result<BatchID, KeeperError> in
      if let failure = state.failure { return .failure(failure) }
      if let failure = state.keepFailure, state.keptBeforeFailure == 0 { return .failure(failure) }
      state.keptBeforeFailure = max(0, state.keptBeforeFailure - 1)
      let id = BatchID(state.next)
      state.next += 1
      state.changes[change]?.batches.append(id)
      state.batches[id] = records.map {
        KeptRecord(record: $0, isSettled: false, holdsValues: keepsValues)
      }
      state.log.append("keep \(records.count)")
      return .success(id)
    }
    return try result.get()
  }

  package func settle(
    _ batch: BatchID, _ records: [UndoRecord], repeated: Int
  ) async throws(KeeperError) {
    let keepsValues = keepsValues
    let failure = state.withLock { state -> KeeperError? in
      if let failure = state.failure ?? state.settleFailure { return failure }
      state.batches[batch] = records.map {
        KeptRecord(record: $0, isSettled: true, holdsValues: keepsValues)
      }
      state.log.append("settle \(records.count)")
      return nil
    }
    if let failure { throw failure }
  }

  package func finish(_ change: ChangeID, lost: Int, passed: Int) async throws(KeeperError) {
    let failure = state.withLock { state -> KeeperError? in
      if let failure = state.failure { return failure }
      state.changes[change]?.lost = lost
      state.log.append("finish \(lost)")
      return nil
    }
    if let failure { throw failure }
  }

  package func entries(
    of source: SourceIdentity?, limit: Int, before: ChangeID?
  ) async throws(KeeperError) -> [JournalEntry] {
    state.withLock { state in
      state.changes.keys.sorted(by: >).filter { before == nil || $0 < before ?? $0 }.prefix(limit)
        .compactMap { Self.entry($0, state) }
        .filter { source?.owns($0.header.source) ?? true }
    }
  }

  package func entry(_ change: ChangeID) async throws(KeeperError) -> JournalEntry? {
    state.withLock { Self.entry(change, $0) }
  }

  private static func entry(_ id: ChangeID, _ state: State) -> JournalEntry? {
    guard let change = state.changes[id] else { return nil }
    let records = change.batches.flatMap { state.batches[$0] ?? [] }
    return JournalEntry(
      id: id, header: change.header, standing: change.lost == nil ? .underWay : .done,
      keyCount: records.count + (change.lost ?? 0), keptCount: records.count,
      bytes: Int64(records.reduce(0) { $0 + $1.record.cost }))
  }

  package func batches(of change: ChangeID) async throws(KeeperError) -> [BatchID] {
    state.withLock { $0.changes[change]?.batches.reversed() ?? [] }
  }

  package func records(in batch: BatchID) async throws(KeeperError) -> [KeptRecord] {
    let records = state.withLock { $0.batches[batch] }
    guard let records else { throw .noSuchChange }
    return records
  }

  package func room() async throws(KeeperError) -> Int64 { 1 << 30 }

  package func purge(_ source: SourceIdentity?) async throws(KeeperError) -> Int {
    state.withLock { state in
      defer { state.changes = [:] }
      return state.changes.count
    }
  }
}
