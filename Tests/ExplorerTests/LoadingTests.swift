import CacheModel
import Explorer
import TestSupport
import Testing

@Suite struct LoadingTests {
  @Test func listsWhatTheWalkReportsInOrder() {
    let scene = Scene([string("b"), string("a", ttl: 5000), string("c")])
    #expect(scene.listed == ["a", "b", "c"])
    #expect(scene.state.keys.cursorKey == CacheKey("a"))
    #expect(scene.state.keys.walk.hasCompleted)
  }

  @Test func theTTLCountsDownBetweenAnswers() throws {
    var scene = Scene([string("a", ttl: 65_000)])
    scene.wait(5_000)
    let slot = try #require(scene.state.keys.index.slot(of: CacheKey("a")))
    #expect(scene.state.keys.index[figures: slot].ttl(at: scene.now)?.milliseconds == 60_000)
    #expect(scene.state.keys.index[figures: slot].firstTTL?.milliseconds == 65_000)
  }

  @Test func aKeyThatWentFadesAndLeaves() {
    var scene = Scene([string("a"), string("b")])
    scene.wait(1100)
    scene.answerDescriptions([string("b")])
    #expect(scene.state.keys.presentCount == 1)
    #expect(scene.state.keys.index.count == 2)
    scene.wait(KeysState.fadeTime)
    #expect(scene.state.keys.index.count == 1)
    #expect(scene.state.keys.cursorKey == CacheKey("b"))
  }

  @Test func aKeyThatAWalkDidNotReportIsAskedForBeforeItGoes() {
    var scene = Scene([string("a"), string("b")])
    scene.send(.action(.refresh))
    scene.answerDescriptions([string("a"), string("b")])
    scene.wait(1100)
    guard let walk = scene.lastWalk else {
      Issue.record("no walk")
      return
    }
    scene.send(.scanned(walk, ScanPage(keys: [CacheKey("a")], next: nil)))
    #expect(scene.state.keys.presentCount == 2)
    scene.answerDescriptions([string("a"), string("b")])
    #expect(scene.state.keys.presentCount == 2)
  }

  @Test func aNewKeyIsAskedForWhenTheCountChanges() {
    var scene = Scene([string("a")])
    for (second, keys) in [(1, 1), (2, 2)] {
      var sample = CacheStatistics(
        time: WallTime(milliseconds: Int64(second) * 1000),
        moment: scene.now.advanced(by: Int64(second)))
      sample.keys = Int64(keys)
      sample.commands = 10
      scene.send(.sampled(sample))
    }
    scene.effects.removeAll()
    scene.wait(1100)
    guard let walk = scene.lastWalk else {
      Issue.record("no walk")
      return
    }
    scene.send(.scanned(walk, ScanPage(keys: [CacheKey("a"), CacheKey("b")], next: nil)))
    scene.answerDescriptions([string("a"), string("b")])
    scene.send(.tick)
    #expect(scene.state.keys.presentCount == 2)
    #expect(scene.state.keys.cursorKey == CacheKey("a"))
  }

  /// Keys that came after all were marked do not turn the next press into one more marking.
  @Test func allAreUnmarkedAlthoughMoreHaveCome() throws {
    var scene = Scene([string("a"), string("b")])
    scene.send(.action(.markAll))
    #expect(scene.state.keys.index.markedCount == 2)
    scene.effects.removeAll()
    scene.send(.action(.refresh))
    scene.wait(1100)
    let walk = try #require(scene.lastWalk)
    let names = ["a", "b", "c"].map { CacheKey($0) }
    scene.send(.scanned(walk, ScanPage(keys: names, next: nil)))
    scene.answerDescriptions(["a", "b", "c"].map { string($0) })
    scene.send(.tick)
    #expect(scene.state.keys.presentCount == 3)
    for marked in [0, 3, 0] {
      scene.send(.action(.markAll))
      scene.advanceFully()
      #expect(scene.state.keys.index.markedCount == marked)
    }
  }

  @Test func repliesToOldQuestionsAreDropped() {
    var scene = Scene([string("a")])
    scene.send(.scanned(RequestID(999_999), ScanPage(keys: [CacheKey("ghost")], next: nil)))
    scene.send(.described(RequestID(999_998), [CacheKey("a")], [nil]))
    scene.send(.tick)
    #expect(scene.state.keys.presentCount == 1)
  }

  @Test func theCursorStaysOnItsKeyWhileOthersCome() {
    var scene = Scene([string("m"), string("n")])
    scene.send(.action(.moveDown))
    scene.paint()
    #expect(scene.state.keys.cursorKey == CacheKey("n"))
    scene.send(.action(.refresh))
    scene.wait(1100)
    guard let walk = scene.lastWalk else {
      Issue.record("no walk")
      return
    }
    scene.send(
      .scanned(walk, ScanPage(keys: ["a", "b", "m", "n"].map { CacheKey($0) }, next: nil)))
    scene.send(.tick)
    #expect(scene.state.keys.cursorKey == CacheKey("n"))
    #expect(scene.state.keys.cursorRow == 3)
  }
}
