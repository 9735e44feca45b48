import CacheModel
import Explorer
import TestSupport
import Testing

/// Leaving the engine that was started for the explorer.
@Suite struct LeavingTests {
  private func leaving() -> (Scene, RequestID?) {
    var scene = Scene()
    scene.state.source.isEngineStarted = true
    scene.effects = []
    scene.send(.action(.quit))
    guard case .measureEngine(let request)? = scene.effects.last else { return (scene, nil) }
    return (scene, request)
  }

  @Test func anotherSourceIsLeftAtOnce() {
    var scene = Scene()
    scene.effects = []
    scene.send(.action(.quit))
    #expect(scene.effects == [.quit])
  }

  @Test func anUnusedEngineEndsSilently() throws {
    var (scene, asked) = leaving()
    let request = try #require(asked)
    scene.send(.engineUse(request, EngineUse(otherClients: 0, keys: 0)))
    #expect(scene.effects.suffix(2) == [.stopEngine, .quit] && scene.state.prompt == nil)
  }

  @Test func oneThatDoesNotAnswerIsKept() throws {
    var (scene, asked) = leaving()
    scene.send(.engineUse(try #require(asked), nil))
    #expect(scene.effects.last == .quit && !scene.effects.contains(.stopEngine))
    (scene, _) = leaving()
    scene.send(.action(.quit))
    #expect(scene.effects.last == .quit && !scene.effects.contains(.stopEngine))
  }

  @Test(arguments: [("k", [Effect.quit]), ("s", [.stopEngine, .quit]), ("x", []), ("n", [])])
  func aUsedOneIsAskedAbout(_ answer: String, _ expected: [Effect]) throws {
    let letter = Character(answer)
    var (scene, asked) = leaving()
    scene.send(.engineUse(try #require(asked), EngineUse(otherClients: 0, keys: 1)))
    scene.effects = []
    scene.send(.answer(letter))
    scene.paint()
    scene.send(.answer(letter))
    #expect(!scene.effects.contains(.quit))
    scene.wait(300)
    scene.effects = []
    scene.send(.answer(letter))
    #expect(scene.effects == expected)
    #expect((scene.state.prompt == nil) == (letter == "n"))
  }

  @Test func enterKeepsAndEscapeStays() throws {
    var (scene, asked) = leaving()
    scene.send(.engineUse(try #require(asked), EngineUse(otherClients: 2, keys: 0)))
    scene.paint()
    scene.wait(300)
    var staying = scene
    scene.effects = []
    scene.send(.submit)
    #expect(scene.effects == [.quit])
    staying.effects = []
    staying.send(.action(.back))
    #expect(staying.effects.isEmpty && staying.state.prompt == nil)
  }
}
