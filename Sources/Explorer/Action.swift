/// Everything that a person can tell the explorer to do by one key, one click or one name.
///
/// One verb is one case here, one row in `Action.descriptors` and one handler of `update`. Which
/// key means which action is the keymap's business.
package enum Action: String, Sendable, Hashable, CaseIterable {
  // Moving
  case moveUp, moveDown, pageUp, pageDown, halfPageUp, halfPageDown, moveToFirst, moveToLast
  case open, fold, back, focusNext, focusPrevious
  // Looking
  case find, nextSortField, reverseSort, toggleView, refresh, pause, copyName, copyValue
  case decodeAs, unmask, nextMatch, previousMatch, watchKey, tags
  // Marking
  case mark, markAll
  // Changing
  case add, edit, editExternally, rename, copyKey, setTTL, persist, expire, delete, deleteAndWatch,
    copyOut, flush, invalidateTag, spreadTTLs, undo, redo
  // Screens and the program
  case showKeys, showStats, showExpiry, zoomIn, zoomOut, earlier, later, enlarge, toggleScale,
    narrowList, widenList,
    palette, journal, sentCommands,
    connections, showPlan
  case help, toggleReadOnly, redraw,
    suspend, cancel, quit
}

extension Action {
  /// Whether a person goes on typing after it.
  var opensField: Bool {
    switch self {
    case .add, .edit, .rename, .copyKey, .copyOut, .setTTL, .spreadTTLs: true
    default: false
    }
  }
}

/// What help, hints and the palette say of an action.
package struct ActionDescriptor: Sendable, Hashable {
  package var action: Action
  /// One or two words for the line of hints.
  package var title: String
  /// A sentence for the help screen.
  package var help: String
  package var group: ActionGroup
  /// Changes the source: refused while read-only.
  package var isChange: Bool
}

/// The heads under which help lists the actions.
package enum ActionGroup: String, Sendable, Hashable, CaseIterable {
  case move = "Move"
  case look = "Look"
  case mark = "Mark"
  case change = "Change"
  case program = "Program"
}

extension Action {
  /// The row of this action.
  package var descriptor: ActionDescriptor {
    Self.rows[self]
      ?? ActionDescriptor(
        action: self, title: rawValue, help: rawValue, group: .program, isChange: false)
  }

