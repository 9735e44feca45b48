import CacheModel
import Plans

/// An action on many keys: its view opens at once, its keys are collected in slices, and what the list
/// does not know of them is asked about a few of them in the background.
extension ExplorerState {
  /// The view of the plan is what takes the keys.
  package var isPlanOpen: Bool { overlay?.kind == .plan && work.plan != nil }

  /// Opens the plan of an action that is meant for many keys.
  mutating func open(
    _ change: PlannedChange, over scope: ActionScope, ending: String = "",
    copying copy: CopyOrder? = nil
  ) {
    if let reason = reasonAgainstChanges(Self.action(of: change, over: scope)) {
      return say("\(change.order): \(reason)", .warning)
    }
    cancelGathering()
    cancelPlan()
    lastRequest += 1
    work.plan = PlanState(
      change, scope, keys.filter, ending: ending,
      inView: keys.visible.count { isMeant($0, scope) },
      PlanGathering(
        below: scope.prefix, separators: keys.tree.separators, undoLimit: source.undoLimit),
      view: lastRequest)
    work.plan?.copy = copy
    work.plan?.marksAllShown = keys.filterMarkedWhole == keys.filter
    prompt = nil
    show(Overlay(.plan))
    collect(change, scope)
    takePlanned()
  }

  private mutating func collect(_ change: PlannedChange, _ scope: ActionScope) {
    var sweep = KeySweep(purpose: .plan(change, onlyMarked: scope.prefix.isEmpty))
    sweep.gathering = work.plan?.gathering
    guard scope.surveyed == nil else { return }
    if let key = scope.key { return collect(key) }
    guard !scope.prefix.isEmpty else { return keys.begin(sweep) }
    guard let folder = keys.tree.folder(withPrefix: scope.prefix) else { return }
    sweep.folder = folder.number
    keys.begin(sweep)
  }

  /// A single key, if it is still there.
  private mutating func collect(_ key: CacheKey) {
    guard let slot = keys.index.slot(of: key), keys.index[fate: slot].goneSince == nil else {
      return
    }
    work.plan?.gathering.add(
      key, keys.summary(of: slot, key), isHidden: false, isTaken: false)
  }

  private static func action(of change: PlannedChange, over scope: ActionScope) -> Action {
    if case .database = scope { return .flush }
    return switch change {
    case .delete: .delete
    case .renamePrefix: .rename
    case .copy: .copyOut
    case .expireNow, .setTTL, .spreadTTL, .persist: .expire
    }
  }

  func reasonAgainst(_ plan: PlanState) -> String? {
    reasonAgainstChanges(Self.action(of: plan.change, over: plan.scope))
  }

  /// Whether a key in view is one of several that an action is meant for.
  func isMeant(_ key: CacheKey, _ scope: ActionScope) -> Bool {
    guard let slot = keys.index.slot(of: key), keys.index[fate: slot].goneSince == nil else {
      return false
    }
    switch scope {
    case .key(let meant): return meant == key
    case .marks: return keys.index[isMarked: slot]
    case .below(let prefix, _): return key.bytes.starts(with: prefix)
    case .database: return true
    case .tag: return false
    }
  }

  // MARK: Collecting

  /// The keys as far as they have been collected.
  package var planGathering: PlanGathering? {
    guard let plan = work.plan else { return nil }
    guard plan.phase == .collecting else { return plan.gathering }
    return keys.sweeps.lazy.compactMap(\.gathering).first ?? plan.gathering
  }

  /// Goes on when the keys have been collected; when their folder went meanwhile there are none.
  mutating func takePlanned() {
    guard var plan = work.plan, plan.phase == .collecting else { return keys.planned = nil }
    guard plan.scope.surveyed == nil, plan.copy == nil || plan.copy?.target != nil else { return }
    let isUnderWay = keys.sweeps.contains { $0.gathering != nil }
    guard let gathering = keys.planned ?? (isUnderWay ? nil : plan.gathering) else { return }
    keys.planned = nil
    guard gathering.preview.keys > 0 else {
      cancelPlan()
      return say("none of the keys is left: nothing was done", .warning)
    }
    guard !gathering.isTooLarge else {
      cancelPlan()
      return say(
        "the names of so many keys do not fit into one plan: choose fewer, or use cachescope "
          + "invalidate", .warning)
    }
    plan.gathering = gathering
    lastRequest += 1
    plan.turn(to: .asking, view: lastRequest)
    work.plan = plan
  }

  /// Forgets a plan that does not run, and closes its view.
  mutating func cancelPlan() {
    guard work.plan?.isRunning != true else { return }
    keys.sweeps.removeAll { $0.gathering != nil }
    keys.planned = nil
    if work.plan?.phase == .collecting { work.unwantedSurvey = work.plan?.survey }
    work.plan = nil
    overlays.removeAll { $0.kind == .plan }
  }

  /// A plan that only waited for an answer goes with its view, however that was left.
  mutating func dropPlanWithoutView() {
    guard work.plan?.isOnlyAsked == true, !overlays.contains(where: { $0.kind == .plan }) else {
      return
    }
    cancelPlan()
  }

