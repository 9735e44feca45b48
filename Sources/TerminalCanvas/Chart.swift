/// A graph with what it takes to be read: a scale at the left and one at the right, times below, a
/// cursor, and marks where the history breaks.
///
/// Every column of the plot is two samples. What is not known leaves its columns empty; a mark is a
/// dotted line in the empty cells of its column. In little room the scales go, the right one first,
/// and then the times.
package struct Chart: Sendable {
  package var graph: BrailleGraph
  /// What the upper edge, and what half of the height stands for.
  package var top: String
  package var middle: String
  /// The upper and the lower end of the lines' scale; nil where they share the left one.
  package var right: (top: String, foot: String)?
  /// Below columns of the plot.
  package var ticks: [Tick] = []
  /// A column of the plot, counted from its left edge.
  package var cursor: Int?
  package var breaks: [Int] = []

  package struct Tick: Sendable, Hashable {
    package var column: Int
    package var text: String

    package init(column: Int, text: String) {
      self.column = column
      self.text = text
    }
  }

  package init(graph: BrailleGraph, unit: ChartUnit) {
    self.graph = graph
    top = unit.text(graph.maximum)
    middle = unit.text(graph.maximum / 2)
  }

  /// Columns of the scale at the left, with the blank behind it, and of the one at the right.
  private static let leftWidth = 7
  private static let rightWidth = 6

  /// Where the plot is in an area; `hasRight`: there is a scale at the right.
  package static func plot(in area: Area, hasRight: Bool) -> Area {
    var plot = area
    if plot.rows > 2 { _ = plot.takeBottom(1) }
    if plot.columns > 24 { _ = plot.takeLeft(leftWidth) }
    if hasRight, plot.columns > 36 { _ = plot.takeRight(rightWidth) }
    return plot
  }
}

extension Frame {
  /// Draws a chart; what the plot takes is told by `Chart.plot`.
  package mutating func draw(_ chart: Chart, in area: Area) {
    let plot = Chart.plot(in: area, hasRight: chart.right != nil)
    draw(chart.graph, in: plot)
    for column in chart.breaks { mark(column, in: plot) }
    if plot.column > area.column { paintLeftScale(chart, area, plot) }
    if let right = chart.right, plot.endColumn < area.endColumn {
      put(right.top, row: plot.row, column: plot.endColumn + 1, style: .muted)
      if plot.rows > 1 {
        put(right.foot, row: plot.endRow - 1, column: plot.endColumn + 1, style: .muted)
      }
    }
    if plot.endRow < area.endRow { paint(chart.ticks, below: plot) }
    if let cursor = chart.cursor, cursor >= 0, cursor < plot.columns {
      paintCursor(at: plot.column + cursor, in: plot)
    }
  }

  private mutating func paintLeftScale(_ chart: Chart, _ area: Area, _ plot: Area) {
    var labels = [(plot.row, chart.top)]
    if plot.rows > 5, chart.middle != chart.top {
      labels.append((plot.row + plot.rows / 2, chart.middle))
    }
    if plot.rows > 1 { labels.append((plot.endRow - 1, "0")) }
    for (row, text) in labels {
      putRight(
        text, row: row, column: area.column, columns: plot.column - area.column - 1, style: .muted)
    }
  }

  private mutating func paint(_ ticks: [Chart.Tick], below plot: Area) {
    var free = plot.column
    for tick in ticks {
      let width = DisplayWidth.of(tick.text)
      let start = min(
        max(plot.column + tick.column - width / 2, plot.column), plot.endColumn - width)
      guard start >= free, tick.column >= 0, tick.column < plot.columns else { continue }
      put(tick.text, row: plot.endRow, column: start, style: .muted, limit: plot.endColumn - start)
      free = start + width + 2
    }
  }

  private mutating func mark(_ column: Int, in plot: Area) {
    guard column >= 0, column < plot.columns else { return }
    for row in plot.row..<plot.endRow where self[row: row, column: plot.column + column].isBlank {
      self[row: row, column: plot.column + column] = Cell("┊", style: Style(.warn))
    }
  }

  private mutating func paintCursor(at column: Int, in plot: Area) {
    for row in plot.row..<plot.endRow where self[row: row, column: column].isBlank {
      self[row: row, column: column] = Cell("│", style: Style(.accent))
    }
    restyle(Area(row: plot.row, column: column, rows: plot.rows, columns: 1)) {
      $0.background = .selection
    }
  }
}
