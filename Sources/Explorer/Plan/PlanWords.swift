import CacheModel
import KeyQuery
package import Plans

/// What is said of a plan in sentences.
extension ExplorerState {
  /// `delete 12,345 keys in app:user:*`: as the journal calls it.
  package var planTitle: String {
    guard let plan = work.plan else { return "" }
    switch plan.scope {
    case .database: return "flush \(databaseName)"
    case .tag(let tag, _):
      let name = nameForMessage(CacheKey(Array(tag.spelling.utf8)))
      return plan.order?.title(plan.change, plan.count, named: name) ?? "invalidate \(name)"
    case .key, .marks, .below:
      let keys = subject(plan.scope, count: plan.count, matching: filterWords(of: plan))
      return "\(plan.change.order) \(keys)\(plan.ending)"
    }
  }

  /// The same for the view of the plan: what is not in the title as the journal has it.
  package var planHeadline: String {
    guard let plan = work.plan, plan.isFlush else { return planTitle }
    return planTitle
      + (plan.count == 1 ? ": delete its only key" : ": delete all \(plan.count.grouped) keys")
  }

  /// `12 keys`, or `12 keys in app:user:* that match ttl<1h`, or the name of a single one.
  func subject(_ scope: ActionScope, count: Int? = nil, matching filter: String? = nil) -> String {
    let keys = (count ?? scope.count).counted("key")
    let filter = filter ?? (scope.prefix.isEmpty ? "" : Self.filterWords(self.keys.filter))
    switch scope {
    case .key(let key): return nameForMessage(key)
    case .marks: return keys + filter
    case .below(let prefix, _): return "\(keys) in \(nameForMessage(CacheKey(prefix)))*\(filter)"
    case .database: return "\(keys) of \(databaseName)"
    case .tag(let tag, _):
      return "\(keys) of \(nameForMessage(CacheKey(Array(tag.spelling.utf8))))"
    }
  }

  /// ` that match type:hash`: the filter that all keys of a plan pass. Keys may have been marked
  /// before the filter, and it hides some of them then: it says nothing of all.
  private func filterWords(of plan: PlanState) -> String {
    if case .marks = plan.scope {
      guard plan.phase != .collecting, plan.gathering.hidden == 0 else { return "" }
    }
    return Self.filterWords(plan.filter)
  }

  private static func filterWords(_ filter: Query) -> String {
    guard !filter.isEmpty else { return "" }
    let text = filter.description
    return " that match \(text.count > 120 ? text.prefix(120) + "…" : text[...])"
  }

  /// What happens to the keys, and what there is to know before.
  package func planNotes(_ plan: PlanState) -> [String] {
    switch plan.scope {
    case .key: [consequence(of: plan.change)]
    case .marks, .below: [consequence(of: plan.change)] + takenLine + [placesLine(plan)]
    case .database: [flushLine]
    case .tag: tagLines(plan)
    }
  }

  private var flushLine: String {
    let others =
      source.glob != nil
      ? ", those too that this list was told to leave out"
      : keys.filter.isEmpty ? "" : ", those too that the filter hides"
    return "Every key is deleted\(others); of what is written meanwhile some may stay."
  }

  /// The rule of the tag's keeper, and what may surprise.
  private func tagLines(_ plan: PlanState) -> [String] {
    guard let order = plan.order else { return ["Its keeper's rule is being looked up."] }
    let words = Self.ended(order.invalidation.words)
    var lines = ["By the rule of \(order.tag.keeper.product): \(words)"]
    if !order.tag.keeper.tellsKeys {
      lines.append("Nothing tells which keys have it.")
    } else if !order.changesKeys {
      lines.append(
        plan.count == 1 ? "1 key becomes stale." : "\(plan.count.grouped) keys become stale.")
    }
    return lines
      + order.invalidation.notes.map { note in
        Self.ended("\(note.prefix(1).uppercased())\(note.dropFirst())")
      }
  }

  /// A sentence with its full stop, unless it has an end of its own.
  private static func ended(_ sentence: String) -> String {
    sentence.hasSuffix(".") || sentence.hasSuffix("…") ? sentence : sentence + "."
  }

