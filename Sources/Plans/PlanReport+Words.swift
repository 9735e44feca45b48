import CacheModel

extension PlanReport {
  /// What came of the keys that were not changed, or cannot be taken back, as it is said after their
  /// number; only what there was.
  package func outcomes(of change: PlannedChange) -> [(count: Int, words: String)] {
    var isRenaming = false
    if case .renamePrefix = change { isRenaming = true }
    let all = [
      (unchanged, "were so already"), (gone, "had gone meanwhile"),
      (
        changedMeanwhile,
        isRenaming ? "kept their names, the new ones were taken" : "had changed meanwhile"
      ),
      (unknown, "changed or not: nobody knows"), (notDone ?? 0, "not done"),
      (failures.count, "failed"), (lost, "cannot be taken back"),
    ]
    return all.filter { $0.0 > 0 }.map { (count: $0.0, words: $0.1) }
  }

  /// Why it ended before its end; nil when it did not.
  package var problemSentence: String? {
    switch problem {
    case .notKept(let error)?: error.sentence
    case .notAsked(let error)?: error.sentence
    case nil: nil
    }
  }
}
