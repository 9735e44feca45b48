package import CacheModel

/// Changes under way, and what became of them.
extension ExplorerState {
  /// Why nothing may be sent now; nil when it may. Asked when a step is about to be released, since
  /// much can have happened while its prompt was open.
  func refusal(of step: HeldStep) -> String? {
    switch step {
    case .allowWriting, .editAgain: return nil
    case .stopEngine: return reasonAgainstStopping
    case .withoutUndo(let step): return refusal(of: step)
    case .flush: return reasonAgainstChanges(.flush)
    case .undo: return reasonAgainstChanges(.undo)
    case .runPlan: return work.plan.flatMap { reasonAgainst($0) }
    case .change(let change, _, _):
      let action: Action =
        switch change {
        case .expireNow, .setTTL: .expire
        case .delete: .delete
        default: .edit
        }
      return reasonAgainstChanges(action)
    }
  }

  /// Does what was held, or says why it cannot be done now; the prompt stays then.
  mutating func release(_ step: HeldStep) -> [Effect] {
    if let reason = refusal(of: step) {
      if prompt?.takesText == true { prompt?.problem = reason } else { say(reason, .warning) }
      return []
    }
    let form = prompt
    prompt = nil
    switch step {
    case .change: return start(step, from: form)
    case .runPlan: return startPlan(isWithoutUndo: false)
    case .withoutUndo(.runPlan): return startPlan(isWithoutUndo: true)
    case .withoutUndo(let step): return start(step, from: nil, isWithoutUndo: true)
    case .undo(let entry, let overwriting):
      return startUndo(of: entry, overwriting: overwriting)
    case .flush:
      cancelPlan()
      return startFlush()
    case .editAgain(let edit, let text): return editOutside(edit, text)
    case .stopEngine: return [.stopEngine, .quit]
    case .allowWriting:
      access = .readWrite
      say("changes are allowed again", .warning)
      return [.setReadOnly(false)]
    }
  }

  /// Sends a change of one key.
  private mutating func start(
    _ step: HeldStep, from form: Prompt?, isWithoutUndo: Bool = false
  ) -> [Effect] {
    guard case .change(let change, let key, let title) = step else { return [] }
    rememberLife(of: key)
    let request = newRequest()
    var job = WorkState.Job(request: request, title: title, total: 1, change: change)
    job.step = step
    job.isWithoutUndo = isWithoutUndo
    if let form, case .form = form.kind { job.form = form }
    work.job = job
    return [.change(request, change, key, keeping: isWithoutUndo ? nil : header(title))]
  }

  private mutating func startUndo(of entry: JournalEntry, overwriting: Bool) -> [Effect] {
    endReturnTrials()
    let title = undo.own.root(of: entry).header.title
    guard let header = header("\(entry.isUndo ? "do again" : "take back"): \(title)") else {
      return []
    }
    let request = newRequest()
    var job = WorkState.Job(
      request: request, title: title, total: max(1, entry.keptCount))
    job.restoring = entry
    work.job = job
    return [.undo(request, entry.id, header, overwriting: overwriting)]
  }

  /// Deletes everything in one step.
  mutating func startFlush() -> [Effect] {
    let request = newRequest()
    let title = "flush \(databaseName)"
    work.job = WorkState.Job(request: request, title: title, total: 1)
    return [.flush(request, noting: header(title))]
  }

  /// Under which the journal keeps a change of this source.
  mutating func header(_ title: String) -> ChangeHeader? {
    guard let description = source.description else { return nil }
    let header = ChangeHeader(
      title: title, at: wallNow, source: description.identity, address: description.address)
    undo.noteBegun(header)
    return header
  }

  mutating func take(outcome: KeyOutcome, isLost: Bool, of request: RequestID) -> [Effect] {
    guard let job = work.job, job.request == request else { return [] }
    work.job = nil
    if job.change == .delete, case .success(.done) = outcome.result {
      noteDeletion(of: outcome.key)
    }
    settle(outcome)
    finish(job, outcome, isLost: isLost)
    return describeQueued() + leaveIfWanted()
  }

