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
    regions.append(Region(area: area, target: .nothing))
    let entries = state.helpEntries
    let columns = max(1, min((area.columns - 4) / Self.columnWidth, 3))
    let lines = (entries.count + columns - 1) / columns
    let height = max(1, area.rows - 2)
    presentation.overlay = OverlayFit(height: height, count: lines)
    let top = max(0, min(overlay.list.top, lines - height))
    let place = lines > height ? "\(top + 1)–\(min(lines, top + height)) of \(lines)" : "esc leaves"
    let inside = frame.box(
      area, title: "What keys do in \(state.placeTitle)", trailing: place, focused: true
    ).inset(columns: 1)
    let width = inside.columns / columns
    for (index, entry) in entries.enumerated() {
      let row = index % lines - top
      guard row >= 0, row < inside.rows else { continue }
      let column = inside.column + index / lines * width
      paint(entry, keymap, row: inside.row + row, column: column, columns: width - 1)
      guard let search = overlay.search, search.rows.contains(index) else { continue }
      let isCurrent = search.rows[search.current] == index
      frame.restyle(
        Area(row: inside.row + row, column: column, rows: 1, columns: width - 1)
      ) { $0.background = isCurrent ? .selection : .trail }
    }
  }

  private mutating func paint(
    _ entry: HelpEntry, _ keymap: Keymap, row: Int, column: Int, columns: Int
  ) {
    switch entry {
    case .blank: break
    case .head(let text):
      frame.put(text, row: row, column: column, style: Style(.title).bold(), limit: columns)
    case .action(let action, let reason):
      frame.put(
        keymap.allKeys(for: action), row: row, column: column,
        style: reason == nil ? Style(.accent) : .muted, limit: Self.keysWidth - 1,
        overflow: .ellipsis)
      let help = action.descriptor.help
      frame.put(
        reason.map { "\(action.descriptor.title): \($0)" } ?? help, row: row,
        column: column + Self.keysWidth, style: reason == nil ? .text : .muted,
        limit: columns - Self.keysWidth, overflow: .ellipsis)
    }
  }
}
