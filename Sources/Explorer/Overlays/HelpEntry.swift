/// What the help of the screen and the pane in focus says: the keys that mean something there, by
/// group, and why one of them cannot be used now.
package enum HelpEntry: Sendable, Equatable {
  case blank
  case head(String)
  case action(Action, reason: String?)
  /// What a sign on the screen means.
  case note(sign: String, String)

  package var text: String {
    switch self {
    case .blank: ""
    case .head(let text): text
    case .note(let sign, let text): sign + " " + text
    case .action(let action, _): action.descriptor.title + " " + action.descriptor.help
    }
  }
}

extension ExplorerState {
  /// `Keys: the list`, `Keys: a value`, `Stats`.
  package var placeTitle: String {
    switch (screen, focus) {
    case (.keys, .list): "the list of keys"
    case (.keys, .value): "a value"
    default: screen.title
    }
  }

  package var helpEntries: [HelpEntry] {
    var entries: [HelpEntry] = []
    for group in [ActionGroup.change, .mark, .look, .program, .move] {
      let rows = Action.descriptors.filter {
        $0.group == group && $0.action.isMeant(on: screen, in: focus)
      }
      guard !rows.isEmpty else { continue }
      if !entries.isEmpty { entries.append(.blank) }
      entries.append(.head(group.rawValue))
      entries += rows.map { row in
        guard case .disabled(let reason) = availability(of: row.action) else {
          return .action(row.action, reason: nil)
        }
        return .action(row.action, reason: reason)
      }
    }
    if screen == .keys, focus == .list {
      entries += [.blank, .head("Signs")] + Self.signs.map { .note(sign: $0, $1) }
    }
    return entries
  }

  private static let signs = [
    ("■■▪·", "what is left of the TTL that was first seen"),
    ("●", "a marked key; a folder whose keys are all marked"),
    ("◐", "a folder with some of its keys marked"),
    ("~", "an estimate: not all keys told their size"),
  ]
}

extension Action {
  /// Whether the action means something on a screen and in a pane of it. What is not named here is
  /// meant everywhere.
  package func isMeant(on screen: Screen, in pane: Pane) -> Bool {
    switch self {
    case .zoomIn, .zoomOut: return screen != .keys
    case .earlier, .later, .enlarge: return screen == .stats
    case .toggleScale, .spreadTTLs: return screen == .expiry
    case .nextMatch, .previousMatch: return screen == .keys && pane == .value
    case .nextSortField, .reverseSort:
      return screen == .stats || screen == .keys && pane == .list
    case .moveUp, .moveDown, .moveToFirst, .moveToLast: return true
    case .pageUp, .pageDown, .halfPageUp, .halfPageDown, .focusNext, .focusPrevious:
      return screen != .expiry
    case .flush, .invalidateTag, .undo, .redo, .back, .refresh, .pause: return true
    default: break
    }
    switch descriptor.group {
    case .mark: return screen == .keys && pane == .list
    case .move, .change, .look: return screen == .keys
    case .program: return true
    }
  }
}