  /// Brings the list into line with what became of one key.
  private mutating func settle(_ outcome: KeyOutcome) {
    if let slot = keys.index.slot(of: outcome.key) { keys.mark(slot, false) }
    switch outcome.result {
    case .success(.done), .success(.nothingToDo), .success(.changedMeanwhile),
      .success(.elementGone), .success(.elementExists):
      lookAgain(at: outcome.key)
    case .success(.gone):
      if let slot = keys.index.slot(of: outcome.key) { markGone(slot) }
    default: break
    }
  }

  /// A key that we changed: it is asked for before all others.
  package mutating func lookAgain(at key: CacheKey) {
    notice(key, isOwn: true)
    if let slot = keys.index.slot(of: key) { keys.forgetAnswer(of: slot) }
    keys.urgent.append(key)
    if preview.key == key { preview.readAt = nil }
  }

  private mutating func finish(_ job: WorkState.Job, _ outcome: KeyOutcome, isLost: Bool) {
    let name = nameForMessage(outcome.key)
    switch outcome.result {
    case .success(.done):
      showNewKey(of: job, outcome.key)
      let isKept = source.keepsOldValues && !job.isWithoutUndo && !isLost
      if !isKept { noteLoss(job.title) }
      let undoing = isKept ? "u takes it back" : "cannot be undone"
      say("done: \(job.title) · \(undoing)", .good)
    case .success(.gone): say("\(name) has gone: nothing was done", .warning)
    case .success(.elementGone):
      say("that part of \(name) has gone: nothing was done", .warning)
    case .success(.elementExists):
      retry(job, "\(name) has that already: nothing was done")
    case .success(.changedMeanwhile): askToOverwrite(job, outcome.key)
    case .success(.alreadyExists):
      let taken = nameForMessage(job.change?.newKey ?? outcome.key)
      retry(job, "\(taken) exists: nothing was done, choose another name")
    case .success(.otherKind(let kind)):
      say("\(name) holds a \(kind.redisName) now: nothing was done", .warning)
    case .success(.nothingToDo): say("\(name): there was nothing to change", .plain)
    case .failure(let error): say("\(job.title): \(error.sentence)", .failure)
    }
  }

  /// The form that was filled in comes back with what is wrong; without one it is said.
  private mutating func retry(_ job: WorkState.Job, _ problem: String) {
    guard let form = job.form else { return say(problem, .warning) }
    reopen(form, problem)
  }

  /// A key that was created, renamed or copied gets the cursor.
  private mutating func showNewKey(of job: WorkState.Job, _ key: CacheKey) {
    if let new = job.change?.newKey {
      lookAgain(at: new)
      reveal(new)
    } else if case .create = job.change {
      reveal(key)
    }
  }

  private mutating func askToOverwrite(_ job: WorkState.Job, _ key: CacheKey) {
    guard let change = job.change?.overwriting else {
      say("\(nameForMessage(key)) has changed meanwhile: nothing was done", .warning)
      return
    }
    if preview.key == key { preview.readAt = nil }
    ask(
      Confirmation(
        title: "\(nameForMessage(key)) has changed since you read it. Overwrite it?",
        lines: ["Cancel shows the newer value.", undoLine(for: key)],
        held: .change(change, key, title: job.title), verb: "overwrite"))
  }

  mutating func take(flushed count: Int64?, of request: RequestID) -> [Effect] {
    guard let job = work.job, job.request == request else { return [] }
    work.job = nil
    keys.removeAll()
    keys.walk.isDue = true
    keys.walk.finishedAt = nil
    noteLoss(job.title)
    say(
      "flushed \(databaseName): \(count.map { $0.counted("key") } ?? "all keys") deleted · cannot be undone",
      .good)
    return leaveIfWanted()
  }
}
