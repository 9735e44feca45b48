import CacheModel
import Explorer
import TestSupport
import Testing
import ValueDecoding

/// Containers of JSON fold, as folders of the key tree do.
@Suite struct FoldingTests {
  private let json = #"{"a": {"b": [1, 2, 3], "c": {}}, "d": [{"e": "needle"}], "f": 7}"#

  private func scene() -> Scene { Scene.inside(.string(bytes(json)), .string) }

  private func lines(_ scene: Scene) -> [String] {
    scene.state.preview.layout?.lines.map(\.text) ?? []
  }

  private func send(_ scene: inout Scene, _ actions: Action...) {
    for action in actions { scene.send(.action(action)) }
  }

  @Test func containersFoldAndUnfold() {
    var scene = scene()
    let open = lines(scene)
    #expect(open.count == 16 && scene.state.preview.hasCursorInText)
    send(&scene, .moveDown, .moveDown, .fold)
    #expect(lines(scene)[2] == "    \"b\": [ … 3 ],")
    #expect(lines(scene).count == 12 && scene.state.preview.row == 2)
    // What is folded already leads to what is around it; that folds what it holds.
    send(&scene, .fold)
    #expect(scene.state.preview.row == 1)
    send(&scene, .fold)
    #expect(lines(scene)[1] == "  \"a\": { … 2 }," && lines(scene).count == 9)
    // Unfolded it is as it was, with what is folded inside.
    send(&scene, .open)
    #expect(lines(scene).count == 12)
    send(&scene, .open, .open)
    #expect(scene.state.preview.row == 2 && lines(scene) == open)
  }

  @Test func theOutermostDoesNotFoldButLeaves() {
    var scene = scene()
    send(&scene, .fold)
    #expect(scene.state.focus == .list)
  }

  @Test func aSearchUnfoldsWhatItLooksThrough() {
    var scene = scene()
    send(&scene, .moveToLast, .moveUp, .moveUp, .fold, .fold)
    #expect(!lines(scene).joined().contains("needle"))
    scene.send(.action(.find))
    scene.send(.edit(.insert("needle")))
    #expect(lines(scene).joined().contains("needle"))
    #expect(scene.state.preview.search?.rows.count == 1)
  }

  /// A text has no cursor, and neither has JSON in which nothing folds.
  @Test(arguments: ["a\nb\nc", #"{"a": 1, "b": {}}"#, "[1, 2]", "7"])
  func whatDoesNotFoldIsScrolled(_ text: String) {
    let scene = Scene.inside(.string(bytes(text)), .string)
    #expect(!scene.state.preview.hasCursorInText && scene.state.preview.isScrolledByLine)
  }

  /// The value changed while something was folded: what is still there stays so.
  @Test func whatIsFoldedStaysFolded() {
    var scene = scene()
    send(&scene, .moveDown, .fold)
    let count = lines(scene).count
    scene.wait(6000)
    if let read = scene.lastRead {
      let newer = json.replacing("7", with: "8")
      scene.answer(read.request, .string(bytes(newer)), .string, total: Int64(newer.utf8.count))
    }
    #expect(lines(scene).count == count && lines(scene).joined().contains("\"f\": 8"))
  }
}

/// The end of a large value, and the way back from it.
@Suite struct LastPageTests {
  private func page(_ index: Int64, _ scene: inout Scene) {
    scene.answerPart(
      .list(from: index, (0..<100).map { bytes("e\(index + Int64($0))") }), .list, total: 5000)
  }

  @Test func theLastPageIsTurnedToAtOnce() {
    var scene = Scene.inside(
      .list(from: 0, (0..<100).map { bytes("e\($0)") }), .list, total: 5000, next: .index(100))
    scene.send(.action(.moveToLast))
    #expect(scene.lastPart?.position == .index(4900))
    page(4900, &scene)
    #expect(scene.state.preview.passed == 4900 && scene.state.preview.row == 99)
    // Back, page by page, and to the start.
    scene.effects.removeAll()
    scene.send(.action(.pageUp))
    for _ in 0..<20 { scene.send(.action(.pageUp)) }
    #expect(scene.lastPart?.position == .index(4800))
    page(4800, &scene)
    #expect(scene.state.preview.row == 99 && scene.state.preview.passed == 4800)
    scene.effects.removeAll()
    scene.send(.action(.moveToFirst))
    #expect(scene.lastRead != nil && scene.state.preview.passed == 0)
  }

  @Test func aWalkHasNoShortWay() {
    var scene = Scene.inside(
      .set([bytes("a"), bytes("b")]), .set, total: 90, next: .walk(cursor: 7, skipping: 0))
    scene.send(.action(.moveToLast))
    #expect(scene.lastPart == nil && scene.state.preview.row == 1)
    scene.send(.action(.moveToLast))
    #expect(scene.state.message?.text.contains("no short way") == true)
  }
}
