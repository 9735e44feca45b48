import CacheModel
import Plans

/// A plan that runs: it is started, held, cancelled and reported; the list follows it batch by batch.
extension ExplorerState {
  /// Something is being sent.
  package var isChangeUnderWay: Bool { work.job != nil || work.plan?.isRunning == true }

  mutating func startPlan(isWithoutUndo: Bool) -> [Effect] {
    guard var plan = work.plan, plan.phase == .asking else { return [] }
    guard !isWithoutUndo || !plan.isFlush else {
      cancelPlan()
      return startFlush()
    }
    let request = newRequest()
    var copy: CopyTask?
    if case .copy(let conflict) = plan.change {
      guard let order = plan.copy, let target = order.target else { return [] }
      copy = CopyTask(
        choice: order.choice, conflict: conflict, identity: target.description.identity)
    }
    let header = isWithoutUndo ? nil : headerOfPlan()
    plan.isWithoutUndo = isWithoutUndo
    plan.question = nil
    plan.run = PlanRunState()
    plan.run.request = request
    lastRequest += 1
    plan.turn(to: .running, view: lastRequest)
    work.plan = plan
    return [
      .runPlan(
        request,
        PlanTask(
          change: plan.change, names: plan.gathering.names,
          keysInAll: plan.isFlush ? plan.count : nil, order: plan.order, copy: copy, header: header)
      )
    ]
  }

  private mutating func headerOfPlan() -> ChangeHeader? {
    let title = planTitle
    guard let target = work.plan?.copy?.target else { return header(title) }
    return copyHeader(title, target)
  }

  mutating func holdPlan() -> [Effect] {
    guard let plan = work.plan, plan.isRunning, !plan.run.isCancelling,
      let request = plan.run.request
    else { return [] }
    let isHeld = !plan.run.isHeld
    work.plan?.run.hold(isHeld)
    return [.holdPlan(request, isHeld)]
  }

  /// Ends it after the batch that is under way.
  mutating func stopPlan() -> [Effect] {
    guard let plan = work.plan, plan.isRunning, let request = plan.run.request else { return [] }
    work.plan?.run.isCancelling = true
    work.plan?.run.hold(false)
    return [.cancel(request)]
  }

  // MARK: What becomes of it

  mutating func take(plan event: Event) -> [Effect] {
    switch event {
    case .planSettled(let request, let settled): take(settled: settled, of: request)
    case .planProgress(let request, let progress):
      if isRunning(request) { work.plan?.run.note(progress, at: now) }
    case .planEnded(let request, let report): return take(report: report, of: request)
    case .scriptSaved(let request, let outcome): take(script: outcome, of: request)
    case .journalRoom(let request, let room):
      guard work.plan?.roomQuestion == request else { break }
      work.plan?.room = room
      work.plan?.isRoomTold = true
    case .targetTold(let request, let outcome): take(target: outcome, of: request)
    case .planSurveying(let request, let found): take(surveying: found, of: request)
    case .planSurveyed(let request, let outcome): take(surveyed: outcome, of: request)
    default: break
    }
    return []
  }

  private func isRunning(_ request: RequestID) -> Bool {
    work.plan?.run.request == request && work.plan?.isRunning == true
  }

  private mutating func take(settled: SettledKeys, of request: RequestID) {
    guard isRunning(request), let change = work.plan?.change else { return }
    settled.forEach { settle($0, $1, change) }
  }

  /// Brings the list into line with what became of a key. What it is now is asked about in turn, the
  /// keys in view first.
  private mutating func settle(_ key: CacheKey, _ fate: SettledKeys.Fate, _ change: PlannedChange) {
    if preview.key == key, work.plan?.copy == nil { preview.readAt = nil }
    let slot = keys.index.slot(of: key)
    if let slot, fate != .failed { keys.mark(slot, false) }
    if case .copy = change { return }
    switch (fate, change) {
    case (.gone, _), (.changed, .delete), (.changed, .expireNow):
      if fate == .changed, change == .delete { noteDeletion(of: key) }
      if let slot { markGone(slot) }
    case (.changed, .renamePrefix):
      if let slot { markGone(slot) }
      if case .rename(let name, _) = change.change(of: key)?.change { list(renamed: name) }
    case (.changed, _), (.otherwise, _), (.failed, _):
      guard let slot else { return }
      keys.index[hasLifetime: slot] = false
      keys.forgetAnswer(of: slot)
    }
  }

  private mutating func list(renamed name: CacheKey) {
    let (slot, _) = keys.insert(name)
    keys.index[generation: slot] = keys.walk.generation
    if keys.index[fate: slot].goneSince != nil {
      keys.fadingCount -= 1
      keys.index[fate: slot] = .present
    }
  }

  private mutating func take(report: PlanReport, of request: RequestID) -> [Effect] {
    guard isRunning(request), var plan = work.plan else { return [] }
    lastRequest += 1
    if case .notKept(let error)? = report.problem, report.handled == 0, !plan.isWithoutUndo {
      plan.turn(to: .asking, view: lastRequest)
      work.plan = plan
      askToGoOnWithoutUndo(error)
      return leaveIfWanted()
    }
    let isKept = source.keepsOldValues && !plan.isWithoutUndo
    if !isKept, report.changed > 0, plan.copy == nil { noteLoss(planTitle) }
    plan.turn(to: .ended(report), view: lastRequest)
    plan.gathering.forgetNames()
    work.plan = plan
    keys.walk.isDue = keys.walk.isDue || plan.copy == nil
    let relisted = plan.order == nil ? [] : walkOverTags()
    if !isPlanOpen {
      say(planSummary(of: report) + " · P tells more", report.isComplete ? .good : .warning)
    }
    return describeQueued() + relisted + leaveIfWanted()
  }

  private mutating func askToGoOnWithoutUndo(_ error: KeeperError) {
    if !overlays.contains(where: { $0.kind == .plan }) { show(Overlay(.plan)) }
    ask(
      Confirmation(
        title: "It cannot be taken back. Do it all the same?",
        lines: [planTitle, "Nothing was sent: \(error.sentence)."],
        held: .withoutUndo(.runPlan), verb: "go on"))
  }

  /// Takes the plan back whose report is shown.
  mutating func undoPlan() -> [Effect] {
    guard case .ended(let report)? = work.plan?.phase else { return [] }
    if let copy = work.plan?.copy {
      say("u takes it back at \(copy.name): c turns to it", .warning)
      return []
    }
    guard let change = report.change, let entry = undo.own.first(where: { $0.id == change }),
      entry.keptCount > 0
    else {
      say("this cannot be taken back, or has been already: J lists the changes", .warning)
      return []
    }
    overlay = nil
    return start(undoOf: entry)
  }
}
