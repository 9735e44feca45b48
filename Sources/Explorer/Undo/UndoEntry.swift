package import CacheModel

/// Whether a change is taken back or made again.
package enum UndoDirection: Sendable, Equatable {
  case undo, redo
}

/// One change that a person made.
package struct UndoEntry: Sendable, Equatable {
  /// Given by the history, rising.
  package internal(set) var id = 0
  /// `delete app:user:7`, `set the TTL of 12 keys`.
  package var title: String
  package var at: WallTime
  /// The data that it changed; nil when the source had not said.
  package var source: SourceIdentity?
  /// How many keys it changed.
  package var keyCount: Int
  /// Takes it back, key by key; empty when that is not possible, or has been done.
  package var records: [UndoRecord]
  /// Makes it again.
  package internal(set) var redo: [UndoRecord] = []
  package internal(set) var isUndone = false
  /// Rises with each taking back.
  var undoneOrder = 0

  package init(
    title: String, at: WallTime, source: SourceIdentity?, keyCount: Int, records: [UndoRecord]
  ) {
    self.title = title
    self.at = at
    self.source = source
    self.keyCount = keyCount
    self.records = records
  }
}

/// Records of one change on their way: what takes it back, or makes it again.
package struct UndoGroup: Sendable, Equatable {
  package var id: Int
  package var direction: UndoDirection
  package var title: String
  package var records: [UndoRecord]
}
