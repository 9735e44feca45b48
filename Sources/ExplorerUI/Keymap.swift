package import Explorer
package import TerminalCanvas

/// Which key means which action. Data: help, hints and documents are drawn from these rows.
package struct Keymap: Sendable {
  /// One action and the keys that mean it, the one to show first.
  package struct Binding: Sendable, Hashable {
    package var action: Action
    package var keys: [Key]

    package init(action: Action, keys: [Key]) {
      self.action = action
      self.keys = keys
    }
  }

  package private(set) var bindings: [Binding]
  private var actions: [Key: [Action]] = [:]

  package init(_ bindings: [Binding]) {
    self.bindings = bindings
    for binding in bindings {
      for key in binding.keys { actions[key, default: []].append(binding.action) }
    }
  }

  /// The action of a key outside of prompts. Of several that share it, the first.
  package func action(for key: Key) -> Action? {
    actions[key]?.first
  }

  /// The same in a state: of several actions that share the key, the one that means something on the
  /// screen in view.
  package func action(for key: Key, in state: ExplorerState) -> Action? {
    guard let shared = actions[key], shared.count > 1, state.overlay == nil, state.prompt == nil
    else { return action(for: key) }
    return shared.first { $0.isMeant(on: state.screen, in: state.focus) } ?? shared.first
  }

  /// The key that hints and help show for an action; empty when it has none.
  package func shownKey(for action: Action) -> String {
    bindings.first { $0.action == action }?.keys.first.map(Self.glyph) ?? ""
  }

  /// All keys of an action, for help.
  package func allKeys(for action: Action) -> String {
    let keys = bindings.first { $0.action == action }?.keys ?? []
    return keys.map(Self.glyph).joined(separator: " ")
  }

  /// How a key looks to a person: arrows as arrows, everything else as it is spelled.
  package static func glyph(_ key: Key) -> String {
    switch key {
    case .up: "↑"
    case .down: "↓"
    case .left: "←"
    case .right: "→"
    case .pageUp: "PgUp"
    case .pageDown: "PgDn"
    default: key.description
    }
  }
}

extension Keymap {
  /// The keys as they are without a configuration.
  package static let standard = Keymap([
    bind(.moveUp, .up, "k"), bind(.moveDown, .down, "j"),
    bind(.pageUp, .pageUp), bind(.pageDown, .pageDown),
    bind(.halfPageUp, .control("u")), bind(.halfPageDown, .control("d")),
    bind(.moveToFirst, "g", .home), bind(.moveToLast, "G", .end),
    bind(.open, .enter, .right, "l"),
    bind(.fold, .left, "h", .backspace), bind(.back, .escape),
    bind(.focusNext, .tab), bind(.focusPrevious, .backTab),
    bind(.find, "/"), bind(.nextSortField, "s"), bind(.reverseSort, "S"),
    bind(.toggleView, "v"),
    bind(.refresh, "r"), bind(.pause, "p"), bind(.zoomIn, "["), bind(.zoomOut, "]"),
    bind(.toggleScale, "v"),
    bind(.earlier, .left, "h"), bind(.later, .right, "l"), bind(.enlarge, .enter),
    bind(.narrowList, "<"), bind(.widenList, ">"),
    bind(.mark, .character(" ")), bind(.markAll, "*"),
    bind(.add, "a"), bind(.rename, "R"), bind(.copyKey, "C"), bind(.copyOut, "O"),
    bind(.edit, "e"), bind(.editExternally, "E"), bind(.setTTL, "t"), bind(.persist, "T"),
    bind(.expire, "x"), bind(.delete, "d"), bind(.deleteAndWatch, "W"), bind(.flush, "F"),
    bind(.invalidateTag, .control("x")),
    bind(.spreadTTLs, "t"),
    bind(.undo, "u"), bind(.redo, "U"),
    bind(.decodeAs, "b"), bind(.unmask, "m"), bind(.nextMatch, "n"), bind(.previousMatch, "N"),
    bind(.watchKey, "w"),
    bind(.tags, "#"),
    bind(.copyName, "y"), bind(.copyValue, "Y"), bind(.journal, "J"), bind(.palette, ":"),
    bind(.showPlan, "P"), bind(.sentCommands, "@"), bind(.connections, "c"),
    bind(.showKeys, "1", .function(1), .alt("1")),
    bind(.showStats, "2", .function(2), .alt("2")),
    bind(.showExpiry, "3", .function(3), .alt("3")),
    bind(.help, "?"), bind(.toggleReadOnly, "!"), bind(.redraw, .control("l")),
    bind(.suspend, .control("z")), bind(.cancel, .control("c")), bind(.quit, "q"),
  ])

  private static func bind(_ action: Action, _ keys: Key...) -> Binding {
    Binding(action: action, keys: keys)
  }
}

extension Key: ExpressibleByUnicodeScalarLiteral {}
extension Key: ExpressibleByExtendedGraphemeClusterLiteral {
  /// A printable character as a key, so that the table reads as a table.
  package init(extendedGraphemeClusterLiteral value: Character) {
    self = .character(value)
  }
}
