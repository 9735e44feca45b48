import CacheModel
import Explorer
import Plans
import TestSupport
import Testing

/// Invalidating a tag from the list of tags, by the rule of its keeper.
@Suite struct TagPlanTests {
  private static let posts = CacheModel.Tag(
    keeper: .laravel, prefix: Array("shop_".utf8), name: Array("posts".utf8))
  private static let ownSet = KeyedChange(
    key: CacheKey("shop_tag:posts:entries"), change: .delete)

  private func order(deletesKeys: Bool, _ words: String = "the rule") -> TagOrder {
    TagOrder(
      TagInvalidation(
        tag: Self.posts, deletesKeys: deletesKeys, afterwards: [Self.ownSet], words: words,
        notes: ["a note"]))
  }

  /// The list is open and has one tag.
  private func listed() throws -> Scene {
    var scene = Scene([string("shop_a:1"), string("shop_a:2")])
    scene.send(.action(.tags))
    let request = try #require(
      scene.effects.compactMap { if case .listTags(let request, _) = $0 { request } else { nil } }
        .last)
    scene.send(.tagsListed(request, TagPage(tags: [SeenTag(Self.posts, keys: 2)], next: nil)))
    scene.paint()
    scene.effects = []
    return scene
  }

  /// The plan is asked about.
  private func asked(deletesKeys: Bool = true, _ words: String = "the rule") throws -> Scene {
    var scene = try listed()
    scene.send(.action(.invalidateTag))
    scene.paint()
    #expect(scene.lastSurvey?.task.keys == .tag(Self.posts))
    var preview = PlanPreview(limit: CapturedState.standardLimit)
    var names = KeyNameList(bound: 1 << 20)
    for key in [string("shop_a:1"), string("shop_a:2")] {
      preview.add(key.key)
      preview.add(key)
      _ = names.append(key.key)
    }
    if !deletesKeys { names = KeyNameList(bound: 0) }
    scene.answerSurvey(
      .success(
        SurveyedPlan(preview: preview, names: names, order: order(deletesKeys: deletesKeys, words)))
    )
    scene.tellRoom(1 << 30)
    scene.wait(300)
    return scene
  }

  /// What shows that a name goes on is no end of a sentence to put a full stop behind.
  @Test func aNameThatGoesOnHasNoFullStop() throws {
    let scene = try asked("delete those named shop:1:…")
    #expect(scene.planNotes.first == "By the rule of Laravel: delete those named shop:1:…")
  }

  @Test func theTagInFocusIsInvalidatedByItsRule() throws {
    var scene = try asked()
    #expect(scene.state.planTitle == "invalidate laravel:posts: delete 2 keys")
    #expect(scene.planNotes == ["By the rule of Laravel: the rule.", "A note."])
    scene.send(.answer("y"))
    let task = try #require(scene.lastPlan?.task)
    #expect(task.order == order(deletesKeys: true) && task.total == 2 && task.names.count == 2)
    #expect(task.header?.title == "invalidate laravel:posts: delete 2 keys")
  }

  @Test func whereTheRuleDeletesNoKeysNoneIsSent() throws {
    var scene = try asked(deletesKeys: false)
    #expect(scene.state.planTitle == "invalidate laravel:posts")
    #expect(scene.planNotes.contains("2 keys become stale."))
    scene.send(.answer("y"))
    let (request, task) = try #require(scene.lastPlan)
    #expect(task.total == 0)
    var report = PlanReport()
    report.doneAfterwards = 1
    let entry = scene.keep("invalidate laravel:posts")
    report.change = entry.id
    scene.send(.planEnded(request, report))
    // The list of tags is looked through again, and lies below.
    #expect(scene.effects.contains { if case .listTags = $0 { true } else { false } })
    scene.paint()
    scene.wait(300)
    scene.send(.answer("u"))
    #expect(scene.lastUndo?.change == entry.id)
    #expect(scene.state.overlay?.kind == .tags)
  }

  @Test func whatIsLeftOfTheTagIsSaid() throws {
    var scene = try asked()
    scene.send(.answer("y"))
    let request = try #require(scene.lastPlan?.request)
    scene.send(.action(.back))
    var report = PlanReport()
    (report.done, report.isAfterwardsLeft) = (1, true)
    report.failures.add(.readOnly, of: CacheKey("shop_a:2"))
    scene.send(.planEnded(request, report))
    #expect(scene.state.message?.text.contains("the tag itself was left") == true)
  }

  @Test func aTagThatHasGoneLeavesTheList() throws {
    var scene = try listed()
    scene.send(.action(.invalidateTag))
    scene.paint()
    scene.answerSurvey(.failure(.tagGone))
    #expect(scene.state.work.plan == nil && scene.state.overlay?.kind == .tags)
    #expect(scene.state.message?.text.contains("has gone meanwhile") == true)
  }

  @Test func elsewhereItOpensTheList() {
    var scene = Scene([string("a")])
    scene.send(.action(.invalidateTag))
    #expect(scene.state.overlay?.kind == .tags && scene.state.work.plan == nil)
  }

  @Test func readOnlyRefuses() throws {
    var scene = try listed()
    scene.state.access = .readOnly
    #expect(!scene.state.canInvalidateTag)
    scene.send(.action(.invalidateTag))
    scene.send(.tick)
    #expect(scene.state.work.plan == nil && scene.lastSurvey == nil)
    #expect(scene.state.message?.text.contains("read-only") == true)
  }

  @Test func itIsAScriptThatNamesTheTag() throws {
    var scene = try asked()
    scene.send(.answer("S"))
    scene.send(.submit)
    let saved = scene.effects.compactMap { effect -> ScriptTask? in
      if case .saveScript(_, let task) = effect { task } else { nil }
    }
    #expect(saved.first?.scope == .matching(glob: nil, query: nil, tag: "laravel:posts"))
    #expect(saved.first?.path == "invalidate-laravel-posts.sh")
  }
}
