import Explorer
import TerminalCanvas

/// Which panels stand where: all of them where there is room, else the first graph, a row of others
/// and the commands, else the first graph and one row. The row that does not hold all of them shows
/// those around the panel that had the focus last.
struct StatsLayout {
  private(set) var places: [(panel: StatsPanel, area: Area)] = []

  /// Columns that a graph below the first needs at least.
  private static let narrowest = 38

  init(_ stats: StatsState, in area: Area) {
    guard !stats.isEnlarged else {
      places = [(stats.focus, area)]
      return
    }
    var rest = area
    let across = min(4, max(1, area.columns / Self.narrowest))
    if area.rows >= 46, across >= 4 {
      places.append((.lookups, rest.takeTop(area.rows * 27 / 100)))
      let height = area.rows / 5
      place(Array(StatsPanel.lower.prefix(4)), in: rest.takeTop(height))
      place(Array(StatsPanel.lower.dropFirst(4)), in: rest.takeTop(height))
      places.append((.commands, rest))
    } else if area.rows >= 28 {
      places.append((.lookups, rest.takeTop(area.rows * 38 / 100)))
      place(page(of: stats.lower, across), in: rest.takeTop(area.rows * 29 / 100))
      places.append((.commands, rest))
    } else {
      places.append((.lookups, rest.takeTop(max(6, (area.rows + 1) / 2))))
      place(stats.lower == .commands ? [.commands] : page(of: stats.lower, across), in: rest)
    }
  }

  /// The graphs that share a row with one.
  private func page(of panel: StatsPanel, _ across: Int) -> [StatsPanel] {
    let all = StatsPanel.lower
    let place = all.firstIndex(of: panel) ?? 0
    let start = min(place / across * across, all.count - across)
    return Array(all[max(0, start)...].prefix(across))
  }

  private mutating func place(_ panels: [StatsPanel], in row: Area) {
    var rest = row
    for (place, panel) in panels.enumerated() {
      let columns = rest.columns / (panels.count - place)
      places.append((panel, rest.takeLeft(columns)))
    }
  }
}
