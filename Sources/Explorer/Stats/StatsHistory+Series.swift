package import CacheModel

/// The history as samples of a graph.
extension StatsHistory {
  /// A counter by the second, or a level. O(rows in the stretch + parts)
  package func series(_ figure: StatsFigure, over grid: TimeGrid) -> StatsSeries {
    var sums = SeriesSums(grid)
    forEachRow(figure, over: grid) { row in
      let known = Double(max(1, row.known))
      let mean = figure.isCounter ? row.value * 1000 / known : row.value
      sums.add(mean, (row.low ?? mean)...max(row.low ?? mean, row.high ?? mean), row.from..<row.to)
    }
    return sums.series
  }

  /// How much a counter grew from `start` to `end`; nil where nothing is known. Rows that lie across
  /// an edge count in part.
  package func growth(_ counter: StatsFigure, from start: Moment, to end: Moment) -> Double? {
    let length = end.milliseconds(since: start)
    guard length > 0, length < .max else { return nil }
    var sum: Double?
    forEachRow(counter, start.milliseconds, end.milliseconds) { row in
      let share = min(row.to, end.milliseconds) - max(row.from, start.milliseconds)
      guard share > 0, row.length > 0 else { return }
      sum = (sum ?? 0) + row.value * Double(share) / Double(row.length)
    }
    return sum
  }

  /// Hits and misses of the last `milliseconds` of the history.
  package func lookups(within milliseconds: Int64) -> HitRatio? {
    guard let end = newest else { return nil }
    let start = end.advanced(by: -milliseconds)
    guard let hits = growth(.hits, from: start, to: end),
      let misses = growth(.misses, from: start, to: end)
    else { return nil }
    return HitRatio(hits: hits, misses: misses)
  }

  /// The hit ratio of each part, with how many lookups it is of.
  package func ratios(over grid: TimeGrid) -> [HitRatio?] {
    let (hits, misses) = (series(.hits, over: grid), series(.misses, over: grid))
    let seconds = Double(grid.length) / 1000
    return zip(hits.means, misses.means).map { hits, misses in
      guard let hits, let misses else { return nil }
      return HitRatio(hits: hits * seconds, misses: misses * seconds)
    }
  }

  /// When the newest row ends; nil before the first.
  package var newest: Moment? { seconds.last.map { Moment(milliseconds: $0.end) } }

  /// When the oldest row begins.
  package var oldest: Moment? {
    let starts = [seconds, minutes].compactMap { $0.count > 0 ? $0.stretch(0).start : nil }
    return starts.min().map { Moment(milliseconds: $0) }
  }

  /// A counter by the second, or a level, in the newest row.
  package func now(_ figure: StatsFigure) -> Double? {
    guard let last = seconds.last, last.length > 0,
      let value = seconds.figure(Int(figure.rawValue), seconds.count - 1)
    else { return nil }
    return figure.isCounter ? value * 1000 / Double(last.length) : value
  }

  /// The hit ratio of each of the newest rows, the oldest first.
  package func newestRatios(_ most: Int) -> [HitRatio?] {
    (max(0, seconds.count - most)..<seconds.count).map { row in
      guard let hits = seconds.figure(Int(StatsFigure.hits.rawValue), row),
        let misses = seconds.figure(Int(StatsFigure.misses.rawValue), row)
      else { return nil }
      return HitRatio(hits: hits, misses: misses)
    }
  }

  // MARK: Rows

  private struct Row {
    /// What it stands for here, on the clock of the moments.
    var from: Int64
    var to: Int64
    /// Of the whole row.
    var length: Int64
    var known: Int64
    var value: Double
    var low: Double?
    var high: Double?
  }

  private func forEachRow(_ figure: StatsFigure, over grid: TimeGrid, _ take: (Row) -> Void) {
    forEachRow(figure, grid.start.milliseconds, grid.end.milliseconds, take)
  }

  /// The rows of a figure that touch a stretch: minutes as far as there are no seconds, then seconds.
  private func forEachRow(
    _ figure: StatsFigure, _ start: Int64, _ end: Int64, _ take: (Row) -> Void
  ) {
    let oldest = seconds.count > 0 ? seconds.stretch(0).start : end
    if start < oldest { forEachMinute(figure, start, min(end, oldest), take) }
    let column = Int(figure.rawValue)
    for row in seconds.firstRow(endingAfter: start)..<seconds.count {
      let stretch = seconds.stretch(row)
      guard stretch.start < end else { return }
      guard let value = seconds.figure(column, row) else { continue }
      take(
        Row(
          from: stretch.start, to: stretch.end, length: stretch.length, known: stretch.length,
          value: value))
    }
  }

  private func forEachMinute(
    _ figure: StatsFigure, _ start: Int64, _ end: Int64, _ take: (Row) -> Void
  ) {
    let column = Int(figure.rawValue) * Self.facets
    for row in minutes.firstRow(endingAfter: start)..<minutes.count {
      let stretch = minutes.stretch(row)
      guard stretch.start < end else { return }
      guard let value = minutes.figure(column, row) else { continue }
      take(
        Row(
          from: stretch.start, to: min(stretch.end, end), length: stretch.length,
          known: stretch.known, value: value, low: minutes.figure(column + 1, row),
          high: minutes.figure(column + 2, row)))
    }
  }
}

/// Sums what rows say up into the parts of a grid, each by how long it touches them.
private struct SeriesSums {
  let grid: TimeGrid
  private let start: Int64
  private var sums: [Double]
  private var weights: [Double]
  private var bounds: ClosedRange<Double>?

  init(_ grid: TimeGrid) {
    self.grid = grid
    start = grid.start.milliseconds
    sums = Array(repeating: 0, count: grid.count)
    weights = sums
  }

  mutating func add(_ mean: Double, _ range: ClosedRange<Double>, _ stretch: Range<Int64>) {
    let length = grid.length
    let from = max(stretch.lowerBound - start, 0)
    let to = min(stretch.upperBound - start, length * Int64(grid.count))
    guard from < to else { return }
    bounds =
      bounds.map {
        min($0.lowerBound, range.lowerBound)...max($0.upperBound, range.upperBound)
      } ?? range
    for part in Int(from / length)...Int((to - 1) / length) {
      let (left, right) = (Int64(part) * length, Int64(part + 1) * length)
      let weight = Double(min(to, right) - max(from, left))
      sums[part] += mean * weight
      weights[part] += weight
    }
  }

  var series: StatsSeries {
    StatsSeries(
      means: zip(sums, weights).map { $1 > 0 ? $0 / $1 : nil }, lowest: bounds?.lowerBound,
      highest: bounds?.upperBound)
  }
}
