package import CacheModel

/// Carries a plan out: keys come in batches, and while one is on its way to the server the next one
/// is asked for and kept. Between two batches it can be held and cancelled, and rests as `Pace` says.
///
/// It ends early when nothing more can be kept or the connection is lost, and tells what was done,
/// what was not, and what nobody knows. Holds two batches and what undo keeps of them, however many
/// keys there are.
package struct PlanRun: Sendable {
  /// What a run needs of the world, injected.
  package struct Surroundings: Sendable {
    /// Microseconds of a clock that never goes back.
    package var now: @Sendable () -> Int64
    /// Lets so many microseconds pass.
    package var rest: @Sendable (Int64) async -> Void
    /// What the server is doing; nil when it does not tell.
    package var look: @Sendable () async -> Pace.Sample?

    package init(
      now: @escaping @Sendable () -> Int64, rest: @escaping @Sendable (Int64) async -> Void,
      look: @escaping @Sendable () async -> Pace.Sample?
    ) {
      self.now = now
      self.rest = rest
      self.look = look
    }
  }

  /// The next keys, perhaps none; nil at the end.
  package typealias NextKeys = @Sendable () async throws(BackendError) -> [CacheKey]?

  /// What follows when the plan has been done for every key, as a part of the same change; asked for
  /// then. It is left when anything before it failed or was not done.
  package typealias Afterwards = @Sendable () async throws(BackendError) -> [KeyedChange]

  private let plan: PlannedChange
  private let changes: JournaledChanges
  private let control: PlanControl
  private let world: Surroundings

  package init(
    _ plan: PlannedChange, _ changes: JournaledChanges, control: PlanControl = PlanControl(),
    _ world: Surroundings
  ) {
    self.plan = plan
    self.changes = changes
    self.control = control
    self.world = world
  }

  /// Keys of one batch, where its keys come in larger portions.
  package static let batchSize = 1000

  /// `total` is the number of keys, where they were counted. `progress` is told after each batch, and
  /// before it `settled` what became of the keys of the batch.
  package func run(
    _ header: ChangeHeader, total: Int? = nil, pace start: Pace = Pace(),
    afterwards: Afterwards? = nil, _ next: @escaping NextKeys,
    settled: (@Sendable (SettledKeys) -> Void)? = nil,
    progress: @Sendable (PlanProgress) -> Void = { _ in }
  ) async -> PlanReport {
    let began = world.now()
    var report = PlanReport()
    let change: JournaledChange
    do throws(JournaledChangeError) {
      change = try await changes.begin(header)
    } catch {
      report.problem = error
      report.notDone = total
      return report
    }
    report.change = change.id
    var supply = Supply(plan: plan, change: change, next: next)
    var pace = start
    var waiting: JournaledChange.Prepared?
    while true {
      guard await control.mayGoOn() else {
        report.isCancelled = true
        break
      }
      let batchBegan = world.now()
      let sending = waiting
      async let sent = Self.send(sending, of: change)
      let prepared = await supply.prepare()
      if let sending, let batch = await sent {
        report.take(sending.changes, batch)
        settled?(SettledKeys(sending.changes, batch.results))
      }
      waiting = nil
      switch prepared {
      case .success(let next): waiting = next
      case .failure(let error): report.problem = report.problem ?? error
      }
      if report.problem != nil || waiting == nil { break }
      await world.rest(&pace, since: batchBegan)
      progress(
        PlanProgress(
          handled: report.handled, total: total, elapsed: world.now() - began,
          slowedBy: pace.reason))
    }
    if let waiting { await change.discard(waiting) }
    if let afterwards { await Self.follow(with: afterwards, change, &report) }
    let problem = await change.finish(lost: report.lost)
    report.keeperProblem = report.keeperProblem ?? problem
    // Keys that were counted and that the walk did not find have gone.
    let isThrough = supply.isEmpty && waiting == nil
    report.notDone = isThrough ? 0 : total.map { max(0, $0 - report.handled - supply.passed) }
    report.elapsed = world.now() - began
    return report
  }

  private static func send(
    _ prepared: JournaledChange.Prepared?, of change: JournaledChange
  ) async -> ChangedBatch? {
    guard let prepared else { return nil }
    return await change.send(prepared)
  }

  private static func follow(
    with afterwards: Afterwards, _ change: JournaledChange, _ report: inout PlanReport
  ) async {
    guard report.isComplete else {
      report.isAfterwardsLeft = true
      return
    }
    let changes: [KeyedChange]
    do throws(BackendError) {
      changes = try await afterwards()
    } catch {
      report.problem = .notAsked(error)
      return
    }
    guard !changes.isEmpty else { return }
    do throws(JournaledChangeError) {
      report.take(afterwards: changes, try await change.apply(changes))
    } catch {
      report.problem = error
    }
  }
}

extension PlanRun.Surroundings {
  /// Looks at the source where that is due, and rests as long as the pace wants after work that began
  /// then, in microseconds of `now`.
  package func rest(_ pace: inout Pace, since began: Int64) async {
    let now = now()
    if pace.wantsSample(at: now), let sample = await look() { pace.observe(sample) }
    let pause = pace.pause(afterWorking: now - began)
    if pause > 0 { await rest(pause) }
  }
}

/// The batches of a plan, prepared one after the other.
private struct Supply {
  let plan: PlannedChange
  let change: JournaledChange
  let next: PlanRun.NextKeys
  private var rest: [KeyedChange] = []
  private var isOver = false
  /// Keys that the plan does not concern.
  private(set) var passed = 0

  /// Whether every key has been handed out.
  var isEmpty: Bool { isOver && rest.isEmpty }

  init(plan: PlannedChange, change: JournaledChange, next: @escaping PlanRun.NextKeys) {
    self.plan = plan
    self.change = change
    self.next = next
  }

  /// The next batch; nil at the end.
  mutating func prepare() async -> Result<JournaledChange.Prepared?, JournaledChangeError> {
    do throws(BackendError) {
      while rest.count < PlanRun.batchSize, !isOver {
        guard let keys = try await next() else {
          isOver = true
          break
        }
        let changes = keys.compactMap { plan.change(of: $0) }
        passed += keys.count - changes.count
        rest += changes
      }
    } catch {
      return .failure(.notAsked(error))
    }
    guard !rest.isEmpty else { return .success(nil) }
    do throws(JournaledChangeError) {
      let prepared = try await change.prepare(Array(rest.prefix(PlanRun.batchSize)))
      rest.removeFirst(prepared.changes.count)
      return .success(prepared)
    } catch {
      return .failure(error)
    }
  }
}
