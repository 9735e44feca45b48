import CacheModel
import Explorer
import TerminalCanvas

/// The Stats screen: hits and misses with their ratio above, other graphs and the commands below, and
/// at the bottom the nodes of a cluster.
extension Rendering {
  mutating func paintStats(_ state: ExplorerState, in area: Area) {
    var rest = area
    if !state.stats.isEnlarged {
      let nodes = rest.takeBottom(nodeTableRows(state, of: area.rows))
      if nodes.rows > 0 { paintNodes(state, in: nodes) }
    }
    for (panel, area) in StatsLayout(state.stats, in: rest).places {
      if panel == .commands {
        paintCommands(state, in: area)
      } else {
        paint(panel, state, in: area)
      }
    }
  }

  private mutating func paint(_ panel: StatsPanel, _ state: ExplorerState, in area: Area) {
    regions.append(Region(area: area, target: .panel(panel)))
    let content = area.inset(rows: 1, columns: 1)
    let plot = Chart.plot(in: content, hasRight: panel == .lookups)
    let parts = BrailleGraph.sampleCount(columns: plot.columns)
    guard let grid = state.stats.grid(parts: parts) else {
      return paintWaiting(panel, state, in: area)
    }
    let reader = StatsReader(stats: state.stats, grid: grid, isColourless: isColourless)
    let shown = reader.plot(panel)
    paintFrame(shown, panel, state, in: area)
    guard !shown.isUntold else {
      return paintAside("this source does not tell it", in: content)
    }
    if panel == .lookups || presentation.columnStep == 0 {
      presentation.columnStep = grid.length * 2
    }
    regions.append(
      Region(
        area: plot, target: .timeline(panel, start: grid.start, step: grid.length * 2)))
    var inside = content
    if !shown.legend.isEmpty, content.rows > 3 {
      paint(shown.legend, in: inside.takeTop(1))
    }
    frame.draw(chart(shown, grid, state), in: inside)
  }

  private func chart(_ plot: StatsPlot, _ grid: TimeGrid, _ state: ExplorerState) -> Chart {
    var chart = Chart(graph: plot.graph, unit: plot.unit)
    if plot.hasShares { chart.right = ("100 %", "0 %") }
    chart.ticks = TimeTicks(grid, state).ticks
    chart.cursor = state.stats.cursor.flatMap(grid.part).map { $0 / 2 }
    chart.breaks = state.stats.history.breaks.compactMap { grid.part(holding: $0.moment) }
      .map { $0 / 2 }
    return chart
  }

  private mutating func paintFrame(
    _ plot: StatsPlot, _ panel: StatsPanel, _ state: ExplorerState, in area: Area
  ) {
    var title = plot.title
    if panel == .lookups || state.stats.isEnlarged { title += timeNote(state) }
    let room = area.columns - 7 - DisplayWidth.of(title)
    let note = plot.notes.first { DisplayWidth.of($0) <= room } ?? ""
    frame.box(
      area, title: title, trailing: note,
      focused: state.stats.focus == panel && !state.isCovered)
  }

  /// Of which time the figures are, when it is not the present: `  at 14:02:11`.
  private func timeNote(_ state: ExplorerState) -> String {
    let stats = state.stats
    guard let moment = stats.cursor ?? stats.pinnedEnd else { return "" }
    let time = WallTime(milliseconds: moment.milliseconds &+ state.wallOffset)
    let words = stats.cursor == nil ? "until" : "at"
    let cause = stats.cursor.flatMap { cursor in
      stats.history.breaks.last {
        abs($0.moment.milliseconds(since: cursor)) <= max(1000, presentation.columnStep)
      }
    }
    return "  \(words) \(state.clockText(time))" + (cause.map { "  \(Self.words($0.cause))" } ?? "")
  }

  private static func words(_ cause: StatsBreak.Cause) -> String {
    switch cause {
    case .restart: "the server was restarted"
    case .reset: "its counters were reset"
    case .failover: "another server took over"
    case .gap: "nobody looked"
    }
  }

  /// Names the layers, from the right: with their figures where there is room for that.
  private mutating func paint(_ legend: [StatsPlot.Name], in area: Area) {
    func width(_ texts: [String]) -> Int { texts.reduce(-2) { $0 + DisplayWidth.of($1) + 2 } }
    let long = legend.map(\.text)
    let texts = width(long) < area.columns ? long : legend.map(\.short)
    var column = max(area.column, area.endColumn - width(texts) - 1)
    for (text, name) in zip(texts, legend) {
      column += frame.put(
        text, row: area.row, column: column, style: name.style, limit: area.endColumn - column,
        overflow: .ellipsis)
      column += 2
    }
  }

  /// Before there is anything to draw.
  private mutating func paintWaiting(
    _ panel: StatsPanel, _ state: ExplorerState, in area: Area
  ) {
    let grid = TimeGrid(window: 1, endingAt: state.now, count: 1)
    let reader = StatsReader(stats: state.stats, grid: grid, isColourless: isColourless)
    var plot = reader.plot(panel)
    plot.notes = []
    paintFrame(plot, panel, state, in: area)
    paintAside("looking: two seconds make the first point", in: area.inset(rows: 1, columns: 1))
  }

  mutating func paintAside(_ text: String, in area: Area) {
    guard area.rows > 0 else { return }
    frame.putCentered(
      text, row: area.row + (area.rows - 1) / 2, column: area.column + 1,
      columns: area.columns - 2, style: .muted)
  }
}
