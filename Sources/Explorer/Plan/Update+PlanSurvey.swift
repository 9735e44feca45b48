import CacheModel
import Plans

/// Plans over keys that the list does not know: every key of the database, and those of a tag. The
/// source is walked over before the question, and tells what there is.
extension ExplorerState {
  /// Begins the walk over the keys of the plan in view.
  mutating func beginSurvey() -> [Effect] {
    guard let plan = work.plan, plan.phase == .collecting, plan.survey == nil,
      let keys = plan.scope.surveyed
    else { return [] }
    let request = newRequest()
    work.plan?.survey = request
    return [
      .surveyPlan(request, SurveyTask(keys: keys, separators: self.keys.tree.separators.bytes))
    ]
  }

  /// Ends the walk of a plan that was left.
  mutating func dropSurvey() -> [Effect] {
    guard let survey = work.unwantedSurvey else { return [] }
    work.unwantedSurvey = nil
    return [.cancel(survey)]
  }

  mutating func take(surveying found: Int, of request: RequestID) {
    guard work.plan?.survey == request, work.plan?.phase == .collecting else { return }
    work.plan?.surveyed = found
  }

  mutating func take(
    surveyed outcome: Result<SurveyedPlan, SurveyProblem>, of request: RequestID
  ) {
    guard var plan = work.plan, plan.survey == request, plan.phase == .collecting else { return }
    switch outcome {
    case .failure(let problem): drop(plan, sentence(of: problem, plan), .failure)
    case .success(let surveyed):
      guard surveyed.preview.keys > 0 || surveyed.order != nil else {
        return drop(plan, "\(databaseName) has no keys: there is nothing to flush", .warning)
      }
      plan.gathering.take(surveyed)
      plan.order = surveyed.order
      lastRequest += 1
      plan.turn(to: .asking, view: lastRequest)
      work.plan = plan
    }
  }

  private mutating func drop(_ plan: PlanState, _ sentence: String, _ tone: Message.Tone) {
    work.plan?.survey = nil
    cancelPlan()
    say(sentence, tone)
  }

  private func sentence(of problem: SurveyProblem, _ plan: PlanState) -> String {
    switch problem {
    case .failed(let error): "\(planTitle): \(error.sentence)"
    case .tagGone: "\(planTitle): the tag has gone meanwhile, nothing was sent"
    case .tooMany:
      "the names of so many keys do not fit into one plan: use cachescope invalidate --tag"
    }
  }

  // MARK: Every key of the database

  mutating func openFlush() {
    let count = stats.history.latest?.keys.map { Int(clamping: $0) }
    open(.delete, over: .database(count ?? keys.presentCount))
  }

  /// The flush in one step, of which nothing is kept.
  mutating func askToFlushForGood() {
    guard let plan = work.plan else { return }
    askForName(
      plan, held: .flush, "It is done in one step. This cannot be undone.", verb: "flush")
  }

  /// Why the journal cannot hold what takes a flush back; nil when it can, or has not told yet.
  func reasonAgainstKeeping(_ plan: PlanState) -> String? {
    guard plan.isFlush, plan.isRoomTold, plan.phase != .collecting else { return nil }
    guard plan.room != nil else { return "the journal does not answer" }
    return plan.exceedsJournal ? "the journal has no room for so much" : nil
  }

  // MARK: A tag

  /// Whether one is in focus and changes are allowed.
  package var canInvalidateTag: Bool {
    guard let overlay, overlay.kind == .tags else { return false }
    return listedTags(overlay).indices.contains(overlay.list.row)
      && reasonAgainstChanges(.delete) == nil
  }

  /// The plan that invalidates the tag in focus.
  mutating func invalidateChosenTag() {
    guard let overlay else { return }
    let listed = listedTags(overlay)
    guard listed.indices.contains(overlay.list.row) else { return }
    let chosen = listed[overlay.list.row]
    open(.delete, over: .tag(chosen.tag, chosen.keys.map { Int(clamping: $0) } ?? 0))
  }
}
