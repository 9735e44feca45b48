import CacheModel
import Explorer
import KeyQuery
import Plans
import TestSupport
import Testing

/// A TTL that is over when it is given is the end of a key, and asks as one.
@Suite struct PastTTLTests {
  private func scene(ttl: Int64? = 60_000) -> Scene {
    var scene = Scene([string("a", ttl: ttl), string("b", ttl: ttl)])
    // 2026-11-21 14:26:07 UTC
    scene.state.wallOffset = 1_795_271_167_000 - scene.now.milliseconds
    scene.state.source.isProduction = true
    scene.paint()
    return scene
  }

  private func give(_ text: String, _ scene: inout Scene) {
    scene.send(.action(.setTTL))
    scene.send(.edit(.insert(text)))
    scene.send(.submit)
  }

  private func question(_ scene: Scene) -> Explorer.Confirmation? {
    if case .confirm(let confirmation) = scene.state.prompt?.kind { confirmation } else { nil }
  }

  @Test(arguments: [
    ("now", "Expire a?", KeyChange.expireNow), ("@2020-01-01T10:00", "Expire a?", .expireNow),
    ("-5m", "Set the TTL of a to -5m?", .setTTL(.adjust(milliseconds: -300_000))),
  ])
  func anEndAtOnceIsAskedAbout(text: String, title: String, change: KeyChange) throws {
    var scene = scene()
    give(text, &scene)
    #expect(scene.lastChange == nil)
    let asked = try #require(question(scene))
    #expect(asked.title == title && asked.verb == "expire")
    #expect(asked.lines.first?.contains("PRODUCTION") == true)
    #expect(asked.lines.contains { $0.hasPrefix("It expires now") })
    scene.confirm()
    #expect(scene.lastChange?.change == change)
  }

  @Test(arguments: ["-30s", "@2099-01-01T10:00", "5m", "none"])
  func whatLeavesTheKeyAliveIsNot(text: String) {
    var scene = scene()
    give(text, &scene)
    #expect(scene.state.prompt == nil && scene.lastChange != nil)
  }

  @Test func aPlanOverManyKeysSaysThatTheyExpireAtOnce() {
    var scene = scene()
    scene.send(.action(.markAll))
    give("@2020-01-01T10:00", &scene)
    #expect(scene.state.work.plan?.change == .expireNow)
    #expect(scene.state.planTitle == "expire 2 keys")
    #expect(scene.planNotes.first?.contains("They expire at once") == true)
    scene.send(.answer("n"))
    scene.send(.action(.back))
    give("-5m", &scene)
    #expect(scene.planNotes.first?.contains("those with less left expire at once") == true)
  }

  @Test func aNewKeyIsNotMadeToExpireAtOnce() {
    var scene = scene()
    scene.send(.action(.add))
    for text in ["new", "", "x", "@2020-01-01T10:00"] {
      scene.send(.edit(.insert(text)))
      scene.send(.submit)
    }
    #expect(scene.lastChange == nil)
    #expect(scene.state.prompt?.problem?.contains("that time has passed") == true)
  }

  @Test func theBarIsMeasuredByTheLifeThatAKeyHasAgain() throws {
    var scene = Scene([string("a", ttl: 100_000)])
    let slot = try #require(scene.state.keys.index.slot(of: CacheKey("a")))
    func tell(_ ttl: Int64) {
      scene.effects.removeAll()
      scene.send(.action(.refresh))
      scene.load([string("a", ttl: ttl)])
    }
    scene.wait(60_000)
    give("10m", &scene)
    scene.answerKept()
    tell(600_000)
    #expect(scene.state.keys.index[figures: slot].firstTTL == TTL(milliseconds: 600_000))
    scene.wait(5000)
    tell(35_000)
    #expect(scene.state.keys.index[figures: slot].firstTTL == TTL(milliseconds: 100_000))
  }

  /// Every question about a change says it, wherever it comes from.
  @Test func questionsSayThatTheSourceIsProduction() throws {
    var scene = scene()
    scene.send(.action(.toggleReadOnly))
    scene.send(.action(.toggleReadOnly))
    #expect(try #require(question(scene)).lines.first?.contains("PRODUCTION") == true)
    scene.send(.action(.back))
    scene = self.scene()
    scene.send(.action(.edit))
    scene.answerRead(.string(Array("old".utf8)), of: "a")
    scene.send(.edit(.insert("er")))
    scene.send(.submit)
    let request = try #require(scene.lastChange?.request)
    scene.send(
      .changed(request, KeyOutcome(key: CacheKey("a"), result: .success(.changedMeanwhile))))
    let asked = try #require(question(scene))
    #expect(asked.title.contains("Overwrite it?"))
    #expect(asked.lines.filter { $0.contains("PRODUCTION") }.count == 1)
  }
}

