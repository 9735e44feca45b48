import CacheModel

/// The counts of a change, and what follows from them.
struct ChangeTally: Sendable, Equatable {
  /// Keys whose records were settled, and those whose were not.
  var settled: Int64 = 0
  var unsettled: Int64 = 0
  /// Changed, and cannot be taken back.
  var lost: Int64 = 0
  /// Taken back, by the changes that do so, less those that made them again.
  var undone: Int64 = 0
  /// Tried to be taken back and left as they are.
  var passed: Int64 = 0
  var isFinished = false
  var holdsValues = true
  /// Whoever makes it is still there.
  var isOwned = true

  var keyCount: Int64 { settled + unsettled + lost }

  private var kept: Int64 { holdsValues ? settled + unsettled : 0 }

  var keptCount: Int64 { max(0, kept - undone - passed) }

  var passedCount: Int64 { max(0, min(passed, kept - undone)) }

  var standing: JournalEntry.Standing {
    if !isFinished {
      guard !isOwned else { return .underWay }
      guard keptCount == 0, kept > 0 else { return .interrupted }
      return .takenBack
    }
    guard undone > 0 else { return .done }
    return undone >= settled + unsettled ? .takenBack : .takenBackInPart
  }
}
