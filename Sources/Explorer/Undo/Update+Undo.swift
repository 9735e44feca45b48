import CacheModel
import Plans

/// Taking changes back and making them again, which is taking back what took them back.
extension ExplorerState {
  mutating func startNext(_ direction: UndoDirection) -> [Effect] {
    if direction == .undo, let left = undo.leftAsWritten(on: source.description?.identity) {
      askToOverwrite(undoOf: left, ["To take back an older change, choose it with J."])
      return []
    }
    guard let entry = undo.next(direction, on: source.description?.identity) else { return [] }
    return start(undoOf: entry, after: loss(after: entry))
  }

  /// Takes one change back, at once or when that has been asked about; nothing happens when it is
  /// refused. `loss` is what was done since and cannot be taken back.
  mutating func start(undoOf entry: JournalEntry, after loss: String? = nil) -> [Effect] {
    let step = HeldStep.undo(entry, overwriting: false)
    guard refusal(of: step) == nil, asksBefore(undoOf: entry, after: loss) else {
      return release(step)
    }
    askBefore(undoOf: entry, after: loss)
    return []
  }

  /// What the journal has now. Of a change that was interrupted in an earlier run it is said once.
  mutating func take(journal news: Result<JournalNews, KeeperError>) {
    undo.take(news)
    guard !undo.hasToldInterrupted, source.description != nil, case .success = news else { return }
    undo.hasToldInterrupted = true
    let isInterrupted = undo.own.contains { $0.standing == .interrupted && $0.keptCount > 0 }
    if isInterrupted {
      say("an earlier change was interrupted: J shows it, u takes back what was done", .warning)
    }
  }

  /// How far taking a change back has come, and what came of it. What somebody has written since is
  /// asked about.
  mutating func take(
    undone report: TakingBack, of request: RequestID, isLast: Bool
  ) -> [Effect] {
    guard var job = work.job, job.request == request else { return [] }
    job.done = report.tried
    for key in report.latestKeys { lookAgain(at: key) }
    work.job = isLast ? nil : job
    if isLast { finishUndo(job, report) }
    return describeQueued() + leaveIfWanted()
  }

  private mutating func finishUndo(_ job: WorkState.Job, _ report: TakingBack) {
    guard let entry = job.restoring else { return }
    if report.changedMeanwhile > 0 { askToRestoreOverNewer(entry, report) }
    let words = entry.isUndo ? ("redone", "redone", "U") : ("undone", "taken back", "u")
    var parts = ["\(words.0): \(job.title)"]
    if job.total > 1 {
      parts = ["\(report.restored.grouped) of \(job.total.grouped) \(words.1): \(job.title)"]
    }
    if report.restored == 0 { parts = ["nothing \(words.1): \(job.title)"] }
    parts += troubles(of: report, entry)
    let left = job.total - report.tried
    if left > 0 { parts.append("\(left.grouped) left: \(words.2) goes on") }
    say(parts.joined(separator: " · "), report.restored == job.total ? .good : .warning)
  }

  private func troubles(of report: TakingBack, _ entry: JournalEntry) -> [String] {
    var parts: [String] = []
    if let first = report.expiredKeys.first {
      let others = report.expired > 1 ? " and \((report.expired - 1).counted("other"))" : ""
      parts.append("\(nameForMessage(first))\(others) would have expired by now, not revived")
    }
    if report.otherSource > 0 {
      let verb = report.otherSource == 1 ? "belongs" : "belong"
      parts.append(
        "\(report.otherSource.grouped) \(verb) to another server or database; where this is the "
          + "same one restarted: cachescope undo --restarted \(entry.id.number)")
    }
    if report.changedMeanwhile > 0 {
      parts.append("\(report.changedMeanwhile.grouped) written since")
    }
    switch report.problem {
    case .notKept(let error): parts.append(error.sentence)
    case .notAsked(let error): parts.append(error.sentence)
    case nil:
      if let failure = report.failures.reasons.first { parts.append(failure.error.sentence) }
    }
    return parts
  }

  private mutating func askToRestoreOverNewer(_ entry: JournalEntry, _ report: TakingBack) {
    let subject =
      report.changedMeanwhile == 1
      ? nameForMessage(report.newerKeys.first ?? CacheKey(""))
      : "\(report.changedMeanwhile.grouped) keys"
    let other = entry.isUndo ? "other" : "older"
    ask(
      Confirmation(
        title: report.changedMeanwhile == 1
          ? "\(subject) was written since. Put the \(other) value back?"
          : "\(subject) were written since. Put the \(other) values back?",
        lines: [
          report.changedMeanwhile == 1
            ? "Cancel keeps the newer value." : "Cancel keeps the newer values."
        ], held: .undo(entry, overwriting: true),
        verb: "overwrite"))
  }

  /// A change could not be taken back at all.
  mutating func take(undoFailure error: KeeperError, of request: RequestID) -> [Effect] {
    guard let job = work.job, job.request == request else { return [] }
    work.job = nil
    say("\(job.title): \(error.sentence)", .failure)
    return leaveIfWanted()
  }

  /// The old states cannot be kept: nothing was sent, and the person may let it be sent without.
  mutating func take(unkept error: KeeperError, of request: RequestID) -> [Effect] {
    guard let job = work.job, job.request == request else { return [] }
    work.job = nil
    guard let step = job.step else {
      say("\(job.title): \(error.sentence)", .failure)
      return leaveIfWanted()
    }
    ask(
      Confirmation(
        title: "It cannot be taken back. Do it all the same?",
        lines: [job.title, "Nothing was sent: \(error.sentence)."], held: .withoutUndo(step),
        verb: "go on"))
    return leaveIfWanted()
  }
}
