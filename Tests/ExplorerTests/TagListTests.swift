import CacheModel
import Explorer
import KeyQuery
import TestSupport
import Testing

/// The tags of the key in view, and the list of all tags.
@Suite struct TagListTests {
  private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  private func seen(_ name: String, _ prefix: String = "", keys: Int64?) -> SeenTag {
    SeenTag(Tag(keeper: .laravel, prefix: bytes(prefix), name: bytes(name)), keys: keys)
  }

  private func lastWalk(_ scene: Scene) -> (RequestID, ScanCursor)? {
    for case .listTags(let request, let cursor) in scene.effects.reversed() {
      return (request, cursor)
    }
    return nil
  }

  private func lastLabel(_ scene: Scene) -> (RequestID, CacheKey, [CacheModel.Tag])? {
    for case .label(let request, let key, let known) in scene.effects.reversed() {
      return (request, key, known)
    }
    return nil
  }

  private func rows(_ scene: Scene) -> [String] {
    scene.state.overlay.map { overlay in
      scene.state.rows(of: overlay).map { "\($0.title) | \($0.detail)" }
    } ?? []
  }

  /// The list is open over two keys, and its walk has found these.
  private func listed(_ tags: [SeenTag]) throws -> Scene {
    var scene = Scene([string("a"), string("b")])
    scene.send(.action(.tags))
    let (request, _) = try #require(lastWalk(scene))
    scene.send(.tagsListed(request, TagPage(tags: tags, next: nil)))
    scene.effects.removeAll()
    return scene
  }

  @Test func tagsAreListedAsTheyAreFoundTheLargestFirst() throws {
    var scene = Scene([string("a")])
    scene.send(.action(.tags))
    #expect(rows(scene) == ["looking … | "])
    let (first, start) = try #require(lastWalk(scene))
    #expect(start == .start)
    let django = Tag(keeper: .django, prefix: bytes("shop"), name: bytes("1"))
    scene.send(
      .tagsListed(
        first,
        TagPage(
          tags: [seen("small", "app_", keys: 1), SeenTag(django)], next: ScanCursor(position: 9))))
    let (second, next) = try #require(lastWalk(scene))
    #expect(next.position == 9)
    scene.send(
      .tagsListed(second, TagPage(tags: [seen("large", keys: 1200), SeenTag(django)], next: nil)))
    #expect(
      rows(scene) == [
        "laravel:large | 1,200 keys · Laravel", "laravel:small | 1 key · Laravel · prefix app_",
        "django:shop:1 | Django",
      ])
    #expect(scene.state.tags.isComplete)
    // What is typed narrows them down.
    for character in "la ma" { scene.send(.edit(.insert(String(character)))) }
    #expect(rows(scene) == ["laravel:small | 1 key · Laravel · prefix app_"])
  }

  @Test func aTagThatHasGoneLeavesTheListWhenTheNextWalkIsOver() throws {
    var scene = try listed([seen("old", keys: 3), seen("kept", keys: 2)])
    scene.send(.action(.back))
    scene.send(.action(.tags))
    let (request, _) = try #require(lastWalk(scene))
    #expect(rows(scene).count == 2)
    scene.send(.tagsListed(request, TagPage(tags: [seen("kept", keys: 5)], next: nil)))
    #expect(rows(scene) == ["laravel:kept | 5 keys · Laravel"])
    let none = try listed([])
    #expect(rows(none).first?.hasPrefix("no key has a tag") == true)
  }

  @Test func enterShowsTheKeysOfATag() throws {
    var scene = try listed([seen("one", "a_", keys: 3), seen("one", "b_", keys: 2)])
    scene.send(.action(.moveDown))
    scene.send(.submit)
    #expect(scene.state.overlay == nil && scene.state.prompt == nil)
    #expect(scene.state.keys.filter == (try Query("tag:laravel:one@b_")))
    scene.send(.tick)
    let isLookedUp = scene.effects.contains { effect in
      if case .lookUpTags(_, let names) = effect {
        names == [bytes("laravel:one@b_")]
      } else {
        false
      }
    }
    #expect(isLookedUp)
    var silent = try listed([SeenTag(Tag(keeper: .symfonyVersion, name: bytes("news")))])
    silent.send(.submit)
    #expect(silent.state.overlay != nil && silent.state.keys.filter.isEmpty)
    #expect(silent.state.message?.text.contains("nothing tells its keys") == true)
  }

  @Test func aWalkThatFailsSaysWhyAndIsNotBegunAgainUnasked() throws {
    var scene = Scene([string("a")])
    scene.send(.action(.tags))
    let (request, _) = try #require(lastWalk(scene))
    scene.send(.failed(request, .refused(verb: "SCAN", message: "NOPERM no scan")))
    #expect(rows(scene).first?.contains("NOPERM no scan") == true)
    scene.effects.removeAll()
    scene.wait(5000)
    #expect(lastWalk(scene) == nil)
  }

  // MARK: The key in view

  @Test func theKeyInViewIsAskedForItsTagsAmongThoseSeen() throws {
    var scene = Scene([string("a"), string("b")])
    let (walk, _) = try #require(lastWalk(scene))
    scene.send(.tagsListed(walk, TagPage(tags: [seen("one", keys: 1)], next: nil)))
    for case .read(let request, let key, _) in scene.effects {
      let page = ValuePage(
        key: key, kind: .string, lifetime: .unlimited, content: .string(bytes("v")),
        totalLength: 1)
      scene.send(.read(request, page))
    }
    scene.send(.tick)
    let (request, key, known) = try #require(lastLabel(scene))
    #expect(key == CacheKey("a") && known == [seen("one", keys: 1).tag])
    let labels = KeyLabels(key: key, tags: known, trackers: .counted(2))
    scene.send(.labelled(request, labels))
    #expect(scene.state.tags.labels == labels)
    scene.effects.removeAll()
    scene.wait(1000)
    #expect(lastLabel(scene) == nil)
    scene.wait(4100)
    let (again, _, _) = try #require(lastLabel(scene))
    // A failure tells nothing, and does not ask without end.
    scene.send(.failed(again, .timedOut(afterMilliseconds: 5, outcomeUnknown: false)))
    scene.effects.removeAll()
    scene.wait(1000)
    #expect(scene.state.tags.labels?.tags == [] && lastLabel(scene) == nil)
  }

  @Test func manyKeysAreNotWalkedOverUnasked() {
    var scene = Scene()
    scene.load((0..<20_001).map { string("k\($0)") })
    for _ in 0..<50 { scene.send(.advance) }
    scene.wait(2000)
    #expect(lastWalk(scene) == nil)
  }

  @Test func aSourceWithoutTagsIsAskedNothing() {
    var scene = Scene()
    var source = Scene.source
    source.capabilities.remove(.tags)
    scene.send(.opened(source))
    scene.load([string("a")])
    scene.wait(1000)
    #expect(lastWalk(scene) == nil && lastLabel(scene) == nil)
    #expect(scene.state.availability(of: .tags) == .disabled("this source keeps no tags"))
  }
}
