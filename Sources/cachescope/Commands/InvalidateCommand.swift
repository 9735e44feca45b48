import CacheModel
import Plans
import TerminalCanvas

/// `invalidate`: deletes, or gives a lifetime to, all keys that match. First the plan is told, then it
/// is carried out.
///
/// The walk that counts the keys keeps their names while they are not too many; a plan over more of
/// them walks again, and then finds what is there at that time.
struct InvalidateCommand: ChangingCommand {
  private let selection: KeySelection
  private let plan: PlannedChange
  private let isDryRun: Bool
  private let confirmation: ChangeConfirmation

  /// Bytes of names that are kept between the two walks.
  private static let nameRoom = 48 << 20

  init(_ line: ParsedCommandLine) throws(UsageError) {
    selection = try KeySelection(line, mayBeAll: false)
    if let text = line.value(.ttl) {
      plan = PlannedChange(try line.ttl(text))
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
    let start = await session.statisticsNow()
    let progress = PlanProgressLine()
    var preview = PlanPreview(limit: CapturedState.standardLimit)
    var names = KeyNameList(bound: Self.nameRoom)
    var keepsNames = true
    let walk = PlanWalk(session, selection)
    while let page = try await walk.next() {
      preview.add(page.keys)
      preview.add(try await session.summaries(of: walk.sample(of: page)))
      if keepsNames { keepsNames = page.keys.allSatisfy { names.append($0) } }
      progress.looked(at: walk.looked, of: start?.keys, found: preview.keys)
    }
    progress.clear()
    let told = PlanTelling(plan, preview, session, start)
    guard !isDryRun, preview.keys > 0 else { return told.tell() }
    if !session.output.isJSON { told.tell() }
    try confirm(preview, start?.keys, session)
    let report = await PlanWork(plan, session).run(
      title: "\(plan.order) \(FigureFormat.grouped(preview.keys)) keys", total: preview.keys,
      keepsNames ? PlanKeys(names) : PlanKeys(PlanWalk(session, selection)), progress)
    told.tell(report)
  }

  private func confirm(
    _ preview: PlanPreview, _ keys: Int64?, _ session: ScriptSession
  ) throws(CommandFailure) {
    let count = FigureFormat.grouped(preview.keys)
    let isLarge = keys.map { Double(preview.keys) > Double($0) * Self.largeShare } ?? true
    try confirmation.require(
      "\(plan.verb) \(count) keys of db\(session.source.database)",
      needsName: isLarge && preview.keys > Self.fewKeys, canUndo: session.changes.keepsUndo,
      orNamed: selection.prefix, in: session)
  }

  /// A plan over a larger share of the keyspace needs the name of the database or of the prefix.
  private static let largeShare = 0.1
  private static let fewKeys = 100
}
