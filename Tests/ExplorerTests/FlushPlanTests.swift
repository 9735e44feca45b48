import CacheModel
import Explorer
import Plans
import TestSupport
import Testing

/// `F`: a plan over every key of the database, and the flush in one step where that cannot be kept.
@Suite struct FlushPlanTests {
  private static let keys = (0..<300).map { string("app:k\($0)", ttl: 60_000, bytes: 100) }

  private func opened(room: Int64? = 1 << 30) -> Scene {
    var scene = Scene([string("app:k1")])
    scene.openFlush(Self.keys, room: room)
    scene.wait(300)
    scene.effects = []
    return scene
  }

  private func flush(_ scene: Scene) -> RequestID? {
    for case .flush(let request, _) in scene.effects { return request }
    return nil
  }

  private func typeName(_ scene: inout Scene) {
    scene.paint()
    scene.wait(300)
    scene.send(.edit(.insert("db0")))
    scene.send(.submit)
  }

  @Test func theDatabaseIsWalkedOverBeforeAnythingIsAsked() throws {
    var scene = Scene([string("app:k1")])
    scene.send(.action(.flush))
    scene.paint()
    let survey = try #require(scene.lastSurvey)
    #expect(survey.task.keys == .database && scene.state.work.plan?.phase == .collecting)
    scene.send(.planSurveying(survey.request, found: 120))
    #expect(scene.state.work.plan?.surveyed == 120)
    scene.wait(300)
    scene.send(.answer("y"))
    scene.send(.answer("f"))
    #expect(scene.state.prompt == nil && scene.lastPlan == nil)
    var preview = PlanPreview(limit: CapturedState.standardLimit)
    preview.add(Self.keys.map(\.key))
    preview.add(Self.keys)
    let found = SurveyedPlan(preview: preview, names: KeyNameList(bound: 0))
    // What another walk found is not taken.
    scene.send(.planSurveyed(RequestID(survey.request.number + 1000), .success(found)))
    #expect(scene.state.work.plan?.phase == .collecting)
    scene.answerSurvey(.success(found))
    #expect(scene.state.work.plan?.phase == .asking)
    #expect(scene.state.planHeadline == "flush db0: delete all 300 keys")
  }

  @Test func itIsKeptUnderOneNameAndTakesThatOfTheDatabase() throws {
    var scene = opened()
    scene.send(.answer("y"))
    guard case .typeName(let question, "db0", nil)? = scene.state.prompt?.kind else {
      Issue.record("no name is asked for")
      return
    }
    #expect(question.lines.last == "u takes it back.")
    typeName(&scene)
    let task = try #require(scene.lastPlan?.task)
    #expect(task.keysInAll == 300 && task.names.count == 0 && task.change == .delete)
    #expect(task.header?.title == "flush db0" && flush(scene) == nil)
  }

  @Test func afterItTheNextUndoIsIts() throws {
    var scene = Scene([string("app:k1"), string("other")])
    scene.deleteKey("other")
    scene.wait(1000)
    scene.openFlush(Self.keys)
    scene.wait(300)
    scene.send(.answer("y"))
    typeName(&scene)
    let (request, task) = try #require(scene.lastPlan)
    var report = PlanReport()
    report.done = 300
    let entry = scene.keep(try #require(task.header?.title), keys: 300)
    report.change = entry.id
    scene.send(.planEnded(request, report))
    scene.paint()
    scene.wait(300)
    scene.send(.answer("u"))
    #expect(scene.lastUndo?.change == entry.id)
  }

  @Test(arguments: [Int64?.some(10_000), nil])
  func whatTheJournalCannotHoldIsSaidAndOnlyFlushedByChoice(room: Int64?) throws {
    var scene = opened(room: room)
    let plan = try #require(scene.state.work.plan)
    #expect(scene.state.reasonAgainstUndo(of: plan)?.hasPrefix("the journal") == true)
    scene.send(.answer("y"))
    #expect(scene.state.prompt == nil && scene.lastPlan == nil)
    #expect(scene.state.message?.text.contains("f flushes without") == true)
    scene.wait(300)
    scene.send(.answer("f"))
    guard case .typeName(let question, "db0", nil)? = scene.state.prompt?.kind else {
      Issue.record("no name is asked for")
      return
    }
    #expect(question.lines.last?.contains("This cannot be undone.") == true)
    typeName(&scene)
    let request = try #require(flush(scene))
    #expect(scene.lastPlan == nil && scene.state.work.plan == nil && !scene.state.isCovered)
    scene.send(.flushed(request, count: 300))
    #expect(scene.state.message?.text == "flushed db0: 300 keys deleted · cannot be undone")
  }

  @Test func withoutOldValuesThereIsNoUndo() {
    var scene = Scene([string("app:k1")])
    scene.state.source.keepsOldValues = false
    scene.openFlush(Self.keys)
    scene.wait(300)
    scene.send(.answer("y"))
    #expect(scene.state.prompt == nil && scene.lastPlan == nil)
  }

  @Test func whatTheJournalRefusesAtTheLastMomentIsAskedAbout() throws {
    var scene = opened()
    scene.send(.answer("y"))
    typeName(&scene)
    let request = try #require(scene.lastPlan?.request)
    var report = PlanReport()
    report.problem = .notKept(.diskFull)
    scene.send(.planEnded(request, report))
    #expect(flush(scene) == nil)
    scene.confirm()
    #expect(flush(scene) != nil && scene.lastPlan?.request == request)
  }

  @Test(arguments: [Event.action(.back), .action(.cancel), .answer("n"), .action(.showStats)])
  func theWalkEndsWithItsView(_ event: Event) throws {
    var scene = Scene([string("app:k1")])
    scene.send(.action(.flush))
    scene.paint()
    let survey = try #require(scene.lastSurvey).request
    scene.wait(300)
    scene.send(event)
    scene.effects = []
    scene.send(.tick)
    #expect(scene.effects.contains(.cancel(survey)) && scene.state.work.plan == nil)
    // What it still had to say opens nothing.
    scene.answerSurvey(.failure(.tagGone))
    #expect(!scene.state.isCovered && scene.state.work.plan == nil)
  }

  @Test func aWalkThatFailsAndAnEmptyDatabaseAreSaid() {
    var scene = Scene([string("app:k1")])
    scene.send(.action(.flush))
    scene.send(.tick)
    scene.answerSurvey(.failure(.failed(.readOnly)))
    #expect(scene.state.message?.tone == .failure && !scene.state.isCovered)
    scene.openFlush([])
    #expect(scene.state.message?.text == "db0 has no keys: there is nothing to flush")
    #expect(!scene.state.isCovered)
  }

  @Test func itIsAScript() throws {
    var scene = opened()
    scene.send(.answer("S"))
    #expect(scene.state.prompt?.texts == ["flush.sh"])
    scene.send(.submit)
    let saved = scene.effects.compactMap { effect -> ScriptTask? in
      if case .saveScript(_, let task) = effect { task } else { nil }
    }
    let task = try #require(saved.first)
    #expect(task.scope == .database && task.confirmed == "db0")
  }
}
