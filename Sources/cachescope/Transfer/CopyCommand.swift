import CacheModel
import Configuration
import Plans
import Synchronization
import SystemIO

/// `copy`: entries from one source to another, with type, bytes and absolute expiry.
///
/// The same command again goes on after an interruption: what is there already, with the same value
/// and the same end, counts as done.
struct CopyCommand: ScriptCommand {
  /// Where the entries go; the session that a run is given is where they come from.
  private let target: SourceOptions
  private let selection: KeySelection
  private let conflict: ConflictChoice
  private let keepsUndo: Bool
  private let confirmation: ChangeConfirmation

  init(_ line: ParsedCommandLine) throws(UsageError) {
    guard line.arguments.count == 2, let name = line.arguments.last else {
      throw UsageError("copy needs FROM TO, two sources", command: .copy)
    }
    let environment = EnvironmentVariable.value(of:)
    let configuration = try ConfigurationFile.read(line, environment: environment)
    target = try SourceOptions(copyTarget: name, line, configuration, environment: environment)
    if target.readOnly {
      throw UsageError("\(name) is read-only by its profile", command: .copy)
    }
    try SourceOptions.refuseWayWithoutTLS(line, target, configuration, environment)
    selection = try KeySelection(line, mayBeAll: true)
    conflict = try line.choice(.onConflict, ConflictChoice.self) ?? .fail
    confirmation = ChangeConfirmation(line)
    keepsUndo = !line.has(.noUndo)
  }

  func run(_ session: ScriptSession) async throws(CommandFailure) {
    let other = try await ScriptSession.open(
      target, at: target.address, keepsUndo: keepsUndo, session.output)
    do throws(CommandFailure) {
      try await copy(from: session, to: other)
    } catch {
      await other.backend.close()
      throw error
    }
    await other.backend.close()
  }

  private func copy(
    from session: ScriptSession, to other: ScriptSession
  ) async throws(CommandFailure) {
    guard session.source.identity != other.source.identity else {
      throw CommandFailure(.usage, "both sources are the same database of the same server")
    }
    let database = "db\(other.source.database) at \(other.source.address)"
    try confirmation.require("copies entries into \(database)", isAskedFor: true, in: other)
    let keys = try await SearchedKeys(session, selection)
    let tally = Mutex(
      TransferTally(session.output, doneWord: "copied", conflict: conflict))
    let run = CopyRun(
      from: session.backend, into: other.changes, onConflict: conflict,
      PlanRun.Surroundings(of: other.backend),
      lookAtSource: PlanRun.Surroundings(of: session.backend).look)
    let report = await run.run(other.header("copy from \(session.source.address)")) {
      () async throws(BackendError) in
      try await keys.next()
    } settled: { outcomes in
      tally.withLock { $0.count(outcomes) }
    }
    tally.withLock { $0.finish() }
    if let problem = report.problem {
      throw CommandFailure(problem, at: report.isTargetProblem ? other : session)
    }
    try await keys.finish()
  }
}

extension CommandFailure {
  /// Which of two sources a copy has ended at.
  fileprivate init(_ problem: JournaledChangeError, at session: ScriptSession) {
    self.init(problem)
    if case .notAsked = problem { message = "\(session.source.address): \(message)" }
  }
}
