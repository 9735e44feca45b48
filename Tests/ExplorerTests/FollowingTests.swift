import CacheModel
import Explorer
import TestSupport
import Testing

/// Keys whose changes the source tells by itself.
@Suite struct FollowingTests {
  private func followed(_ scene: Scene) -> [CacheKey]? {
    for case .follow(let keys) in scene.effects.reversed() { return keys }
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
    scene.answerDescriptions([string("a"), string("b")])
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

  @Test func aChangeIsAskedForAtOnce() {
    var scene = followingScene()
    scene.send(.changedElsewhere([CacheKey("b"), CacheKey("unknown")]))
    let asked = scene.effects.compactMap { effect -> [CacheKey]? in
      if case .describe(_, let keys, _) = effect { keys } else { nil }
    }
    #expect(asked == [[CacheKey("b")]])
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
