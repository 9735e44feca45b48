import CacheModel
import Explorer
import KeyQuery
import TerminalCanvas

/// The Keys screen: the list at the left, the value at the right; on a narrow screen the value
/// takes the whole width while it has the focus.
extension Rendering {
  mutating func paintKeys(_ state: ExplorerState, _ keymap: Keymap, in area: Area) {
    var rest = area
    if area.columns < 100, state.focus == .value {
      noteList(state, height: area.rows - 3)
      regions.append(Region(area: rest, target: .pane(.value)))
      paintValue(state, in: rest)
      return
    }
    let list = rest.takeLeft(state.split.listColumns(of: area.columns))
    notePanes(list, rest)
    paintList(state, in: list)
    if let folder = state.keys.cursorFolder {
      paintFolder(folder, state, keymap, in: rest)
    } else {
      paintValue(state, in: rest)
    }
    let line = Area(row: area.row, column: list.endColumn - 1, rows: area.rows, columns: 2)
    regions.append(Region(area: line, target: .split(columns: area.columns)))
  }

  private mutating func notePanes(_ list: Area, _ value: Area) {
    regions.append(Region(area: list, target: .pane(.list)))
    regions.append(Region(area: value, target: .pane(.value)))
  }

  private mutating func paintList(_ state: ExplorerState, in area: Area) {
    noteList(state, height: area.rows - 3)
    let inside = frame.box(
      area, title: listTitle(state, columns: area.columns - 4), trailing: listNote(state),
      focused: state.focus == .list && !state.isCovered)
    var rows = inside
    _ = rows.takeRight(1)
    let heads = rows.takeTop(1)
    let table = KeyTable(width: rows.columns, sortedBy: state.keys.order.field)
    presentation.showsIdle = table.showsIdle
    if state.keys.rowCount == 0 {
      paintEmptyList(state, in: inside)
      return
    }
    paintHeads(state, table, in: heads)
    let top = presentation.listTop
    let shown = state.keys.rows(from: top, count: rows.rows)
    let names = names(of: shown, state, table)
    for (offset, row) in shown.enumerated() {
      let line = rows.takeTop(1)
      regions.append(Region(area: line, target: .row(top + offset)))
      paint(row, named: names[offset], state, table, in: line)
      if case .folder = row.item { noteMarker(row, top + offset, table, in: line) }
      if top + offset == state.keys.cursorRow { paintListCursor(state, in: line) }
    }
  }

  private mutating func paintListCursor(_ state: ExplorerState, in line: Area) {
    let isHere = state.focus == .list && !state.isCovered
    let background: Background = isHere ? .selection : .trail
    frame.restyle(Area(row: line.row, column: line.column, rows: 1, columns: line.columns + 1)) {
      $0.background = background
      if $0.role == .muted { $0.attributes.remove(.dim) }
    }
  }

  /// What the list shows, for the rows that are kept true and the row that actions belong to.
  private mutating func noteList(_ state: ExplorerState, height: Int) {
    let keys = state.keys
    let height = max(1, height)
    var top = max(0, min(keys.top, keys.rowCount - height))
    if keys.cursorRow < top { top = keys.cursorRow }
    if keys.cursorRow >= top + height { top = keys.cursorRow - height + 1 }
    presentation.listTop = top
    presentation.listHeight = height
    presentation.prompt = state.prompt?.id
    presentation.selected = keys.selectedRow
    presentation.visibleKeys = keys.rows(from: top, count: height).compactMap { row in
      if case .key(let slot) = row.item { keys.index.key(slot) } else { nil }
    }
  }

  // MARK: The frame of the list

  /// `Keys  /user  by TTL ▲  12 of 4,166  in app:`. What does not fit goes: the folder first, then the
  /// order, which the heads of the columns show too; a long filter is cut.
  private func listTitle(_ state: ExplorerState, columns: Int) -> String {
    let keys = state.keys
    let filter = keys.filter.isEmpty ? "" : TextSanitizer.listText(keys.filter.description)
    let order = "  by \(keys.order.field.title) \(keys.order.isDescending ? "▼" : "▲")"
    let count = countNote(state)
    let folder = folderAbove(keys).map { "  in \($0)" } ?? ""
    let head = "Keys" + (filter.isEmpty ? "" : "  /\(filter)")
    for tail in [order + count + folder, order + count, count]
    where DisplayWidth.of(head + tail) <= columns { return head + tail }
    let room = columns - DisplayWidth.of("Keys  /" + count)
    return "Keys  /" + middleClipped(filter, to: max(room, 6)) + count
  }

  /// How many keys are listed, where that are not all: the header tells how many there are. What share
  /// of them is loaded stands here always, where it is not all.
  private func countNote(_ state: ExplorerState) -> String {
    let keys = state.keys
    let sample =
      keys.sampling.isWhole ? "" : "  1 in \(FigureFormat.grouped(keys.sampling.oneIn)) loaded"
    guard !keys.filter.isEmpty || !keys.walk.hasCompleted else { return sample }
    let all = keys.sampling.estimate(of: keys.presentCount).count
    let total = max(state.stats.history.latest?.keys.map(Int.init) ?? all, all)
    guard total > 0 || !keys.filter.isEmpty else { return sample }
    return "  \(countText(keys.shownCount, keys)) of \(FigureFormat.grouped(total))" + sample
  }

  /// A number of loaded keys; `~` and how many they stand for, where not all are loaded.
  func countText(_ loaded: Int, _ keys: KeysState) -> String {
    let mark = keys.sampling.isWhole ? "" : "~"
    return mark + FigureFormat.grouped(keys.sampling.estimate(of: loaded).count)
  }

