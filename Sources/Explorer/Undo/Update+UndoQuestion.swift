package import CacheModel

/// When taking a change back asks first.
///
/// What this run has done is taken back at once, the last first. What a person may not think of asks:
/// a change of an earlier run or of another program, one that lies behind something that cannot be
/// taken back, and every change of a source that is marked as production. Of several keys there the
/// database's name is typed, as for the change itself.
extension ExplorerState {
  /// Whether `u`, or `U`, asks before it does something.
  package func asksBefore(_ direction: UndoDirection) -> Bool {
    let identity = source.description?.identity
    if direction == .undo, undo.leftAsWritten(on: identity) != nil { return true }
    guard let entry = undo.next(direction, on: identity) else { return false }
    return asksBefore(undoOf: entry, after: loss(after: entry))
  }

  /// Whether the next change that `u` would take back lies behind what cannot be taken back.
  package var undoLiesBehindLoss: Bool {
    undo.next(.undo, on: source.description?.identity).flatMap { loss(after: $0) } != nil
  }

  func asksBefore(undoOf entry: JournalEntry, after loss: String?) -> Bool {
    source.isProduction || loss != nil || !undo.isOfThisRun(entry)
  }

  /// What was done after a change and cannot be taken back, so that this may be what is meant.
  func loss(after entry: JournalEntry) -> String? {
    let identity = source.description?.identity
    if let loss = undo.lastLoss, identity?.owns(loss.source) == true, loss.at > entry.header.at {
      return loss.title
    }
    return undo.own.first { other in
      other.id > entry.id && other.generation == 0 && identity?.owns(other.header.source) == true
        && other.standing == .done && other.keptCount == 0 && other.passedCount == 0
    }?.header.title
  }

  mutating func noteLoss(_ title: String) {
    undo.noteLoss(title, at: wallNow, on: source.description?.identity)
  }

  /// Of a change that was tried before nothing is left but keys that were written since, or that have
  /// expired.
  mutating func askToOverwrite(undoOf entry: JournalEntry, _ hint: [String] = []) {
    let keys =
      entry.passedCount.counted("key") + (entry.passedCount == 1 ? " of it was" : " of it were")
    ask(
      Confirmation(
        title: "Put back what is older: \(entry.header.title)?",
        lines: [
          "\(keys) written since, or would have expired by now.",
          "What was written since is overwritten; u takes that back.",
        ] + hint, held: .undo(entry, overwriting: true), verb: "overwrite"))
  }

  mutating func askBefore(undoOf entry: JournalEntry, after loss: String?) {
    let title = undo.own.root(of: entry).header.title
    let confirmation = Confirmation(
      title: entry.isUndo
        ? "Do again: \(title) (taken back \(age(of: entry)))?"
        : "Take back: \(title) (\(age(of: entry)))?",
      lines: linesBefore(undoOf: entry, after: loss),
      held: .undo(entry, overwriting: false), verb: entry.isUndo ? "do again" : "take back")
    if source.isProduction, entry.keptCount > 1 {
      openPrompt(.typeName(confirmation, name: databaseName, or: nil), text: "")
    } else {
      openPrompt(.confirm(confirmation))
    }
  }

  private func linesBefore(undoOf entry: JournalEntry, after loss: String?) -> [String] {
    var lines: [String] = []
    if let loss { lines.append("\(loss) came after it and cannot be undone.") }
    if !undo.isOfThisRun(entry) {
      lines.append("An earlier run of cachescope, or another one, made this change.")
    }
    let before = entry.isUndo ? "before it was taken back" : "before it"
    lines.append(
      entry.keptCount == 1
        ? "1 key becomes as it was \(before), unless it was written since."
        : "\(entry.keptCount.grouped) keys become as they were \(before); what was written since stays."
    )
    let lost = entry.keyCount - entry.keptCount
    if lost > 0, entry.standing == .done {
      lines.append("\(lost.grouped) of its keys cannot be taken back.")
    }
    return lines
  }

  /// `3 h ago`, in one unit.
  private func age(of entry: JournalEntry) -> String {
    let (age, overflow) = wallNow.milliseconds.subtractingReportingOverflow(
      entry.header.at.milliseconds)
    guard !overflow, age >= 1000 else { return "just now" }
    let words = Self.durationText(age).split(separator: " ").prefix(2)
    return words.joined(separator: " ") + " ago"
  }
}
