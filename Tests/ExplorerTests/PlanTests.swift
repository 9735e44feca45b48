import CacheModel
import Explorer
import KeyQuery
import Plans
import TestSupport
import Testing

/// Plans on the screen: from an action on many keys to what came of it.
@Suite struct PlanTests {
  private func marked(_ count: Int = 3) -> Scene {
    var scene = Scene((0..<count).map { string("k\($0 + 1000)", ttl: 60_000, bytes: 100) })
    scene.send(.action(.markAll))
    scene.advanceFully()
    return scene
  }

  private func phase(_ scene: Scene) -> PlanState.Phase? { scene.state.work.plan?.phase }

  // MARK: The question

  @Test func figuresComeFromWhatIsLoaded() throws {
    var scene = marked()
    scene.send(.action(.delete))
    let plan = try #require(scene.state.work.plan)
    #expect(plan.phase == .asking && plan.count == 3 && scene.state.isPlanOpen)
    #expect(plan.preview.isMeasured && plan.preview.bytes == 300)
    #expect(plan.preview.kinds == [.string: 3])
    #expect(plan.preview.longestTTL == TTL(milliseconds: 60_000))
    // Nothing more is asked about them.
    scene.effects = []
    scene.send(.tick)
    #expect(
      !scene.effects.contains { if case .describe(_, _, .sizes) = $0 { true } else { false } })
  }

  @Test func whatIsNotKnownIsAskedAboutAFew() throws {
    var scene = Scene(asTree: false)
    for number in 0..<6000 { _ = scene.state.keys.insert(CacheKey("k\(number)")) }
    scene.advanceFully()
    scene.send(.action(.markAll))
    scene.advanceFully()
    scene.send(.action(.delete))
    scene.advanceFully()
    #expect(scene.state.work.plan?.preview.described == 0)
    for round in 1...8 {
      scene.effects = []
      scene.send(.tick)
      let asked = scene.effects.compactMap { effect -> (RequestID, [CacheKey])? in
        if case .describe(let request, let keys, .sizes) = effect, keys.count == 500 {
          (request, keys)
        } else {
          nil
        }
      }
      let (request, keys) = try #require(asked.first)
      scene.send(.described(request, keys, keys.map { string($0.text ?? "", bytes: 10) }))
      #expect(scene.state.work.plan?.preview.described == round * 500)
    }
    let preview = try #require(scene.state.work.plan?.preview)
    #expect(preview.bytes == 60_000 && !preview.isMeasured)
    // So many are enough.
    scene.effects = []
    scene.send(.tick)
    #expect(scene.state.work.plan?.preview.described == 4000)
  }

  @Test func thatTheJournalHasNoRoomIsKnownBefore() throws {
    var scene = marked()
    scene.send(.action(.delete))
    scene.send(.tick)
    let asked = scene.effects.compactMap { effect -> RequestID? in
      if case .measureJournal(let request) = effect { request } else { nil }
    }
    #expect(asked.count == 1)
    scene.send(.journalRoom(try #require(asked.first), 10_000))
    #expect(scene.state.work.plan?.exceedsJournal == false)
    scene.send(.journalRoom(try #require(asked.first), 500))
    #expect(scene.state.work.plan?.exceedsJournal == true)
  }

  @Test func manyKeysAreCollectedInSlices() {
    var scene = Scene(asTree: false)
    for number in 0..<20_000 { _ = scene.state.keys.insert(CacheKey("app:k\(number)")) }
    scene.advanceFully()
    scene.send(.action(.markAll))
    scene.advanceFully()
    scene.send(.action(.delete))
    #expect(phase(scene) == .collecting && scene.state.planTitle == "delete 20,000 keys")
    #expect((scene.state.planGathering?.preview.keys ?? 0) > 0)
    // No yes is taken before the question stands.
    scene.confirm()
    #expect(scene.lastPlan == nil && scene.state.prompt == nil)
    scene.advanceFully()
    #expect(phase(scene) == .asking && scene.state.work.plan?.preview.keys == 20_000)
    scene.typeDatabase()
    #expect(scene.lastPlan?.task.names.count == 20_000)
  }

  @Test func onlyWhatIsPaintedAndReadIsAnswered() {
    var scene = marked()
    scene.send(.action(.delete))
    scene.send(.answer("y"))
    scene.paint()
    scene.wait(100)
    scene.send(.answer("y"))
    #expect(scene.lastPlan == nil)
    scene.wait(300)
    scene.send(.answer("x"))
    scene.send(.answer("y"))
    #expect(scene.lastPlan == nil)
    scene.wait(300)
    scene.send(.answer("y"))
    #expect(scene.lastPlan?.task.names.count == 3 && phase(scene) == .running)
  }

  @Test(arguments: [Event.submit, .answer("n"), .action(.back), .action(.quit), .action(.cancel)])
  func theQuestionIsLeftWithoutAnything(_ event: Event) {
    var scene = marked()
    scene.send(.action(.delete))
    scene.paint()
    scene.wait(300)
    scene.effects = []
    scene.send(event)
    #expect(scene.state.work.plan == nil && !scene.state.isCovered && scene.effects.isEmpty)
  }

  @Test func aPlanThatWaitsGoesWithItsView() {
    var scene = marked()
    scene.send(.action(.delete))
    scene.send(.action(.showStats))
    #expect(scene.state.work.plan == nil && scene.state.screen == .stats)
    scene.send(.action(.showKeys))
    #expect(scene.state.availability(of: .showPlan) != .available)
  }

  @Test func aLargePartOfAllKeysTakesTheName() {
    var scene = marked(101)
    scene.send(.action(.expire))
    scene.confirm()
    guard case .typeName(let question, "db0", nil)? = scene.state.prompt?.kind else {
      Issue.record("no question for the name")
      return
    }
    #expect(question.title == "Expire 101 keys?" && scene.lastPlan == nil)
    scene.send(.action(.back))
    #expect(scene.state.isPlanOpen)
    scene.typeDatabase()
    #expect(scene.lastPlan?.task.change == .expireNow)
  }

  @Test func marksThatAFilterHidesAreCounted() throws {
    var scene = Scene([string("apple"), string("pear"), string("plum")])
    scene.send(.action(.markAll))
    try scene.state.keys.show(Query("pe"))
    scene.advanceFully()
    scene.paint()
    scene.send(.action(.delete))
    #expect(scene.planNotes.last == "2 of them are not in view. The filter hides 2.")
    scene.confirm()
    #expect(scene.planKeys.count == 3)
  }

  @Test func ofAFolderOnlyWhatTheFilterShowsIsMeant() throws {
    var scene = Scene(
      [string("app:a1"), string("app:a2"), string("app:b")], asTree: true)
    try scene.state.keys.show(Query("a1"))
    scene.advanceFully()
    scene.send(.tick)
    scene.send(.action(.moveToFirst))
    scene.paint()
    // One key is asked about as one key.
    scene.send(.action(.delete))
    guard case .confirm(let question)? = scene.state.prompt?.kind else {
      Issue.record("no question")
      return
    }
    #expect(question.title == "Delete app:a1?")
  }

  @Test func aTTLOfManyIsTypedFirst() {
    var scene = marked()
    scene.send(.action(.setTTL))
    #expect(scene.state.prompt?.title == "Set the TTL of 3 keys" && scene.state.work.plan == nil)
    scene.send(.edit(.insert("5m")))
    scene.send(.submit)
    #expect(scene.state.planTitle == "set the TTL of 3 keys to 5m")
    scene.confirm()
    #expect(scene.lastPlan?.task.change == .setTTL(.fromNow(milliseconds: 300_000)))
    #expect(scene.lastPlan?.task.header?.title == "set the TTL of 3 keys to 5m")
  }

  @Test func whatCannotBeDoneIsSaidAndTheViewStays() {
    var scene = marked()
    scene.send(.action(.persist))
    scene.paint()
    scene.send(.connection(.waiting(reason: "gone", retryAt: scene.now)))
    scene.wait(300)
    scene.send(.answer("y"))
    #expect(scene.lastPlan == nil && phase(scene) == .asking)
    #expect(scene.state.message?.text.contains("not connected") == true)
  }

  // MARK: Running

  private func running(_ count: Int = 3) -> Scene {
    var scene = marked(count)
    scene.send(.action(.delete))
    if count > 100 { scene.typeDatabase() } else { scene.confirm() }
    return scene
  }

  private func progress(_ handled: Int, of total: Int, slowedBy: Pace.Reason? = nil) -> PlanProgress
  {
    PlanProgress(handled: handled, total: total, elapsed: 1000, slowedBy: slowedBy)
  }

  @Test func theListFollowsBatchByBatch() throws {
    var scene = running()
    let request = try #require(scene.lastPlan).request
    let first = KeyedChange(key: CacheKey("k1000"), change: .delete)
    scene.send(.planSettled(request, SettledKeys([first], [.success(.done(undo: nil))])))
    scene.send(.planProgress(request, progress(1, of: 3)))
    #expect(scene.state.keys.index.markedCount == 2)
    scene.wait(KeysState.fadeTime)
    #expect(scene.listed == ["k1001", "k1002"])
    // What failed keeps its mark, to be tried again.
    let others = ["k1001", "k1002"].map { KeyedChange(key: CacheKey($0), change: .delete) }
    scene.send(
      .planSettled(
        request,
        SettledKeys(
          others, [.failure(.refused(verb: "UNLINK", message: "no")), .success(.gone)])))
    #expect(scene.state.keys.index.markedCount == 1)
  }

  @Test func speedIsThatOfTheLastSeconds() throws {
    var scene = running()
    let request = try #require(scene.lastPlan).request
    for step in 0...20 {
      scene.send(.planProgress(request, progress(step * 100, of: 4000)))
      scene.wait(1000)
    }
    let run = try #require(scene.state.work.plan?.run)
    #expect(run.share == 0.5 && run.keysPerSecond == 100 && run.secondsLeft == 20)
  }

  @Test func itIsHeldGoesOnAndIsCancelled() throws {
    var scene = running()
    let request = try #require(scene.lastPlan).request
    scene.send(.answer("p"))
    #expect(scene.effects.last == .holdPlan(request, true))
    #expect(scene.state.work.plan?.run.isHeld == true)
    scene.send(.answer("p"))
    #expect(scene.effects.last == .holdPlan(request, false))
    scene.send(.action(.cancel))
    #expect(scene.effects.last == .cancel(request))
    var report = PlanReport()
    (report.done, report.notDone, report.isCancelled) = (1, 2, true)
    scene.send(.planEnded(request, report))
    #expect(phase(scene) == .ended(report))
  }

  @Test func itRunsOnBehindOtherViews() throws {
    var scene = running()
    let request = try #require(scene.lastPlan).request
    scene.send(.action(.back))
    #expect(!scene.state.isCovered && scene.state.work.plan?.isRunning == true)
    // Nothing else is sent meanwhile, and the source is not left.
    scene.send(.action(.delete))
    #expect(scene.state.message?.text.contains("under way") == true && !scene.state.isCovered)
    scene.send(.action(.showPlan))
    #expect(scene.state.isPlanOpen)
    scene.send(.action(.back))
    var report = PlanReport()
    report.done = 3
    report.change = scene.keep("delete 3 keys", keys: 3).id
    scene.send(.planEnded(request, report))
    #expect(
      scene.state.message?.text == "delete 3 keys: 3 done · u takes it back · P tells more")
    scene.send(.action(.showPlan))
    #expect(scene.state.isPlanOpen && phase(scene) == .ended(report))
  }

  @Test func ctrlCCancelsItFromElsewhere() throws {
    var scene = running()
    let request = try #require(scene.lastPlan).request
    scene.send(.action(.back))
    scene.send(.action(.cancel))
    #expect(scene.effects.last == .cancel(request))
  }

  @Test func leavingCancelsItAndWaitsForItsEnd() throws {
    var scene = running()
    let request = try #require(scene.lastPlan).request
    scene.send(.action(.back))
    scene.send(.action(.quit))
    #expect(scene.effects.last == .cancel(request) && !scene.effects.contains(.quit))
    scene.send(.planEnded(request, PlanReport()))
    #expect(scene.effects.contains(.quit))
  }

  // MARK: The report

  @Test func theReportCanBeTakenBack() throws {
    var scene = running()
    scene.answerPlan()
    scene.paint()
    scene.wait(100)
    scene.send(.answer("u"))
    #expect(scene.lastUndo == nil)
    scene.wait(300)
    scene.send(.answer("u"))
    #expect(scene.lastUndo?.change == scene.journal[0].id && !scene.state.isCovered)
  }

  @Test func whatCannotBeKeptIsAskedAboutAgain() throws {
    var scene = running()
    let request = try #require(scene.lastPlan).request
    var report = PlanReport()
    (report.problem, report.notDone) = (.notKept(.diskFull), 3)
    scene.send(.planEnded(request, report))
    guard case .confirm(let question)? = scene.state.prompt?.kind else {
      Issue.record("nothing was asked")
      return
    }
    #expect(question.lines.contains { $0.contains("the disk of the journal is full") })
    scene.effects = []
    scene.confirm()
    let task = try #require(scene.lastPlan).task
    #expect(task.header == nil && task.names.count == 3)
    scene.answerPlan()
    #expect(scene.state.work.plan.map { scene.state.reasonAgainstUndo(of: $0) } != .some(nil))
  }

  @Test func repliesToAnEarlierPlanAreDropped() throws {
    var scene = running()
    let first = try #require(scene.lastPlan).request
    scene.answerPlan()
    let ended = phase(scene)
    scene.send(.planEnded(first, PlanReport()))
    scene.send(.planProgress(first, progress(1, of: 3)))
    #expect(phase(scene) == ended)
  }

  // MARK: Scripts

  private func scripts(_ scene: Scene) -> [ScriptTask] {
    scene.effects.compactMap { if case .saveScript(_, let task) = $0 { task } else { nil } }
  }

  @Test func aFolderIsSavedByItsPrefixAndMarksByName() throws {
    var scene = Scene([string("a*:1"), string("a*:2"), string("b")], asTree: true)
    scene.state.source.address = "redis://127.0.0.1:6379/0"
    scene.send(.action(.moveToFirst))
    scene.paint()
    scene.send(.action(.delete))
    scene.paint()
    scene.wait(300)
    scene.send(.answer("S"))
    #expect(scene.state.prompt?.texts == ["delete-a.sh"])
    scene.send(.submit)
    let task = try #require(scripts(scene).first)
    #expect(task.scope == .matching(glob: "a\\*:*", query: nil, tag: nil) && task.confirmed == nil)
    guard case .saveScript(let request, _)? = scene.effects.last else { return }
    scene.send(.scriptSaved(request, .failure(.exists)))
    #expect(scene.state.prompt?.problem == "delete-a.sh exists: choose another name")
    scene.send(.action(.back))
    #expect(scene.state.isPlanOpen)
    scene = marked()
    scene.send(.action(.persist))
    scene.paint()
    scene.wait(300)
    scene.send(.answer("S"))
    scene.send(.submit)
    guard case .keys(let names)? = scripts(scene).first?.scope else {
      Issue.record("no names")
      return
    }
    #expect(names.count == 3)
  }

  // MARK: Renaming

  private func renaming(_ text: String) -> Scene {
    var scene = Scene(
      [string("app:1"), string("app:2"), string("new:2"), string("z")], asTree: true)
    scene.send(.action(.moveToFirst))
    scene.paint()
    scene.send(.action(.rename))
    scene.send(.edit(.deleteToStart))
    scene.send(.edit(.insert(text)))
    return scene
  }

  @Test func aFolderIsRenamedByItsPrefix() throws {
    var scene = renaming("new:")
    #expect(
      scene.state.prompt.flatMap { scene.state.liveNote(of: $0)?.text } == "app:1 becomes new:1")
    scene.send(.submit)
    #expect(scene.state.planTitle == "rename 2 keys in app:* to new:*")
    #expect(scene.planNotes[1] == "The new name of 1 of them is taken: it stays as it is.")
    scene.confirm()
    let (request, task) = try #require(scene.lastPlan)
    #expect(task.change == .renamePrefix(from: Array("app:".utf8), to: Array("new:".utf8)))
    let changes = scene.planKeys.sorted().compactMap { task.change.change(of: $0) }
    scene.send(
      .planSettled(
        request, SettledKeys(changes, [.success(.done(undo: nil)), .success(.alreadyExists)])))
    scene.wait(KeysState.fadeTime)
    #expect(scene.state.keys.index.slot(of: CacheKey("new:1")) != nil)
    #expect(scene.state.keys.index.slot(of: CacheKey("app:1")) == nil)
    #expect(scene.state.keys.index.slot(of: CacheKey("app:2")) != nil)
  }

  @Test func theSamePrefixIsNoNewOne() {
    var scene = renaming("app:")
    scene.send(.submit)
    #expect(scene.state.prompt?.problem == "they are called that already")
    #expect(scene.state.work.plan == nil)
  }
}
