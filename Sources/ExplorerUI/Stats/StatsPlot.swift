import CacheModel
import Explorer
import TerminalCanvas

/// What one panel of the Stats screen shows: words for its frame, and a graph.
struct StatsPlot {
  /// A layer in words.
  struct Name {
    /// Its sign and its name, and in little room that is all.
    var short: String
    /// The figure of it at the cursor or now.
    var figure = ""
    var style: Style

    var text: String { figure.isEmpty ? short : "\(short) \(figure)" }
  }

  var title: String
  /// At the right of the frame, the shorter ones for where there is less room.
  var notes: [String] = []
  /// Names the layers, where there are several.
  var legend: [Name] = []
  var layers: [BrailleGraph.Layer] = []
  var lines: [BrailleGraph.Layer] = []
  var unit = ChartUnit.rate
  /// The end of the scale, where it is not chosen by what is drawn.
  var maximum: Double?
  /// The lines are shares, on a scale of their own.
  var hasShares = false
  /// Nothing of it is told by the source.
  var isUntold = false

  var graph: BrailleGraph {
    let shared = lines.flatMap { hasShares ? [] : $0.samples }
    let highest = (BrailleGraph.sums(of: layers) + shared).compactMap { $0 }.max() ?? 0
    let maximum = maximum ?? unit.maximum(above: highest)
    return BrailleGraph(
      layers: layers, maximum: maximum, lines: lines, lineScale: 0...(hasShares ? 1 : maximum))
  }
}

/// Reads the history for the panels of one frame: a stretch of time, and the part of it that the
/// cursor is in.
struct StatsReader {
  let stats: StatsState
  let grid: TimeGrid
  let isColourless: Bool

  /// The part that is read, when it is not the present.
  var part: Int? {
    if let cursor = stats.cursor { return grid.part(holding: cursor) }
    return stats.pinnedEnd == nil ? nil : grid.count - 1
  }

  func series(_ figure: StatsFigure) -> StatsSeries { stats.history.series(figure, over: grid) }

  /// The figure at the cursor, or now.
  func value(_ figure: StatsFigure, _ series: StatsSeries) -> Double? {
    part.map { series.means[$0] } ?? stats.history.now(figure)
  }

  /// `8.2k/s`, or that it is not known.
  func text(_ figure: StatsFigure, _ series: StatsSeries, _ unit: ChartUnit) -> String {
    value(figure, series).map(unit.text) ?? "n/a"
  }

  /// `min 1.2k/s  max 9.0k/s`, and the second of them alone.
  func bounds(_ series: StatsSeries, _ unit: ChartUnit) -> [String] {
    guard let low = series.lowest, let high = series.highest else { return [] }
    let highest = "max \(unit.text(high))"
    return ["min \(unit.text(low))  \(highest)", highest]
  }

  func plot(_ panel: StatsPanel) -> StatsPlot {
    switch panel {
    case .lookups: lookups
    case .operations: operations
    case .memory: memory
    case .removals: removals
    case .roundTrip: roundTrip
    case .network: network
    case .clients: clients
    case .processor: processor
    case .commands: StatsPlot(title: "Commands")
    }
  }

  func layer(
    _ samples: [Double?], _ role: StyleRole, _ texture: BrailleGraph.Texture = .solid
  ) -> BrailleGraph.Layer {
    BrailleGraph.Layer(samples, style: Style(role), texture: isColourless ? texture : .solid)
  }

  /// The sign of a layer in a legend: its colour where there are colours.
  func sign(_ texture: BrailleGraph.Texture) -> String { isColourless ? texture.sign : "▄" }
}
