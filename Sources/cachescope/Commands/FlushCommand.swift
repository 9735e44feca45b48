import CacheModel
import Plans
import ValueDecoding

/// `flush`: deletes all keys of the database, after `--yes`, `--confirm` or its name was typed.
///
/// Where all of it can be kept, the keys are deleted as a plan, and can be taken back; else the
/// database is flushed in one step, and the question says that this cannot be undone.
struct FlushCommand: ChangingCommand {
  private let confirmation: ChangeConfirmation

  init(_ line: ParsedCommandLine) throws(UsageError) {
    confirmation = ChangeConfirmation(line)
  }

  func run(_ session: ScriptSession) async throws(CommandFailure) {
    let database = session.source.database
    let figures = try? await session.backend.statistics()
    let canUndo = await canUndo(figures, session)
    try confirmation.require(
      "deletes \(Self.words(figures?.keys)) of db\(database)", canUndo: canUndo, in: session)
    let count =
      canUndo ? try await deleteAll(figures, session) : try await flushForGood(session)
    guard session.output.isJSON else {
      return session.output.line("deleted \(Self.words(count)) of db\(database)")
    }
    var writer = JSONWriter()
    writer.beginObject()
    writer.write("deleted", count)
    writer.write("db", Int64(database))
    writer.endObject()
    session.output.line(writer.text)
  }

  /// Whether what the server holds fits into the room for old states.
  private func canUndo(_ figures: CacheStatistics?, _ session: ScriptSession) async -> Bool {
    guard let keeper = session.keeper, let held = figures?.usedMemory?.bytes,
      let room = try? await keeper.room()
    else { return false }
    return held <= room
  }

  /// Deletes what there is now, key by key.
  private func deleteAll(
    _ figures: CacheStatistics?, _ session: ScriptSession
  ) async throws(CommandFailure) -> Int64? {
    let report = await PlanWork(.delete, session).run(
      title: "flush db\(session.source.database)", total: figures?.keys.map { Int($0) },
      PlanKeys(PlanWalk(session.backend, .all)), PlanProgressLine())
    for failure in PlanTelling.failures(of: report) { session.output.tell(failure) }
    return Int64(report.done)
  }

  private func flushForGood(_ session: ScriptSession) async throws(CommandFailure) -> Int64? {
    let count = try await session.ask { backend throws(BackendError) in try await backend.flush() }
    await session.note(
      title: "flush db\(session.source.database)", lost: Int(clamping: count ?? 1))
    return count
  }

  private static func words(_ count: Int64?) -> String {
    count.map { $0.counted("key") } ?? "all keys"
  }
}
