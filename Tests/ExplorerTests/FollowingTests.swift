import CacheModel
import Explorer
import TestSupport
import Testing

/// Keys whose changes the source tells by itself.
@Suite struct FollowingTests {
  private func followed(_ scene: Scene) -> [CacheKey]? {
    view(scene)?.keys
  }

  private func view(_ scene: Scene) -> FollowedView? {
    for case .follow(let view) in scene.effects.reversed() { return view }
    return nil
  }

  /// How often the rows in view have been asked again as a whole.
  private func questions(_ scene: Scene, _ keys: [CacheKey]) -> Int {
    scene.effects.count { effect in
      if case .describe(_, keys, _) = effect { true } else { false }
    }
  }

  private let keys = [CacheKey("a"), CacheKey("b")]

  private func followingScene() -> Scene {
    var scene = Scene([string("a"), string("b")])
    scene.wait(400)
    scene.send(.following(true))
    for _ in 0..<3 {
      scene.wait(60)
      scene.answerDescriptions([string("a"), string("b")])
    }
    scene.effects = []
    return scene
  }

  @Test func followsWhatIsInViewOnceItHoldsStill() {
    var scene = Scene([string("a"), string("b")])
    scene.wait(400)
    #expect(followed(scene) == keys)
    scene.effects = []
    scene.wait(400)
    #expect(followed(scene) == nil)
    scene.state.keys.visible = [CacheKey("b")]
    scene.wait(400)
    #expect(followed(scene) == [CacheKey("b")])
  }

  @Test func theFoldersOfWhatIsInViewAreFollowedToo() {
    var scene = Scene([string("app:user:1"), string("app:user:2"), string("app:x"), string("root")])
    scene.wait(400)
    #expect(
      view(scene)?.prefixes.sorted { $0.count < $1.count } == ["app:", "app:user:"].map(bytes))
  }

  private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  private func asked(_ scene: Scene) -> [[CacheKey]] {
    scene.effects.compactMap { effect in
      if case .describe(_, let keys, _) = effect { keys } else { nil }
    }
  }

  @Test func aChangeIsAskedForAtOnce() {
    var scene = followingScene()
    scene.send(.changedElsewhere([CacheKey("b")]))
    #expect(asked(scene) == [[CacheKey("b")]])
  }

  /// A name that is not loaded is asked for, and listed when it is there.
  @Test func aNewKeyComesByItself() {
    var scene = followingScene()
    scene.send(.changedElsewhere([CacheKey("new"), CacheKey("gone again")]))
    #expect(asked(scene) == [[CacheKey("new"), CacheKey("gone again")]])
    scene.answerDescriptions([string("new", bytes: 77)])
    scene.send(.tick)
    #expect(scene.listed == ["a", "b", "new"])
    let slot = scene.state.keys.index.slot(of: CacheKey("new"))
    #expect(slot.map { scene.state.keys.index[figures: $0].bytes?.bytes } == 77)
  }

  @Test func aNewKeyThatTheGlobLeavesOutDoesNotCome() {
    var scene = followingScene()
    scene.state.source.glob = bytes("a*")
    scene.send(.changedElsewhere([CacheKey("b2"), CacheKey("a2")]))
    #expect(asked(scene) == [[CacheKey("a2")]])
  }

  @Test func whatIsTooMuchIsLeftToAWalk() {
    var scene = followingScene()
    scene.send(.changedElsewhere((0..<5000).map { CacheKey("n\($0)") }))
    #expect(asked(scene).map(\.count) == [500])
    scene.effects = []
    scene.wait(2000)
    #expect(scene.lastWalk != nil)
  }

  @Test func afterAStopTheViewIsFollowedAnewAtOnce() {
    var scene = followingScene()
    scene.wait(400)
    scene.effects = []
    scene.send(.resumed)
    scene.wait(50)
    #expect(followed(scene) == keys)
    #expect(questions(scene, keys) == 1)
  }

  @Test func whatIsToldIsSeldomAskedFor() {
    var scene = followingScene()
    for _ in 0..<40 {
      scene.wait(100)
      scene.answerDescriptions([string("a"), string("b")])
    }
    #expect(questions(scene, keys) == 0)
    var polled = Scene([string("a"), string("b")])
    polled.wait(400)
    polled.effects = []
    var rounds = 0
    for _ in 0..<40 {
      polled.wait(100)
      rounds += questions(polled, keys)
      polled.answerDescriptions([string("a"), string("b")])
    }
    #expect(rounds >= 3)
  }

  @Test func whenItIsNoLongerToldItIsAskedForAndFollowedAnew() {
    var scene = followingScene()
    scene.wait(1100)
    scene.answerDescriptions([string("a"), string("b")])
    scene.effects = []
    scene.send(.following(false))
    scene.wait(100)
    #expect(questions(scene, keys) == 1)
    #expect(followed(scene) == nil)
    scene.wait(6000)
    #expect(followed(scene) == keys)
  }
}
