import CacheModel
import Plans
import RESP
import Synchronization
import TestSupport
import Testing

/// That the counts of a plan add up: of keys that it does not concern, of those that cannot be taken
/// back, on the way, and while it is held.
@Suite(.timeLimit(.minutes(5))) struct PlanRunCountsTests {
  private var world: PlanRun.Surroundings {
    PlanRun.Surroundings(now: { 0 }, rest: { _ in }, look: { nil })
  }

  private func fill(_ source: EngineSource, _ names: [String], bytes: Int = 3) async throws {
    for name in names { try await source.run("SET", name, String(repeating: "x", count: bytes)) }
  }

  /// Hands all names out at once.
  private func supply(_ names: [String]) -> PlanRun.NextKeys {
    let keys = Mutex<[CacheKey]?>(names.map { CacheKey($0) })
    return {
      keys.withLock { keys in
        defer { keys = nil }
        return keys
      }
    }
  }

  @Test func keysThatAPlanDoesNotConcernAreNotLeftToDo() async throws {
    try await EngineSource.with { source in
      let names = (0..<15).map { "app:\($0)" } + (0..<5).map { "other:\($0)" }
      try await fill(source, names)
      let plan = PlannedChange.renamePrefix(from: Array("app:".utf8), to: Array("new:".utf8))
      let report = await PlanRun(plan, source.changes, world).run(
        source.header("plan"), total: names.count, supply(names))
      #expect(report.done == 15 && report.notDone == 0 && report.isComplete)
      #expect(try await source.value("other:0") != nil)
      #expect(try await source.value("new:0") != nil)
    }
  }

  /// Also of a plan that is cancelled: what is left to do are keys that it concerns.
  @Test func keysThatAPlanDoesNotConcernAreNotLeftOverEither() async throws {
    try await EngineSource.with { source in
      let names = (0..<500).map { "other:\($0)" } + (0..<3500).map { "app:\($0)" }
      try await fill(source, names)
      let plan = PlannedChange.renamePrefix(from: Array("app:".utf8), to: Array("new:".utf8))
      let control = PlanControl()
      let report = await PlanRun(plan, source.changes, control: control, world).run(
        source.header("plan"), total: names.count, supply(names),
        progress: { if $0.handled >= 1000 { control.cancel() } })
      #expect(report.isCancelled && report.done < 3500)
      #expect(report.done + (report.notDone ?? 0) == 3500)
    }
  }

  @Test func whatCannotBeTakenBackIsCounted() async throws {
    try await EngineSource.with { source in
      try await fill(source, ["small:0", "small:1"])
      try await fill(source, ["large:0", "large:1", "large:2"], bytes: 500)
      let changes = JournaledChanges(source.backend, keeper: source.keeper, limit: 300)
      let names = ["small:0", "large:0", "large:1", "small:1", "large:2"]
      let report = await PlanRun(.delete, changes, world).run(
        source.header("plan"), total: 5, supply(names))
      #expect(report.done == 5 && report.lost == 3 && report.isComplete)
      #expect(source.keeper.log.last == "finish 3", "\(source.keeper.log)")
    }
  }

  @Test func eachBatchIsToldBeforeTheProgressThatCountsIt() async throws {
    try await EngineSource.with { source in
      let names = (0..<2500).map { "app:\($0)" }
      try await fill(source, names)
      let settled = Mutex(0)
      let told = Mutex<[[Int]]>([])
      let report = await PlanRun(.delete, source.changes, world).run(
        source.header("plan"), total: names.count, supply(names),
        settled: { batch in settled.withLock { $0 += batch.names.count } },
        progress: { progress in
          told.withLock { $0.append([progress.handled, settled.withLock { $0 }]) }
        })
      #expect(report.done == 2500 && settled.withLock { $0 } == 2500)
      let pairs = told.withLock { $0 }
      #expect(pairs.count >= 2 && pairs.allSatisfy { $0[0] == $0[1] }, "\(pairs)")
    }
  }

  /// Runs a plan over 2500 keys that is held after the first batch, and what then is to be done.
  private func hold(
    _ body: (PlanControl, EngineSource) async throws -> Void
  ) async throws -> PlanReport? {
    var ended: PlanReport?
    try await EngineSource.with { source in
      let names = (0..<2500).map { "app:\($0)" }
      try await fill(source, names)
      let control = PlanControl()
      let held = AsyncStream<Int>.makeStream()
      let (run, next) = (PlanRun(.delete, source.changes, control: control, world), supply(names))
      async let report = run.run(
        source.header("plan"), total: names.count, next,
        progress: { progress in
          guard progress.handled == 1000 else { return }
          control.pause()
          held.continuation.yield(progress.handled)
        })
      var moments = held.stream.makeAsyncIterator()
      _ = await moments.next()
      try await body(control, source)
      ended = await report
    }
    return ended
  }

  @Test func whatIsHeldStandsStillUntilItGoesOn() async throws {
    let report = try await hold { control, source in
      for _ in 0..<500 {
        let left = try await source.run("DBSIZE").integer
        #expect(left == 1500)
      }
      control.resume()
    }
    #expect(report?.done == 2500 && report?.isComplete == true)
  }

  @Test func whatIsHeldCanBeCancelled() async throws {
    let report = try await hold { control, _ in control.cancel() }
    #expect(report?.done == 1000 && report?.isCancelled == true && report?.notDone == 1500)
  }
}