  /// The innermost folder that the cursor is in and whose own row has scrolled out of view.
  private func folderAbove(_ keys: KeysState) -> String? {
    let name = keys.cursorFolder.map { keys.tree.prefix($0) } ?? keys.cursorKey?.bytes
    guard keys.isTree, let name,
      let first = keys.rows(from: presentation.listTop, count: 1).first
    else { return nil }
    var above = keys.folder(around: first.item)
    while let folder = above, !name.starts(with: keys.tree.prefix(folder)) {
      above = keys.folder(around: .folder(folder))
    }
    return above.map { middleClipped(TextSanitizer.listText(keys.tree.prefix($0)), to: 30) }
  }

  /// What is still going on, or how old the list is, or where in it the cursor is.
  private func listNote(_ state: ExplorerState) -> String {
    let keys = state.keys
    if let percent = keys.placingPercent {
      return "\(keys.isFiltering ? "filtering" : "sorting") \(percent)%"
    }
    if keys.isSweepingVisibly { return "\(keys.sweepPercent)%" }
    if let note = lookingNote(keys) { return note }
    let walk = keys.walk
    if !walk.hasCompleted { return walk.request == nil ? "" : scanningNote(state) }
    if walk.folder != nil { return "scanning" }
    return describingNote(keys) ?? ageNote(state) ?? placeNote(keys)
  }

  /// Where the cursor is in a list that is longer than the screen.
  private func placeNote(_ keys: KeysState) -> String {
    guard keys.rowCount > presentation.listHeight else { return "" }
    let (row, count) = (keys.cursorRow + 1, keys.rowCount)
    return "row \(FigureFormat.grouped(row)) of \(FigureFormat.grouped(count))"
  }

  /// How many keys the filter has decided on, while there are others.
  private func lookingNote(_ keys: KeysState) -> String? {
    let undecided = keys.undecidedCount
    guard undecided > 0 else { return nil }
    let all = FigureFormat.grouped(keys.index.count)
    let decided = FigureFormat.grouped(max(0, keys.index.count - undecided))
    if keys.valuesToRead != nil || keys.tagsToAsk != nil || keys.isAskingForFilter
      || !keys.walk.hasCompleted
    {
      return "looked at \(decided) of \(all)"
    }
    return "\(FigureFormat.grouped(undecided)) of \(all) not told"
  }

  private func scanningNote(_ state: ExplorerState) -> String {
    guard let total = state.stats.history.latest?.keys, total > 0 else { return "scanning" }
    return "scanning \(min(99, Int64(state.keys.walk.reported) * 100 / total))%"
  }

  /// How far the figures of a large keyspace have come.
  private func describingNote(_ keys: KeysState) -> String? {
    let few = 1000
    let count = max(1, keys.index.count)
    if keys.index.withoutLifetime > few {
      return "types \((count - keys.index.withoutLifetime) * 100 / count)%"
    }
    guard keys.index.withoutSize > few else { return nil }
    return "sizes \((count - keys.index.withoutSize) * 100 / count)%"
  }

  private func ageNote(_ state: ExplorerState) -> String? {
    guard let finished = state.keys.walk.finishedAt else { return nil }
    let age = state.now.milliseconds(since: finished)
    guard age >= 60_000, state.keys.walk.isDue || state.isPaused else { return nil }
    return "walked \(FigureFormat.age(milliseconds: age)) ago"
  }

  private mutating func paintHeads(_ state: ExplorerState, _ table: KeyTable, in line: Area) {
    frame.putTitles(of: table.layout, row: line.row, from: line.column)
    for (column, field) in table.fields {
      guard let span = table.layout.spans[column], span.width > 0 else { continue }
      regions.append(
        Region(
          area: Area(
            row: line.row, column: line.column + span.start, rows: 1, columns: span.width),
          target: .column(field)))
      guard field == state.keys.order.field else { continue }
      frame.put(
        table.layout.columns[column].title, in: column, of: table.layout, row: line.row,
        from: line.column, style: Style(.accent))
    }
  }

  /// Under a filter: nothing is said of keys that have not been looked at.
  private func unmatchedLines(_ keys: KeysState) -> [String] {
    if (keys.valuesToRead ?? 0) > 0 { return ["no value has been read yet", filterNote(keys)] }
    if (keys.tagsToAsk ?? 0) > 0 { return ["no tag has been asked for yet", filterNote(keys)] }
    if keys.isFiltering || keys.undecidedCount > 0 && keys.isAskingForFilter {
      return ["looking …"]
    }
    let query = TextSanitizer.listText(keys.filter.description)
    return ["no key holds “\(query)”"] + (doubt(keys).map { [$0] } ?? [])
      + ["esc clears the filter"]
  }

  private mutating func paintEmptyList(_ state: ExplorerState, in area: Area) {
    let lines: [String]
    if !state.keys.filter.isEmpty {
      lines = unmatchedLines(state.keys)
    } else if let trouble = troubleLines(state, columns: area.columns - 4) {
      lines = trouble
    } else if !state.keys.walk.hasCompleted {
      lines = [state.source.description == nil ? "connecting …" : "loading keys …"]
    } else {
      lines = emptySourceLines(state, columns: area.columns - 4)
    }
    let start = area.row + max(0, (area.rows - lines.count) / 2)
    for (offset, line) in lines.prefix(area.rows).enumerated() {
      frame.putCentered(
        line, row: start + offset, column: area.column + 1, columns: area.columns - 2,
        style: offset == 0 ? .text : .muted)
    }
  }
}
