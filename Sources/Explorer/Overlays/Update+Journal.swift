import CacheModel

/// The journal: the changes that were made, of this run and of earlier ones, newest first.
extension ExplorerState {
  mutating func openJournal() -> [Effect] {
    show(Overlay(.journal))
    return [.listJournal]
  }

  /// Milliseconds after which the journal is looked at again: other programs write in it too.
  private static let journalInterval: Int64 = 5000

  mutating func listJournalIfDue() -> [Effect] {
    guard work.job == nil, work.plan == nil else { return [] }
    let elapsed = undo.lookedAt.map { now.milliseconds(since: $0) } ?? .max
    guard elapsed >= Self.journalInterval else { return [] }
    undo.lookedAt = now
    return [.listJournal]
  }

  /// What the journal shows: what persons did, and not each undo and redo of it, narrowed down to
  /// what was typed.
  func journalEntries(_ overlay: Overlay) -> [JournalEntry] {
    let wanted = (overlay.field?.text ?? overlay.narrowing).lowercased()
    return undo.listed.filter { entry in
      guard entry.generation == 0 else { return false }
      guard !wanted.isEmpty else { return true }
      return "\(entry.header.title) \(entry.header.address)".lowercased().contains(wanted)
    }
  }

  /// Typing narrows the changes down; what was typed before is typed on.
  mutating func narrowJournal() {
    let text = overlay?.narrowing ?? ""
    overlay?.field = TextField(text)
  }

  /// Enter and esc in the text: it stays, or goes, and the keys are those of the journal again.
  mutating func endNarrowingJournal(keeping: Bool) {
    guard var overlay else { return }
    overlay.narrowing = keeping ? overlay.field?.text ?? "" : ""
    overlay.field = nil
    overlay.list.count = rows(of: overlay).count
    self.overlay = overlay
  }

  func journalRows(_ overlay: Overlay) -> [OverlayRow] {
    if let problem = undo.problem, undo.listed.isEmpty {
      return [OverlayRow(.none, problem.sentence, tone: .warning)]
    }
    return journalEntries(overlay).map { entry in
      let count = entry.keyCount.counted("key")
      return OverlayRow(
        .text(clockText(entry.header.at)), entry.header.title, "\(count) · \(standing(of: entry))",
        tone: entry.standing == .takenBack ? .muted : .plain)
    }
  }

  /// What has become of a change, and what can be done with it.
  private func standing(of entry: JournalEntry) -> String {
    guard isOfSource(entry) else { return standing(elsewhere: entry) }
    switch entry.standing {
    case .underWay: return "under way"
    case .interrupted: return "interrupted, u takes back what was done"
    case .takenBack:
      return redo(of: entry) == nil ? "taken back" : "taken back, U does it again"
    case .takenBackInPart: return "taken back in part"
    case .done:
      let lost = entry.keyCount - entry.keptCount
      if entry.keptCount == 0 {
        return entry.passedCount > 0 ? "left as written since, u asks" : "cannot be undone"
      }
      return lost > 0 ? "\(lost.grouped) cannot be undone" : "can be taken back"
    }
  }

  private func isOfSource(_ entry: JournalEntry) -> Bool {
    source.description?.identity.owns(entry.header.source) == true
  }

  private func standing(elsewhere entry: JournalEntry) -> String {
    guard let description = source.description, entry.isStray(of: description) else {
      return "of \(entry.header.address)"
    }
    guard entry.canBeTakenBack else { return "before a restart, or of another server" }
    return "before a restart, or of another server: cachescope undo --restarted \(entry.id.number)"
  }

  /// What took a change back and can be taken back itself.
  private func redo(of entry: JournalEntry) -> JournalEntry? {
    guard let next = undo.next(.redo, on: source.description?.identity) else { return nil }
    return undo.own.root(of: next).id == entry.id ? next : nil
  }

  private var chosenChange: JournalEntry? {
    guard let overlay, overlay.kind == .journal else { return nil }
    let entries = journalEntries(overlay)
    return entries.indices.contains(overlay.list.row) ? entries[overlay.list.row] : nil
  }