  // MARK: Asking

  private static let keysAtOnce = 500

  /// Asks about the next few keys of which the list does not know enough.
  mutating func askAboutPlan() -> [Effect] {
    let asked = dropSurvey() + beginSurvey() + askForTarget() + askForRoom()
    guard var plan = work.plan, plan.phase == .asking, plan.question == nil else { return asked }
    let names = plan.gathering.takeUnknown(Self.keysAtOnce)
    guard !names.isEmpty else { return asked }
    let request = newRequest()
    plan.question = request
    work.plan = plan
    return asked + [.describe(request, names, .sizes)]
  }

  /// Asks the journal, once, how much it has room for.
  private mutating func askForRoom() -> [Effect] {
    guard let plan = work.plan, plan.isOnlyAsked, plan.roomQuestion == nil,
      reasonAgainstUndo == nil, plan.copy == nil
    else { return [] }
    let request = newRequest()
    work.plan?.roomQuestion = request
    return [.measureJournal(request)]
  }

  /// Whether the answer was about keys of the plan.
  mutating func takePlanned(_ summaries: [KeySummary?], request: RequestID) -> Bool {
    guard work.plan?.question == request else { return false }
    work.plan?.question = nil
    for summary in summaries {
      if let summary { work.plan?.gathering.preview.add(summary) }
    }
    return true
  }

  /// The view then shows what is known.
  mutating func takePlanFailure(of request: RequestID) -> Bool {
    guard work.plan?.question == request else { return false }
    work.plan?.question = nil
    _ = work.plan?.gathering.takeUnknown(.max)
    return true
  }

  // MARK: Answers

  private var planWasSeen: Bool {
    guard let paintedAt = work.plan?.paintedAt else { return false }
    return now.milliseconds(since: paintedAt) >= Prompt.guardTime
  }

  /// A letter in the view of a plan.
  mutating func answerPlan(_ letter: Character) -> [Effect] {
    guard let plan = work.plan else { return [] }
    if letter == "p", plan.isRunning { return holdPlan() }
    guard planWasSeen else {
      if plan.paintedAt != nil { work.plan?.paintedAt = now }
      return []
    }
    switch (plan.phase, letter) {
    case (.collecting, "n"), (.asking, "n"): cancelPlan()
    case (.asking, "y"): return releasePlan()
    case (.asking, "S"): askForScript()
    case (.asking, "o") where plan.copy != nil: chooseNextConflict()
    case (.asking, "f") where plan.isFlush: askToFlushForGood()
    case (.ended, "u"): return undoPlan()
    // Somebody is typing something else: a y among it is no answer.
    default: work.plan?.paintedAt = now
    }
    return []
  }

  /// Enter: the focus of the question is on Cancel.
  mutating func submitPlan() {
    guard planWasSeen else { return }
    switch work.plan?.phase {
    case .asking: cancelPlan()
    case .ended: overlay = nil
    case .collecting, .running, nil: break
    }
  }

  /// Esc, `q` and a click beside the view.
  mutating func leavePlanView() {
    guard let plan = work.plan, !plan.isOnlyAsked else { return cancelPlan() }
    overlay = nil
  }

  /// Comes back to the plan that runs, or to what came of the last one.
  mutating func showPlan() {
    guard work.plan != nil else { return }
    show(Overlay(.plan))
  }

  /// The name of the database, or of the prefix, is asked for where much may be lost.
  private mutating func releasePlan() -> [Effect] {
    guard let plan = work.plan else { return [] }
    if plan.isFlush, let reason = reasonAgainstUndo(of: plan) {
      say("y keeps what takes it back, and cannot: \(reason) · f flushes without", .warning)
      return []
    }
    guard planNeedsName else { return release(.runPlan) }
    if let reason = reasonAgainst(plan) {
      say(reason, .warning)
      return []
    }
    askForName(plan, held: .runPlan, undoLine(of: plan), verb: "go on")
    return []
  }

  mutating func askForName(
    _ plan: PlanState, held: HeldStep, _ line: String, verb: String
  ) {
    let title = planHeadline
    let confirmation = Confirmation(
      title: "\(title.prefix(1).uppercased())\(title.dropFirst())?",
      lines: [line], held: held, verb: verb)
    let name = plan.copy?.target?.databaseName ?? databaseName
    openPrompt(.typeName(confirmation, name: name, or: typedPrefix(of: plan)), text: "")
  }

  /// The prefix that a plan is over, where it can be typed.
  private func typedPrefix(of plan: PlanState) -> String? {
    guard case .below(let prefix, _) = plan.scope else { return nil }
    return Self.oneLine(prefix)
  }

  /// On a source that is marked as production, for a large part of all keys, and for all of them.
  package var planNeedsName: Bool {
    guard let plan = work.plan else { return false }
    if let target = plan.copy?.target { return copyNeedsName(plan, target) }
    let all = stats.history.latest?.keys ?? Int64(keys.presentCount)
    return plan.isFlush || source.isProduction || PlanPreview.isLarge(plan.count, of: all)
  }
}
