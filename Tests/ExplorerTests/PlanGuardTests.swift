import CacheModel
import Explorer
import Plans
import TestSupport
import Testing

/// What keeps a plan from doing something else than a person meant.
@Suite struct PlanGuardTests {
  private func asking(production: Bool = false) -> Scene {
    var scene = Scene((0..<3).map { string("k\($0)", ttl: 60_000, bytes: 100) })
    scene.state.source.isProduction = production
    scene.send(.action(.markAll))
    scene.advanceFully()
    scene.send(.action(.delete))
    return scene
  }

  private func confirmed() -> Scene {
    var scene = asking()
    scene.confirm()
    return scene
  }

  @Test func onProductionFewKeysTakeTheNameToo() {
    var scene = asking(production: true)
    scene.confirm()
    guard case .typeName(let question, "db0", nil)? = scene.state.prompt?.kind else {
      Issue.record("no question for the name")
      return
    }
    #expect(question.lines.first?.contains("PRODUCTION") == true, "\(question.lines)")
    #expect(scene.lastPlan == nil)
    scene.paint()
    scene.wait(300)
    scene.send(.edit(.insert("db1")))
    scene.send(.submit)
    #expect(scene.lastPlan == nil)
    scene.send(.action(.back))
    scene.typeDatabase()
    #expect(scene.lastPlan?.task.names.count == 3)
  }

  @Test func aReportTakesItsOwnChangeBackAndNoNewerOne() throws {
    var scene = confirmed()
    scene.answerPlan()
    let own = scene.journal[0].id
    scene.keep("delete something else", byThisRun: false)
    scene.paint()
    scene.wait(300)
    scene.send(.answer("u"))
    #expect(scene.lastUndo?.change == own)
  }

  @Test func whatAPlanLosesIsSaidBeforeAnEarlierChangeIsTakenBack() throws {
    let all = (0..<4).map { string("k\($0)") }
    var scene = Scene(all)
    scene.deleteKey("k0")
    scene.wait(1000)
    scene.answerDescriptions(Array(all.dropFirst()))
    scene.send(.action(.markAll))
    scene.advanceFully()
    scene.send(.action(.delete))
    scene.confirm()
    var report = PlanReport()
    (report.problem, report.notDone) = (.notKept(.diskFull), 3)
    scene.send(.planEnded(try #require(scene.lastPlan).request, report))
    scene.confirm()
    #expect(try #require(scene.lastPlan).task.header == nil)
    scene.answerPlan()
    scene.send(.action(.back))
    scene.send(.action(.undo))
    guard case .confirm(let question)? = scene.state.prompt?.kind else {
      Issue.record("an earlier change is taken back at once")
      return
    }
    #expect(
      question.lines.first == "delete 3 keys came after it and cannot be undone.",
      "\(question.lines)")
  }

  @Test func whatIsCancelledIsNotHeldAnyMore() {
    var scene = confirmed()
    scene.send(.answer("p"))
    scene.send(.action(.cancel))
    #expect(scene.state.work.plan?.run.isHeld == false)
    #expect(scene.state.work.plan?.run.isCancelling == true)
    // And it is not held again on its way to its end.
    scene.effects = []
    scene.send(.answer("p"))
    #expect(scene.effects.isEmpty && scene.state.work.plan?.run.isHeld == false)
  }

  @Test func aKeyThatHasGoneIsNotAmongThoseInView() {
    let all = (10..<35).map { string("app:k\($0)") }
    var scene = Scene(all, asTree: true)
    scene.send(.changedElsewhere([CacheKey("app:k10")]))
    scene.wait(1)
    scene.answerDescriptions(Array(all.dropFirst()))
    scene.send(.action(.moveToFirst))
    scene.paint()
    scene.send(.action(.delete))
    scene.advanceFully()
    #expect(scene.state.planTitle == "delete 24 keys in app:*")
    // Twenty rows are shown: the folder, the key that has gone, and eighteen others.
    #expect(scene.planNotes.last == "6 of them are not in view.")
  }

  @Test func noPlanIsOpenedWhileNothingIsConnected() {
    var scene = Scene((0..<3).map { string("k\($0)") })
    scene.send(.action(.markAll))
    scene.advanceFully()
    scene.send(.action(.setTTL))
    scene.send(.edit(.insert("5m")))
    scene.send(.connection(.waiting(reason: "gone", retryAt: scene.now)))
    scene.send(.submit)
    #expect(scene.state.work.plan == nil)
    #expect(scene.state.message?.text.contains("not connected") == true)
  }

  // MARK: What is lost

  private func deleteWithoutUndo(_ scene: inout Scene) throws {
    let earlier = scene.lastChange?.request
    scene.send(.action(.delete))
    scene.confirm()
    let change = try #require(scene.lastChange)
    try #require(change.request != earlier)
    scene.send(.unkept(change.request, .diskFull))
    scene.confirm()
    let request = try #require(scene.lastChange).request
    let outcome = KeyOutcome(key: change.key, result: .success(.done(undo: nil)))
    scene.send(.changed(request, outcome, isLost: false))
  }

  @Test func whatWasLostOnAnotherSourceAsksNothingHere() throws {
    var scene = Scene([string("a")])
    scene.deleteKey("a")
    scene.wait(1000)
    var other = Scene.source
    other.identity = SourceIdentity(serverID: "b", database: 0)
    scene.effects.removeAll()
    scene.send(.switched(SourceState(), .readWrite, SourceLook()))
    scene.send(.opened(other))
    scene.load([string("x")])
    scene.paint()
    try deleteWithoutUndo(&scene)
    scene.send(.switched(SourceState(), .readWrite, SourceLook()))
    scene.send(.opened(Scene.source))
    scene.tellJournal()
    #expect(scene.state.availability(of: .undo) == .available)
    #expect(!scene.state.asksBefore(.undo))
  }

  @Test func whatWasLostBeforeAsksNothing() {
    var scene = Scene([string("a")])
    scene.keep("delete 61 keys", keys: 61, lost: 61)
    scene.wait(1000)
    scene.deleteKey("a")
    #expect(!scene.state.asksBefore(.undo))
    scene.send(.action(.undo))
    #expect(scene.lastUndo?.change == scene.journal[0].id)
  }
}
