import Explorer
import TerminalCanvas

/// What the keys do, by group, in columns; what does not fit is scrolled to.
extension Rendering {
  mutating func paintHelp(
    _ overlay: Overlay, _ state: ExplorerState, _ keymap: Keymap, in area: Area
  ) {
    frame.fill(area)
    regions.append(Region(area: area, target: .nothing))
    let entries = state.helpEntries
    let inside = area.inset(rows: 1, columns: 2)
    let layout = HelpLayout(entries, in: inside) { entry in
      (DisplayWidth.of(keys(entry, keymap)), DisplayWidth.of(sentence(entry)))
    }
    let lines = layout.lines
    presentation.overlay = OverlayFit(
      height: inside.rows, count: lines, columns: layout.columns.map(\.entries.lowerBound))
    let top = max(0, min(overlay.list.top, lines - inside.rows))
    let place =
      lines > inside.rows
      ? "\(top + 1)–\(min(lines, top + inside.rows)) of \(lines)" : "esc leaves"
    frame.box(
      area, title: "What keys do in \(state.placeTitle)", trailing: place, focused: true)
    for (column, start) in zip(layout.columns, layout.starts(in: inside)) {
      for (offset, index) in column.entries.dropFirst(top).prefix(inside.rows).enumerated() {
        let line = Area(
          row: inside.row + offset, column: start, rows: 1,
          columns: min(max(column.width, 1), inside.endColumn - start))
        paint(entries[index], keymap, keysWidth: column.keys, in: line)
        highlight(overlay.search, index, in: line)
      }
    }
  }

  private mutating func highlight(_ search: ValueSearch?, _ entry: Int, in line: Area) {
    guard let search, search.rows.contains(entry) else { return }
    let isCurrent = search.rows[search.current] == entry
    frame.restyle(line) { $0.background = isCurrent ? .selection : .trail }
  }

  private mutating func paint(
    _ entry: HelpEntry, _ keymap: Keymap, keysWidth: Int, in line: Area
  ) {
    let (isHead, isMuted) =
      switch entry {
      case .head: (true, false)
      case .action(_, let reason): (false, reason != nil)
      case .blank, .note: (false, false)
      }
    frame.put(
      keys(entry, keymap), row: line.row, column: line.column,
      style: isMuted ? .muted : Style(.accent), limit: line.columns, overflow: .ellipsis)
    let start = isHead ? 0 : keysWidth + HelpLayout.keyGap
    frame.put(
      sentence(entry), row: line.row, column: line.column + start,
      style: isHead ? Style(.title).bold() : isMuted ? .muted : .text,
      limit: line.columns - start, overflow: .ellipsis)
  }

  private func keys(_ entry: HelpEntry, _ keymap: Keymap) -> String {
    switch entry {
    case .action(let action, _): keymap.allKeys(for: action)
    case .note(let sign, _): sign
    case .blank, .head: ""
    }
  }

  private func sentence(_ entry: HelpEntry) -> String {
    switch entry {
    case .blank: ""
    case .head(let text), .note(_, let text): text
    case .action(let action, let reason):
      reason.map { "\(action.descriptor.title): \($0)" } ?? action.descriptor.help
    }
  }
}
