import CacheModel
import KeyPattern
import KeyQuery
package import Plans

/// A plan as a script: what it does again, and the file that it goes to.
package struct ScriptTask: Sendable, Equatable {
  package var change: PlannedChange
  package var scope: PlanScript.Scope
  package var source: String
  /// Where the keys are copied to.
  package var target: String?
  /// The name that the commands confirm, where they ask for one.
  package var confirmed: String?
  /// As it was typed.
  package var path: String
}

/// Why a script was not saved.
package enum ScriptProblem: Error, Sendable, Equatable {
  case exists
  case notWritten(String)
}

extension ExplorerState {
  mutating func askForScript() {
    guard let plan = work.plan else { return }
    if let reason = reasonAgainstScript(plan) { return say(reason, .warning) }
    openForm(
      .savePlan, title: "Save the plan as a script",
      notes: [
        scriptScope(plan).isByName
          ? "commands that name these keys; sh FILE runs them"
          : "a command that finds these keys; sh FILE runs it",
        "for you alone; an existing file is never overwritten",
      ], fields: [.text("", Self.fileName(for: plan))])
  }

  /// Why no commands can make a plan.
  private func reasonAgainstScript(_ plan: PlanState) -> String? {
    if source.isDemo { return "the demo ends with this program: no script can reach it" }
    if case .renamePrefix = plan.change { return "no command renames by prefix: nothing to save" }
    if plan.copy != nil { return reasonAgainstCopyScript(plan) }
    let script = PlanScript(plan.change, over: scriptScope(plan), of: "")
    return script.isPossible ? nil : "no command sets this TTL: give it as 5m, say, from now"
  }

  /// The command finds what it copies; it takes no names.
  private func reasonAgainstCopyScript(_ plan: PlanState) -> String? {
    if source.glob != nil {
      return "the list is bound by --match: no copy command finds the same keys, nothing to save"
    }
    guard !scriptScope(plan).isSearched else { return nil }
    return plan.scope.key == nil
      ? "copy takes no names: mark a whole prefix, or with * all that a filter shows, to save it"
      : "the name is not plain text: no copy command finds it, nothing to save"
  }

  /// `delete-app-user.sh`
  private static func fileName(for plan: PlanState) -> String {
    var order = plan.change.order.split(separator: " ").first ?? "plan"
    if plan.isFlush { order = "flush" }
    if plan.order != nil { order = "invalidate" }
    let isPlain = { (byte: UInt8) in
      (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
    let words = Self.subject(of: plan.scope).prefix(40).split { !isPlain($0) }
      .map { String(decoding: $0, as: UTF8.self) }
    return ([String(order)] + words).joined(separator: "-") + ".sh"
  }

  private static func subject(of scope: ActionScope) -> [UInt8] {
    if case .tag(let tag, _) = scope { return Array(tag.spelling.utf8) }
    return scope.prefix
  }

  /// What is below a prefix or has a tag is found again; marks are named.
  private func scriptScope(_ plan: PlanState) -> PlanScript.Scope {
    if plan.isFlush { return .database }
    if case .tag(let tag, _) = plan.scope {
      return .matching(glob: nil, query: nil, tag: spelling(of: tag))
    }
    if plan.copy != nil, let found = copyScope(plan) { return found }
    guard case .below(let prefix, _) = plan.scope, source.glob == nil,
      let glob = String(validating: GlobPattern.prefix(prefix).source, as: UTF8.self)
    else { return .keys(plan.gathering.names) }
    let query = keys.filter.isEmpty ? nil : keys.filter.description
    return .matching(glob: glob, query: query, tag: nil)
  }

  /// One key, and marks that are all that a filter shows, are found again too.
  private func copyScope(_ plan: PlanState) -> PlanScript.Scope? {
    guard source.glob == nil else { return nil }
    switch plan.scope {
    case .key(let key):
      return String(validating: GlobPattern.literal(key.bytes).source, as: UTF8.self).map {
        .matching(glob: $0, query: nil, tag: nil)
      }
    case .marks where plan.marksAllShown && plan.gathering.hidden == 0:
      let query = plan.filter.isEmpty ? nil : plan.filter.description
      return .matching(glob: nil, query: query, tag: nil)
    default: return nil
    }
  }

  private var scriptSource: String {
    source.scriptName.isEmpty ? source.address : source.scriptName
  }

  mutating func submitScript(_ path: String) -> [Effect] {
    guard let plan = work.plan, plan.phase == .asking else { return [] }
    guard !path.isEmpty else {
      prompt?.problem = "a script needs a file name"
      return []
    }
    let request = newRequest()
    work.saving = SavedScript(request: request, form: prompt, path: path)
    prompt = nil
    return [
      .saveScript(
        request,
        ScriptTask(
          change: plan.change, scope: scriptScope(plan),
          source: scriptSource, target: plan.copy?.target?.scriptName,
          confirmed: confirmedName(plan), path: path))
    ]
  }

  /// The name that the commands confirm; `copy` asks for one on production alone.
  private func confirmedName(_ plan: PlanState) -> String? {
    guard let target = plan.copy?.target else { return planNeedsName ? databaseName : nil }
    return target.isProduction ? target.databaseName : nil
  }

  mutating func take(script outcome: Result<String, ScriptProblem>, of request: RequestID) {
    guard let saving = work.saving, saving.request == request else { return }
    work.saving = nil
    switch outcome {
    case .success(let path): say("saved: sh \(PlanScript.quoted(path)) runs it", .good)
    case .failure(.exists): bringBack(saving, "\(saving.path) exists: choose another name")
    case .failure(.notWritten(let reason)): bringBack(saving, "not written: \(reason)")
    }
  }

  private mutating func bringBack(_ saving: SavedScript, _ problem: String) {
    guard isPlanOpen, prompt == nil, var form = saving.form else { return say(problem, .warning) }
    lastRequest += 1
    form.id = lastRequest
    form.paintedAt = nil
    form.problem = problem
    prompt = form
  }
}

/// A script on its way to its file.
struct SavedScript: Sendable, Equatable {
  var request: RequestID
  var form: Prompt?
  var path: String
}

extension PlanScript.Scope {
  fileprivate var isByName: Bool {
    if case .keys = self { true } else { false }
  }
}
