package import Explorer
package import TerminalCanvas

extension Keymap {
  /// Two actions that ask for one key.
  package struct Conflict: Error, Sendable, Equatable {
    package var key: Key
    /// The action that was given the key.
    package var action: Action
    /// The action that has it already.
    package var other: Action

    /// What is wrong and what to do.
    package var sentence: String {
      "the key \(key) belongs to \(other.rawValue); give \(other.rawValue) another one too"
    }
  }

  /// The keymap with other keys for some actions: those given take the place of all keys that an
  /// action had, and an empty list leaves it to the palette alone. A key that two actions would have
  /// then is a `Conflict`, unless no screen has both.
  package func overridden(by overrides: [Binding]) throws(Conflict) -> Keymap {
    var changed = bindings
    for override in overrides {
      if let place = changed.firstIndex(where: { $0.action == override.action }) {
        changed[place].keys = override.keys
      } else {
        changed.append(override)
      }
    }
    for override in overrides {
      for key in override.keys {
        let other = changed.first {
          $0.action != override.action && $0.keys.contains(key)
            && Self.canMeet($0.action, override.action)
        }
        if let other { throw Conflict(key: key, action: override.action, other: other.action) }
      }
    }
    return Keymap(changed)
  }

  /// Whether two actions mean something in the same place.
  private static func canMeet(_ one: Action, _ other: Action) -> Bool {
    Screen.allCases.contains { screen in
      [Pane.list, .value].contains {
        one.isMeant(on: screen, in: $0) && other.isMeant(on: screen, in: $0)
      }
    }
  }
}
