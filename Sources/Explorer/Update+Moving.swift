import CacheModel
import KeyQuery

extension ExplorerState {
  mutating func move(_ action: Action) -> [Effect] {
    switch action {
    case .open: return askForPassword() ? [] : openRow()
    case .fold: foldRow()
    case .back: if !leaveWithinValue() { goBack() }
    case .focusNext where screen == .stats: focusPanel(by: 1)
    case .focusPrevious where screen == .stats: focusPanel(by: -1)
    case .focusNext, .focusPrevious: changePane()
    default:
      if screen == .keys { return moveInFocus(action) }
      screen == .stats ? moveInStats(action) : moveInExpiry(action)
    }
    return []
  }

  private mutating func changePane() {
    if focus == .list, keys.cursorFolder != nil {
      say("this is a folder: choose a key in it to see its value", .warning)
    } else if focus == .list {
      enterValue()
    } else {
      focus = .list
    }
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

  private mutating func goBack() {
    if screen == .stats {
      leaveStatsView()
    } else if focus == .value {
      focus = .list
    } else if screen == .keys, !keys.filter.isEmpty {
      keys.show(Query())
    }
  }

  mutating func chooseRow(_ row: Int, open: Bool) -> [Effect] {
    guard !isCovered, screen == .keys else { return [] }
    keys.place(at: now)
    keys.hasMoved = true
    keys.moveCursor(to: row)
    focus = .list
    guard open, keys.cursorRow == row else { return [] }
    if let folder = keys.cursorFolder { toggleFold(folder) } else { enterValue() }
    return []
  }

  /// Goes into the value of the key under the cursor, which may not have been in view until now.
  mutating func enterValue() {
    if let key = keys.cursorKey, preview.key != key {
      preview = PreviewState(of: key, inPaneOf: preview)
    }
    focus = .value
  }

  mutating func scroll(by rows: Int) -> [Effect] {
    if overlay != nil {
      scrollOverlay(by: rows)
      return []
    }
    guard !isCovered else { return [] }
    guard screen == .keys else {
      scrollCommands(by: rows)
      return []
    }
    switch focus {
    case .list:
      keys.hasMoved = true
      keys.moveCursor(to: keys.cursorRow + rows)
    case .value: preview.move(to: preview.row + rows)
    }
    return []
  }

  /// Puts the cursor on a key of the list; what hides it is unfolded.
  mutating func reveal(_ key: CacheKey) {
    guard let slot = keys.index.slot(of: key) else { return }
    keys.reveal(slot)
    keys.place(at: now)
    guard let row = keys.row(of: .key(slot)) else { return }
    keys.hasMoved = true
    keys.moveCursor(to: row)
  }
}
