import CacheModel
import Explorer
import TerminalCanvas

/// A stream in the value pane: its groups, then its entries by time.
extension Rendering {
  mutating func paintStream(
    _ entries: [StreamEntry], _ groups: [StreamGroup], _ state: ExplorerState, in area: Area
  ) {
    let times = entries.map { timeText($0.id, state, columns: area.columns) }
    let width = min(times.map { DisplayWidth.of($0) }.max() ?? 0, area.columns / 2)
    let top = state.preview.top
    for row in 0..<area.rows {
      let line = Area(row: area.row + row, column: area.column, rows: 1, columns: area.columns)
      let place = top + row
      if place < groups.count {
        paintGroup(groups[place], in: line)
      } else if place - groups.count < entries.count {
        let number = place - groups.count
        paintEntry(entries[number], times[number], width, state, in: line)
      } else {
        break
      }
      paintCursor(state, row: line.row, place: place, area)
      highlight(state.preview.search, row: line.row, of: place, in: area)
    }
  }

  /// `group mail  3 pending of 2 consumers, 5 not delivered`
  private mutating func paintGroup(_ group: StreamGroup, in line: Area) {
    var column = line.column
    func put(_ text: String, _ style: Style) {
      guard column < line.endColumn else { return }
      column += frame.put(
        text, row: line.row, column: column, style: style, limit: line.endColumn - column,
        overflow: .ellipsis)
    }
    put("group ", .muted)
    put(middleClipped(TextSanitizer.listText(group.name), to: line.columns / 3), Style(.accent))
    let consumers = counted(Int(clamping: group.consumerCount), "consumer")
    let pending = FigureFormat.grouped(Int(clamping: group.pending))
    put("  \(pending) pending of \(consumers)", .muted)
    if let lag = group.lag {
      put(", \(FigureFormat.grouped(Int(clamping: lag))) not delivered", .muted)
    }
  }

  private mutating func paintEntry(
    _ entry: StreamEntry, _ time: String, _ width: Int, _ state: ExplorerState, in line: Area
  ) {
    frame.put(
      time, row: line.row, column: line.column, style: Style(.number), limit: width,
      overflow: .ellipsis)
    var column = line.column + width + 2
    func put(_ text: String, _ style: Style) {
      guard column < line.endColumn else { return }
      column += frame.put(
        text, row: line.row, column: column, style: style, limit: line.endColumn - column,
        overflow: .ellipsis)
    }
    for field in entry.fields.prefix(40) {
      put(TextSanitizer.listText(field.field.prefix(200)), Style(.hash))
      put("=", .muted)
      put(
        TextSanitizer.listText(state.shownRow(Array(field.value.prefix(400)), under: field.field)),
        .text)
      put("  ", .muted)
    }
  }

  /// When an entry was added, as the person's clock shows it; the id where it is no time of a server.
  private func timeText(_ id: StreamID, _ state: ExplorerState, columns: Int) -> String {
    guard (1_000_000_000_000...9_999_999_999_999).contains(id.milliseconds) else { return id.text }
    let time = WallTime(milliseconds: Int64(clamping: id.milliseconds))
    let text = state.preciseClockText(time)
    let short = columns < 60 ? String(text.suffix(12)) : text
    return id.sequence == 0 ? short : "\(short)-\(id.sequence)"
  }
}
