package import CacheModel
package import Explorer
package import Plans

/// The journal of a scene: entries alone, as the explorer sees them.
extension Scene {
  /// The journal says what it holds.
  package mutating func tellJournal() {
    let identity = state.source.description?.identity
    let own = journal.filter { identity?.owns($0.header.source) ?? false }
    send(.journal(.success(JournalNews(own: own, all: journal, hasMore: false))))
  }

  /// Puts a change into the journal, of this run unless said otherwise, and has it told.
  @discardableResult
  package mutating func keep(
    _ title: String, keys: Int = 1, lost: Int = 0, standing: JournalEntry.Standing = .done,
    reverting reverted: JournalEntry? = nil, byThisRun: Bool = true
  ) -> JournalEntry {
    let entry = JournalEntry(
      id: ChangeID((journal.first?.id.number ?? 0) + 1),
      header: ChangeHeader(
        title: title, at: state.wallNow, source: Scene.source.identity,
        address: Scene.source.address, reverts: reverted?.id),
      generation: reverted.map { $0.generation + 1 } ?? 0, standing: standing, keyCount: keys,
      keptCount: keys - lost, bytes: 100)
    if byThisRun { state.undo.noteBegun(entry.header) }
    journal.insert(entry, at: 0)
    tellJournal()
    return entry
  }

  /// The change under way is done and kept, or done and lost.
  package mutating func answerKept(isLost: Bool = false) {
    guard let (request, _, key) = lastChange, let title = state.work.job?.title else { return }
    keep(title, lost: isLost ? 1 : 0)
    let outcome = KeyOutcome(key: key, result: .success(.done(undo: nil)))
    send(.changed(request, outcome, isLost: isLost))
  }

  /// What is said before the plan in view.
  package var planNotes: [String] { state.work.plan.map { state.planNotes($0) } ?? [] }

  /// The keys of the plan that was sent off last.
  package var planKeys: [CacheKey] {
    var keys: [CacheKey] = []
    lastPlan?.task.names.forEach { keys.append($0) }
    return keys
  }

  /// All keys of the plan under way become this; it is kept, but for `lost` of them.
  package mutating func answerPlan(
    _ result: Result<ChangeOutcome, BackendError> = .success(.done(undo: nil)), lost: Int = 0
  ) {
    guard let (request, task) = lastPlan else { return }
    let changes = planKeys.compactMap { task.change.change(of: $0) }
    let results = changes.map { _ in result }
    send(.planSettled(request, SettledKeys(changes, results)))
    var report = PlanReport()
    switch result {
    case .success(.done): report.done = changes.count
    case .success(.gone): report.gone = changes.count
    case .success: report.changedMeanwhile = changes.count
    case .failure(let error): for change in changes { report.failures.add(error, of: change.key) }
    }
    report.lost = lost
    report.elapsed = 1_234_567
    if let header = task.header, report.done > 0 {
      report.change = keep(header.title, keys: report.done, lost: lost).id
    }
    send(.planEnded(request, report))
  }

  package var lastUndo: (request: RequestID, change: ChangeID, overwriting: Bool)? {
    for case .undo(let request, let change, _, let overwriting) in effects.reversed() {
      return (request, change, overwriting)
    }
    return nil
  }

  /// The source puts everything of the undo under way back.
  package mutating func restore() {
    guard let (request, change, _) = lastUndo,
      let place = journal.firstIndex(where: { $0.id == change })
    else { return }
    var report = TakingBack()
    report.restored = journal[place].keptCount
    let entry = journal[place]
    (journal[place].standing, journal[place].keptCount) = (.takenBack, 0)
    // Each change of the chain stands, or not, the other way round.
    var (before, stands) = (entry.header.reverts, true)
    while let place = journal.firstIndex(where: { $0.id == before }) {
      journal[place].standing = stands ? .done : .takenBack
      journal[place].keptCount = stands ? journal[place].keyCount : 0
      (before, stands) = (journal[place].header.reverts, !stands)
    }
    keep("take back: \(entry.header.title)", keys: report.restored, reverting: entry)
    send(.undone(request, report, isLast: true))
  }

  /// The undo under way ends so, and changes nothing in the journal.
  package mutating func answerUndo(_ report: TakingBack) {
    guard let request = lastUndo?.request else { return }
    send(.undone(request, report, isLast: true))
  }
}
