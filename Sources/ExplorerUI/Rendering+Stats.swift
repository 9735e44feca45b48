import CacheModel
import Explorer
import TerminalCanvas

/// The Stats screen: hits and misses with their ratio above, operations and memory below, and at the
/// bottom the nodes of a cluster.
extension Rendering {
  mutating func paintStats(_ state: ExplorerState, in area: Area) {
    var rest = area
    let nodes = rest.takeBottom(nodeTableRows(state, of: area.rows))
    if nodes.rows > 0 { paintNodes(state, in: nodes) }
    let upper = rest.takeTop(max(rest.rows / 2, 6))
    let left = rest.takeLeft(rest.columns / 2)
    paintHits(state, in: upper)
    paintOperations(state, in: left)
    paintMemory(state, in: rest)
  }

  private mutating func paintHits(_ state: ExplorerState, in area: Area) {
    let points = state.stats.shownPoints
    let hits = points.reduce(Int64(0)) { $0 &+ ($1.hits ?? 0) }
    let misses = points.reduce(Int64(0)) { $0 &+ ($1.misses ?? 0) }
    let mean = HitRatio(hits: hits, misses: misses).map { percentText($0.value) } ?? "–"
    let inside = frame.box(
      area, title: "Hits and misses  \(state.stats.window.title)", trailing: "ratio mean \(mean)",
      focused: !state.isCovered)
    let graph = plotArea(inside, rightLabels: 6)
    let series = StatsSeries(state.stats, columns: graph.columns)
    let layers: [BrailleGraph.Layer] = [
      .init(series.rates(\.hits), style: Style(.hit)),
      .init(series.rates(\.misses), style: Style(.miss), isSparse: isColourless),
    ]
    let maximum = BrailleGraph.niceMaximum(BrailleGraph.sums(of: layers))
    let line = BrailleGraph.Layer(series.ratios, style: Style(.text).bold())
    frame.draw(BrailleGraph(layers: layers, maximum: maximum, line: line), in: graph)
    paintScale(FigureFormat.rate(maximum) + "/s", "0", inside, graph)
    paintRight("100 %", "0 %", inside, graph)
    paintTime(state.stats.window, inside, graph)
    paintLegend(
      state, in: Area(row: inside.row, column: graph.column, rows: 1, columns: graph.columns))
  }

  /// Names the colours, with the counts of the last second: told apart without colour too.
  private mutating func paintLegend(_ state: ExplorerState, in area: Area) {
    let last = state.stats.history.points.last
    let hits = last.flatMap(perSecond(\.hits)).map(FigureFormat.rate) ?? "n/a"
    let misses = last.flatMap(perSecond(\.misses)).map(FigureFormat.rate) ?? "n/a"
    let ratio = last.flatMap { HitRatio(hits: $0.hits ?? 0, misses: $0.misses ?? 0) }
    let parts: [(String, Style)] = [
      ("\(isColourless ? "⣿" : "▄") hits \(hits)/s", Style(.hit)),
      ("\(isColourless ? "⡪" : "▀") misses \(misses)/s", Style(.miss)),
      ("─ ratio \(ratio.map { percentText($0.value) } ?? "–")", Style(.text)),
    ]
    let width = parts.reduce(0) { $0 + DisplayWidth.of($1.0) + 2 }
    var column = max(area.column, area.endColumn - width)
    for (text, style) in parts {
      column += frame.put(
        text, row: area.row, column: column, style: style, limit: area.endColumn - column)
      column += 2
    }
  }

  private mutating func paintOperations(_ state: ExplorerState, in area: Area) {
    let last = state.stats.history.points.last
    let now = last.flatMap(perSecond(\.othersCommands)).map(FigureFormat.rate) ?? "n/a"
    let inside = frame.box(area, title: "Operations of others \(now)/s")
    let graph = plotArea(inside, rightLabels: 0)
    let series = StatsSeries(state.stats, columns: graph.columns)
    let layer = BrailleGraph.Layer(series.rates(\.othersCommands), style: Style(.accent))
    let maximum = BrailleGraph.niceMaximum(layer.samples)
    frame.draw(BrailleGraph(layers: [layer], maximum: maximum), in: graph)
    paintScale(FigureFormat.rate(maximum) + "/s", "0", inside, graph)
    paintTime(state.stats.window, inside, graph)
  }

  private mutating func paintMemory(_ state: ExplorerState, in area: Area) {
    let latest = state.stats.history.latest
    let bound = (latest?.maxMemory ?? nil)?.bytes ?? 0
    let used = latest?.usedMemory.map { FigureFormat.bytes(UInt64(max(0, $0.bytes))) } ?? "n/a"
    let of = bound > 0 ? " of \(FigureFormat.bytes(UInt64(bound)))" : ", no bound"
    let inside = frame.box(area, title: "Memory \(used)\(of)")
    let graph = plotArea(inside, rightLabels: 0)
    let series = StatsSeries(state.stats, columns: graph.columns)
    let layer = BrailleGraph.Layer(series.memory, style: Style(.good))
    let highest = layer.samples.compactMap { $0 }.max() ?? 1
    let maximum = bound > 0 ? Double(bound) : max(1, highest * 1.25)
    frame.draw(BrailleGraph(layers: [layer], maximum: maximum), in: graph)
    paintScale(FigureFormat.compactBytes(UInt64(maximum)), "0", inside, graph)
    paintTime(state.stats.window, inside, graph)
  }

  /// Room for the scale at the left, labels at the right, the legend above and the time below.
  private func plotArea(_ inside: Area, rightLabels: Int) -> Area {
    var area = inside
    _ = area.takeLeft(8)
    _ = area.takeRight(rightLabels + 1)
    _ = area.takeBottom(1)
    if rightLabels > 0 { _ = area.takeTop(1) }
    return area
  }

  private mutating func paintScale(_ top: String, _ foot: String, _ inside: Area, _ graph: Area) {
    guard graph.rows > 1 else { return }
    for (text, row) in [(top, graph.row), (foot, graph.endRow - 1)] {
      frame.putRight(text, row: row, column: inside.column, columns: 7, style: .muted)
    }
  }

  private mutating func paintRight(_ top: String, _ foot: String, _ inside: Area, _ graph: Area) {
    frame.put(top, row: graph.row, column: graph.endColumn + 1, style: .muted)
    frame.put(foot, row: graph.endRow - 1, column: graph.endColumn + 1, style: .muted)
  }

  private mutating func paintTime(_ window: StatsWindow, _ inside: Area, _ graph: Area) {
    let row = inside.endRow - 1
    let left = "-" + FigureFormat.duration(milliseconds: window.milliseconds)
    frame.put(left, row: row, column: graph.column, style: .muted)
    frame.putRight("now", row: row, column: graph.column, columns: graph.columns, style: .muted)
    guard graph.columns >= 40 else { return }
    frame.putCentered(
      "-" + FigureFormat.duration(milliseconds: window.milliseconds / 2), row: row,
      column: graph.column, columns: graph.columns, style: .muted)
  }
}
