package import CacheModel

/// Carries a copy out: entries come from one source in batches and are put under their keys in
/// another, and while one batch is on its way the next one is asked for. Between two batches it can be
/// held and cancelled, and rests as `Pace` says of the slower of the two servers.
///
/// It ends early when either source is lost or nothing more can be kept, and tells what was done, what
/// was not, and what nobody knows. The same again goes on: what is there already is not written twice.
/// Holds two batches of entries, however many keys there are.
package struct CopyRun: Sendable {
  private let source: any CacheBackend
  private let target: JournaledChanges
  private let conflict: ConflictChoice
  private let control: PlanControl
  private let world: PlanRun.Surroundings
  private let lookAtSource: @Sendable () async -> Pace.Sample?

  /// `world.look` looks at the target, `lookAtSource` at where the entries come from.
  package init(
    from source: any CacheBackend, into target: JournaledChanges,
    onConflict conflict: ConflictChoice, control: PlanControl = PlanControl(),
    _ world: PlanRun.Surroundings, lookAtSource: @escaping @Sendable () async -> Pace.Sample?
  ) {
    self.source = source
    self.target = target
    self.conflict = conflict
    self.control = control
    self.world = world
    self.lookAtSource = lookAtSource
  }

  /// `header` is that of the change in the target. `total` is the number of keys, where they were
  /// counted. `settled` is told after each batch what became of its entries, and then `progress`.
  package func run(
    _ header: ChangeHeader, total: Int? = nil, _ next: @escaping PlanRun.NextKeys,
    settled: @Sendable ([EntryOutcome]) -> Void = { _ in },
    progress: @Sendable (PlanProgress) -> Void = { _ in }
  ) async -> PlanReport {
    let began = world.now()
    var report = PlanReport()
    report.failsOnTaken = conflict == .fail
    var putting: EntryPutting
    do throws(JournaledChangeError) {
      putting = try await EntryPutting(target, header, onConflict: conflict)
    } catch {
      report.problem = error
      report.notDone = total
      return report
    }
    report.change = putting.id
    var paces = CopyPaces()
    var taken = await Self.take(EntryTaking(source, next))
    while let batch = taken.batch {
      guard await control.mayGoOn() else {
        report.isCancelled = true
        break
      }
      let batchBegan = world.now()
      async let following = Self.take(taken.taking)
      let outcomes = await put(batch, &putting)
      taken = await following
      report.take(outcomes)
      settled(outcomes)
      if putting.problem != nil { break }
      await rest(&paces, since: batchBegan)
      progress(
        PlanProgress(
          handled: report.handled, total: total, elapsed: world.now() - began,
          slowedBy: paces.reason))
    }
    report.take(putting, await putting.finish(), sourceProblem: taken.problem)
    let isThrough = report.problem == nil && !report.isCancelled
    report.notDone = isThrough ? 0 : total.map { max(0, $0 - report.handled) }
    report.elapsed = world.now() - began
    return report
  }

  // MARK: A batch

  /// Where taking stands, and what came last: entries, nothing more, or why not.
  private struct Portion: Sendable {
    var taking: EntryTaking
    var batch: [EntryTaking.Taken]?
    var problem: BackendError?
  }

  private static func take(_ taking: EntryTaking) async -> Portion {
    var portion = Portion(taking: taking)
    do throws(BackendError) {
      portion.batch = try await portion.taking.next()
    } catch {
      portion.problem = error
    }
    return portion
  }

  /// All entries of a batch, so that what was asked for is not held longer.
  private func put(
    _ batch: [EntryTaking.Taken], _ putting: inout EntryPutting
  ) async -> [EntryOutcome] {
    var outcomes: [EntryOutcome] = []
    for (key, state) in batch {
      switch state {
      case .absent: outcomes.append(EntryOutcome(key, .success(.gone)))
      case .present(let stored): outcomes += await putting.add(key, stored)
      case .tooLarge, .refused:
        let reason = state.reasonAgainstTaking ?? ""
        outcomes.append(EntryOutcome(key, .failure(.refused(verb: "DUMP", message: reason))))
      }
    }
    return outcomes + (await putting.putWaiting())
  }

  private func rest(_ paces: inout CopyPaces, since began: Int64) async {
    let now = world.now()
    if paces.target.wantsSample(at: now), let sample = await world.look() {
      paces.target.observe(sample)
    }
    if paces.source.wantsSample(at: now), let sample = await lookAtSource() {
      paces.source.observe(sample)
    }
    let pause = paces.pause(afterWorking: now - began)
    if pause > 0 { await world.rest(pause) }
  }
}

/// How fast two servers may be worked on at the same time: as fast as the one that has less to give.
private struct CopyPaces {
  var source = Pace()
  var target = Pace()

  private var slower: Pace { source.share < target.share ? source : target }

  var reason: Pace.Reason? { slower.reason }

  func pause(afterWorking microseconds: Int64) -> Int64 {
    slower.pause(afterWorking: microseconds)
  }
}
