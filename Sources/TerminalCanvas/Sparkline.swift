/// Small graphs that are text: a sparkline and bars.
package enum Sparkline {
  private static let levels: [Character] = Array("▁▂▃▄▅▆▇█")

  /// One character a sample, `▁▂▃▄▅▆▇█`, the newest at the right; blanks where nothing is known, and
  /// to the left when there are fewer samples than columns.
  package static func text(
    _ samples: [Double?], columns: Int, scale: ClosedRange<Double>
  ) -> String {
    let shown = samples.suffix(max(columns, 0))
    let padding = String(repeating: " ", count: max(columns - shown.count, 0))
    return padding + String(shown.map { level(of: $0, scale) })
  }

  private static func level(of sample: Double?, _ scale: ClosedRange<Double>) -> Character {
    guard let sample, sample.isFinite else { return " " }
    let width = scale.upperBound - scale.lowerBound
    let share = width > 0 ? min(max((sample - scale.lowerBound) / width, 0), 1) : 0
    guard share.isFinite else { return " " }
    return levels[min(Int(share * 8), 7)]
  }
}

/// Bars of a share between 0 and 1; what lies outside is held at the end, what is no number is 0.
package enum Bar {
  private static let eighths: [Character] = Array(" ▏▎▍▌▋▊▉")

  /// `■■■▪··`: half steps. Only 0 is empty, and only 1 is full. Bars in rows one below the other
  /// stay apart, as those of blocks do not.
  package static func squares(_ share: Double, columns: Int) -> String {
    guard columns > 0 else { return "" }
    let halves = steps(share, of: columns * 2)
    let full = String(repeating: "■", count: halves / 2)
    let half = halves.isMultiple(of: 2) ? "" : "▪"
    return full + half + String(repeating: "·", count: columns - (halves + 1) / 2)
  }

  /// `███▌  `: steps of an eighth, blanks after. Only 0 is empty, and only 1 is full.
  package static func solid(_ share: Double, columns: Int) -> String {
    guard columns > 0 else { return "" }
    let parts = steps(share, of: columns * 8)
    let full = String(repeating: "█", count: parts / 8)
    let part = parts.isMultiple(of: 8) ? "" : String(eighths[parts % 8])
    return full + part + String(repeating: " ", count: columns - (parts + 7) / 8)
  }

  private static func steps(_ share: Double, of count: Int) -> Int {
    guard share > 0 else { return 0 }
    guard share < 1 else { return count }
    return min(max(Int((share * Double(count)).rounded()), 1), count - 1)
  }
}
