import CacheModel
import Plans
import SystemIO

/// Carries a plan of a command out.
struct PlanWork {
  private let plan: PlannedChange
  private let session: ScriptSession

  init(_ plan: PlannedChange, _ session: ScriptSession) {
    self.plan = plan
    self.session = session
  }

  func run(
    title: String, total: Int?, _ keys: PlanKeys, afterwards: PlanRun.Afterwards? = nil,
    _ progress: PlanProgressLine
  ) async -> PlanReport {
    let run = PlanRun(plan, session.changes, PlanRun.Surroundings(of: session.backend))
    let report = await run.run(session.header(title), total: total, afterwards: afterwards) {
      () async throws(BackendError) in
      try await keys.next()
    } progress: {
      progress.tell($0)
    }
    progress.clear()
    return report
  }
}

extension PlanRun.Surroundings {
  /// This machine's clock, and what a source tells of itself.
  init(of backend: any CacheBackend) {
    self.init(
      now: { SystemClock.monotonicMicroseconds },
      rest: { _ = try? await Task.sleep(for: .microseconds($0)) },
      look: {
        guard let figures = try? await backend.statistics() else { return nil }
        return Pace.Sample(
          at: SystemClock.monotonicMicroseconds, commands: figures.commands,
          own: figures.ownCommands, roundTrip: figures.roundTripMicroseconds)
      })
  }
}

extension ScriptSession {
  /// The way by which commands change the source.
  var changes: JournaledChanges { JournaledChanges(backend, keeper: keeper, limit: undoLimit) }

  /// The figures of this moment; nil where the source does not tell.
  func statisticsNow() async -> (keys: Int64?, roundTrip: Int64)? {
    guard let figures = try? await backend.statistics() else { return nil }
    return (figures.keys, figures.roundTripMicroseconds ?? 0)
  }
}
