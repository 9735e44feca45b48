package import CacheModel

/// Changes under way, and what waits for them.
package struct WorkState: Sendable {
  package var job: Job?
  /// A value that is being read whole before it can be edited, or that is with the editor.
  package var pendingEdit: PendingEdit?
  /// The key of which has been said that its bytes are no text.
  var binaryTold: CacheKey?
  /// A value that is being read to be copied, and bytes on their way to the clipboard.
  var copyRequest: CopyRequest?
  var copying: Copying?
  /// Questions that came up while another prompt was open.
  var questions: [Confirmation] = []
  /// An action that waits for the keys it is meant for to be collected, and the folder they are in.
  var gatheringFor: Action?
  var gatheringPrefix: [UInt8]?
  /// The person wants to leave when the job is over.
  var leavesAfterJob = false
  /// The question who uses the engine, asked on leaving.
  var leaving: RequestID?
  /// The same, asked before it is stopped.
  var stopping: RequestID?

  /// A change or an undo, of one key or many.
  package struct Job: Sendable, Equatable {
    package var request: RequestID
    package var title: String
    package var total: Int
    package var done = 0
    /// What is sent, for the question whether to overwrite a newer value.
    var change: KeyChange?
    /// The form that it was typed into, to go on there when its name is taken.
    var form: Prompt?
    /// What takes the done part back, and the bytes that this takes.
    var records: [UndoRecord] = []
    var cost = 0
    /// Of an undo or a redo: what is to be put back, in the order in which it is.
    var restoring: UndoGroup?
    var tally = Tally()
    var undone = UndoTally()

    init(request: RequestID, title: String, total: Int, change: KeyChange? = nil) {
      self.request = request
      self.title = title
      self.total = total
      self.change = change
    }

    /// Keeps an old state as long as all of them together stay within the bound.
    mutating func keep(_ record: UndoRecord) {
      guard cost + record.cost <= UndoHistory.standardBound else { return }
      cost += record.cost
      records.append(record)
    }
  }

  /// How a change went, by key.
  struct Tally: Sendable, Equatable {
    var done = 0
    var unchanged = 0
    var failed = 0
    var failure: BackendError?
    /// Of a change of one key.
    var last: KeyOutcome?

    mutating func count(_ outcome: KeyOutcome) {
      last = outcome
      switch outcome.result {
      case .success(.done): done += 1
      case .success: unchanged += 1
      case .failure(let error):
        failed += 1
        failure = failure ?? error
      }
    }
  }

  /// How an undo went, by record.
  struct UndoTally: Sendable, Equatable {
    var restored = 0
    var expired: [CacheKey] = []
    var newer: [UndoRecord] = []
    var failed: [UndoRecord] = []
    var foreign = 0
    var failure: BackendError?
  }
}

/// An edit that waits for the value, or for the editor.
package struct PendingEdit: Sendable, Equatable {
  package var request: RequestID
  package var key: CacheKey
  /// What is edited; nil until it has been read.
  package var part: ValuePart?
  package var isExternal: Bool
}
