import CacheModel
import Plans
import TerminalCanvas

/// `invalidate`: deletes, or gives a lifetime to, all keys that match. First the plan is told, then it
/// is carried out.
///
/// With `--tag` it is done by the rule of whoever keeps the tag, and what names the keys is cleaned
/// with them.
///
/// The walk that counts the keys keeps their names while they are not too many; a plan over more of
/// them walks again, and then finds what is there at that time.
struct InvalidateCommand: ChangingCommand {
  private let selection: KeySelection
  private let tag: String?
  private let plan: PlannedChange
  private let isDryRun: Bool
  private let confirmation: ChangeConfirmation

  /// Bytes of names that are kept between the two walks.
  private static let nameRoom = 48 << 20

  init(_ line: ParsedCommandLine) throws(UsageError) {
    tag = line.value(.tag)
    selection = try KeySelection(line, mayBeAll: tag != nil)
    if let text = line.value(.ttl) {
      plan = PlannedChange(try line.ttl(text, instead: "--ttl now expires them at once"))
    } else {
      plan = .delete
    }
    isDryRun = line.has(.dryRun)
    confirmation = ChangeConfirmation(line)
  }

  func run(_ session: ScriptSession) async throws(CommandFailure) {
    if let query = selection.query {
      try session.check(query)
      session.tellCost(of: query)
    }
    let meanings = try await session.meanings(of: selection.query)
    var order: TagOrder?
    if let tag {
      order = try await TagOrder(tag, plan, isNarrowed: selection.isNarrowed, in: session)
    }
    let route =
      order.map {
        KeyRoute(
          over: $0.tag, glob: selection.glob, query: selection.query, meanings: meanings)
      } ?? KeyRoute(glob: selection.glob, query: selection.query, meanings: meanings)
    try await run(route, order, session)
  }

  private func run(
    _ route: KeyRoute, _ order: TagOrder?, _ session: ScriptSession
  ) async throws(CommandFailure) {
    let start = await session.statisticsNow()
    let progress = PlanProgressLine()
    let limit = session.undoLimit
    let survey = try await session.ask { backend throws(BackendError) in
      try await PlanSurvey.make(
        route, by: backend, keepingNames: Self.nameRoom, PlanPreview(limit: limit)
      ) {
        looked, found in
        progress.looked(at: looked, of: route.isOverTags ? nil : start?.keys, found: found)
        return true
      }
    }
    let preview = survey?.preview ?? PlanPreview(limit: limit)
    progress.clear()
    if preview.keys == 0 { session.tellDoubt(about: selection.query) }
    let told = PlanTelling(plan, order, preview, session, start)
    let hasWork = preview.keys > 0 || order?.usesRule == true
    guard !isDryRun, hasWork else { return told.tell() }
    if !session.output.isJSON { told.tell() }
    try confirm(preview, order, start?.keys, session)
    let keys =
      survey?.names.map { PlanKeys($0) } ?? PlanKeys(PlanWalk(session.backend, route))
    let changesKeys = order?.changesKeys ?? true
    let title =
      order.map { $0.title(plan, preview.keys, named: $0.name) }
      ?? "\(plan.order) \(preview.keys.counted("key")) of \(selection.words)"
    let report = await PlanWork(plan, session).run(
      title: title, total: changesKeys ? preview.keys : 0,
      changesKeys ? keys : PlanKeys(KeyNameList(bound: 0)),
      afterwards: order?.afterwards(session.backend), progress)
    told.tell(report)
  }

  private func confirm(
    _ preview: PlanPreview, _ order: TagOrder?, _ keys: Int64?, _ session: ScriptSession
  ) throws(CommandFailure) {
    let count = preview.keys.counted("key")
    let words =
      order.map { $0.changesKeys ? "" : "makes the values of \($0.name) stale: " } ?? ""
    try confirmation.require(
      words.isEmpty
        ? "\(plan.verb) \(count) of db\(session.source.database)"
        : "\(words)\(count) of db\(session.source.database)",
      needsName: PlanPreview.isLarge(preview.keys, of: keys), canUndo: session.changes.keepsUndo,
      orNamed: selection.prefix, in: session)
  }
}