/// What a filter does to titles and to the figures of folders.
@Suite struct FilteredFolderTests {
  private static let keys = [
    string("app:a:1", bytes: 100), string("app:a:2", bytes: 300), string("app:b:1", bytes: 90_000),
  ]

  private func scene(_ query: String, _ keys: [KeySummary] = keys) throws -> Scene {
    var scene = Scene(keys, asTree: true)
    try scene.state.keys.show(Query(query))
    scene.send(.tick)
    scene.advanceFully()
    scene.send(.action(.moveToFirst))
    scene.paint()
    return scene
  }

  private func bytes(_ prefix: String, _ scene: Scene) throws -> KeyTree.Figures {
    let folder = try #require(scene.state.keys.tree.folder(withPrefix: Array(prefix.utf8)))
    return scene.state.keys.tree.figures(folder)
  }

  @Test func aPlanAndItsTitleNameTheFilter() throws {
    var scene = try scene("app:a")
    scene.state.source.isProduction = true
    scene.send(.action(.delete))
    scene.advanceFully()
    #expect(scene.state.planTitle == "delete 2 keys in app:* that match app:a")
    scene.confirm()
    scene.paint()
    scene.wait(300)
    guard case .typeName(let asked, _, _) = scene.state.prompt?.kind else {
      Issue.record("no question for the name")
      return
    }
    #expect(asked.title == "Delete 2 keys in app:* that match app:a?")
    scene.send(.edit(.insert("db0")))
    scene.send(.submit)
    #expect(scene.lastPlan?.task.header?.title == "delete 2 keys in app:* that match app:a")
  }

  @Test func marksNameItWhileAllOfThemPass() throws {
    var scene = try scene("app:a")
    scene.send(.action(.mark))
    scene.send(.action(.delete))
    scene.advanceFully()
    #expect(scene.state.planTitle == "delete 2 keys that match app:a")
    scene.send(.action(.back))
    try scene.state.keys.show(Query("app:a:1"))
    scene.send(.tick)
    scene.advanceFully()
    scene.paint()
    scene.send(.action(.delete))
    scene.advanceFully()
    #expect(scene.state.planTitle == "delete 2 keys")
  }

  @Test func figuresAreThoseOfTheKeysThatPass() throws {
    let scene = try scene("app:a")
    #expect(try bytes("app:", scene).bytes == ByteCount(400))
    #expect(try bytes("app:", scene).isEstimate == false)
    #expect(try bytes("app:a:", scene).bytes == ByteCount(400))
  }

  @Test func figuresFollowTheKeys() throws {
    var scene = try scene("app:a")
    let slot = try #require(scene.state.keys.index.slot(of: CacheKey("app:a:2")))
    var figures = scene.state.keys.index[figures: slot]
    figures.bytes = ByteCount(700)
    scene.state.keys.update(slot, figures, .string)
    #expect(try bytes("app:", scene).bytes == ByteCount(800))
    scene.state.keys.remove(slot)
    #expect(try bytes("app:", scene).bytes == ByteCount(100))
    try scene.state.keys.show(Query("size>1kb"))
    scene.advanceFully()
    #expect(try bytes("app:", scene).bytes == ByteCount(90_000))
  }

  /// Of some keys no size is known: a folder never has less than one within it.
  @Test func aFolderNeverHasLessThanOneWithinIt() throws {
    var keys = (0..<40).map { string("app:small:\($0)", bytes: 50) }
    keys += (0..<10).map { string("app:big:\($0)", bytes: 50_000) }
    keys += (0..<30).flatMap { number in
      ["small", "big"].map {
        KeySummary(key: CacheKey("app:\($0):x\(number)"), kind: .string, lifetime: .unlimited)
      }
    }
    let scene = try scene("app", keys)
    let whole = try bytes("app:", scene)
    let parts = try ["app:small:", "app:big:"].map { try bytes($0, scene).bytes?.bytes ?? 0 }
    #expect(whole.isEstimate && parts.allSatisfy { $0 > 0 })
    let sum = parts.reduce(0, +)
    #expect(abs((whole.bytes?.bytes ?? 0) - sum) <= 2)
  }
}
