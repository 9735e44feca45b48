import CacheBackends
import CacheModel
import Plans
import RESP
import TestSupport
import Testing

/// The write rules on the way through the journal, over every change of a part of every kind of
/// value, on every source: kept before it is sent, corrected by what came of it, and taken back.
@Suite(.timeLimit(.minutes(5))) struct JournaledEditTests {
  private static let everywhere = EditRuleTests.everywhere
  private let key = EditCase.key

  /// A source that holds the value of the case, with a TTL.
  private func with(
    _ kind: SourceKind, _ edit: EditCase,
    through decorate: (SourceUnderTest) -> any RESPChannel = { $0.channel },
    _ body: (JournaledSource) async throws -> Void
  ) async throws {
    try await JournaledSource.with(kind, through: decorate) { source in
      try await source.send(edit.setUp + [EditCase.command("PEXPIRE", bytes("987654"))])
      try await body(source)
    }
  }

  /// Somebody comes between, after the old state was kept and right before the change.
  private func meanwhile(
    _ intervention: @escaping @Sendable (SourceUnderTest) async throws -> Void
  ) -> (SourceUnderTest) -> any RESPChannel {
    { source in InterveningChannel(source.channel) { try await intervention(source) } }
  }

  @Test(arguments: everywhere)
  func isMadeTakenBackAndMadeAgain(_ kind: SourceKind, _ edit: EditCase) async throws {
    try await with(kind, edit) { source in
      let before = try await source.picture(key)
      let change = try await source.made(edit.change, of: key)
      let after = JournaledSource.Picture(
        content: edit.after.inOrder, deadline: before.deadline)
      #expect(try await source.picture(key) == after)
      #expect(source.keeper.log == ["begin", "keep 1", "settle 1", "finish 0"])
      let back = try await source.takeBack(change)
      #expect(back.restored == 1 && back.lost == 0)
      #expect(try await source.picture(key) == before)
      #expect(try await source.takeBack(back.change).restored == 1)
      #expect(try await source.picture(key) == after)
    }
  }

  @Test(arguments: everywhere)
  func isNotSentWhenItCannotBeKept(_ kind: SourceKind, _ edit: EditCase) async throws {
    try await with(kind, edit) { source in
      let before = try await source.picture(key)
      source.keeper.failKeeping(with: .diskFull)
      await #expect(throws: JournaledChangeError.notKept(.diskFull)) {
        try await source.make(edit.change, of: key)
      }
      #expect(try await source.picture(key) == before)
      source.keeper.failKeeping(with: nil)
      let change = try await source.made(edit.change, of: key)
      let after = try await source.picture(key)
      source.keeper.failKeeping(with: .diskFull)
      #expect(try await source.takeBack(change).problem == .notKept(.diskFull))
      #expect(try await source.picture(key) == after)
    }
  }

  @Test(arguments: everywhere)
  func neverRevivesAKeyThatGoesMeanwhile(_ kind: SourceKind, _ edit: EditCase) async throws {
    let goes = meanwhile { source in
      try await source.run("DEL", EditCase.key.bytes)
    }
    try await with(kind, edit, through: goes) { source in
      let batch = try await source.make(edit.change, of: key)
      #expect(batch.results == [.success(.gone)])
      #expect(source.keeper.log == ["begin", "keep 1", "settle 0", "finish 0"])
      #expect(try await source.takeBack(batch.change).tried == 0)
      #expect(try await source.picture(key) == .init(content: nil, deadline: -2))
    }
  }

  /// Nobody deletes it: its time comes, after it was looked at, before, or while it is, when the part
  /// that was to be changed is the first thing found missing.
  @Test(arguments: everywhere)
  func neverRevivesAKeyWhoseTimeComesMeanwhile(
    _ kind: SourceKind, _ edit: EditCase
  ) async throws {
    let comes = meanwhile { source in
      while try await source.run("PTTL", EditCase.key.bytes) != .integer(-2) {}
    }
    try await with(kind, edit, through: comes) { source in
      try await source.send([EditCase.command("PEXPIRE", bytes("25"))])
      let batch = try await source.make(edit.change, of: key)
      let outcome = try #require(batch.results.first).get()
      #expect([.gone, .elementGone, .changedMeanwhile].contains(outcome))
      #expect(try await source.takeBack(batch.change).tried == 0)
      #expect(try await source.picture(key) == .init(content: nil, deadline: -2))
    }
  }

  @Test(arguments: everywhere.filter { $0.1.interference != nil })
  func neverChangesWhatIsNewer(_ kind: SourceKind, _ edit: EditCase) async throws {
    let (command, outcome, left) = try #require(edit.interference)
    let writes = meanwhile { source in
      if let error = try await source.other.send(command).error { throw error }
    }
    try await with(kind, edit, through: writes) { source in
      let batch = try await source.make(edit.change, of: key)
      #expect(batch.results == [.success(outcome)])
      #expect(source.keeper.log == ["begin", "keep 1", "settle 0", "finish 0"])
      #expect(try await source.takeBack(batch.change).tried == 0)
      #expect(try await source.picture(key).content == left.inOrder)
    }
  }

  /// What was read is not what is there; a part is not there; a part is there already.
  @Test(arguments: everywhere)
  func tellsWhyNothingWasDone(_ kind: SourceKind, _ edit: EditCase) async throws {
    try await with(kind, edit) { source in
      let before = try await source.picture(key)
      let refused: [(KeyChange?, ChangeOutcome)] = [
        (edit.stale, .changedMeanwhile), (edit.missing, .elementGone),
        (edit.taken, .elementExists),
      ]
      for case (let change?, let outcome) in refused {
        let batch = try await source.make(change, of: key)
        #expect(batch.results == [.success(outcome)])
        #expect(try await source.takeBack(batch.change).tried == 0)
      }
      #expect(try await source.picture(key) == before)
    }
  }

  /// The program ended after the change was kept: nobody noted what it left, so that undo finds the
  /// old value, or asks before it overwrites another one.
  @Test(arguments: everywhere)
  func anInterruptedEditIsTakenBackWhenAsked(_ kind: SourceKind, _ edit: EditCase) async throws {
    try await with(kind, edit) { source in
      let before = try await source.picture(key)
      let change = try await source.keepOnly(edit.change, of: key)
      #expect(try await source.takeBack(change).restored == 1)
      #expect(try await source.picture(key) == before)
      _ = try await source.source.backend.apply(edit.change, to: key, undoLimit: nil)
      let after = try await source.picture(key)
      #expect(try await source.takeBack(change).changedMeanwhile == 1)
      #expect(try await source.picture(key) == after)
      #expect(try await source.takeBack(change, overwriting: true).restored == 1)
      #expect(try await source.picture(key) == before)
      // Nor does a key come back unasked that somebody has deleted since.
      try await source.source.run("DEL", key.bytes)
      #expect(try await source.takeBack(change).changedMeanwhile == 1)
      #expect(try await source.picture(key) == .init(content: nil, deadline: -2))
    }
  }

  /// The same when the connection breaks while the change is under way.
  @Test(arguments: everywhere, [true, false])
  func whatMayHaveBeenDoneCanBeTakenBack(
    _ place: (SourceKind, EditCase), _ isCarriedOut: Bool
  ) async throws {
    let (kind, edit) = place
    let breaking: (SourceUnderTest) -> any RESPChannel = {
      BreakingChannel($0.channel, at: 1, carryingItOut: isCarriedOut)
    }
    try await with(kind, edit, through: breaking) { source in
      let before = try await source.picture(key)
      let batch = try await source.make(edit.change, of: key)
      #expect(batch.isUnknown, "\(batch.results)")
      #expect(source.keeper.log == ["begin", "keep 1", "settle 1", "finish 0"])
      let after = try await source.picture(key)
      #expect((after == before) != isCarriedOut)
      let back = try await source.takeBack(
        batch.change, overwriting: isCarriedOut, by: source.plainChanges)
      #expect(back.restored == 1)
      #expect(try await source.picture(key) == before)
      // And while it is taken back.
      let broken = try await source.takeBack(back.change, overwriting: true)
      #expect(broken.failures.count == 1 && broken.lost == 0)
      _ = try await source.takeBack(broken.change, overwriting: true, by: source.plainChanges)
      #expect(try await source.picture(key) == before)
    }
  }
}
