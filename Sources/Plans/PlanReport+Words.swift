import CacheModel

extension PlanReport {
  /// What came of the keys that were not changed, or cannot be taken back, as it is said after their
  /// number; only what there was.
  package func outcomes(of change: PlannedChange) -> [(count: Int, words: String)] {
    let all = [
      (unchanged, change.unchangedWords), (gone, "had gone meanwhile"),
      (expired, "had expired meanwhile"), (changedMeanwhile, change.changedWords),
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

extension PlannedChange {
  /// What is said of keys that were as they should be.
  fileprivate var unchangedWords: String {
    if case .copy = self { "were there already" } else { "were so already" }
  }

  /// What is said of keys that were otherwise than was thought.
  fileprivate var changedWords: String {
    switch self {
    case .renamePrefix: "kept their names, the new ones were taken"
    case .copy(onConflict: .fail): "failed: they hold something else there"
    case .copy: "hold something else there and stay as they are"
    default: "had changed meanwhile"
    }
  }
}