  /// The newest form of a change: what made it again, where it was taken back and made again.
  private func standing(form entry: JournalEntry) -> JournalEntry {
    undo.own.first { !$0.isUndo && $0.canBeTakenBack && undo.own.root(of: $0).id == entry.id }
      ?? entry
  }

  /// Takes back the change in focus.
  mutating func undoInJournal() -> [Effect] {
    guard let entry = chosenChange else { return [] }
    let form = standing(form: entry)
    if form.keptCount == 0, form.passedCount > 0, isOfSource(form), form.standing == .done {
      askToOverwrite(undoOf: form)
      return []
    }
    guard form.keptCount > 0, isOfSource(form) else {
      say("\(entry.header.title): \(standing(of: entry))", .warning)
      return []
    }
    return start(undoOf: form)
  }

  mutating func redoInJournal() -> [Effect] {
    guard let entry = chosenChange else { return [] }
    guard let redo = redo(of: entry) else {
      say(
        entry.standing == .takenBack && undo.next(.redo, on: entry.header.source) != nil
          ? "what was taken back last is done again first"
          : "\(entry.header.title): \(standing(of: entry))", .warning)
      return []
    }
    return start(undoOf: redo)
  }

  /// Older changes are asked for when the end comes near.
  mutating func listMoreOfJournal() -> [Effect] {
    guard let overlay, overlay.kind == .journal, undo.hasMore, !undo.isAskingForMore,
      overlay.list.row >= overlay.list.count - 50, let last = undo.listed.last
    else { return [] }
    undo.isAskingForMore = true
    return [.listOlderChanges(before: last.id)]
  }

  // MARK: One change

  mutating func showDetailsOfChange() -> [Effect] {
    guard let entry = chosenChange else { return [] }
    let lines = [
      OverlayRow(.text("at"), clockText(entry.header.at)),
      OverlayRow(.text("source"), entry.header.address),
      OverlayRow(.text("keys"), entry.keyCount.grouped),
      OverlayRow(.text("state"), standing(of: entry)),
    ]
    show(Overlay(.details(title: entry.header.title, lines: lines)))
    let request = newRequest()
    work.showing = request
    return [.showChange(request, entry.id)]
  }

  /// What the keys of a change were and became, as far as it is shown.
  mutating func take(records: Result<ChangeRecords, KeeperError>, of request: RequestID) {
    guard work.showing == request, var overlay,
      case .details(let title, var lines) = overlay.kind
    else { return }
    work.showing = nil
    switch records {
    case .failure(let error): lines.append(OverlayRow(.none, error.sentence, tone: .warning))
    case .success(let told):
      lines += told.records.flatMap { keyRows(of: $0) }
      if told.others > 0 { lines.append(OverlayRow(.none, "and \(told.others.grouped) more")) }
    }
    overlay.kind = .details(title: title, lines: lines)
    self.overlay = overlay
  }

  /// What each key was before and after.
  private func keyRows(of kept: KeptRecord) -> [OverlayRow] {
    kept.record.transitions.map { transition in
      let before = kept.holdsValues ? describe(transition.before) : "value not kept"
      return OverlayRow(
        .text("key"), nameForMessage(transition.key),
        before + " → " + describe(transition.after) + (kept.isSettled ? "" : ", perhaps"))
    }
  }

  private func describe(_ state: StoredState?) -> String {
    guard let state else { return "no key" }
    let form = state.value.payload == nil ? "of parts" : "packed"
    return "\(state.value.byteCount) B \(form), \(end(state.deadline))"
  }

  private func describe(_ left: LeftState) -> String {
    switch left {
    case .absent: "no key"
    case .marked(let mark): end(mark.deadline)
    case .unknown: "not known"
    }
  }

  private func end(_ deadline: WallTime?) -> String {
    deadline.map { "expires \(clockText($0))" } ?? "no TTL"
  }
}
