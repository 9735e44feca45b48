import CacheModel
import Explorer
import KeyQuery
import TestSupport
import Testing

/// The filter by tags, and what becomes of an answer when its key changes.
@Suite struct TagFilterTests {
  private func filtered(_ text: String, _ names: [String]) -> Scene {
    var scene = Scene(names.map { string($0) })
    scene.send(.action(.find))
    for character in text { scene.send(.edit(.insert(String(character)))) }
    scene.send(.tick)
    return scene
  }

  private func lookUp(_ scene: Scene) -> (RequestID, [[UInt8]])? {
    for case .lookUpTags(let request, let names) in scene.effects.reversed() {
      return (request, names)
    }
    return nil
  }

  private func judging(_ scene: Scene) -> (RequestID, [CacheKey], Query, TagMeanings)? {
    for case .judge(let request, let keys, let query, let tags) in scene.effects.reversed() {
      return (request, keys, query, tags)
    }
    return nil
  }

  private var news: TagMeanings {
    TagMeanings([Array("news".utf8): [Tag(keeper: .engine, name: Array("news".utf8))]])
  }

  @Test func enterLooksTheTagUpOnceAndAsksForKeys() throws {
    var scene = filtered("a: tag:news", ["a:1", "a:2", "b"])
    #expect(scene.state.keys.tagsToAsk == 2 && scene.state.keys.valuesToRead == nil)
    scene.wait(100)
    #expect(lookUp(scene) == nil)
    scene.send(.submit)
    let (request, names) = try #require(lookUp(scene))
    #expect(names == [Array("news".utf8)] && judging(scene) == nil)
    #expect(scene.state.keys.isAskingForFilter)
    scene.effects.removeAll()
    scene.wait(100)
    #expect(lookUp(scene) == nil)
    scene.send(.tagMeanings(request, news))
    let (asked, keys, query, tags) = try #require(judging(scene))
    #expect(keys == [CacheKey("a:1"), CacheKey("a:2")] && tags == news)
    #expect(query == (try Query("tag:news")))
    scene.send(.judged(asked, keys, [.fails, .matches]))
    scene.send(.tick)
    #expect(scene.listed == ["a:2"] && lookUp(scene) == nil)
  }

  @Test func aNameThatNoTagHasIsSaid() throws {
    var scene = filtered("tag:news", ["a"])
    scene.send(.submit)
    let (request, names) = try #require(lookUp(scene))
    scene.send(.tagMeanings(request, TagMeanings([names[0]: []])))
    #expect(scene.state.message?.text == "no tag is named news: no key matches tag:news")
  }

  @Test func aTagWhoseKeysNothingTellsIsSaidAndAsksNothing() throws {
    var scene = filtered("!tag:news", ["a"])
    scene.send(.submit)
    let (request, names) = try #require(lookUp(scene))
    let silent = Tag(keeper: .symfonyVersion, name: names[0])
    scene.send(.tagMeanings(request, TagMeanings([names[0]: [silent]])))
    scene.wait(2000)
    #expect(judging(scene) == nil && scene.listed.isEmpty && !scene.state.keys.isAskingForFilter)
    #expect(scene.state.message?.text.contains("nothing that tells its keys") == true)
  }

  @Test func aLookThatFailedIsTriedAgainAfterAMoment() throws {
    var scene = filtered("tag:news", ["a"])
    scene.send(.submit)
    let (first, _) = try #require(lookUp(scene))
    scene.send(.failed(first, .timedOut(afterMilliseconds: 5, outcomeUnknown: false)))
    scene.wait(100)
    #expect(lookUp(scene)?.0 == first)
    scene.wait(1000)
    let (second, _) = try #require(lookUp(scene))
    #expect(second != first)
  }

  // MARK: Answers that are out of date

  /// Keys `a` and `b` of which the value of `a` matches.
  private func answered() throws -> Scene {
    var scene = filtered("value:x", ["a", "b"])
    scene.send(.submit)
    let (request, keys, _, _) = try #require(judging(scene))
    scene.send(.judged(request, keys, [.matches, .fails]))
    scene.send(.tick)
    scene.effects.removeAll()
    #expect(scene.listed == ["a"])
    return scene
  }

  @Test func aKeyThatChangedElsewhereIsJudgedAgain() throws {
    var scene = try answered()
    scene.send(.changedElsewhere([CacheKey("b"), CacheKey("a")]))
    scene.wait(100)
    // The old word counts until the new one is there.
    #expect(scene.listed == ["a"] && scene.state.keys.undecidedCount == 0)
    let (request, keys, _, _) = try #require(judging(scene))
    #expect(Set(keys) == [CacheKey("a"), CacheKey("b")])
    scene.send(.judged(request, keys, keys.map { $0 == CacheKey("b") ? .matches : .fails }))
    scene.send(.tick)
    #expect(scene.listed == ["b"])
  }

  @Test func aKeyThatWasRewrittenHereIsJudgedAgain() throws {
    var scene = try answered()
    scene.paint()
    scene.send(.action(.setTTL))
    for character in "5m" { scene.send(.edit(.insert(String(character)))) }
    scene.send(.submit)
    let change = try #require(scene.lastChange)
    scene.send(
      .changed(
        change.request, KeyOutcome(key: CacheKey("a"), result: .success(.done(undo: nil)))))
    scene.wait(100)
    #expect(judging(scene)?.1 == [CacheKey("a")])
  }

  /// Another size, another kind, or a TTL that was renewed: somebody has written it.
  @Test func figuresThatTellOfARewriteAskAgain() throws {
    for rewritten in [
      string("b", bytes: 65), string("b", ttl: 90_000), KeySummary(key: CacheKey("b"), kind: .list),
    ] {
      var scene = try answered()
      scene.send(.changedElsewhere([CacheKey("b")]))
      scene.wait(100)
      let (first, keys, _, _) = try #require(judging(scene))
      scene.send(.judged(first, keys, [.fails]))
      scene.answerDescriptions([string("a"), string("b")])
      scene.effects.removeAll()
      scene.wait(100)
      #expect(judging(scene) == nil)
      scene.send(.action(.refresh))
      scene.wait(100)
      scene.answerDescriptions([string("a"), rewritten])
      scene.wait(100)
      #expect(judging(scene)?.1 == [CacheKey("b")], "\(rewritten)")
    }
  }

  @Test func aKeyThatChangesWhileItIsJudgedIsJudgedOnceMore() throws {
    var scene = try answered()
    scene.send(.changedElsewhere([CacheKey("b")]))
    scene.wait(100)
    let (first, keys, _, _) = try #require(judging(scene))
    scene.send(.changedElsewhere([CacheKey("b")]))
    scene.effects.removeAll()
    scene.send(.judged(first, keys, [.fails]))
    let (second, again, _, _) = try #require(judging(scene))
    #expect(again == [CacheKey("b")] && second != first)
    scene.send(.judged(second, again, [.matches]))
    scene.send(.tick)
    #expect(scene.listed == ["a", "b"])
    scene.effects.removeAll()
    scene.wait(2000)
    #expect(judging(scene) == nil)
  }
}