  private func consequence(of change: PlannedChange) -> String {
    switch change {
    case .delete: "They are deleted at once."
    case .expireNow: "They expire at once; applications that listen see expired events."
    case .persist: "They will never expire."
    case .setTTL(.until(let time)) where time <= wallNow:
      "That time has passed: they expire at once."
    case .setTTL(.until): "All of them expire at that time."
    case .setTTL(.adjust(let milliseconds)) where milliseconds < 0:
      "Those without a TTL stay as they are; those with less left expire at once."
    case .setTTL(.adjust): "Those without a TTL stay as they are."
    case .setTTL: "Their TTLs begin anew."
    case .spreadTTL: "Each gets a TTL of its own, so that not all expire at once."
    case .renamePrefix: "Values and TTLs stay; it never overwrites another key."
    case .copy: "Values, types and ends go along as they are; here nothing is changed."
    }
  }

  private var takenLine: [String] {
    guard let taken = planGathering?.taken, taken > 0 else { return [] }
    return [
      taken == 1
        ? "The new name of 1 of them is taken: it stays as it is."
        : "The new names of \(taken.grouped) of them are taken: those stay as they are."
    ]
  }

  /// How many of the keys are not in view, and how many a filter hides.
  private func placesLine(_ plan: PlanState) -> String {
    let outOfView = outOfViewLine(plan.count - plan.inView)
    guard let hidden = planGathering?.hidden, hidden > 0 else { return outOfView }
    return outOfView + " The filter hides \(hidden.grouped)."
  }

  private func outOfViewLine(_ count: Int) -> String {
    guard count > 0 else { return "All of them are in view." }
    return "\(count.grouped) of them \(count == 1 ? "is" : "are") not in view."
  }

  /// The same before they are collected; nil for a single key.
  func outOfViewLine(_ scope: ActionScope) -> String? {
    guard scope.isMany else { return nil }
    return outOfViewLine(scope.count - keys.visible.count { isMeant($0, scope) })
  }

  /// Why nothing of a plan can be taken back; nil where it can.
  package func reasonAgainstUndo(of plan: PlanState) -> String? {
    if plan.isWithoutUndo { return "nothing is kept, as you said" }
    if let copy = plan.copy { return copy.target?.reasonAgainstUndo }
    return reasonAgainstUndo ?? reasonAgainstKeeping(plan)
  }

  /// Why no change of this source can be taken back; nil where it can.
  var reasonAgainstUndo: String? {
    guard source.description?.capabilities.contains(.undo) == true else {
      return "this source keeps no old state"
    }
    return source.keepsOldValues ? nil : "the profile has names alone kept"
  }

  /// Whether `u` can take a plan back, as a sentence.
  func undoLine(of plan: PlanState) -> String {
    if let reason = reasonAgainstUndo(of: plan) {
      return "\(reason.prefix(1).uppercased())\(reason.dropFirst()): it cannot be undone."
    }
    if plan.copy != nil { return "It can be taken back there: c turns to it, u takes it back." }
    let preview = plan.preview
    guard preview.isMeasured else {
      return "u takes it back; what is larger than \(source.undoLimitText) cannot be undone."
    }
    let tooLarge = preview.tooLarge
    return tooLarge == 0
      ? "u takes it back."
      : "\(tooLarge.grouped) of them are larger than \(source.undoLimitText): those cannot be undone."
  }

  /// What came of it in one sentence.
  package func planSummary(of report: PlanReport) -> String {
    guard let plan = work.plan else { return "" }
    var words = ["\(planTitle): \(report.done.grouped) done"]
    if !plan.changesKeys { words = [planTitle + (report.doneAfterwards > 0 ? ": done" : "")] }
    if report.isAfterwardsLeft { words.append("the tag itself was left") }
    words += report.outcomes(of: plan.change).map { "\($0.count.grouped) \($0.words)" }
    if report.isCancelled { words.append("cancelled") }
    if let problem = report.problemSentence { words.append(problem) }
    let isKept = reasonAgainstUndo(of: plan) == nil && report.changed > report.lost
    let undoing =
      plan.copy == nil ? " · u takes it back" : " · c turns to it, u takes it back there"
    return words.joined(separator: ", ") + (isKept ? undoing : " · cannot be undone")
  }
}
