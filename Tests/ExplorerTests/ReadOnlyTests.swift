import CacheModel
import Explorer
import TestSupport
import Testing

/// Read-only on the screen: no action leads to a write, wherever it is tried and whatever is
/// answered, and each that would change something says why it does not.
@Suite struct ReadOnlyTests {
  enum Place: CaseIterable, Sendable {
    case key, folder, value, stats, marked, watch
  }

  private func scene(_ place: Place, _ access: Access) -> Scene {
    var scene = Scene(
      [string("app:a", ttl: 60_000), string("app:b")], access: access, asTree: place == .folder)
    for case .read(let request, let key, _) in scene.effects {
      let page = ValuePage(
        key: key, kind: .hash, lifetime: .unlimited,
        content: .hash([HashField(field: [0x66], value: [0x76])]), totalLength: 1)
      scene.send(.read(request, page))
    }
    scene.paint()
    switch place {
    case .key, .folder: break
    case .value: scene.send(.action(.open))
    case .stats: scene.send(.action(.showStats))
    case .marked: scene.send(.action(.markAll))
    case .watch: scene.send(.action(.watchKey))
    }
    scene.paint()
    return scene
  }

  private func changes(_ effects: [Effect]) -> [Effect] {
    effects.filter { effect in
      switch effect {
      case .change, .runPlan, .undo, .flush, .editOutside: true
      default: false
      }
    }
  }

  @Test(arguments: Action.allCases, [Access.readOnly, .readOnlyForGood])
  func noActionSendsAWrite(_ action: Action, _ access: Access) {
    for place in Place.allCases {
      var scene = scene(place, access)
      scene.effects = []
      scene.send(.action(action))
      if action.descriptor.isChange, place != .watch {
        #expect(scene.state.prompt == nil, "\(place)")
        #expect(scene.state.message?.text.contains("read-only") == true, "\(place)")
      }
      // Whatever comes up is answered as somebody would who wants it.
      for event in [Event.answer("y"), .edit(.insert("db0")), .submit, .submit] {
        scene.paint()
        scene.wait(300)
        scene.send(event)
      }
      #expect(changes(scene.effects).isEmpty, "\(place): \(changes(scene.effects))")
      let isLifted = scene.effects.contains(.setReadOnly(false))
      #expect(isLifted == (action == .toggleReadOnly && access == .readOnly && place != .watch))
    }
  }
}
