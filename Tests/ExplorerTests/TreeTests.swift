import CacheModel
import Explorer
import KeyQuery
import TestSupport
import Testing

/// The tree as a person meets it.
@Suite struct TreeTests {
  private static let shop = [
    string("app:session:1"), string("app:session:2"), string("app:user:1", bytes: 100),
    string("page:/home"), string("lone"),
  ]

  private func scene(_ keys: [KeySummary] = shop) -> Scene {
    var scene = Scene(keys, asTree: true)
    // What is unfolded at the start depends on the room that the first frame reported.
    scene.paint()
    return scene
  }

  private func rows(_ scene: Scene) -> [String] {
    let keys = scene.state.keys
    return keys.rows(from: 0, count: keys.rowCount).map { row in
      let indent = String(repeating: "  ", count: row.depth)
      switch row.item {
      case .key(let slot):
        return indent
          + String(
            decoding: keys.index.name(slot).dropFirst(keys.hiddenPrefixLength(of: slot)),
            as: UTF8.self)
      case .folder(let folder):
        let name = String(decoding: keys.tree.segment(folder), as: UTF8.self)
        return "\(indent)\(keys.isUnfolded(folder) ? "▾" : "▸") \(name)"
      }
    }
  }

  @Test func largeFoldersAreUnfoldedAtTheStartUntilKeysAreInView() {
    #expect(
      rows(scene()) == [
        "▾ app:", "  ▾ session:", "    1", "    2", "  ▾ user:", "    1", "▾ page:", "  /home",
        "lone",
      ])
  }

  @Test func theListStandsAtItsHeadUntilThePersonMoves() {
    var scene = scene()
    #expect(scene.state.keys.cursorRow == 2)
    #expect(scene.state.keys.top == 0)
    scene.send(.action(.refresh))
    scene.load(Self.shop + [string("aaa:1"), string("aab:1")])
    #expect(scene.state.keys.top == 0)
  }

  @Test func foldingAndUnfoldingMoveTheCursorAsExpected() {
    var scene = scene()
    #expect(scene.state.keys.cursorKey == CacheKey("app:session:1"))
    scene.send(.action(.moveDown))
    #expect(scene.state.keys.cursorKey == CacheKey("app:session:2"))
    scene.send(.action(.fold))
    #expect(scene.state.keys.selectedRow == .folder(Array("app:session:".utf8)))
    scene.send(.action(.fold))
    #expect(rows(scene)[1] == "  ▸ session:")
    scene.send(.action(.open))
    #expect(rows(scene)[1] == "  ▾ session:")
    scene.send(.action(.open))
    #expect(scene.state.keys.cursorKey == CacheKey("app:session:1"))
    scene.send(.action(.open))
    #expect(scene.state.focus == .value)
    scene.send(.action(.fold))
    #expect(scene.state.focus == .list)
  }

  @Test func aKeyThatIsAPrefixOfAFolderStandsBesideIt() {
    let scene = scene([string("a"), string("a:"), string("a::b"), string("a:b")])
    #expect(rows(scene) == ["▾ a:", "  ▾ :", "    b", "  ", "  b", "a"])
  }

  @Test func theCursorStaysOnItsRowWhileFoldersComeAboveIt() {
    var scene = scene()
    for _ in 0..<3 { scene.send(.action(.moveDown)) }
    scene.paint()
    let before = (scene.state.keys.selectedRow, scene.state.keys.cursorRow)
    #expect(before.0 == .key(CacheKey("app:user:1")))
    scene.send(.action(.refresh))
    scene.send(.tick)
    scene.load(Self.shop + [string("aaa:1"), string("app:aaa:1")])
    #expect(scene.state.keys.selectedRow == before.0)
    #expect(scene.state.keys.cursorRow == before.1 + 2)
  }

  @Test func anEmptyFolderVanishes() {
    var scene = scene()
    scene.wait(1100)
    scene.answerDescriptions(Self.shop.filter { !$0.key.bytes.starts(with: Array("page".utf8)) })
    scene.wait(KeysState.fadeTime)
    #expect(!rows(scene).contains("▾ page:"))
    #expect(scene.state.keys.tree.folder(withPrefix: Array("page:".utf8)) == nil)
  }

  @Test func anActionOnAFolderIsMeantForAllKeysInIt() {
    var scene = scene()
    scene.send(.action(.moveToFirst))
    scene.paint()
    scene.send(.action(.delete))
    #expect(scene.state.planTitle == "delete 3 keys in app:*")
    scene.confirm()
    #expect(
      scene.planKeys.compactMap(\.text).sorted() == [
        "app:session:1", "app:session:2", "app:user:1",
      ])
  }

  @Test func anActionOnAFolderThatWentDoesNothing() {
    var scene = scene([string("a:1"), string("b:1")])
    scene.send(.action(.moveToFirst))
    scene.paint()
    scene.wait(1100)
    scene.answerDescriptions([string("b:1")])
    scene.wait(KeysState.fadeTime)
    #expect(scene.state.keys.selectedRow == .folder(Array("b:".utf8)))
    scene.send(.action(.delete))
    #expect(scene.state.prompt == nil)
    #expect(scene.state.message?.text.contains("nothing was done") == true)
    scene.paint()
    scene.wait(600)
    scene.paint()
    scene.send(.action(.delete))
    #expect(scene.state.prompt != nil)
  }

  @Test func spaceOnAFolderMarksWhatTheFilterShowsInIt() throws {
    var scene = scene()
    try scene.state.keys.show(Query("session"))
    scene.send(.tick)
    scene.send(.action(.moveToFirst))
    scene.paint()
    scene.send(.action(.mark))
    #expect(scene.state.keys.index.markedCount == 2)
    scene.state.keys.show(Query())
    scene.send(.tick)
    let app = try #require(scene.state.keys.tree.folder(withPrefix: Array("app:".utf8)))
    #expect(scene.state.keys.tree.figures(app).marked == 2)
    #expect(scene.state.keys.tree.figures(app).count == 3)
    scene.send(.action(.markAll))
    #expect(scene.state.keys.index.markedCount == 5)
    scene.send(.action(.markAll))
    #expect(scene.state.keys.index.markedCount == 0)
  }

  /// With many keys `*` finds out in slices whether one of them has no mark, and then says so.
  @Test func allMarksAreTurnedInSlices() {
    var scene = Scene(asTree: false)
    for number in 0..<40_000 { _ = scene.state.keys.insert(CacheKey("k\(number)")) }
    scene.send(.tick)
    func finish() {
      #expect(scene.state.keys.hasPendingWork)
      while scene.state.keys.hasPendingWork { scene.send(.advance) }
    }
    while scene.state.keys.hasPendingWork { scene.send(.advance) }
    scene.send(.action(.markAll))
    #expect(scene.state.message?.text == "40,000 keys marked")
    finish()
    #expect(scene.state.keys.index.markedCount == 40_000)
    scene.send(.action(.markAll))
    #expect(scene.state.message?.text == "no keys marked")
    finish()
    #expect(scene.state.keys.index.markedCount == 0)
    // Marks that somebody has changed since are looked at.
    scene.paint()
    scene.send(.action(.markAll))
    finish()
    scene.send(.action(.mark))
    scene.send(.action(.moveUp))
    scene.paint()
    scene.send(.action(.mark))
    scene.send(.action(.markAll))
    #expect(scene.state.message?.text == "looking at the marks …")
    finish()
    #expect(scene.state.message?.text == "no keys marked")
    #expect(scene.state.keys.index.markedCount == 0)
  }

  @Test func aFilterUnfoldsItsMatchesAndFoldsThemAgain() {
    var scene = scene()
    for _ in 0..<4 { scene.send(.action(.fold)) }
    let before = rows(scene)
    #expect(before.first == "▸ app:")
    scene.send(.action(.find))
    scene.send(.edit(.insert("session")))
    #expect(rows(scene) == ["▾ app:", "  ▾ session:", "    1", "    2"])
    scene.send(.action(.back))
    #expect(rows(scene) == before)
  }

  @Test func aKeyThatComesBackHasTheCursorAgain() {
    var scene = scene([string("a:1"), string("a:2"), string("a:3")])
    scene.send(.action(.moveDown))
    scene.paint()
    #expect(scene.state.keys.cursorKey == CacheKey("a:2"))
    scene.wait(1100)
    scene.answerDescriptions([string("a:1"), string("a:3")])
    scene.wait(KeysState.fadeTime)
    #expect(scene.state.keys.cursorKey == CacheKey("a:3"))
    scene.send(.action(.refresh))
    scene.load([string("a:1"), string("a:2"), string("a:3")])
    #expect(scene.state.keys.cursorKey == CacheKey("a:2"))
  }

  @Test func theViewChangesAndTheCursorStaysOnItsKey() {
    var scene = scene()
    scene.send(.action(.moveDown))
    scene.send(.action(.toggleView))
    #expect(scene.listed.count == 5)
    #expect(rows(scene).first == "app:session:1")
    #expect(scene.state.keys.cursorKey == CacheKey("app:session:2"))
    scene.send(.action(.toggleView))
    #expect(scene.state.keys.cursorKey == CacheKey("app:session:2"))
    #expect(rows(scene).first == "▾ app:")
  }

  @Test func aFolderIsLoadedAgainByItsEscapedPrefix() {
    var scene = scene([string("a[1]:x"), string("a1:x")])
    scene.send(.action(.moveToLast))
    scene.send(.action(.fold))
    scene.send(.action(.refresh))
    let walks = scene.effects.compactMap { effect -> [UInt8]? in
      if case .scan(_, _, let prefix, _) = effect { prefix } else { nil }
    }
    #expect(walks.last == Array("a[1]:".utf8))
  }

  @Test func aNameOfSeparatorsAloneMakesABoundedTree() {
    let hostile = String(repeating: ":", count: 10_000)
    let scene = scene([string(hostile), string("a")])
    #expect(scene.state.keys.tree.count == KeySeparators.deepest)
  }
}
