import CacheModel
import Explorer
import TerminalCanvas

/// Beside the list, while the cursor is on a folder: what lies in it, and what keys do with it.
extension Rendering {
  mutating func paintFolder(
    _ folder: KeyTree.Folder, _ state: ExplorerState, _ keymap: Keymap, in area: Area
  ) {
    let prefix = TextSanitizer.listText(state.keys.tree.prefix(folder))
    var rows = frame.box(area, title: prefix).inset(columns: 1)
    for (text, style) in folderLines(folder, state) {
      paint(wrapped(text, columns: rows.columns), style: style, in: &rows)
    }
    _ = rows.takeTop(1)
    paintFolderKeys(state.keys.isUnfolded(folder), keymap, in: rows)
  }

  private func folderLines(
    _ folder: KeyTree.Folder, _ state: ExplorerState
  ) -> [(String, Style)] {
    let figures = state.keys.tree.figures(folder)
    let keys = state.keys
    let isOne = figures.count == 1 && keys.sampling.isWhole
    let count = countText(figures.count, keys) + (isOne ? " key" : " keys")
    var lines = [("folder · \(count)", Style.muted)]
    if !keys.sampling.isWhole {
      let error = FigureFormat.grouped(keys.sampling.estimate(of: figures.count).error)
      lines.append(
        ("estimated from \(FigureFormat.grouped(figures.count)) loaded: ± \(error)", .muted))
    }
    let bytes = bytesText(figures, keys).map { "\($0) in memory" }
    if figures.shown < figures.count {
      let words = "\(countText(figures.shown, keys)) of them pass the filter"
      lines.append((words + (bytes.map { ": \($0)" } ?? ""), .text))
    } else if let bytes {
      lines.append((bytes, .text))
    }
    if figures.marked > 0 {
      lines.append(("\(FigureFormat.grouped(figures.marked)) marked", Style(.marked)))
    }
    return lines
  }

  private mutating func paintFolderKeys(
    _ isUnfolded: Bool, _ keymap: Keymap, in area: Area
  ) {
    func keys(_ actions: Action...) -> String {
      actions.map { keymap.shownKey(for: $0) }.joined(separator: " ")
    }
    let lines = [
      isUnfolded ? (keys(.fold), "folds it") : (keys(.open), "unfolds it"),
      (keys(.mark), "marks its keys"),
      (keys(.delete, .setTTL, .persist, .expire), "act on its keys"),
      (keys(.rename), "renames them"),
      (keys(.refresh), "loads it again"),
    ]
    let width = lines.map { DisplayWidth.of($0.0) }.max() ?? 0
    var rest = area
    for (keys, text) in lines {
      var row = rest
      frame.put(
        keys, row: row.row, column: row.column, style: Style(.accent),
        limit: row.rows > 0 ? row.columns : 0)
      _ = row.takeLeft(width + 1)
      let pieces = wrapped(text, columns: row.columns)
      paint(pieces, style: .muted, in: &row)
      _ = rest.takeTop(pieces.count)
    }
  }
}
