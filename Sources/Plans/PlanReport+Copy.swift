import CacheModel

/// What came of a copy.
extension PlanReport {
  /// Takes the outcomes of a batch in. What never left is not among them: the copy has ended then.
  mutating func take(_ outcomes: [EntryOutcome]) {
    for outcome in outcomes {
      switch outcome.result {
      case .success(.put): done += 1
      case .success(.alreadyThere): unchanged += 1
      case .success(.gone): gone += 1
      case .success(.expired): expired += 1
      case .success(.taken):
        changedMeanwhile += 1
        if takenKeys.count < FailureTally.keysKept { takenKeys.append(outcome.key) }
      case .success(.otherSource):
        problem = problem ?? .notAsked(.connectionLost(reason: Self.other, outcomeUnknown: false))
        isTargetProblem = true
      case .failure(let error) where error.isOutcomeUnknown: unknown += 1
      case .failure(let error) where error.isOfOneKey: failures.add(error, of: outcome.key)
      case .failure: break
      }
    }
  }

  private static let other = "another server answers there now"

  /// Takes in how putting ended, and taking.
  mutating func take(
    _ putting: EntryPutting, _ keeperProblem: KeeperError?, sourceProblem: BackendError?
  ) {
    lost = putting.lost
    self.keeperProblem = putting.keeperProblem ?? keeperProblem
    if let error = putting.problem {
      problem = problem ?? error
      if case .notAsked = error { isTargetProblem = true }
    }
    if let sourceProblem { problem = problem ?? .notAsked(sourceProblem) }
  }
}

extension SettledKeys {
  /// What became of keys that were to be copied; they stay as they are where they came from.
  package init(_ outcomes: [EntryOutcome]) {
    self.init(
      outcomes.map { outcome in
        switch outcome.result {
        case .success(.put), .success(.alreadyThere): (outcome.key, .changed)
        case .success(.gone): (outcome.key, .gone)
        case .success: (outcome.key, .otherwise)
        case .failure: (outcome.key, .failed)
        }
      })
  }
}
