package import CacheModel
package import Explorer
package import TerminalCanvas

extension Keymap {
  /// What a key press means in this state: an action, a letter of an answer, an edit of a field.
  /// Nil for a key that means nothing here.
  package func event(for key: Key, in state: ExplorerState, over regions: [Region]) -> Event? {
    switch key {
    case .mouse(let event): return mouse(event, in: state, over: regions)
    case .paste(let paste):
      return Self.takesText(state) ? .edit(.insert(paste.text)) : .strayPaste
    default: break
    }
    if Self.takesText(state) { return edit(key) }
    let isQuestion = state.prompt != nil || state.isPlanOpen
    return isQuestion ? answer(key) : action(for: key, in: state).map(Event.action)
  }

  /// Whether what is typed is text now.
  private static func takesText(_ state: ExplorerState) -> Bool {
    state.prompt.map(\.takesText) ?? (state.overlay?.field != nil)
  }

  /// In a question, and in the view of a plan: letters answer, enter takes the choice in focus, which is Cancel.
  private func answer(_ key: Key) -> Event? {
    switch key {
    case .character("q"), .escape: .action(.back)
    case .character(let letter): .answer(letter)
    case .enter: .submit
    case .control, .alt, .function: action(for: key).map(Event.action)
    default: nil
    }
  }

  /// In a text field: only esc, enter, tab, arrows up and down, ctrl, alt and F keys are not text.
  private func edit(_ key: Key) -> Event? {
    switch key {
    case .character(let character): .edit(.insert(String(character)))
    case .escape: .action(.back)
    case .enter: .submit
    case .backspace: .edit(.deleteBackward)
    case .delete, .control("d"): .edit(.deleteForward)
    case .control("w"): .edit(.deleteWordBackward)
    case .control("u"): .edit(.deleteToStart)
    case .control("k"): .edit(.deleteToEnd)
    case .left, .control("b"): .edit(.moveLeft)
    case .right, .control("f"): .edit(.moveRight)
    case .home, .control("a"): .edit(.moveToStart)
    case .end, .control("e"): .edit(.moveToEnd)
    case .tab, .backTab, .up, .down, .pageUp, .pageDown, .control, .alt, .function:
      action(for: key).map(Event.action)
    default: nil
    }
  }
}

/// A part of the frame that answers to a click.
package struct Region: Sendable, Hashable {
  package enum Target: Sendable, Hashable {
    /// A row of the list of keys.
    case row(Int)
    /// A row of the overlay.
    case overlayRow(Int)
    /// The sign before a folder in such a row.
    case marker(Int)
    /// The head of a column.
    case column(SortField)
    case action(Action)
    /// A pane, for what lies on no row of it.
    case pane(Pane)
    /// A graph, of which a column stands for so many milliseconds from a time on.
    case timeline(StatsPanel, start: Moment, step: Int64)
    case panel(StatsPanel)
    /// The head of a column of the commands.
    case commandColumn(CommandOrder.Field)
    /// A row of the value.
    case valueRow(Int)
    /// The line between the panes, on a screen of so many columns.
    case split(columns: Int)
    /// The text of a field, from its character of this number on.
    case text(field: Int, from: Int)
    /// A choice of a field.
    case choice(field: Int, place: Int)
    /// What takes a click and does nothing with it.
    case nothing
    /// A letter of the answer to a question.
    case answer(Character)
  }

  package var area: Area
  package var target: Target
}
