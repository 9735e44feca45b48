import CacheModel
import Explorer
import TestSupport
import Testing

@Suite struct SentCommandsTests {
  private var question: (Effect) -> RequestID? {
    { if case .sentCommands(let request) = $0 { request } else { nil } }
  }

  private func rows(_ scene: Scene) -> [OverlayRow] {
    scene.state.overlay.map { scene.state.rows(of: $0) } ?? []
  }

  @Test func listsTheNewestFirstAndStaysTrue() throws {
    var scene = Scene()
    scene.send(.action(.sentCommands))
    let first = try #require(scene.effects.compactMap(question).last)
    let time = WallTime(milliseconds: 0)
    let name = Array("a\nb".utf8)
    let delete = SentCommand(at: time, verb: "UNLINK", key: name, keyCount: 3, size: 0)
    var set = SentCommand(at: time, verb: "SET", key: Array("k".utf8), keyCount: 1, size: 12)
    scene.send(.sent(first, [delete]))
    #expect(rows(scene).map(\.title) == ["a\\nb and 2 more"])
    scene.wait(600)
    let second = try #require(scene.effects.compactMap(question).last)
    #expect(second != first)
    set.wasHeldBack = true
    scene.send(.sent(second, [delete, set]))
    // A late answer to the first question changes nothing.
    scene.send(.sent(first, []))
    #expect(rows(scene).map(\.title) == ["k", "a\\nb and 2 more"])
    #expect(rows(scene).map(\.detail) == ["not sent: the server was away", ""])
  }

  @Test func asksForNothingOnceItIsLeft() {
    var scene = Scene()
    scene.send(.action(.sentCommands))
    scene.send(.action(.back))
    scene.effects.removeAll()
    scene.wait(1000)
    #expect(scene.effects.compactMap(question).isEmpty)
  }
}
