import CacheModel

/// The journal: the changes of this session, newest first.
extension ExplorerState {
  mutating func openJournal() {
    show(Overlay(.journal))
  }

  var journalRows: [OverlayRow] {
    undo.entries.reversed().map { entry in
      let count = entry.keyCount.counted("key")
      return OverlayRow(
        .text(clockText(entry.at)), entry.title, "\(count) · \(standing(of: entry))",
        tone: entry.isUndone ? .muted : .plain)
    }
  }

  /// What has become of a change, and what can be done with it.
  private func standing(of entry: UndoEntry) -> String {
    if entry.source != source.description?.identity { return "of another source" }
    let lost = entry.keyCount - entry.records.count
    if !entry.records.isEmpty {
      if entry.isUndone { return "taken back in part" }
      return lost > 0 ? "\(lost.grouped) cannot be undone" : "can be taken back"
    }
    if !entry.redo.isEmpty { return "taken back, U does it again" }
    return entry.isUndone ? "taken back" : "cannot be undone"
  }

  private var chosenChange: UndoEntry? {
    guard let overlay, overlay.kind == .journal else { return nil }
    let place = undo.entries.count - 1 - overlay.list.row
    return undo.entries.indices.contains(place) ? undo.entries[place] : nil
  }

  /// Takes back the change in focus, unless a newer one stands on a key of it.
  mutating func undoInJournal() -> [Effect] {
    guard let entry = chosenChange else { return [] }
    guard !entry.records.isEmpty else {
      say("\(entry.title): \(standing(of: entry))", .warning)
      return []
    }
    if let newer = undo.blocker(of: entry.id) {
      say("take back “\(newer.title)” first: it changed the same key later", .warning)
      return []
    }
    return start(.undo, of: entry.id)
  }

  mutating func redoInJournal() -> [Effect] {
    guard let entry = chosenChange else { return [] }
    guard let next = undo.next(.redo, on: source.description?.identity), next.id == entry.id else {
      say(
        entry.redo.isEmpty
          ? "\(entry.title): \(standing(of: entry))"
          : "what was taken back last is done again first", .warning)
      return []
    }
    return start(.redo, of: entry.id)
  }

  mutating func showDetailsOfChange(_ overlay: Overlay) {
    guard let entry = chosenChange else { return }
    let records = entry.records.isEmpty ? entry.redo : entry.records
    var lines = [
      OverlayRow(.text("at"), clockText(entry.at)),
      OverlayRow(.text("keys"), entry.keyCount.grouped),
      OverlayRow(.text("state"), standing(of: entry)),
    ]
    let shown = records.prefix(200)
    lines += shown.flatMap(\.transitions).map(line(of:))
    if records.count > shown.count {
      lines.append(OverlayRow(.none, "and \((records.count - shown.count).grouped) more"))
    }
    show(Overlay(.details(title: entry.title, lines: lines)))
  }

  /// What a key was before and after.
  private func line(of transition: KeyTransition) -> OverlayRow {
    OverlayRow(
      .text("key"), nameForMessage(transition.key),
      describe(transition.before) + " → " + describe(transition.after))
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
