import Explorer
import TerminalCanvas

/// What the keys do, by group, in as many columns as fit.
extension Rendering {
  mutating func paintHelp(_ state: ExplorerState, _ keymap: Keymap, in area: Area) {
    frame.fill(area)
    let inside = frame.box(
      area, title: "Keys of this screen", trailing: "esc leaves", focused: true
    )
    .inset(columns: 1)
    let entries = helpEntries(state, keymap)
    let columns = max(1, min((entries.count + inside.rows - 1) / max(1, inside.rows), 3))
    let width = inside.columns / columns
    for (place, entry) in entries.prefix(columns * inside.rows).enumerated() {
      let row = inside.row + place % inside.rows
      let column = inside.column + place / inside.rows * width
      paint(entry, row: row, column: column, columns: width - 1)
    }
  }

  private enum HelpEntry {
    case head(String)
    case action(keys: String, text: String, isAvailable: Bool)
  }

  private func helpEntries(_ state: ExplorerState, _ keymap: Keymap) -> [HelpEntry] {
    var entries: [HelpEntry] = []
    for group in ActionGroup.allCases {
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
    case .head(let text):
      frame.put(text, row: row, column: column, style: Style(.title).bold(), limit: columns)
    case .action(let keys, let text, let isAvailable):
      let width = columns >= 50 ? 16 : 9
      frame.put(
        keys, row: row, column: column, style: isAvailable ? Style(.accent) : .muted,
        limit: width - 1, overflow: .ellipsis)
      frame.put(
        text, row: row, column: column + width, style: isAvailable ? .text : .muted,
        limit: columns - width, overflow: .ellipsis)
    }
  }
}
