import CacheModel

/// What the mouse does that no key does.
extension ExplorerState {
  /// A click in the value, on one of its rows or beside them.
  mutating func chooseValueRow(_ row: Int?, open: Bool) -> [Effect] {
    guard !isCovered, screen == .keys, keys.cursor != nil else { return [] }
    focus = .value
    if let row, !preview.isScrolledByLine { preview.move(to: row) }
    return open ? perform(.edit) : []
  }

  mutating func choosePane(_ pane: Pane) {
    guard !isCovered, screen == .keys else { return }
    if pane == .list || keys.cursor != nil { focus = pane }
  }

  /// A wheel turns what the pointer is over, and leaves the focus where it is.
  mutating func scroll(_ pane: Pane, by rows: Int) -> [Effect] {
    guard !isCovered, screen == .keys else { return scroll(by: rows) }
    let focused = focus
    defer { focus = focused }
    focus = pane
    return scroll(by: rows)
  }

  mutating func moveSplit(to column: Int, of total: Int) {
    guard split.isHeld else { return }
    split.move(to: column, of: total)
  }

  /// A click in a field of the prompt or of the overlay: at a place of its text, or on a choice.
  mutating func point(field: Int, at place: Int) {
    guard var prompt else {
      overlay?.field?.apply(.moveTo(place))
      return
    }
    guard prompt.fields.indices.contains(field) else { return }
    prompt.focus = field
    prompt.fields[field].point(at: place)
    self.prompt = prompt
    refitCreateForm()
  }
}

extension FormField {
  fileprivate mutating func point(at place: Int) {
    switch content {
    case .text(var field):
      field.apply(.moveTo(place))
      content = .text(field)
    case .choice(let choices, _) where choices.indices.contains(place):
      content = .choice(choices, chosen: place)
    case .choice: break
    }
  }
}
