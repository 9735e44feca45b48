import CacheModel
import ChangeJournal
import Configuration
import Synchronization
import SystemIO

/// The journal of this program, opened when it is first asked for, so that no start waits for it. One
/// for the whole process.
///
/// A damaged one is put aside by the next change, and that is told. Without a folder for it changes
/// are kept in memory.
final class JournalOnDemand: ChangeKeeper {
  private typealias Opening = Task<Result<any ChangeKeeper, KeeperError>, Never>

  private struct State {
    var opening: Opening?
    var isDamaged = false
    var telling: @Sendable (String) -> Void = { _ in }
  }

  private let keepsValues: Bool
  private let bounds: JournalBounds
  private let state = Mutex(State())

  /// Without `keepsValues` names and times alone are kept.
  init(keepsValues: Bool = true, _ bounds: JournalBounds = JournalBounds()) {
    self.keepsValues = keepsValues
    self.bounds = bounds
  }

  /// `telling` is called with what a person should know of the journal.
  func tell(_ telling: @escaping @Sendable (String) -> Void) {
    state.withLock { $0.telling = telling }
  }

  private func keeper() async throws(KeeperError) -> any ChangeKeeper {
    let opening = state.withLock { state -> Opening in
      if let opening = state.opening { return opening }
      let isDamaged = state.isDamaged
      let opening = Opening { await self.open(replacingDamaged: isDamaged) }
      state.opening = opening
      return opening
    }
    switch await opening.value {
    case .success(let keeper): return keeper
    case .failure(let error):
      // The next question tries again.
      state.withLock { state in
        if state.opening == opening { state.opening = nil }
      }
      throw error
    }
  }

  private func open(replacingDamaged: Bool) async -> Result<any ChangeKeeper, KeeperError> {
    let folder: String
    do throws(StateFolderError) {
      folder = try StateFolder.open().path
    } catch .noHome, .cannotBeMade {
      return .success(MemoryKeeper())
    } catch {
      return .failure(.unsafe(error.sentence))
    }
    var options = JournalOptions { WallTime(milliseconds: SystemClock.wallMilliseconds) }
    options.keepsValues = keepsValues
    options.bounds = bounds
    do throws(KeeperError) {
      return .success(
        try await Journal.open(in: folder, options, replacingDamaged: replacingDamaged))
    } catch .damaged(let what) where !replacingDamaged {
      let telling = state.withLock { $0.telling }
      telling(
        "the journal of changes was damaged (\(what)) and is put aside in \(folder)")
      return await open(replacingDamaged: true)
    } catch {
      return .failure(error)
    }
  }

  /// Asks the journal; one that turns out to be damaged is opened anew at the next question.
  private func ask<Value: Sendable>(
    _ question: (any ChangeKeeper) async throws(KeeperError) -> Value
  ) async throws(KeeperError) -> Value {
    let keeper = try await keeper()
    do throws(KeeperError) {
      return try await question(keeper)
    } catch {
      if case .damaged = error {
        state.withLock { ($0.opening, $0.isDamaged) = (nil, true) }
      }
      throw error
    }
  }

  func begin(_ header: ChangeHeader) async throws(KeeperError) -> ChangeID {
    try await ask { keeper async throws(KeeperError) in try await keeper.begin(header) }
  }

  func keep(
    _ records: [UndoRecord], of change: ChangeID
  ) async throws(KeeperError) -> BatchID {
    try await ask { keeper async throws(KeeperError) in
      try await keeper.keep(records, of: change)
    }
  }

  func settle(
    _ batch: BatchID, _ records: [UndoRecord], repeated: Int
  ) async throws(KeeperError) {
    try await ask { keeper async throws(KeeperError) in
      try await keeper.settle(batch, records, repeated: repeated)
    }
  }

  func finish(_ change: ChangeID, lost: Int, passed: Int) async throws(KeeperError) {
    try await ask { keeper async throws(KeeperError) in
      try await keeper.finish(change, lost: lost, passed: passed)
    }
  }

  func entries(
    of source: SourceIdentity?, limit: Int, before: ChangeID?
  ) async throws(KeeperError) -> [JournalEntry] {
    try await ask { keeper async throws(KeeperError) in
      try await keeper.entries(of: source, limit: limit, before: before)
    }
  }

  func entry(_ change: ChangeID) async throws(KeeperError) -> JournalEntry? {
    try await ask { keeper async throws(KeeperError) in try await keeper.entry(change) }
  }

  func batches(of change: ChangeID) async throws(KeeperError) -> [BatchID] {
    try await ask { keeper async throws(KeeperError) in try await keeper.batches(of: change) }
  }

  func records(in batch: BatchID) async throws(KeeperError) -> [KeptRecord] {
    try await ask { keeper async throws(KeeperError) in try await keeper.records(in: batch) }
  }

  func room() async throws(KeeperError) -> Int64 {
    try await ask { keeper async throws(KeeperError) in try await keeper.room() }
  }

  func purge(_ source: SourceIdentity?) async throws(KeeperError) -> Int {
    try await ask { keeper async throws(KeeperError) in try await keeper.purge(source) }
  }
}

extension JournalBounds {
  /// What a configuration says, and where it says nothing, what is usual.
  init(_ configured: ConfiguredJournal) {
    self.init(
      bytes: configured.bytes.map { Int64($0) } ?? Self.standardBytes,
      ageMilliseconds: configured.ageMilliseconds ?? Self.standardAge)
  }
}
