import CacheModel
import Plans
import RESP
import TestSupport
import Testing

/// Nothing is changed before its old state is safe, and what was changed can be taken back.
@Suite(.timeLimit(.minutes(5))) struct JournaledChangesTests {
  @Test func oldStatesAreKeptBeforeAnythingIsSent() async throws {
    try await EngineSource.with { source in
      try await source.run("SET", "a", "1")
      try await source.run("HSET", "h", "f", "2")
      let batch = try await source.changes.make(
        deletions("a", "gone", "h"), source.header("delete 3 keys"))
      guard case .success(.done) = batch.results[0], case .success(.gone) = batch.results[1],
        case .success(.done) = batch.results[2]
      else {
        Issue.record("\(batch.results)")
        return
      }
      #expect(source.keeper.log == ["begin", "keep 3", "settle 2", "finish 0"])
      #expect(batch.lost == 0)
    }
  }

  @Test(arguments: [KeeperError.diskFull, .locked, .tooLarge(needed: 2, bound: 1)])
  func whatCannotBeKeptIsNotSent(_ problem: KeeperError) async throws {
    try await EngineSource.with { source in
      try await source.run("SET", "a", "1")
      let change = try await source.changes.begin(source.header("delete a"))
      source.keeper.fail(with: problem)
      await #expect(throws: JournaledChangeError.notKept(problem)) {
        try await change.apply(deletions("a"))
      }
      #expect(try await source.value("a") == "1")
      await #expect(throws: JournaledChangeError.notKept(problem)) {
        try await source.changes.make(deletions("a"), source.header("delete a"))
      }
      #expect(try await source.value("a") == "1")
    }
  }

  /// It was sent, and undo will look for itself; whoever asked for it has to know.
  @Test func whatCannotBeCorrectedIsTold() async throws {
    try await EngineSource.with { source in
      try await source.run("SET", "a", "1")
      source.keeper.failSettling(with: .diskFull)
      let batch = try await source.changes.make(deletions("a"), source.header("delete a"))
      #expect(batch.keeperProblem == .diskFull)
      #expect(try await source.value("a") == nil)
      let report = try await source.changes.takeBack(
        try #require(batch.change), overwriting: false, source.header("undo"))
      #expect(report.problem == .notKept(.diskFull))
      #expect(report.restored == 1)
      #expect(try await source.value("a") == "1")
    }
  }

  @Test func withoutAKeeperNothingIsKept() async throws {
    try await EngineSource.with { source in
      try await source.run("SET", "a", "1")
      let changes = JournaledChanges(source.backend, keeper: nil)
      let batch = try await changes.make(deletions("a"), source.header("delete a"))
      #expect(batch.results == [.success(.done(undo: nil))])
      #expect(batch.lost == 0 && batch.change == nil)
    }
  }

  @Test func whatIsTooLargeIsChangedAndCountedAsLost() async throws {
    try await EngineSource.with { source in
      try await source.run("SET", "small", "1")
      try await source.run("SETRANGE", "large", "99999", "x")
      try await source.run("SET", "other", "2")
      let changes = JournaledChanges(source.backend, keeper: source.keeper, limit: 5000)
      let batch = try await changes.make(
        deletions("small", "large", "other"), source.header("delete"))
      #expect(batch.results[1] == .success(.done(undo: nil)))
      #expect(batch.lost == 1)
      #expect(source.keeper.log == ["begin", "keep 2", "settle 2", "finish 1"])
      let back = try await changes.takeBack(
        try #require(batch.change), overwriting: false, source.header("undo"))
      #expect(back.restored == 2)
      #expect(try await source.value("other") == "2")
      #expect(try await source.run("EXISTS", "large") == .integer(0))
    }
  }

  @Test func takingBackIsAChangeThatCanBeTakenBack() async throws {
    try await EngineSource.with { source in
      try await source.run("SET", "a", "1", "PX", "7777777")
      try await source.run("SET", "b", "2")
      let changes = source.changes
      let first = try await changes.make(
        [
          KeyedChange(key: CacheKey("a"), change: .setString([0x39], expected: nil)),
          KeyedChange(key: CacheKey("a"), change: .setTTL(.persist)),
          KeyedChange(key: CacheKey("b"), change: .rename(to: CacheKey("c"), replacing: false)),
        ], source.header("three"))
      #expect(try await source.value("a") == "9")
      let back = try await changes.takeBack(
        try #require(first.change), overwriting: false, source.header("undo"))
      #expect(back.restored == 3 && back.lost == 0 && back.failures.isEmpty)
      #expect(try await source.value("a") == "1")
      #expect((try await source.run("PTTL", "a").integer ?? 0) > 7_000_000)
      #expect(try await source.value("b") == "2")
      let again = try await changes.takeBack(
        try #require(back.change), overwriting: false, source.header("redo"))
      #expect(again.restored == 3)
      #expect(try await source.value("a") == "9")
      #expect(try await source.run("PTTL", "a") == .integer(-1))
      #expect(try await source.value("c") == "2")
    }
  }

  @Test func newerValuesAreLeftAloneAndNamed() async throws {
    try await EngineSource.with { source in
      try await source.run("SET", "a", "1")
      try await source.run("SET", "b", "2")
      let changes = source.changes
      let batch = try await changes.make(deletions("a", "b"), source.header("delete"))
      try await source.run("SET", "b", "newer")
      let id = try #require(batch.change)
      let back = try await changes.takeBack(id, overwriting: false, source.header("undo"))
      #expect(back.restored == 1 && back.changedMeanwhile == 1)
      #expect(back.newerKeys == [CacheKey("b")])
      #expect(try await source.value("b") == "newer")
      // What is as before already counts as put back, so that the rest can be asked for again.
      let over = try await changes.takeBack(id, overwriting: true, source.header("undo"))
      #expect(over.restored == 2)
      #expect(try await source.value("b") == "2")
    }
  }

  /// A change that was interrupted between keeping and sending: each key is as it was, or as the
  /// change was to leave it.
  @Test func anInterruptedChangeIsTakenBackByLooking() async throws {
    try await EngineSource.with { source in
      for name in ["a", "b", "c", "d"] { try await source.run("SET", name, "1", "PX", "7777777") }
      let change = try await source.changes.begin(source.header("interrupted"))
      _ = try await change.prepare(
        deletions("a", "b") + [
          KeyedChange(key: CacheKey("c"), change: .setTTL(.persist)),
          KeyedChange(key: CacheKey("d"), change: .setString([0x39], expected: nil)),
        ])
      // Half of it was carried out when the program ended.
      try await source.run("DEL", "a")
      try await source.run("PERSIST", "c")
      let back = try await source.changes.takeBack(
        try #require(change.id), overwriting: false, source.header("undo"))
      #expect(back.restored == 4 && back.changedMeanwhile == 0)
      for name in ["a", "b", "c", "d"] {
        #expect(try await source.value(name) == "1")
        #expect((try await source.run("PTTL", name).integer ?? 0) > 7_000_000)
      }
    }
  }

  /// Of names and times alone nothing can be put back, least of all an empty value.
  @Test func whatWasKeptWithoutItsValueIsNotPutBack() async throws {
    try await EngineSource.with { source in
      try await source.run("SET", "a", "1")
      let changes = JournaledChanges(source.backend, keeper: ScriptedKeeper(keepsValues: false))
      let batch = try await changes.make(
        [KeyedChange(key: CacheKey("a"), change: .setString([0x39], expected: nil))],
        source.header("set a"))
      for overwriting in [false, true] {
        let back = try await changes.takeBack(
          try #require(batch.change), overwriting: overwriting, source.header("undo"))
        #expect(back.withoutValues == 1 && back.tried == 1)
        #expect(try await source.value("a") == "9")
      }
    }
  }

  /// Three values of which no two are held in memory together stand where others are to be put
  /// back: each part is kept before it is overwritten, so that all of them come back.
  @Test func whatIsTooMuchAtOnceGoesInParts() async throws {
    try await EngineSource.with { source in
      let names = ["a", "b", "c"]
      for name in names { try await source.run("SET", name, "1") }
      let batch = try await source.changes.make(
        deletions("a", "b", "c"), source.header("delete 3 keys"))
      for name in names { try await source.run("SETRANGE", name, "4999999", "x") }
      let back = try await source.changes.takeBack(
        try #require(batch.change), overwriting: true, source.header("undo"))
      #expect(back.restored == 3 && back.lost == 0)
      for name in names { #expect(try await source.value(name) == "1") }
      let again = try await source.changes.takeBack(
        try #require(back.change), overwriting: false, source.header("redo"))
      #expect(again.restored == 3)
      for name in names { #expect(try await source.run("STRLEN", name) == .integer(5_000_000)) }
    }
  }

  /// The same on the way forward: three values of which no two are held in memory together.
  @Test func largeValuesAreKeptAndSentInParts() async throws {
    try await EngineSource.with { source in
      for name in names { try await source.run("SETRANGE", name, "4999999", "x") }
      let batch = try await source.changes.make(
        deletions("a", "b", "c"), source.header("delete 3 keys"))
      #expect(source.keeper.log.filter { $0.hasPrefix("keep") }.count > 1)
      #expect(batch.results.count == 3 && batch.lost == 0)
      for name in names { #expect(try await source.value(name) == nil) }
      let back = try await source.changes.takeBack(
        try #require(batch.change), overwriting: false, source.header("undo"))
      #expect(back.restored == 3)
      for name in names { #expect(try await source.run("STRLEN", name) == .integer(5_000_000)) }
    }
  }

  /// What was kept before has been sent; what was not is neither sent nor told as done.
  @Test func aPartThatCannotBeKeptIsToldAsNotDone() async throws {
    try await EngineSource.with { source in
      for name in names { try await source.run("SETRANGE", name, "4999999", "x") }
      source.keeper.failKeeping(with: .diskFull, after: 1)
      let batch = try await source.changes.make(
        deletions("a", "b", "c"), source.header("delete 3 keys"))
      #expect(batch.keeperProblem == .diskFull)
      try #require(batch.results.count == 3)
      for (name, result) in zip(names, batch.results) {
        switch result {
        case .success(.done): #expect(try await source.value(name) == nil)
        case .success: Issue.record("\(name) is told as \(result)")
        case .failure: #expect(try await source.run("EXISTS", name) == .integer(1))
        }
      }
      #expect(try await source.run("EXISTS", "a", "b", "c") == .integer(2))
    }
  }

  private let names = ["a", "b", "c"]
}
