package import CacheModel
package import KeyQuery

/// Something that the explorer wants done outside of itself: asked of the source, of the terminal
/// or of the person's editor. A value, so that a confirmation can hold it and a test can read it.
package enum Effect: Sendable, Equatable {
  case open(RequestID)
  /// A step of a walk, over all keys or those that begin with a prefix.
  case scan(RequestID, from: ScanCursor, under: [UInt8], count: Int)
  case describe(RequestID, [CacheKey], SummaryDetail)
  /// Judge these keys by terms that only the source can tell, reading values where it takes that.
  case judge(RequestID, [CacheKey], Query, TagMeanings)
  /// Find out which tags of the source these names mean.
  case lookUpTags(RequestID, [[UInt8]])
  /// The tags of a key, of those that it does not tell itself among these, and who tracks it.
  case label(RequestID, CacheKey, among: [Tag])
  /// A step of a walk over all tags.
  case listTags(RequestID, from: ScanCursor)
  case read(RequestID, CacheKey, ValueBound)
  case readPart(RequestID, CacheKey, from: ValuePosition, ValueBound)
  /// Find out what these bytes are, and make a text of them.
  case makeReadable(RequestID, ReadingTask)
  /// The change of a key, kept in the journal under a header; without one nothing is kept.
  case change(RequestID, KeyChange, CacheKey, keeping: ChangeHeader?)
  /// The change of many keys.
  case runPlan(RequestID, PlanTask)
  /// A walk over the keys that a plan is meant for.
  case surveyPlan(RequestID, SurveyTask)
  /// What a source is that entries are to be copied to, and whether they can be.
  case askTarget(RequestID, SourceChoice)
  /// Let a plan that runs wait between two batches, or go on.
  case holdPlan(RequestID, Bool)
  /// How much the journal has room for.
  case measureJournal(RequestID)
  /// Write commands that make a plan to a new file.
  case saveScript(RequestID, ScriptTask)
  /// Take a change of the journal back; that is a change of its own.
  case undo(RequestID, ChangeID, ChangeHeader, overwriting: Bool)
  /// A flush is noted in the journal and cannot be taken back.
  case flush(RequestID, noting: ChangeHeader?)
  /// The newest changes of the journal.
  case listJournal
  case listOlderChanges(before: ChangeID)
  /// What the keys of a change were and became.
  case showChange(RequestID, ChangeID)
  /// Have changes of what is in view told as they happen, instead of what was followed before.
  case follow(FollowedView)
  case sample(RequestID)
  /// The databases of the server.
  case databases(RequestID)
  /// The last writes that were sent to the source.
  case sentCommands(RequestID)
  /// Whether a server answers at an address.
  case probe(RequestID, SourceAddress)
  /// Open another source in place of this one.
  case switchSource(SourceChoice)
  /// Connect now instead of at the end of the pause after a failure.
  case reconnect
  /// Stop a plan or an undo after the batch of keys that is under way, or the walk before a plan.
  case cancel(RequestID)
  /// Let the person edit these bytes outside.
  case editOutside(RequestID, EditorTask)
  /// Refuse everything that is no reading command, below every screen, or stop refusing it.
  case setReadOnly(Bool)
  /// Put these bytes on the clipboard of the person's terminal.
  case copy([UInt8])
  /// Ask who else uses the built-in engine, and what it holds.
  case measureEngine(RequestID)
  /// End that engine with the explorer.
  case stopEngine
  case redraw
  case suspend
  case quit
}

/// What the editor opens.
package struct EditorTask: Sendable, Equatable {
  package var bytes: [UInt8]
  /// For the file's name, so that the editor chooses its colours: `.json`, `.txt`, `.bin`.
  package var suffix: String

  package init(bytes: [UInt8], suffix: String) {
    self.bytes = bytes
    self.suffix = suffix
  }
}
