import CacheModel

extension ExplorerState {
  mutating func move(_ action: Action) -> [Effect] {
    switch action {
    case .open: enterValue()
    case .back: if !leaveWithinValue() { goBack() }
    case .focusNext, .focusPrevious:
      if screen == .keys { focus = focus == .list ? .value : .list }
    default:
      if screen == .keys { return moveInFocus(action) }
    }
    return []
  }

  private mutating func moveInFocus(_ action: Action) -> [Effect] {
    switch focus {
    case .list:
      keys.hasMoved = true
      keys.moveCursor(to: target(of: action, from: keys.cursorRow, page: keys.height))
    case .value:
      if let effects = turnPage(action) { return effects }
      preview.move(to: target(of: action, from: preview.row, page: preview.height))
    }
    return []
  }

  private func target(of action: Action, from row: Int, page: Int) -> Int {
    switch action {
    case .moveUp: row - 1
    case .moveDown: row + 1
    case .pageUp: row - max(1, page - 1)
    case .pageDown: row + max(1, page - 1)
    case .halfPageUp: row - max(1, page / 2)
    case .halfPageDown: row + max(1, page / 2)
    case .moveToFirst: 0
    default: .max / 2
    }
  }

  private mutating func enterValue() {
    guard screen == .keys, keys.cursor != nil else { return }
    focus = .value
  }

  private mutating func goBack() {
    if focus == .value {
      focus = .list
    } else if screen == .keys, !keys.filter.isEmpty {
      keys.show(KeyFilter())
    }
  }

  mutating func chooseRow(_ row: Int, open: Bool) -> [Effect] {
    guard !isCovered, screen == .keys else { return [] }
    keys.place(at: now)
    keys.hasMoved = true
    keys.moveCursor(to: row)
    focus = open ? .value : .list
    return []
  }

  mutating func scroll(by rows: Int) -> [Effect] {
    if overlay != nil {
      scrollOverlay(by: rows)
      return []
    }
    guard !isCovered, screen == .keys else { return [] }
    switch focus {
    case .list:
      keys.hasMoved = true
      keys.moveCursor(to: keys.cursorRow + rows)
    case .value: preview.move(to: preview.row + rows)
    }
    return []
  }

  mutating func toggleMark() {
    guard let key = targetUnderCursor(), let slot = keys.index.slot(of: key) else { return }
    keys.index[isMarked: slot].toggle()
    keys.hasMoved = true
    keys.moveCursor(to: keys.cursorRow + 1)
  }

  mutating func toggleAllMarks() {
    let present = keys.order.slots.filter { keys.index[fate: $0].goneSince == nil }
    let mark = present.contains { !keys.index[isMarked: $0] }
    for slot in present { keys.index[isMarked: slot] = mark }
    say(mark ? "\(present.count) keys marked" : "no keys marked")
  }

  /// Puts the cursor on a key of the list.
  mutating func reveal(_ key: CacheKey) {
    keys.place(at: now)
    guard let slot = keys.index.slot(of: key),
      let row = keys.order.position(of: slot, in: keys.index)
    else { return }
    keys.hasMoved = true
    keys.moveCursor(to: row)
  }
}
