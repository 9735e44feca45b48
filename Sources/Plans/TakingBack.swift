package import CacheModel

/// What came of taking a change back.
package struct TakingBack: Sendable, Equatable {
  /// The change that this one is in the journal.
  package var change: ChangeID?
  /// Records that were put back.
  package var restored = 0
  /// Their time has come meanwhile; nothing was revived.
  package var expired = 0
  /// Names of those, the first few.
  package var expiredKeys: [CacheKey] = []
  /// Somebody has written them since; nothing was changed.
  package var changedMeanwhile = 0
  /// Names of those, the first few.
  package var newerKeys: [CacheKey] = []
  /// They belong to another server or database; nothing was changed.
  package var otherSource = 0
  /// Their values were not to be kept.
  package var withoutValues = 0
  /// Refused, or perhaps done when the connection broke.
  package var failures = FailureTally()
  /// Put back without a way to take that back.
  package var lost = 0
  /// Whether it was stopped before its end.
  package var isCancelled = false
  /// Why it ended before its end.
  package var problem: JournaledChangeError?

  package init() {}

  package static let namesKept = 20

  /// The keys that were tried last, a batch at most.
  package var latestKeys: [CacheKey] = []

  /// Records that were tried.
  package var tried: Int {
    restored + expired + changedMeanwhile + otherSource + withoutValues + failures.count
  }

  /// Takes one outcome in.
  mutating func count(_ result: Result<UndoOutcome, BackendError>, of record: UndoRecord) {
    switch result {
    case .success(.restored), .success(.asBefore): restored += 1
    case .success(.expiredMeanwhile):
      expired += 1
      if expiredKeys.count < Self.namesKept { expiredKeys.append(record.key) }
    case .success(.changedMeanwhile):
      changedMeanwhile += 1
      if newerKeys.count < Self.namesKept { newerKeys.append(record.key) }
    case .success(.otherSource): otherSource += 1
    case .failure(let error):
      failures.add(error, of: record.key)
      if !error.isOfOneKey { problem = problem ?? .notAsked(error) }
    }
  }
}

extension JournaledChanges {
  /// Takes a change back, its last batch first; that is a change of its own, begun with `header`,
  /// which can be taken back again. Keys that are as before already count as restored, so that what
  /// was interrupted can be asked for again. Over newer values only with `overwriting`.
  /// `goOn` is told after each batch, and ends the work by answering false.
  /// With `adopting` its records count as those of the source of `header`, whichever they were
  /// noted under: a person has said so.
  package func takeBack(
    _ change: ChangeID, overwriting: Bool, adopting: Bool = false, _ header: ChangeHeader,
    goOn: @Sendable (TakingBack) async -> Bool = { _ in true }
  ) async throws(KeeperError) -> TakingBack {
    guard let keeper else { throw .noSuchChange }
    let batches = try await keeper.batches(of: change)
    guard !batches.isEmpty else { throw .noSuchChange }
    var header = header
    header.reverts = change
    let own = JournaledChange(self, id: try await keeper.begin(header), header)
    let undone = try await keeper.entry(change)?.undoneCount ?? 0
    var work = BackWork(
      keeper: keeper, own: own, overwriting: overwriting, adopting: adopting, counted: undone)
    for batch in batches {
      await work.takeBack(batch)
      if work.report.problem != nil { break }
      guard batch == batches.last else {
        work.report.isCancelled = await !goOn(work.report)
        if work.report.isCancelled { break }
        continue
      }
    }
    let report = work.report
    if let own = own.id {
      // Where nothing at all is as the change left it, it is rather another server than the same one
      // restarted: there everything can still be tried.
      let isSame = !adopting || report.restored > 0
      let passed = isSame ? report.expired + report.changedMeanwhile : 0
      try await keeper.finish(own, lost: report.lost, passed: passed)
    }
    return report
  }
}

/// Taking a change back, batch by batch.
private struct BackWork {
  let keeper: any ChangeKeeper
  let own: JournaledChange
  let overwriting: Bool
  let adopting: Bool
  /// Records that count as taken back since an earlier undo, and have not been met yet.
  private var counted: Int
  var report = TakingBack()

  init(
    keeper: any ChangeKeeper, own: JournaledChange, overwriting: Bool, adopting: Bool,
    counted: Int
  ) {
    self.keeper = keeper
    self.own = own
    self.overwriting = overwriting
    self.adopting = adopting
    self.counted = counted
    report.change = own.id
  }

  /// A failure that concerns more than one key is the report's problem.
  mutating func takeBack(_ batch: BatchID) async {
    do throws(JournaledChangeError) {
      var rest = try await records(in: batch)[...]
      while !rest.isEmpty, report.problem == nil {
        let part = try await own.putBack(
          Array(rest), overwriting: overwriting, counted: counted)
        counted -= part.repeated
        for (record, result) in zip(rest, part.results) { report.count(result, of: record) }
        report.lost += part.lost
        if let error = part.keeperProblem { report.problem = report.problem ?? .notKept(error) }
        report.latestKeys = rest.prefix(part.results.count).flatMap(\.keys)
        rest = rest.dropFirst(max(1, part.results.count))
      }
    } catch {
      report.problem = error
    }
  }

  private mutating func records(
    in batch: BatchID
  ) async throws(JournaledChangeError) -> [UndoRecord] {
    let kept: [KeptRecord]
    do throws(KeeperError) {
      kept = try await keeper.records(in: batch)
    } catch {
      throw .notKept(error)
    }
    let whole = kept.restorable(adoptedBy: adopting ? own.header.source : nil)
    report.withoutValues += kept.count - whole.count
    return whole
  }
}

extension [KeptRecord] {
  /// Those that hold values, the last one first; with an identity as records of that one.
  func restorable(adoptedBy identity: SourceIdentity?) -> [UndoRecord] {
    reversed().filter(\.holdsValues).map { kept in
      var record = kept.record
      if let identity { record.origin = identity }
      return record
    }
  }
}