  /// One row for each action, in the order in which help shows them.
  package static let descriptors: [ActionDescriptor] = [
    row(.moveUp, "up", "move up by one row", .move),
    row(.moveDown, "down", "move down by one row", .move),
    row(.pageUp, "page up", "move up by one screen", .move),
    row(.pageDown, "page down", "move down by one screen", .move),
    row(.halfPageUp, "half up", "move up by half a screen", .move),
    row(.halfPageDown, "half down", "move down by half a screen", .move),
    row(.moveToFirst, "first", "move to the first row", .move),
    row(.moveToLast, "last", "move to the last row", .move),
    row(.open, "open", "unfold the folder, enter the value or element", .move),
    row(.fold, "fold", "fold the folder, or go to the one around", .move),
    row(.back, "back", "leave the value, filter or view", .move),
    row(.focusNext, "pane", "go to the next pane", .move),
    row(.focusPrevious, "pane back", "go to the previous pane", .move),
    row(.find, "find", "filter by the query line; search a value", .look),
    row(.nextSortField, "sort", "sort by the next column in turn", .look),
    row(.reverseSort, "reverse", "turn the order of the sort round", .look),
    row(.toggleView, "list", "list the keys flat, or by folder", .look),
    row(.refresh, "refresh", "load again now; on a folder, what is in it", .look),
    row(.pause, "pause", "stop or go on with live updates", .look),
    row(.copyName, "copy name", "copy the key's name to the clipboard", .look),
    row(.copyValue, "copy value", "copy the value to the clipboard", .look),
    row(.decodeAs, "form", "show the value as text, JSON, hex in turn", .look),
    row(.unmask, "unmask", "show passwords and tokens, or mask them", .look),
    row(.nextMatch, "next", "go to the next match in the value", .look),
    row(.previousMatch, "previous", "go to the match before", .look),
    row(.watchKey, "watch", "list what happens to the key or the prefix", .look),
    row(.tags, "tags", "list the tags; show the keys of one", .look),
    row(.zoomIn, "shorter", "show a shorter time on the graphs", .look),
    row(.zoomOut, "longer", "show a longer time on the graphs", .look),
    row(.toggleScale, "scale", "draw what expires by a logarithmic scale, or not", .look),
    row(.earlier, "earlier", "read the graphs at an earlier time", .look),
    row(.later, "later", "read the graphs at a later time, up to now", .look),
    row(.enlarge, "enlarge", "give the graph the whole screen; again: all", .look),
    row(.narrowList, "narrower", "make the list narrower", .look),
    row(.widenList, "wider", "make the list wider", .look),
    row(.mark, "mark", "mark or unmark the key or all in the folder", .mark),
    row(.markAll, "mark all", "mark all that is shown; again: none", .mark),
    row(.add, "add", "create a key; in a value, add to it", .change, isChange: true),
    row(.rename, "rename", "rename the key, or all keys of the folder", .change, isChange: true),
    row(.copyKey, "copy", "copy the key to another name", .change, isChange: true),
    row(
      .copyOut, "copy out", "copy the keys to another source", .change, isChange: true),
    row(.edit, "edit", "edit the string or the part in place", .change, isChange: true),
    row(.editExternally, "editor", "edit it in $VISUAL or $EDITOR", .change, isChange: true),
    row(.setTTL, "ttl", "set what is left of the key's life", .change, isChange: true),
    row(.persist, "persist", "remove the TTL: the key never expires", .change, isChange: true),
    row(.expire, "expire", "let the server expire the key now", .change, isChange: true),
    row(.delete, "delete", "delete the key; in a value, the part", .change, isChange: true),
    row(
      .deleteAndWatch, "delete, watch", "delete the key; see if and when it is back", .change,
      isChange: true),
    row(
      .flush, "flush", "delete every key of the database", .change, isChange: true),
    row(
      .invalidateTag, "invalidate", "invalidate a tag that the list of tags shows",
      .change,
      isChange: true),
    row(
      .spreadTTLs, "spread", "give the keys of a spike TTLs that differ", .change, isChange: true),
    row(.undo, "undo", "take back the last change", .change, isChange: true),
    row(.redo, "redo", "do again what was taken back", .change, isChange: true),
    row(.journal, "journal", "list the changes that were made, of earlier runs too", .program),
    row(.showPlan, "plan", "show what is being done to many keys, or was", .program),
    row(.sentCommands, "sent", "list the writes that were sent to the source", .program),
    row(.connections, "connect", "choose another source or database", .program),
    row(.palette, "command", "choose any action by its name", .program),
    row(.showKeys, "Keys", "show the keys", .program),
    row(.showStats, "Stats", "show the graphs", .program),
    row(.showExpiry, "Expiry", "show what expires when", .program),
    row(.help, "help", "show what the keys do", .program),
    row(.toggleReadOnly, "read-only", "refuse changes; asks to allow them", .program),
    row(.redraw, "redraw", "paint the screen anew", .program),
    row(.suspend, "suspend", "back to the shell; fg returns", .program),
    row(.cancel, "cancel", "cancel what runs, else as quit", .program),
    row(.quit, "quit", "leave the view, or else the program", .program),
  ]

  private static let rows: [Action: ActionDescriptor] = Dictionary(
    descriptors.map { ($0.action, $0) }, uniquingKeysWith: { first, _ in first })

  private static func row(
    _ action: Action, _ title: String, _ help: String, _ group: ActionGroup, isChange: Bool = false
  ) -> ActionDescriptor {
    ActionDescriptor(
      action: action, title: title, help: help, group: group, isChange: isChange)
  }
}
