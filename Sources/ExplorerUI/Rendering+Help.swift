import Explorer
import TerminalCanvas

/// What the keys do, by group, in as many columns as fit whole sentences; what does not fit is
/// scrolled to.
extension Rendering {
  private static let keysWidth = 20
  private static let columnWidth = 57

  mutating func paintHelp(
    _ overlay: Overlay, _ state: ExplorerState, _ keymap: Keymap, in area: Area
  ) {
    frame.fill(area)
    let entries = helpEntries(state, keymap)
    let columns = max(1, min((area.columns - 4) / Self.columnWidth, 3))
    let lines = (entries.count + columns - 1) / columns
    let height = max(1, area.rows - 2)
    presentation.overlay = OverlayFit(height: height, count: lines)
    let top = max(0, min(overlay.list.top, lines - height))
    let place = lines > height ? "\(top + 1)–\(min(lines, top + height)) of \(lines)" : "esc leaves"
    let inside = frame.box(area, title: "Keys", trailing: place, focused: true).inset(columns: 1)
    let width = inside.columns / columns
    for (index, entry) in entries.enumerated() {
      let row = index % lines - top
      guard row >= 0, row < inside.rows else { continue }
      let column = inside.column + index / lines * width
      paint(entry, row: inside.row + row, column: column, columns: width - 1)
    }
  }

  private enum HelpEntry {
    case blank
    case head(String)
    case action(keys: String, text: String, isAvailable: Bool)
  }

  private func helpEntries(_ state: ExplorerState, _ keymap: Keymap) -> [HelpEntry] {
    var entries: [HelpEntry] = []
    for group in ActionGroup.allCases {
      if !entries.isEmpty { entries.append(.blank) }
      entries.append(.head(group.rawValue))
      for row in Action.descriptors where row.group == group {
        let keys = keymap.allKeys(for: row.action)
        guard !keys.isEmpty else { continue }
        let isAvailable = state.availability(of: row.action).isAvailable
        entries.append(.action(keys: keys, text: row.help, isAvailable: isAvailable))
      }
    }
    return entries
  }

  private mutating func paint(_ entry: HelpEntry, row: Int, column: Int, columns: Int) {
    switch entry {
    case .blank: break
    case .head(let text):
      frame.put(text, row: row, column: column, style: Style(.title).bold(), limit: columns)
    case .action(let keys, let text, let isAvailable):
      frame.put(
        keys, row: row, column: column, style: isAvailable ? Style(.accent) : .muted,
        limit: Self.keysWidth - 1, overflow: .ellipsis)
      frame.put(
        text, row: row, column: column + Self.keysWidth, style: isAvailable ? .text : .muted,
        limit: columns - Self.keysWidth, overflow: .ellipsis)
    }
  }
}
