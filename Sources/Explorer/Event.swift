package import CacheModel
package import KeyQuery
package import Plans

/// Everything that can happen to the explorer: what a person does, what the clock says, what the
/// source answers. The only way to change the state.
package enum Event: Sendable, Equatable {
  case action(Action)
  /// A click or a double click on a row of the list, or a wheel turn.
  case chooseRow(Int, open: Bool)
  case scroll(rows: Int)
  /// A wheel turn over a pane.
  case scrollPane(Pane, rows: Int)
  case choosePane(Pane)
  /// A click or a double click on a row of the value.
  case chooseValueRow(Int, open: Bool)
  /// The line between the panes is taken hold of, or let go of.
  case holdSplit(Bool)
  /// It is drawn to a column of so many.
  case moveSplit(column: Int, of: Int)
  /// A click in a field of the prompt or overlay: before a character, or on a choice.
  case point(field: Int, at: Int)
  /// A click on the head of a column: sort by it, or the other way round.
  case sort(by: SortField)
  /// A click in a graph: read it at that time.
  case chooseTime(Moment, in: StatsPanel)
  case choosePanel(StatsPanel)
  /// A click on the head of a column of the commands.
  case sortCommands(by: CommandOrder.Field)
  /// Do a slice of the work that is left.
  case advance
  /// A click or a double click on a row of the overlay.
  case chooseOverlayRow(Int, open: Bool)
  /// A change of the text of the prompt or overlay that has one.
  case edit(TextField.Edit)
  /// Enter in a prompt.
  case submit
  /// A key in a prompt that asks for one letter.
  case answer(Character)
  /// A paste where no text is expected.
  case strayPaste
  case tick
  /// What the last frame showed; actions belong to it.
  case presented(Presentation)
  /// The program goes on after it was stopped, or after the person's editor.
  case resumed

  case connection(ConnectionState)
  /// Which of several servers the source is now.
  case server(String)
  case opened(SourceDescription)
  case scanned(RequestID, ScanPage)
  case described(RequestID, [CacheKey], [KeySummary?])
  /// What became of the keys of a `judge`; nil for one that has gone.
  case judged(RequestID, [CacheKey], [Verdict?])
  /// What the names of a `lookUpTags` mean.
  case tagMeanings(RequestID, TagMeanings)
  case labelled(RequestID, KeyLabels)
  case tagsListed(RequestID, TagPage)
  case read(RequestID, ValuePage?)
  /// What was made of the bytes of a `makeReadable`.
  case madeReadable(RequestID, ValueReading)
  /// `isLost`: it was changed and cannot be taken back.
  case changed(RequestID, KeyOutcome, isLost: Bool = false)
  /// What became of some keys of a plan, how far it has come, and what came of it.
  case planSettled(RequestID, SettledKeys)
  case planProgress(RequestID, PlanProgress)
  case planEnded(RequestID, PlanReport)
  /// How many keys the walk before a plan has found so far, and what it has found in the end.
  case planSurveying(RequestID, found: Int)
  case planSurveyed(RequestID, Result<SurveyedPlan, SurveyProblem>)
  /// What the source is that entries are to be copied to.
  case targetTold(RequestID, Result<CopyTarget, CopyTargetProblem>)
  /// Bytes of old states that the journal has room for; nil when it does not tell.
  case journalRoom(RequestID, Int64?)
  /// The file that a script was written to, or why not.
  case scriptSaved(RequestID, Result<String, ScriptProblem>)
  /// The old states could not be kept: nothing was sent.
  case unkept(RequestID, KeeperError)
  /// How far taking a change back has come.
  case undone(RequestID, TakingBack, isLast: Bool)
  /// Why taking a change back could not begin.
  case undoFailed(RequestID, KeeperError)
  case journal(Result<JournalNews, KeeperError>)
  case olderChanges([JournalEntry], hasMore: Bool)
  case changeShown(RequestID, Result<ChangeRecords, KeeperError>)
  /// Something that the person should know, of the journal or of the login.
  case note(String)
  case flushed(RequestID, count: Int64?)
  /// From now on the source tells by itself of changes of what is followed, or it no longer does.
  case following(Bool)
  case changedElsewhere([CacheKey])
  case sampled(CacheStatistics)
  case databases(RequestID, [DatabaseFigures])
  case sent(RequestID, [SentCommand])
  case probed(RequestID, answers: Bool)
  /// Another source has been opened, or not and why.
  case switched(SourceState, Access, SourceLook)
  case switchFailed(String)
  /// What can be turned to without typing has changed.
  case known([ConnectionChoice])
  case editorFinished(RequestID, EditorOutcome)
  case copied(CopyOutcome)
  /// Nil when the engine does not tell.
  case engineUse(RequestID, EngineUse?)
  case failed(RequestID, BackendError)
}

