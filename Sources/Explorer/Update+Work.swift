import CacheModel

/// Changes under way, and what became of them.
extension ExplorerState {
  mutating func start(_ change: KeyChange, _ targets: [CacheKey], title: String) -> [Effect] {
    let request = newRequest()
    work.job = WorkState.Job(request: request, title: title, total: targets.count)
    return [.change(request, change, targets, undoLimit: UndoHistory.valueLimit)]
  }

  mutating func start(undo group: UndoGroup, overwriting: Bool) -> [Effect] {
    let request = newRequest()
    work.job = WorkState.Job(request: request, title: group.title, total: group.records.count)
    return [.undo(request, group.records, overwriting: overwriting)]
  }

  mutating func release(_ step: HeldStep) -> [Effect] {
    switch step {
    case .change(let change, let targets, let title):
      return start(change, targets, title: title)
    case .undo(let group, let overwriting): return start(undo: group, overwriting: overwriting)
    case .flush:
      let request = newRequest()
      work.job = WorkState.Job(request: request, title: "flush \(databaseName)", total: 1)
      return [.flush(request)]
    case .allowWriting:
      access = .readWrite
      say("changes are allowed again", .warning)
      return []
    }
  }

  mutating func take(
    outcomes: [KeyOutcome], of request: RequestID, isLast: Bool
  ) -> [Effect] {
    guard var job = work.job, job.request == request else { return [] }
    job.done += outcomes.count
    job.outcomes += outcomes
    for outcome in outcomes {
      if case .success(.done(let record?)) = outcome.result { job.records.append(record) }
      settle(outcome)
    }
    work.job = isLast ? nil : job
    if isLast { finish(job) }
    return describeQueued()
  }

  /// Brings the list into line with what became of one key.
  private mutating func settle(_ outcome: KeyOutcome) {
    switch outcome.result {
    case .success(.done), .success(.nothingToDo), .success(.changedMeanwhile):
      notice(outcome.key)
      if let slot = keys.index.slot(of: outcome.key) {
        keys.undescribed.insert(slot, at: keys.undescribed.startIndex)
      }
      preview.readAt = preview.key == outcome.key ? nil : preview.readAt
    case .success(.gone):
      if let slot = keys.index.slot(of: outcome.key) { markGone(slot) }
    default: break
    }
  }

  private mutating func finish(_ job: WorkState.Job) {
    undo.push(UndoGroup(title: job.title, records: job.records))
    for key in job.outcomes.map(\.key) {
      if let slot = keys.index.slot(of: key) { keys.index[isMarked: slot] = false }
    }
    if job.outcomes.count == 1, job.total == 1 {
      finishSingle(job.outcomes[0], job)
    } else {
      finishMany(job)
    }
  }

  private mutating func finishSingle(_ outcome: KeyOutcome, _ job: WorkState.Job) {
    let name = nameForMessage(outcome.key)
    switch outcome.result {
    case .success(.done(let record)):
      say("done: \(job.title) · \(record == nil ? "cannot be undone" : "u takes it back")", .good)
    case .success(.gone): say("\(name) has gone: nothing was done", .warning)
    case .success(.changedMeanwhile): askToOverwrite(job, outcome.key)
    case .success(.alreadyExists): say("\(name) exists: nothing was done", .warning)
    case .success(.otherKind(let kind)):
      say("\(name) holds a \(kind.redisName) now: nothing was done", .warning)
    case .success(.nothingToDo): say("\(name): there was nothing to change", .plain)
    case .failure(let error): say("\(job.title): \(error.sentence)", .failure)
    }
  }

  private mutating func askToOverwrite(_ job: WorkState.Job, _ key: CacheKey) {
    guard let change = work.lastChange?.overwriting else {
      say("\(nameForMessage(key)) has changed meanwhile: nothing was done", .warning)
      return
    }
    let confirmation = Confirmation(
      title: "\(nameForMessage(key)) has changed since you read it. Overwrite it?",
      lines: ["Cancel shows the newer value.", undoLine(for: [key])],
      held: .change(change, [key], title: job.title), verb: "overwrite")
    openPrompt(.confirm(confirmation))
  }

  private mutating func finishMany(_ job: WorkState.Job) {
    var done = 0
    var gone = 0
    var failures: [BackendError] = []
    for outcome in job.outcomes {
      switch outcome.result {
      case .success(.done): done += 1
      case .success: gone += 1
      case .failure(let error): failures.append(error)
      }
    }
    var text = "\(job.title): \(done) of \(job.total) done"
    if gone > 0 { text += ", \(gone) had gone or changed" }
    if let first = failures.first { text += ", \(failures.count) failed: \(first.sentence)" }
    if job.outcomes.count < job.total { text += ", cancelled" }
    let kept = job.records.count
    text += kept == done ? " · u takes it back" : " · \(done - kept) cannot be undone"
    say(text, failures.isEmpty ? .good : .failure)
  }

  mutating func take(flushed count: Int64?, of request: RequestID) -> [Effect] {
    guard work.job?.request == request else { return [] }
    work.job = nil
    for slot in keys.index.slots { markGone(slot) }
    keys.walk.isDue = true
    keys.walk.finishedAt = nil
    say("flushed \(databaseName): \(count.map { "\($0)" } ?? "all") keys deleted", .good)
    return []
  }
}
