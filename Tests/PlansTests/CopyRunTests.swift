import CacheModel
import Plans
import RESP
import Synchronization
import TestSupport
import Testing

/// Entries from one source to another: what is there already is not written, what else is there is
/// overwritten only when that is wanted, and everything that was written can be taken back.
@Suite(.timeLimit(.minutes(5))) struct CopyRunTests {
  private static let world = PlanRun.Surroundings(now: { 0 }, rest: { _ in }, look: { nil })

  /// Copies by these names.
  private func copy(
    _ names: [String], from source: EngineSource, to target: EngineSource,
    _ conflict: ConflictChoice, control: PlanControl = PlanControl(),
    progress: @Sendable (PlanProgress) -> Void = { _ in }
  ) async -> PlanReport {
    let left = Mutex(names.map { CacheKey($0) }[...])
    let run = CopyRun(
      from: source.backend, into: target.changes, onConflict: conflict, control: control,
      Self.world, lookAtSource: { nil })
    return await run.run(
      target.header("copy"), total: names.count,
      {
        left.withLock { left in
          defer { left = left.dropFirst(1000) }
          return left.isEmpty ? nil : Array(left.prefix(1000))
        }
      }, progress: progress)
  }

  /// Two sources, the second with another value under `other` and the same one under `same`.
  private func with(
    _ body: (EngineSource, EngineSource) async throws -> Void
  ) async throws {
    try await EngineSource.with { source in
      try await source.run("SET", "new", "1", "PX", "7777777")
      try await source.run("RPUSH", "other", "a", "b")
      try await source.run("HSET", "same", "f", "v")
      try await EngineSource.with { target async throws in
        try await target.run("SET", "other", "mine")
        try await target.run("HSET", "same", "f", "v")
        try await body(source, target)
      }
    }
  }

  private static let names = ["new", "other", "same", "gone"]

  @Test func whatElseIsThereStays() async throws {
    try await with { source, target async throws in
      let report = await copy(Self.names, from: source, to: target, .skip)
      #expect(report.done == 1 && report.unchanged == 1 && report.changedMeanwhile == 1)
      #expect(report.gone == 1 && report.handled == 4 && report.notDone == 0)
      #expect(report.isComplete && report.takenKeys == [CacheKey("other")])
      #expect(try await target.value("other") == "mine")
      #expect((try await target.run("PTTL", "new").integer ?? 0) > 7_000_000)
      #expect(target.keeper.log == ["begin", "keep 3", "settle 1", "finish 0"])
      #expect(try await source.run("DBSIZE") == .integer(3))
    }
  }

  @Test func itCountsAsFailedWhereThatIsWanted() async throws {
    try await with { source, target async throws in
      let report = await copy(Self.names, from: source, to: target, .fail)
      #expect(report.done == 1 && report.changedMeanwhile == 1 && !report.isComplete)
      #expect(try await target.value("other") == "mine")
    }
  }

  @Test func whatIsOverwrittenCanBeTakenBack() async throws {
    try await with { source, target async throws in
      let report = await copy(Self.names, from: source, to: target, .replace)
      #expect(report.done == 2 && report.unchanged == 1 && report.lost == 0)
      #expect(try await target.run("LLEN", "other") == .integer(2))
      let back = try await target.changes.takeBack(
        try #require(report.change), overwriting: false, target.header("undo"))
      #expect(back.restored == 2 && back.changedMeanwhile == 0)
      #expect(try await target.value("other") == "mine")
      #expect(try await target.run("EXISTS", "new") == .integer(0))
      #expect(try await target.run("HGET", "same", "f").text == "v")
    }
  }

  /// The same again writes nothing, and the journal knows of nothing to take back.
  @Test func whatWasCopiedIsNotCopiedAgain() async throws {
    try await with { source, target async throws in
      _ = await copy(Self.names, from: source, to: target, .replace)
      let report = await copy(["new", "other", "same"], from: source, to: target, .replace)
      #expect(report.done == 0 && report.unchanged == 3 && report.isComplete)
      #expect(target.keeper.log.suffix(3) == ["keep 3", "settle 0", "finish 0"])
    }
  }

  @Test func nothingIsWrittenThatCannotBeKept() async throws {
    try await with { source, target async throws in
      target.keeper.fail(with: .diskFull)
      let report = await copy(Self.names, from: source, to: target, .replace)
      #expect(report.problem == .notKept(.diskFull) && report.done == 0)
      #expect(report.notDone == 4)
      #expect(try await target.value("other") == "mine")
    }
  }

  @Test func itIsCancelledBetweenTwoBatches() async throws {
    try await EngineSource.with { source in
      let names = (0..<1000).map { "k:\($0)" }
      for name in names { try await source.run("SET", name, "1") }
      try await EngineSource.with { target async throws in
        let control = PlanControl()
        let report = await copy(names, from: source, to: target, .skip, control: control) { _ in
          control.cancel()
        }
        #expect(report.isCancelled && report.done == 256 && report.notDone == 744)
        #expect(try await target.run("DBSIZE") == .integer(256))
        let rest = await copy(names, from: source, to: target, .skip)
        #expect(rest.done == 744 && rest.unchanged == 256)
      }
    }
  }
}