/// Which question a reply answers. A reply whose question is no longer open is dropped.
package struct RequestID: Sendable, Hashable {
  package var number: Int

  package init(_ number: Int) {
    self.number = number
  }
}

/// What became of one key of a change.
package struct KeyOutcome: Sendable, Equatable {
  package var key: CacheKey
  package var result: Result<ChangeOutcome, BackendError>

  package init(key: CacheKey, result: Result<ChangeOutcome, BackendError>) {
    self.key = key
    self.result = result
  }
}

/// What a change of the journal did to its keys, the first of them.
package struct ChangeRecords: Sendable, Equatable {
  package var records: [KeptRecord]
  /// Keys that are not among them.
  package var others: Int

  /// Keys that are shown.
  package static let limit = 200

  package init(records: [KeptRecord], others: Int) {
    self.records = records
    self.others = others
  }
}

/// What came back from the person's editor.
package enum EditorOutcome: Sendable, Equatable {
  /// The bytes are as they were: nothing is sent.
  case unchanged
  case changed([UInt8])
  /// The editor could not be started or ended with an error; nothing is sent.
  case failed(String)
}

/// What became of putting bytes on the terminal's clipboard.
package enum CopyOutcome: Sendable, Equatable {
  /// The terminal was told. Whether it took them, no terminal says.
  case sent
  /// The same, through another program that must allow it: what it needs, as a clause.
  case sentThrough(condition: String)
  /// More than terminals take in one piece; nothing was sent. The bound is in bytes to copy.
  case tooLarge(limit: Int)
  /// Nothing was sent, for this reason.
  case unavailable(String)
}

/// How the connection to the source stands.
package enum ConnectionState: Sendable, Equatable {
  case connecting
  case connected
  /// The server takes commands and does not answer them.
  case busy
  /// Away, with the reason and when the next try is due.
  case waiting(reason: String, retryAt: Moment)
  /// Refused: nothing is tried again before the person says so. `asksForPassword` when another
  /// password may help.
  case refused(reason: String, asksForPassword: Bool)
}

/// How much of an overlay the painter could show.
package struct OverlayFit: Sendable, Equatable {
  package var height: Int
  package var count: Int
  /// The entries that columns of text begin with.
  package var columns: [Int]

  package init(height: Int, count: Int, columns: [Int] = [0]) {
    self.height = height
    self.count = count
    self.columns = columns
  }
}

/// What a frame showed of what matters to the next key press.
package struct Presentation: Sendable, Equatable {
  /// What was under the cursor.
  package var selected: SelectedRow?
  /// The prompt on the screen, by its id.
  package var prompt: Int?
  /// The view of a plan, by its number.
  package var plan: Int?
  /// Rows of the list that fit, and the first one shown.
  package var listHeight: Int
  package var listTop: Int
  /// Lines of the value that fit.
  package var previewHeight: Int
  /// Columns that a line of it has.
  package var previewWidth = 0
  /// Rows of the overlay that fit, and how many there are.
  package var overlay: OverlayFit?
  /// Keys in view, which are kept true by asking for them each second.
  package var visibleKeys: [CacheKey]
  /// Milliseconds that a column of the first graph stands for; 0 when there is none.
  package var columnStep: Int64 = 0
  /// Rows of commands that fit, and how many there are; nil when they are not shown.
  package var commands: OverlayFit?
  /// The list had room for how long keys have not been used.
  package var showsIdle = false

  /// The key under the cursor.
  package var selectedKey: CacheKey? {
    if case .key(let key) = selected { key } else { nil }
  }

  package init(
    selectedKey: CacheKey? = nil, prompt: Int? = nil, listHeight: Int = 0, listTop: Int = 0,
    previewHeight: Int = 0, visibleKeys: [CacheKey] = []
  ) {
    selected = selectedKey.map { .key($0) }
    self.prompt = prompt
    self.listHeight = listHeight
    self.listTop = listTop
    self.previewHeight = previewHeight
    self.visibleKeys = visibleKeys
  }
}

/// A row of the list by what it shows, which stays true whatever becomes of the list.
package enum SelectedRow: Sendable, Hashable {
  case key(CacheKey)
  /// The whole prefix of a folder.
  case folder([UInt8])
}
