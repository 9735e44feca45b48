import CacheModel
import Plans
import RESP
import Synchronization
import TestSupport
import Testing

/// Plans from their first key to their report, over the engine.
@Suite(.timeLimit(.minutes(5))) struct PlanRunTests {
  private let names = (0..<3500).map { CacheKey("app:\($0)") }

  private func fill(_ source: EngineSource) async throws {
    let commands = names.map {
      RESPCommand("SET", [$0.bytes, $0.bytes, Array("PX".utf8), Array("900000".utf8)])
    }
    _ = try await source.other.send(commands)
  }

  private func count(_ source: EngineSource) async throws -> Int64? {
    try await source.other.send(RESPCommand("DBSIZE")).integer
  }

  /// Time stands still, and nobody rests.
  private var world: PlanRun.Surroundings {
    PlanRun.Surroundings(now: { 0 }, rest: { _ in }, look: { nil })
  }

  /// Hands the names out in portions.
  private final class Portions: Sendable {
    private let rest: Mutex<ArraySlice<CacheKey>>
    private let size: Int

    init(_ keys: [CacheKey], _ size: Int) {
      rest = Mutex(keys[...])
      self.size = size
    }

    func next() -> [CacheKey]? {
      rest.withLock { rest in
        defer { rest = rest.dropFirst(size) }
        return rest.isEmpty ? nil : Array(rest.prefix(size))
      }
    }
  }

  private func run(
    _ plan: PlannedChange, _ source: EngineSource, control: PlanControl = PlanControl(),
    world: PlanRun.Surroundings? = nil,
    progress: @escaping @Sendable (PlanProgress) -> Void = { _ in }
  ) async -> PlanReport {
    let portions = Portions(names, 300)
    let run = PlanRun(plan, source.changes, control: control, world ?? self.world)
    return await run.run(source.header("plan"), total: names.count) {
      portions.next()
    } progress: {
      progress($0)
    }
  }

  @Test(arguments: [
    PlannedChange.delete, .expireNow, .persist, .setTTL(.fromNow(milliseconds: 5000)),
    .spreadTTL(milliseconds: 100_000, percent: 10),
    .renamePrefix(from: Array("app:".utf8), to: Array("new:".utf8)),
  ])
  func allIsDoneAndAllIsTakenBack(_ plan: PlannedChange) async throws {
    try await EngineSource.with { source in
      try await fill(source)
      try await source.run("DEL", "app:7")
      let report = await run(plan, source)
      #expect(report.done == 3499 && report.gone == 1 && report.isComplete && report.notDone == 0)
      let back = try await source.changes.takeBack(
        try #require(report.change), overwriting: false, source.header("undo"))
      #expect(back.restored == 3499 && back.failures.isEmpty && back.problem == nil)
      #expect(try await count(source) == 3499)
      for name in ["app:0", "app:1234", "app:3499"] {
        #expect(try await source.value(name) == name)
        #expect((100_001...900_000).contains(try await source.run("PTTL", name).integer ?? 0))
      }
    }
  }

  @Test func canBeCancelledBetweenBatches() async throws {
    try await EngineSource.with { source in
      try await fill(source)
      let control = PlanControl()
      let report = await run(.delete, source, control: control) { progress in
        if progress.handled >= 1000 { control.cancel() }
      }
      #expect(report.isCancelled && !report.isComplete)
      #expect(report.done + (report.notDone ?? 0) == 3500 && report.done >= 1000)
      #expect(try await count(source) == Int64(3500 - report.done))
      // What was kept and not sent is forgotten.
      #expect(source.keeper.log.contains("settle 0"))
    }
  }

  @Test func canBeHeldAndGoesOn() async throws {
    try await EngineSource.with { source in
      try await fill(source)
      let control = PlanControl()
      let held = AsyncStream<Int64>.makeStream()
      async let report = run(.delete, source, control: control) { progress in
        guard progress.handled == 1000 else { return }
        control.pause()
        held.continuation.yield(1)
      }
      var moments = held.stream.makeAsyncIterator()
      _ = await moments.next()
      #expect(control.isPaused)
      let left = try await count(source)
      #expect(left == 2500)
      control.resume()
      #expect(await report.done == 3500)
    }
  }

  // MARK: What follows

  private func run(
    followedBy changes: [KeyedChange], _ source: EngineSource, control: PlanControl = PlanControl()
  ) async -> PlanReport {
    let portions = Portions(names, 300)
    return await PlanRun(.delete, source.changes, control: control, world).run(
      source.header("plan"), total: names.count,
      afterwards: { () async throws(BackendError) in changes }
    ) {
      portions.next()
    }
  }

  private let following = [
    KeyedChange(key: CacheKey("set"), change: .delete),
    KeyedChange(key: CacheKey("none"), change: .delete),
    KeyedChange(key: CacheKey("count"), change: .setString([0x35], expected: [0x34])),
  ]

  private func fillWhatFollows(_ source: EngineSource) async throws {
    try await fill(source)
    try await source.run("SADD", "set", "app:1", "app:2")
    try await source.run("SET", "count", "4")
  }

  @Test func whatFollowsIsDoneLastAndTakenBackFirst() async throws {
    try await EngineSource.with { source in
      try await fillWhatFollows(source)
      let report = await run(followedBy: following, source)
      #expect(report.done == 3500 && report.doneAfterwards == 2 && report.isComplete)
      #expect(report.gone == 0 && !report.isAfterwardsLeft)
      #expect(try await count(source) == 1)
      #expect(try await source.value("count") == "5")
      let back = try await source.changes.takeBack(
        try #require(report.change), overwriting: false, source.header("undo"))
      #expect(back.restored == 3502)
      #expect(try await count(source) == 3502)
      #expect(try await source.value("count") == "4")
      #expect(try await source.run("SCARD", "set").integer == 2)
    }
  }

  @Test func whatFollowsIsLeftWhenNotAllIsDone() async throws {
    try await EngineSource.with { source in
      try await fillWhatFollows(source)
      let control = PlanControl()
      control.cancel()
      let report = await run(followedBy: following, source, control: control)
      #expect(report.isCancelled && report.isAfterwardsLeft && report.doneAfterwards == 0)
      #expect(try await source.value("count") == "4")
    }
  }

  @Test func whatHasChangedMeanwhileIsToldOfWhatFollows() async throws {
    try await EngineSource.with { source in
      try await fillWhatFollows(source)
      try await source.run("INCR", "count")
      let report = await run(followedBy: following, source)
      #expect(report.doneAfterwards == 1 && report.changedMeanwhile == 1)
      #expect(try await source.value("count") == "5")
    }
  }

  @Test func endsWhenNothingMoreCanBeKept() async throws {
    try await EngineSource.with { source in
      try await fill(source)
      let report = await run(.delete, source) { progress in
        if progress.handled >= 1000 { source.keeper.fail(with: .diskFull) }
      }
      #expect(report.problem == .notKept(.diskFull))
      #expect(report.done + (report.notDone ?? 0) == 3500 && report.done < 3500)
      #expect(try await count(source) == Int64(3500 - report.done))
    }
  }

  @Test func tellsTheTruthOfAServerThatDiesHalfWay() async throws {
    let left = Mutex(12)
    try await EngineSource.with({ channel in
      BreakingChannel(channel, carryingItOut: false) {
        left.withLock { left in
          left -= 1
          return left < 0
        }
      }
    }) { source in
      try await fill(source)
      let report = await run(.delete, source)
      #expect(report.unknown == 128 && report.done == 1512)
      #expect(report.done + report.unknown + (report.notDone ?? 0) == 3500)
      #expect(report.problem != nil && !report.isComplete)
    }
  }

  @Test func restsAsThePaceSays() async throws {
    try await EngineSource.with { source in
      try await fill(source)
      let clock = Mutex<Int64>(0)
      let rested = Mutex<Int64>(0)
      let world = PlanRun.Surroundings(
        now: {
          clock.withLock { time in
            time += 10_000
            return time
          }
        },
        rest: { pause in rested.withLock { $0 += pause } },
        look: {
          let now = clock.withLock { $0 }
          return Pace.Sample(at: now, commands: now, own: 0, roundTrip: 100)
        })
      let report = await run(.delete, source, world: world)
      // A million commands of others a second.
      #expect(report.done == 3500)
      #expect(rested.withLock { $0 } > 100_000)
    }
  }
}
