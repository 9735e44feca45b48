import CacheModel
import Explorer
import Plans
import TestSupport
import Testing

/// `O`: the keys are chosen, then where they go, then there is a plan. Here nothing is changed.
@Suite struct CopyPlanTests {
  private static let keys = (0..<5).map { string("app:k\($0)", ttl: 60_000, bytes: 100) }
  private static let address = SourceAddress(
    .tcp(host: "cache", port: 6379, usesTLS: false), database: 2, user: "me",
    password: Secret("hidden"))

  private static func target(
    id: String = "b", database: Int = 2, isProduction: Bool = false, keys: Int64 = 10,
    capabilities: Set<Capability> = Set(Capability.allCases), reasonAgainstUndo: String? = nil
  ) -> CopyTarget {
    CopyTarget(
      SourceDescription(
        product: "engine", version: "1", address: "redis://me@cache:6379/2", database: database,
        role: "primary", identity: SourceIdentity(serverID: id, database: database),
        capabilities: capabilities),
      isProduction: isProduction, keys: keys, reasonAgainstUndo: reasonAgainstUndo,
      scriptName: "redis://me@cache:6379/2")
  }

  /// All keys marked, and the URL of the target typed.
  private func chosen(_ scene: inout Scene, marking: Bool = true) {
    if marking {
      scene.send(.action(.markAll))
      scene.advanceFully()
      scene.paint()
    }
    scene.send(.action(.copyOut))
    scene.paint()
    scene.send(.edit(.insert("redis://me:hidden@cache:6379/2")))
    scene.send(.submit)
    scene.advanceFully()
    scene.paint()
  }

  private func question(_ scene: Scene) -> (request: RequestID, choice: SourceChoice)? {
    for case .askTarget(let request, let choice) in scene.effects.reversed() {
      return (request, choice)
    }
    return nil
  }

