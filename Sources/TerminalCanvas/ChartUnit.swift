/// What the figures of a chart are: how they are written, in at most 6 columns, and where its scale
/// may end.
package enum ChartUnit: Sendable, Hashable {
  /// By the second.
  case rate
  case count
  case bytes
  case bytesPerSecond
  /// In microseconds.
  case latency
  /// From 0 to 100.
  case percent

  /// The figure with its unit: `8.2k/s`, `412 MB`, `0.3 ms`.
  package func text(_ figure: Double) -> String {
    switch self {
    case .rate: FigureFormat.rate(figure) + "/s"
    case .count: FigureFormat.count(figure)
    case .bytes: FigureFormat.bytes(Self.whole(figure))
    case .bytesPerSecond: FigureFormat.compactBytes(Self.whole(figure)) + "/s"
    case .latency: FigureFormat.latency(microseconds: figure)
    case .percent:
      figure < 9.95
        ? FigureFormat.decimal(figure, places: 1) + " %"
        : FigureFormat.decimal(figure, places: 0) + " %"
    }
  }

  /// The end of a scale for figures up to `highest`: round in this unit, and never below it.
  package func maximum(above highest: Double) -> Double {
    switch self {
    case .bytes, .bytesPerSecond:
      var unit = 1.0
      while highest / unit >= 999.5, unit < 1e18 { unit *= 1024 }
      return BrailleGraph.niceMaximum([max(highest / unit, 1)]) * unit
    case .count, .rate: return BrailleGraph.niceMaximum([max(highest, 1)])
    case .latency: return BrailleGraph.niceMaximum([max(highest, 10)])
    case .percent: return BrailleGraph.niceMaximum([max(highest, 1)])
    }
  }

  private static func whole(_ figure: Double) -> UInt64 {
    guard figure.isFinite, figure > 0 else { return 0 }
    return figure < 1e18 ? UInt64(figure.rounded()) : UInt64(1e18)
  }
}

extension FigureFormat {
  /// A time of microseconds: `40 µs`, `0.3 ms`, `1.4 s`. At most 6 columns below 1,000 s.
  package static func latency(microseconds: Double) -> String {
    guard microseconds.isFinite, microseconds >= 0 else { return "–" }
    if microseconds < 99.5 { return decimal(microseconds, places: 0) + " µs" }
    return latency(milliseconds: microseconds / 1000)
  }
}
