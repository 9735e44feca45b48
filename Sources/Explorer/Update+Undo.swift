import CacheModel

extension ExplorerState {
  /// What became of taking a change back. What somebody has written since is asked about; what
  /// could not be tried is kept.
  mutating func take(
    reports: [UndoReport], of request: RequestID, isLast: Bool
  ) -> [Effect] {
    guard var job = work.job, job.request == request else { return [] }
    // One owner, or every portion would copy all that is kept.
    work.job = nil
    job.done += reports.count
    for report in reports {
      tally(report, in: &job)
      notice(report.record.key)
      keys.urgent.append(report.record.key)
      if preview.key == report.record.key { preview.readAt = nil }
    }
    if isLast { finishUndo(job) } else { work.job = job }
    return describeQueued() + leaveIfWanted()
  }

  private func tally(_ report: UndoReport, in job: inout WorkState.Job) {
    switch report.result {
    case .success(.restored): job.undone.restored += 1
    case .success(.expiredMeanwhile): job.undone.expired.append(report.record.key)
    case .success(.otherSource): job.undone.foreign += 1
    case .success(.changedMeanwhile): job.undone.newer.append(report.record)
    case .failure(let error):
      job.undone.failed.append(report.record)
      job.undone.failure = error
    }
  }

  private mutating func finishUndo(_ job: WorkState.Job) {
    let tally = job.undone
    let untried = job.restoring.dropFirst(job.done)
    undo.push(UndoGroup(title: job.title, records: tally.failed + untried))
    if !tally.newer.isEmpty { askToUndoOverNewer(job) }
    var parts = ["undone: \(job.title)"]
    if job.total > 1 { parts = ["\(tally.restored) of \(job.total) taken back: \(job.title)"] }
    if tally.restored == 0 { parts = ["nothing taken back: \(job.title)"] }
    if let first = tally.expired.first {
      let others = tally.expired.count > 1 ? " and \(tally.expired.count - 1) others" : ""
      parts.append("\(nameForMessage(first))\(others) would have expired by now, not revived")
    }
    if tally.foreign > 0 { parts.append("\(tally.foreign) belong to another server or database") }
    if !tally.newer.isEmpty { parts.append("\(tally.newer.count) written since") }
    if !untried.isEmpty { parts.append("\(untried.count) left: u goes on") }
    if let failure = tally.failure { parts.append(failure.sentence) }
    say(parts.joined(separator: " · "), tally.restored == job.total ? .good : .warning)
  }

  private mutating func askToUndoOverNewer(_ job: WorkState.Job) {
    let group = UndoGroup(title: job.title, records: job.undone.newer)
    let subject = subject(group.records.map(\.key))
    let confirmation = Confirmation(
      title: "\(subject) was written since. Put the older value back?",
      lines: ["Cancel keeps the newer value."], held: .undo(group, overwriting: true),
      verb: "overwrite")
    ask(confirmation)
  }
}
