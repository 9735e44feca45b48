package import CacheModel

/// Changes under way, and what waits for them.
package struct WorkState: Sendable {
  package var job: Job?
  /// The action on many keys that is asked about, runs, or was the last one.
  package internal(set) var plan: PlanState?
  /// The walk over the keys of a plan that was left.
  var unwantedSurvey: RequestID?
  /// The script of a plan that is being written.
  var saving: SavedScript?
  /// A value that is being read whole before it can be edited, or that is with the editor.
  package var pendingEdit: PendingEdit?
  /// The key of which has been said that its bytes are no text.
  var binaryTold: CacheKey?
  /// A value that is being read to be copied, and bytes on their way to the clipboard.
  var copyRequest: CopyRequest?
  var copying: Copying?
  /// Questions that came up while another prompt was open.
  var questions: [Confirmation] = []
  /// An action that waits for the keys it is meant for to be collected.
  var gatheringFor: Action?
  /// The person wants to leave when the job is over.
  var leavesAfterJob = false
  /// The question what a change of the journal did.
  var showing: RequestID?
  /// The question who uses the engine, asked on leaving.
  var leaving: RequestID?
  /// The same, asked before it is stopped.
  var stopping: RequestID?

  /// A change of one key, or an undo of a change of one key or many.
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
    /// Of an undo or a redo: the change that is taken back.
    var restoring: JournalEntry?

    init(request: RequestID, title: String, total: Int, change: KeyChange? = nil) {
      self.request = request
      self.title = title
      self.total = total
      self.change = change
    }
  }
}

/// An edit that waits for the value, or for the editor.
package struct PendingEdit: Sendable, Equatable {
  package var request: RequestID
  package var key: CacheKey
  /// What is edited; nil until it has been read.
  package var subject: EditSubject?
  package var isExternal: Bool
}
