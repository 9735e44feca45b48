import CacheModel

/// Taking changes back and making them again.
extension ExplorerState {
  mutating func startNext(_ direction: UndoDirection) -> [Effect] {
    guard let entry = undo.next(direction, on: source.description?.identity) else { return [] }
    return start(direction, of: entry.id)
  }

  /// Takes the records of one change and sends them off; they go back when that is refused.
  mutating func start(_ direction: UndoDirection, of id: Int) -> [Effect] {
    guard let group = undo.take(direction, of: id) else { return [] }
    if let reason = refusal(of: .undo(group, overwriting: false)) {
      undo.giveBack(group)
      say(reason, .warning)
      return []
    }
    return release(.undo(group, overwriting: false))
  }

  /// What became of taking a change back, or of making it again. What somebody has written since is
  /// asked about; what could not be tried is kept.
  mutating func take(
    reports: [UndoReport], of request: RequestID, isLast: Bool
  ) -> [Effect] {
    guard var job = work.job, job.request == request else { return [] }
    // One owner, or every portion would copy all that is kept.
    work.job = nil
    job.done += reports.count
    for report in reports {
      tally(report, in: &job)
      report.record.keys.forEach { lookAgain(at: $0) }
    }
    if isLast { finishUndo(job) } else { work.job = job }
    return describeQueued() + leaveIfWanted()
  }

  private func tally(_ report: UndoReport, in job: inout WorkState.Job) {
    switch report.result {
    case .success(.restored(let opposite)):
      job.undone.restored += 1
      if let opposite { job.keep(opposite) }
    case .success(.expiredMeanwhile): job.undone.expired.append(report.record.key)
    case .success(.otherSource): job.undone.foreign += 1
    case .success(.changedMeanwhile): job.undone.newer.append(report.record)
    case .failure(let error):
      job.undone.failed.append(report.record)
      job.undone.failure = error
    }
  }

  private mutating func finishUndo(_ job: WorkState.Job) {
    guard var group = job.restoring else { return }
    let tally = job.undone
    let untried = group.records.dropFirst(job.done)
    group.records = tally.failed + untried
    undo.settle(group.direction, of: group.id, count: tally.restored, opposite: job.records)
    undo.giveBack(group)
    if !tally.newer.isEmpty { askToRestoreOverNewer(group, tally.newer) }
    let words = group.direction == .undo ? ("undone", "taken back", "u") : ("redone", "redone", "U")
    var parts = ["\(words.0): \(job.title)"]
    if job.total > 1 { parts = ["\(tally.restored) of \(job.total) \(words.1): \(job.title)"] }
    if tally.restored == 0 { parts = ["nothing \(words.1): \(job.title)"] }
    if let first = tally.expired.first {
      let others = tally.expired.count > 1 ? " and \(tally.expired.count - 1) others" : ""
      parts.append("\(nameForMessage(first))\(others) would have expired by now, not revived")
    }
    if tally.foreign > 0 { parts.append("\(tally.foreign) belong to another server or database") }
    if !tally.newer.isEmpty { parts.append("\(tally.newer.count) written since") }
    if !untried.isEmpty { parts.append("\(untried.count) left: \(words.2) goes on") }
    if let failure = tally.failure { parts.append(failure.sentence) }
    say(parts.joined(separator: " · "), tally.restored == job.total ? .good : .warning)
  }

  private mutating func askToRestoreOverNewer(_ group: UndoGroup, _ newer: [UndoRecord]) {
    var group = group
    group.records = newer
    let subject = subject(newer.map(\.key))
    let other = group.direction == .undo ? "older" : "other"
    ask(
      Confirmation(
        title: newer.count == 1
          ? "\(subject) was written since. Put the \(other) value back?"
          : "\(subject) were written since. Put the \(other) values back?",
        lines: [
          newer.count == 1 ? "Cancel keeps the newer value." : "Cancel keeps the newer values."
        ], held: .undo(group, overwriting: true),
        verb: "overwrite"))
  }
}
