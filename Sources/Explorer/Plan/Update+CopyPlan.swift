import CacheModel
package import Plans

/// Copies to another source: it is chosen first, and asked what it is while the keys are collected;
/// then there is a plan as for anything that is done to many keys. Here nothing is changed.
extension ExplorerState {
  /// Why nothing can be copied from here now; nil when it can. A source that its profile forbids to
  /// change may be copied from.
  var reasonAgainstCopying: String? {
    if access == .readOnly { return "read-only: ! asks to allow changes" }
    if access == .readOnlyForGood, !source.isReadOnlyByProfile {
      return "read-only for this whole session"
    }
    if isChangeUnderWay { return "a change is under way: ctrl-c cancels it" }
    guard source.description != nil else { return "not connected yet" }
    guard case .connected = source.connection else { return "not connected: nothing was sent" }
    return nil
  }

  mutating func chooseTarget(_ chosen: ConnectionChoice, for scope: ActionScope) {
    overlays.removeAll()
    open(
      .copy(onConflict: .skip), over: scope, ending: " to \(chosen.title)",
      copying: CopyOrder(chosen.choice, name: chosen.title))
  }

  // MARK: Asking the target

  /// Asks what the target is, once.
  mutating func askForTarget() -> [Effect] {
    guard let plan = work.plan, plan.phase == .collecting, let copy = plan.copy,
      copy.question == nil
    else { return [] }
    let request = newRequest()
    work.plan?.copy?.question = request
    return [.askTarget(request, copy.choice)]
  }

  mutating func take(
    target outcome: Result<CopyTarget, CopyTargetProblem>, of request: RequestID
  ) {
    guard let plan = work.plan, plan.copy?.question == request, plan.phase == .collecting else {
      return
    }
    do throws(CopyTargetProblem) {
      let target = try outcome.get()
      if let reason = reasonAgainst(target) { throw CopyTargetProblem(reason) }
      work.plan?.copy?.target = target
      takePlanned()
    } catch {
      let title = planTitle
      cancelPlan()
      say("\(title): \(error.sentence)", .failure)
    }
  }

  private func reasonAgainst(_ target: CopyTarget) -> String? {
    let description = target.description
    if description.identity == source.description?.identity {
      return "that is the database that is open; O chooses another one"
    }
    guard !description.capabilities.contains(.write) else { return nil }
    return description.refusals[.write] ?? "nothing can be written there; O chooses another source"
  }

  // MARK: The question

  /// The next thing to do where a key holds something else.
  mutating func chooseNextConflict() {
    guard let plan = work.plan, plan.phase == .asking, case .copy(let conflict) = plan.change
    else { return }
    let all = ConflictChoice.allCases
    let place = (all.firstIndex(of: conflict) ?? 0) + 1
    work.plan?.change = .copy(onConflict: all[place % all.count])
  }

  /// What happens to keys that hold something else there.
  package static func conflictWords(_ conflict: ConflictChoice) -> String {
    switch conflict {
    case .skip: "skip: what holds something else there stays as it is"
    case .replace: "replace: what holds something else there is overwritten"
    case .fail: "fail: what holds something else there stays as it is, and counts as failed"
    }
  }

  /// Whether the name of the target's database has to be typed: it is production, or much of it may
  /// be overwritten.
  func copyNeedsName(_ plan: PlanState, _ target: CopyTarget) -> Bool {
    if target.isProduction { return true }
    guard plan.change == .copy(onConflict: .replace), let keys = target.keys, keys > 0 else {
      return false
    }
    return PlanPreview.isLarge(min(plan.count, Int(clamping: keys)), of: keys)
  }

  /// How a copy is taken back, or why it cannot be.
  package func copyUndoText(_ plan: PlanState) -> String {
    if let reason = reasonAgainstUndo(of: plan) { return "cannot be undone: \(reason)" }
    return "what is written there can be taken back there: c turns to it, u takes it back"
  }

  /// The header of the change in the journal, which belongs to the target.
  mutating func copyHeader(_ title: String, _ target: CopyTarget) -> ChangeHeader {
    let header = ChangeHeader(
      title: "\(title), from \(source.description?.address ?? source.address)", at: wallNow,
      source: target.description.identity, address: target.description.address)
    undo.noteBegun(header)
    return header
  }
}
