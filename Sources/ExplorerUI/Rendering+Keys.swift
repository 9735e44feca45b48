import CacheModel
import Explorer
import TerminalCanvas

/// The Keys screen: the list at the left, the value at the right; on a narrow screen the value
/// takes the whole width while it has the focus.
extension Rendering {
  private static let columns: [TableLayout.Column] = [
    .init("", .fixed(1)),
    .init("key", .flexible(minimum: 20)),
    .init("type", .fixed(4)),
    .init("ttl", .fixed(FigureFormat.durationWidth), .right),
    .init("", .fixed(6), priority: 2),
    .init("size", .fixed(FigureFormat.bytesWidth), .right, priority: 1),
  ]

  mutating func paintKeys(_ state: ExplorerState, in area: Area) {
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
    paintValue(state, in: rest)
    let line = Area(row: area.row, column: list.endColumn - 1, rows: area.rows, columns: 2)
    regions.append(Region(area: line, target: .split(columns: area.columns)))
  }

  private mutating func notePanes(_ list: Area, _ value: Area) {
    regions.append(Region(area: list, target: .pane(.list)))
    regions.append(Region(area: value, target: .pane(.value)))
  }

  private mutating func paintList(_ state: ExplorerState, in area: Area) {
    let inside = frame.box(
      area, title: listTitle(state), trailing: walkNote(state),
      focused: state.focus == .list && state.prompt == nil)
    var rows = inside
    _ = rows.takeRight(1)
    let heads = rows.takeTop(1)
    let layout = TableLayout(Self.columns, width: rows.columns)
    noteList(state, height: rows.rows)
    if state.keys.order.slots.isEmpty {
      paintEmptyList(state, in: inside)
      return
    }
    paintHeads(state, layout, in: heads)
    let top = presentation.listTop
    for (offset, slot) in state.keys.order.slots.dropFirst(top).prefix(rows.rows).enumerated() {
      let line = rows.takeTop(1)
      paintRow(slot, state, layout, in: line, isCursor: top + offset == state.keys.cursorRow)
      regions.append(Region(area: line, target: .row(top + offset)))
    }
  }

  /// What the list shows, for the rows that are kept true and the key that actions belong to.
  private mutating func noteList(_ state: ExplorerState, height: Int) {
    let height = max(1, height)
    let count = state.keys.order.slots.count
    var top = max(0, min(state.keys.top, count - height))
    if state.keys.cursorRow < top { top = state.keys.cursorRow }
    if state.keys.cursorRow >= top + height { top = state.keys.cursorRow - height + 1 }
    presentation.listTop = top
    presentation.listHeight = height
    presentation.prompt = state.prompt?.id
    presentation.selectedKey = state.keys.cursorKey
    presentation.visibleKeys =
      state.keys.order.slots.dropFirst(top).prefix(height).map { state.keys.index.key($0) }
  }

  private func listTitle(_ state: ExplorerState) -> String {
    let fading = state.keys.index.count - state.keys.presentCount
    let shown = state.keys.order.slots.count - (state.keys.filter.isEmpty ? fading : 0)
    let all = state.keys.presentCount
    var title = "Keys"
    if !state.keys.filter.isEmpty { title += "  /\(state.keys.filter.text)" }
    title += "  by \(state.keys.order.field.title) \(state.keys.order.isReversed ? "▼" : "▲")"
    // The header tells how many there are; here only how many of them are listed.
    guard !state.keys.filter.isEmpty || !state.keys.walk.hasCompleted else { return title }
    let total = max(state.stats.history.latest?.keys.map(Int.init) ?? all, all)
    return title + "  \(FigureFormat.grouped(shown)) of \(FigureFormat.grouped(total))"
  }

  private func walkNote(_ state: ExplorerState) -> String {
    let walk = state.keys.walk
    guard !walk.hasCompleted, walk.request != nil else { return "" }
    guard let total = state.stats.history.latest?.keys, total > 0 else { return "scanning" }
    return "scanning \(min(99, walk.reported * 100 / Int(total)))%"
  }

  private mutating func paintHeads(
    _ state: ExplorerState, _ layout: TableLayout, in line: Area
  ) {
    frame.putTitles(of: layout, row: line.row, from: line.column)
    let sorted: Int =
      switch state.keys.order.field {
      case .key: 1
      case .kind: 2
      case .ttl: 3
      case .size: 5
      }
    frame.put(
      Self.columns[sorted].title, in: sorted, of: layout, row: line.row, from: line.column,
      style: Style(.accent))
  }

  private mutating func paintRow(
    _ slot: KeyIndex.Slot, _ state: ExplorerState, _ layout: TableLayout, in line: Area,
    isCursor: Bool
  ) {
    let index = state.keys.index
    let figures = index[figures: slot]
    let fate = index[fate: slot]
    let isGone = fate.goneSince != nil
    func put(_ text: String, _ column: Int, _ style: Style) {
      frame.put(
        text, in: column, of: layout, row: line.row, from: line.column,
        style: isGone ? .muted.dim() : style)
    }
    put(index[isMarked: slot] ? "●" : "", 0, Style(.marked))
    let bytes = index.name(slot)
    let name = bytes.isEmpty ? "\"\"" : TextSanitizer.listText(bytes)
    put(
      middleClipped(name, to: layout.spans[1]?.width ?? 0), 1,
      nameStyle(fate, index[isMarked: slot], at: state.now))
    put(kindLabel(index.kind(slot)), 2, Style(role(of: index.kind(slot))))
    put(lifeText(figures, fate, at: state.now), 3, lifeStyle(figures, at: state.now))
    if !isGone, let span = layout.spans[4] {
      putLifeBar(
        figures, at: state.now, row: line.row, column: line.column + span.start, columns: span.width
      )
    }
    let size = figures.bytes.map { FigureFormat.bytes(UInt64(max(0, $0.bytes))) } ?? ""
    put(size, 5, .muted)
    if isCursor {
      let background: Background = state.focus == .list ? .selection : .trail
      frame.restyle(
        Area(row: line.row, column: line.column, rows: 1, columns: line.columns + 1)
      ) {
        $0.background = background
        if $0.role == .muted { $0.attributes.remove(.dim) }
      }
    }
  }

  /// What appeared a moment ago stands out.
  private func nameStyle(_ fate: KeyFate, _ isMarked: Bool, at now: Moment) -> Style {
    if isMarked { return Style(.marked) }
    if case .appeared(let moment) = fate, now.milliseconds(since: moment) < 1500 {
      return Style(.good)
    }
    return Style(.keyName)
  }

  private mutating func paintEmptyList(_ state: ExplorerState, in area: Area) {
    let lines: [String]
    if !state.keys.filter.isEmpty {
      lines = ["no key holds “\(state.keys.filter.text)”", "esc clears the filter"]
    } else if state.source.description == nil,
      case .waiting(let reason, _) = state.source.connection
    {
      lines = ["no keys yet", reason]
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
