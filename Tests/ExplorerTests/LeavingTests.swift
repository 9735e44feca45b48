import CacheModel
import Explorer
import TestSupport
import Testing

/// Many keys of a production source are changed only when the database's name was typed.
@Suite struct ProductionTests {
  private func scene() -> Scene {
    let keys = ["a", "b"].map { KeySummary(key: CacheKey($0), kind: .string, lifetime: .unlimited) }
    var scene = Scene(keys)
    scene.state.source.isProduction = true
    scene.paint()
    return scene
  }

  private func isChange(_ effect: Effect) -> Bool {
    switch effect {
    case .change, .runPlan: true
    default: false
    }
  }

  @Test func manyKeysTakeTheName() {
    var scene = scene()
    scene.send(.action(.markAll))
    scene.paint()
    scene.send(.action(.delete))
    scene.confirm()
    scene.paint()
    scene.wait(300)
    scene.effects = []
    guard case .typeName(let question, "db0", nil)? = scene.state.prompt?.kind else {
      Issue.record("no question for the name")
      return
    }
    #expect(question.lines.first?.contains("PRODUCTION") == true)
    scene.send(.edit(.insert("db1")))
    scene.send(.submit)
    #expect(!scene.effects.contains(where: isChange))
    scene.send(.edit(.deleteBackward))
    scene.send(.edit(.insert("0")))
    scene.send(.submit)
    #expect(scene.effects.contains(where: isChange))
  }

  @Test func oneKeyTakesAYes() {
    var scene = scene()
    scene.send(.action(.delete))
    scene.paint()
    scene.wait(300)
    scene.effects = []
    scene.send(.answer("y"))
    #expect(scene.effects.contains(where: isChange))
  }
}

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

  @Test func oneThatWasJoinedIsStoppedByNameAndAfterAsking() throws {
    func choosing(_ change: (inout Scene) -> Void = { _ in }) -> Scene {
      var scene = Scene()
      scene.state.source.isEngine = true
      change(&scene)
      scene.send(.action(.palette))
      scene.send(.edit(.insert("stop the engine")))
      scene.effects = []
      scene.send(.submit)
      return scene
    }
    var scene = choosing()
    guard case .measureEngine(let request)? = scene.effects.last else {
      Issue.record("nobody asked what would be lost")
      return
    }
    scene.send(.engineUse(request, EngineUse(otherClients: 1, keys: 12)))
    scene.paint()
    #expect(scene.state.prompt != nil)
    scene.wait(300)
    scene.effects = []
    scene.send(.answer("y"))
    #expect(scene.effects == [.stopEngine, .quit])
    #expect(choosing { $0.state.source.isEngine = false }.effects.isEmpty)
    #expect(choosing { $0.state.access = .readOnly }.effects.isEmpty)
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
