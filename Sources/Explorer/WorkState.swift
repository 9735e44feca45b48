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
  /// The question what a change of the journal did.
  var showing: RequestID?
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
    /// What was released, for the question whether to do it without undo.
    var step: HeldStep?
    /// Nothing is kept of it.
    var isWithoutUndo = false
    /// Changed keys that cannot be taken back.
    var lost = 0
    /// Of an undo or a redo: the change that is taken back.
    var restoring: JournalEntry?
    var tally = Tally()

    init(request: RequestID, title: String, total: Int, change: KeyChange? = nil) {
      self.request = request
      self.title = title
      self.total = total
      self.change = change
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
}

/// An edit that waits for the value, or for the editor.
package struct PendingEdit: Sendable, Equatable {
  package var request: RequestID
  package var key: CacheKey
  /// What is edited; nil until it has been read.
  package var part: ValuePart?
  package var isExternal: Bool
}
