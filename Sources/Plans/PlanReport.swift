package import CacheModel

/// What came of a plan, key by key in counts; true also when it ended half-way.
package struct PlanReport: Sendable, Equatable {
  /// Keys that were changed.
  package var done = 0
  /// Keys that were as they should be already.
  package var unchanged = 0
  /// Keys that had gone meanwhile.
  package var gone = 0
  /// Keys that had changed meanwhile, or whose new name was taken.
  package var changedMeanwhile = 0
  /// Keys whose time had come before they were copied.
  package var expired = 0
  /// Of a copy, the first few keys that hold something else where they were to go, and whether that
  /// counts as a failure.
  package var takenKeys: [CacheKey] = []
  package var failsOnTaken = false
  /// Keys that were changed when all the others were done, as `PlanRun.Afterwards` says.
  package var doneAfterwards = 0
  /// What was to be done afterwards was not, because the keys before it were not all done.
  package var isAfterwardsLeft = false
  /// Keys that were sent and not answered: changed or not.
  package var unknown = 0
  /// Keys that were not sent when the plan ended; nil when it is not known how many there were.
  package var notDone: Int? = 0
  /// Refused for their own reasons, with a few names; what is unknown or not done is not among them.
  package var failures = FailureTally()
  /// Keys that were changed and cannot be taken back, though undo was asked for.
  package var lost = 0
  /// The change in the journal; nil where nothing is kept.
  package var change: ChangeID?
  package var isCancelled = false
  /// Why it ended before its end.
  package var problem: JournaledChangeError?
  /// Whether that was where a copy went, and not where it came from.
  package var isTargetProblem = false
  /// The journal could not note the outcome of a batch; undo will look for itself.
  package var keeperProblem: KeeperError?
  /// Microseconds, pauses included.
  package var elapsed: Int64 = 0

  package init() {}

  /// Keys of which the outcome is known, or known not to be known.
  package var handled: Int {
    done + unchanged + gone + expired + changedMeanwhile + unknown + failures.count
  }

  /// Keys that are otherwise than before.
  package var changed: Int { done + doneAfterwards }

  /// Whether every key was looked after.
  package var isComplete: Bool {
    problem == nil && !isCancelled && unknown == 0 && failures.isEmpty
      && !(failsOnTaken && changedMeanwhile > 0)
  }

  /// Takes the outcomes of a batch in; `unsent` grows by those that never left.
  mutating func take(_ changes: [KeyedChange], _ batch: ChangedBatch) {
    for (change, result) in zip(changes, batch.results) {
      switch result {
      case .success(let outcome): take(outcome)
      case .failure(let error) where error.isOutcomeUnknown:
        unknown += 1
        problem = problem ?? .notAsked(error)
      case .failure(let error) where error.isOfOneKey: failures.add(error, of: change.key)
      case .failure(let error): problem = problem ?? .notAsked(error)
      }
    }
    lost += batch.lost
    keeperProblem = keeperProblem ?? batch.keeperProblem
  }

  /// Takes in what came of the changes that followed the keys of the plan.
  mutating func take(afterwards changes: [KeyedChange], _ batch: ChangedBatch) {
    let before = self
    take(changes, batch)
    doneAfterwards = done - before.done
    (done, unchanged, gone) = (before.done, before.unchanged, before.gone)
  }

  private mutating func take(_ outcome: ChangeOutcome) {
    switch outcome {
    case .done: done += 1
    case .gone, .elementGone: gone += 1
    case .nothingToDo: unchanged += 1
    case .changedMeanwhile, .alreadyExists, .elementExists, .otherKind: changedMeanwhile += 1
    }
  }
}

/// Where a plan stands.
package struct PlanProgress: Sendable, Equatable {
  /// Keys looked after so far.
  package var handled: Int
  /// Keys in all, where they were counted.
  package var total: Int?
  /// Microseconds so far.
  package var elapsed: Int64
  /// Why it goes slower than it could.
  package var slowedBy: Pace.Reason?

  package init(handled: Int, total: Int?, elapsed: Int64, slowedBy: Pace.Reason? = nil) {
    self.handled = handled
    self.total = total
    self.elapsed = elapsed
    self.slowedBy = slowedBy
  }

  /// Keys a second so far; nil at the very beginning.
  package var keysPerSecond: Double? {
    elapsed > 0 ? Double(handled) * 1_000_000 / Double(elapsed) : nil
  }

  /// Seconds that are left, if it goes on as it did.
  package var secondsLeft: Double? {
    guard let total, let rate = keysPerSecond, rate > 0 else { return nil }
    return Double(max(0, total - handled)) / rate
  }
}
