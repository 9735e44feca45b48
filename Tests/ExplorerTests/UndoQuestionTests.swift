import CacheModel
import Explorer
import Plans
import TestSupport
import Testing

/// Which changes are taken back at once, and which only after asking.
@Suite struct UndoQuestionTests {
  private func question(_ scene: Scene) -> Explorer.Confirmation? {
    switch scene.state.prompt?.kind {
    case .confirm(let confirmation), .typeName(let confirmation, _, _): confirmation
    default: nil
    }
  }

  @Test func aChangeOfAnEarlierRunIsAskedAbout() throws {
    var scene = Scene([string("a")])
    scene.keep("delete 145 keys in app:page:*", keys: 145, byThisRun: false)
    scene.wait(3 * 3_600_000)
    #expect(scene.state.asksBefore(.undo))
    scene.send(.action(.undo))
    #expect(scene.lastUndo == nil)
    let asked = try #require(question(scene))
    #expect(asked.title == "Take back: delete 145 keys in app:page:* (3 h ago)?")
    #expect(
      asked.lines == [
        "An earlier run of cachescope, or another one, made this change.",
        "145 keys become as they were before it; what was written since stays.",
      ])
    scene.confirm()
    #expect(scene.lastUndo?.change == scene.journal[0].id)
    scene.restore()
    #expect(scene.state.message?.text == "145 of 145 taken back: delete 145 keys in app:page:*")
    // What took it back was done by this run: that is done again at once.
    #expect(!scene.state.asksBefore(.redo))
    scene.send(.action(.redo))
    #expect(scene.lastUndo?.change == scene.journal[0].id)
  }

  @Test func aChangeOfThisRunIsNot() {
    var scene = Scene([string("a")])
    scene.keep("delete old", byThisRun: false)
    scene.deleteKey("a")
    #expect(!scene.state.asksBefore(.undo))
    scene.send(.action(.undo))
    #expect(scene.lastUndo?.change == scene.journal[0].id && scene.state.prompt == nil)
    scene.restore()
    // The next one is of an earlier run.
    #expect(scene.state.asksBefore(.undo))
  }

  /// What was written since was left as it is: `u` asks about that again, and does not go on to an
  /// older change by itself.
  @Test func whatWasLeftAsWrittenIsNotPassedOver() throws {
    var scene = Scene([string("a")])
    scene.keep("delete older")
    scene.deleteKey("a")
    scene.send(.action(.undo))
    var report = TakingBack()
    report.changedMeanwhile = 1
    (scene.journal[0].keptCount, scene.journal[0].passedCount) = (0, 1)
    scene.tellJournal()
    scene.answerUndo(report)
    #expect(question(scene)?.verb == "overwrite")
    scene.send(.action(.back))
    scene.effects = []
    #expect(scene.state.asksBefore(.undo) && scene.state.availability(of: .undo).isAvailable)
    scene.send(.action(.undo))
    #expect(scene.lastUndo == nil)
    let asked = try #require(question(scene))
    #expect(asked.title == "Put back what is older: delete a?")
    #expect(asked.lines.last == "To take back an older change, choose it with J.")
    scene.confirm()
    #expect(scene.lastUndo?.change == scene.journal[0].id && scene.lastUndo?.overwriting == true)
  }

  @Test func anotherProgramsUndoIsAskedAbout() throws {
    var scene = Scene([string("a")])
    let change = scene.keep("delete a", byThisRun: false)
    scene.journal[0].keptCount = 0
    scene.journal[0].standing = .takenBack
    scene.keep("take back: delete a", reverting: change, byThisRun: false)
    scene.wait(90_000)
    scene.send(.action(.redo))
    #expect(scene.lastUndo == nil)
    #expect(try #require(question(scene)).title == "Do again: delete a (taken back 1 min ago)?")
    scene.confirm()
    #expect(scene.lastUndo?.change == scene.journal[0].id)
  }

  @Test func theJournalAsksToo() throws {
    var scene = Scene([string("a")])
    scene.keep("delete a", byThisRun: false)
    scene.send(.action(.journal))
    scene.send(.action(.undo))
    #expect(scene.lastUndo == nil && question(scene) != nil)
    scene.send(.action(.back))
    #expect(scene.state.prompt == nil && scene.state.overlay?.kind == .journal)
    scene.send(.action(.undo))
    scene.confirm()
    #expect(scene.lastUndo?.change == scene.journal[0].id)
  }

  @Test func onProductionEveryUndoIsAskedAbout() throws {
    var scene = Scene([string("a")])
    scene.state.source.isProduction = true
    scene.state.source.profile = "shop"
    scene.keep("delete a")
    scene.send(.action(.undo))
    #expect(try #require(question(scene)).lines.first == "shop is PRODUCTION.")
    scene.send(.action(.back))
    scene.keep("delete 2 keys", keys: 2)
    scene.send(.action(.undo))
    guard case .typeName(_, name: "db0", or: nil) = scene.state.prompt?.kind else {
      Issue.record("no name was asked for")
      return
    }
    scene.paint()
    scene.wait(300)
    scene.send(.edit(.insert("db0")))
    scene.send(.submit)
    #expect(scene.lastUndo?.change == scene.journal[0].id)
  }

  @Test func whatLiesBehindAFlushIsAskedAbout() throws {
    var scene = Scene([string("a")])
    scene.deleteKey("a")
    scene.wait(1000)
    scene.flushForGood()
    let request = try #require(
      scene.effects.compactMap { if case .flush(let request, _) = $0 { request } else { nil } }.last
    )
    scene.keep("flush db0", keys: 61, lost: 61)
    scene.send(.flushed(request, count: 61))
    #expect(scene.state.undoLiesBehindLoss)
    scene.send(.action(.undo))
    #expect(scene.lastUndo == nil)
    let asked = try #require(question(scene))
    #expect(asked.title.hasPrefix("Take back: delete a ("))
    #expect(asked.lines.first == "flush db0 came after it and cannot be undone.")
    scene.confirm()
    #expect(scene.lastUndo != nil)
  }

  @Test func whatLiesBehindAChangeWithoutUndoIsAskedAbout() throws {
    var scene = Scene([string("a"), string("b")])
    scene.deleteKey("a")
    scene.send(.action(.moveDown))
    scene.paint()
    scene.wait(1000)
    scene.send(.action(.delete))
    scene.confirm()
    let change = try #require(scene.lastChange)
    scene.send(.unkept(change.request, .diskFull))
    scene.confirm()
    let request = try #require(
      scene.effects.compactMap { effect -> RequestID? in
        if case .change(let request, _, _, keeping: nil) = effect { request } else { nil }
      }.last)
    scene.send(
      .changed(
        request, KeyOutcome(key: CacheKey("b"), result: .success(.done(undo: nil))),
        isLost: false))
    scene.send(.action(.undo))
    #expect(scene.lastUndo == nil)
    #expect(
      try #require(question(scene)).lines.first == "delete b came after it and cannot be undone.")
  }

  @Test func readOnlyIsSaidInsteadOfAsking() {
    var scene = Scene([string("a")])
    scene.keep("delete a", byThisRun: false)
    scene.send(.action(.toggleReadOnly))
    scene.send(.action(.journal))
    scene.send(.action(.undo))
    #expect(scene.state.prompt == nil)
    #expect(scene.state.message?.text.contains("read-only") == true)
  }
}
