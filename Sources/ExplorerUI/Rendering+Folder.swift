import CacheModel
import Explorer
import TerminalCanvas

/// Beside the list, while the cursor is on a folder: what lies in it.
extension Rendering {
  mutating func paintFolder(_ folder: KeyTree.Folder, _ state: ExplorerState, in area: Area) {
    let prefix = TextSanitizer.listText(state.keys.tree.prefix(folder))
    let inside = frame.box(area, title: prefix)
    let rows = inside.inset(columns: 1)
    for (offset, line) in folderLines(folder, state).prefix(rows.rows).enumerated() {
      frame.put(
        line.0, row: rows.row + offset, column: rows.column, style: line.1, limit: rows.columns,
        overflow: .ellipsis)
    }
  }

  private func folderLines(
    _ folder: KeyTree.Folder, _ state: ExplorerState
  ) -> [(String, Style)] {
    let figures = state.keys.tree.figures(folder)
    var lines = [("folder · \(FigureFormat.grouped(figures.count)) keys", Style.muted)]
    if figures.shown < figures.count {
      lines.append(("\(FigureFormat.grouped(figures.shown)) of them pass the filter", .text))
    }
    if let bytes = bytesText(figures) { lines.append(("\(bytes) in memory", .text)) }
    if figures.marked > 0 {
      lines.append(("\(FigureFormat.grouped(figures.marked)) marked", Style(.marked)))
    }
    let verb = state.keys.isUnfolded(folder) ? "← folds it" : "enter unfolds it"
    lines += [("", .text), ("\(verb) · space marks all keys in it", .muted)]
    lines += [("d t T x act on all keys in it · r loads it again", .muted)]
    return lines
  }
}