  private func answer(
    _ scene: inout Scene, _ outcome: Result<CopyTarget, CopyTargetProblem>
  ) throws {
    scene.send(.targetTold(try #require(question(scene)?.request), outcome))
    scene.advanceFully()
    scene.paint()
    scene.wait(300)
  }

  private func asking(_ target: CopyTarget = Self.target(), marking: Bool = true) throws -> Scene {
    var scene = Scene(Self.keys + [string("other")])
    chosen(&scene, marking: marking)
    try answer(&scene, .success(target))
    return scene
  }

  @Test func theTargetIsAskedBeforeThePlanIs() throws {
    var scene = Scene(Self.keys)
    chosen(&scene)
    #expect(question(scene)?.choice == .address(Self.address))
    #expect(scene.state.work.plan?.phase == .collecting && scene.state.isPlanOpen)
    scene.wait(300)
    scene.send(.answer("y"))
    #expect(scene.lastPlan == nil)
    try answer(&scene, .success(Self.target()))
    #expect(scene.state.work.plan?.phase == .asking && scene.state.work.plan?.count == 5)
    #expect(scene.state.planTitle == "copy 5 keys to redis://me@cache:6379/2")
    scene.send(.answer("y"))
    let task = try #require(scene.lastPlan?.task)
    #expect(task.names.count == 5 && task.change == .copy(onConflict: .skip))
    #expect(task.copy?.identity == SourceIdentity(serverID: "b", database: 2))
    #expect(task.copy?.choice == .address(Self.address))
    // It belongs to the target, and is known there as made by this run.
    #expect(task.header?.source == SourceIdentity(serverID: "b", database: 2))
    #expect(task.header?.address == "redis://me@cache:6379/2")
    #expect(task.header?.title.contains("hidden") == false)
  }

  @Test func aSingleKeyIsAPlanToo() throws {
    let scene = try asking(marking: false)
    #expect(scene.state.work.plan?.count == 1)
    #expect(scene.state.planTitle == "copy app:k0 to redis://me@cache:6379/2")
    #expect(scene.state.work.plan?.preview.bytes == 100)
  }

  @Test func whatBecomesOfExistingKeysIsChosenInThePlan() throws {
    var scene = try asking()
    for conflict in [ConflictChoice.replace, .fail, .skip, .replace] {
      scene.send(.answer("o"))
      #expect(scene.state.work.plan?.change == .copy(onConflict: conflict))
    }
    scene.send(.answer("y"))
    #expect(scene.lastPlan?.task.copy?.conflict == .replace)
  }

  @Test func productionTakesTheNameOfItsDatabase() throws {
    var scene = try asking(Self.target(isProduction: true))
    #expect(scene.state.productionLine == ["redis://me@cache:6379/2 is PRODUCTION."])
    scene.send(.answer("y"))
    guard case .typeName(let question, "db2", nil)? = scene.state.prompt?.kind else {
      Issue.record("no name is asked for")
      return
    }
    #expect(question.lines.first?.contains("PRODUCTION") == true && scene.lastPlan == nil)
    scene.paint()
    scene.wait(300)
    scene.send(.edit(.insert("db2")))
    scene.send(.submit)
    #expect(scene.lastPlan?.task.copy != nil)
  }

  /// That this source is production says nothing of the other one.
  @Test func copyingFromProductionTakesNoName() throws {
    var scene = Scene(Self.keys)
    scene.state.source.isProduction = true
    chosen(&scene)
    try answer(&scene, .success(Self.target()))
    #expect(scene.state.productionLine.isEmpty)
    scene.send(.answer("y"))
    #expect(scene.lastPlan?.task.copy != nil)
  }

  @Test(arguments: [
    (CopyPlanTests.target(id: "a", database: 0), "the database that is open"),
    (CopyPlanTests.target(capabilities: []), "nothing can be written there"),
  ])
  func aTargetThatCannotTakeThemIsRefused(_ target: CopyTarget, _ words: String) throws {
    let scene = try asking(target)
    #expect(scene.state.work.plan == nil && !scene.state.isCovered)
    #expect(scene.state.message?.text.contains(words) == true)
    #expect(scene.state.message?.text.contains("O chooses") == true)
  }

  @Test func whyATargetDoesNotAnswerIsSaid() throws {
    var scene = Scene(Self.keys)
    chosen(&scene)
    try answer(&scene, .failure(CopyTargetProblem("no connection to cache:6379: refused")))
    #expect(scene.state.work.plan == nil && !scene.state.isCovered)
    #expect(
      scene.state.message?.text
        == "copy 5 keys to redis://me@cache:6379/2: no connection to cache:6379: refused")
  }

  /// The question of a plan that was left is not the one of the next plan.
  @Test func anAnswerThatComesLateIsDropped() throws {
    var scene = Scene(Self.keys)
    chosen(&scene)
    let first = try #require(question(scene)?.request)
    scene.send(.action(.back))
    #expect(scene.state.work.plan == nil)
    scene.send(.targetTold(first, .success(Self.target())))
    #expect(scene.state.work.plan == nil)
    chosen(&scene, marking: false)
    scene.send(.targetTold(first, .success(Self.target())))
    #expect(scene.state.work.plan?.phase == .collecting)
  }

  @Test func whoeverMayNotChangeMayStillCopyFromWhatAProfileProtects() throws {
    var scene = Scene(Self.keys, access: .readOnly)
    scene.send(.action(.copyOut))
    #expect(scene.state.message?.text.contains("read-only") == true && !scene.state.isCovered)
    scene = Scene(Self.keys, access: .readOnlyForGood)
    scene.send(.action(.copyOut))
    #expect(!scene.state.isCovered)
    scene.wait(300)
    scene.state.source.isReadOnlyByProfile = true
    chosen(&scene)
    try answer(&scene, .success(Self.target()))
    scene.send(.answer("y"))
    #expect(scene.lastPlan?.task.copy != nil)
  }

  @Test func theReportSaysWhereItIsTakenBack() throws {
    var scene = try asking()
    scene.send(.answer("y"))
    let request = try #require(scene.lastPlan?.request)
    scene.send(
      .planSettled(request, SettledKeys([EntryOutcome(CacheKey("app:k0"), .success(.put))])))
    #expect(scene.state.keys.presentCount == 6)
    var report = PlanReport()
    report.done = 5
    scene.send(.planEnded(request, report))
    #expect(scene.state.planSummary(of: report).hasSuffix("c turns to it, u takes it back there"))
    // Nothing was lost here: the next undo here does not ask because of it.
    #expect(!scene.state.undoLiesBehindLoss)
    scene.paint()
    scene.wait(300)
    scene.send(.answer("u"))
    #expect(scene.state.message?.text.contains("c turns to it") == true && scene.lastUndo == nil)
  }

  // MARK: As a script

  private func script(_ scene: inout Scene) -> ScriptTask? {
    scene.send(.answer("S"))
    guard scene.state.prompt != nil else { return nil }
    scene.paint()
    scene.send(.submit)
    for case .saveScript(_, let task) in scene.effects.reversed() { return task }
    return nil
  }

  private func text(_ task: ScriptTask) -> String? {
    PlanScript(
      task.change, over: task.scope, of: task.source, to: task.target, confirming: task.confirmed
    ).text
  }

  @Test func aScriptFindsTheKeysAgainAndHoldsNoPassword() throws {
    var scene = try asking()
    scene.state.source.scriptName = "shop"
    scene.send(.answer("o"))
    let task = try #require(script(&scene))
    #expect(
      text(task)
        == "#!/bin/sh\ncachescope copy shop redis://me@cache:6379/2 --on-conflict replace\n")
    scene = try asking(Self.target(isProduction: true), marking: false)
    scene.state.source.scriptName = "shop"
    let one = try #require(script(&scene))
    #expect(
      text(one)
        == "#!/bin/sh\ncachescope copy shop redis://me@cache:6379/2 --match app:k0 "
        + "--on-conflict skip --confirm db2\n")
  }

  @Test func someMarksAreNotFoundAgain() throws {
    var scene = Scene(Self.keys)
    for _ in 0..<2 {
      scene.send(.action(.mark))
      scene.paint()
    }
    chosen(&scene, marking: false)
    try answer(&scene, .success(Self.target()))
    #expect(scene.state.work.plan?.count == 2)
    #expect(script(&scene) == nil)
    #expect(scene.state.message?.text.contains("copy takes no names") == true)
  }
}
