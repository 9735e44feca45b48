/// Bars of blocks beside each other, each stacked from layers and some columns wide, in steps of an
/// eighth of a row.
///
/// Guarantees: a bar above zero shows at least one eighth, whatever the scale, and one of zero shows a
/// muted dot on the ground; in a bar that is several rows high every layer above zero has a row of its
/// own as far as there are rows. On a logarithmic scale the height of a bar follows the logarithm of
/// one more than its sum, and its layers share that height as they share the sum. Drawing takes time
/// in the area.
package struct Histogram: Sendable {
  package struct Layer: Sendable {
    /// One for each bar, the first at the left.
    package var counts: [Double]
    package var style: Style
    /// What a whole cell of it is: a block, or one of its shades where there is no colour.
    package var scalar: Unicode.Scalar

    package init(_ counts: [Double], style: Style, scalar: Unicode.Scalar = "█") {
      self.counts = counts
      self.style = style
      self.scalar = scalar
    }

    /// Whole cells that are told apart without a colour.
    package static let shades: [Unicode.Scalar] = ["█", "▓", "▒", "░"]
  }

  /// From the bottom up.
  package var layers: [Layer]
  /// The sum at the upper edge.
  package var maximum: Double
  package var isLogarithmic: Bool
  /// Columns of a bar, at least one.
  package var barWidth: Int

  package init(layers: [Layer], maximum: Double, isLogarithmic: Bool, barWidth: Int = 1) {
    self.layers = layers
    self.maximum = maximum
    self.isLogarithmic = isLogarithmic
    self.barWidth = max(1, barWidth)
  }

  /// The sums of the bars.
  package static func sums(of layers: [Layer]) -> [Double] {
    let count = layers.map(\.counts.count).max() ?? 0
    return (0..<count).map { bar in
      layers.reduce(0) { $0 + ($1.counts.indices.contains(bar) ? max(0, $1.counts[bar]) : 0) }
    }
  }

  /// What half of the height stands for.
  package var middle: Double {
    isLogarithmic ? Self.exponential(Self.logarithm(maximum) / 2) : maximum / 2
  }

  /// How high a sum is, from 0 to 1.
  func share(of sum: Double) -> Double {
    guard sum > 0, maximum > 0, sum.isFinite else { return 0 }
    return min(1, isLogarithmic ? Self.logarithm(sum) / Self.logarithm(maximum) : sum / maximum)
  }

  /// The logarithm to the base 2 of one more than a number, straight between powers of two: it is for
  /// heights that are drawn in a few steps.
  private static func logarithm(_ number: Double) -> Double {
    let more = number + 1
    guard more.isFinite, more >= 1 else { return 0 }
    return Double(more.exponent) + more.significand - 1
  }

  private static func exponential(_ power: Double) -> Double {
    let whole = power.rounded(.down)
    return Double(
      sign: .plus, exponent: Int(max(0, min(whole, 1000))), significand: 1 + power - whole)
      - 1
  }

  fileprivate static let eighths: [Unicode.Scalar] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]
}

extension Frame {
  /// Draws bars from the left edge of an area; those that do not fit are left out.
  package mutating func draw(_ histogram: Histogram, in area: Area) {
    for (bar, sum) in Histogram.sums(of: histogram.layers).enumerated() {
      let column = area.column + bar * histogram.barWidth
      let width = min(histogram.barWidth, area.endColumn - column)
      guard width > 0 else { return }
      let cells = histogram.cells(of: bar, sum, rows: area.rows)
      for (row, cell) in cells.enumerated() {
        for offset in 0..<width {
          self[row: area.endRow - 1 - row, column: column + offset] = cell
        }
      }
    }
  }
}

extension Histogram {
  /// The cells of a bar from the ground up.
  fileprivate func cells(of bar: Int, _ sum: Double, rows: Int) -> [Cell] {
    let share = share(of: sum)
    guard share > 0, rows > 0 else { return [Cell("·", style: .muted)] }
    let height = max(1, Int((share * Double(rows * 8)).rounded()))
    let owners = owners(of: bar, sum, rows: (height + 7) / 8)
    return owners.enumerated().map { row, owner in
      let lit = min(8, height - row * 8)
      let layer = layers[owner]
      return Cell(lit == 8 ? layer.scalar : Self.eighths[lit - 1], style: layer.style)
    }
  }

  /// The layer that each row of a bar belongs to: rows are given out by the layers' shares, at least one
  /// each from the largest down while there are any.
  private func owners(of bar: Int, _ sum: Double, rows: Int) -> [Int] {
    let counts = layers.map { $0.counts.indices.contains(bar) ? max(0, $0.counts[bar]) : 0 }
    var left = rows
    var given = counts.map { _ in 0 }
    for layer in counts.indices.sorted(by: { (counts[$1], $0) < (counts[$0], $1) }) {
      guard counts[layer] > 0, left > 0 else { continue }
      given[layer] = 1
      left -= 1
    }
    while left > 0 {
      // Whoever lacks most of what is its own gets the next.
      let next = counts.indices.max { one, other in
        lack(counts[one], sum, given[one], rows) < lack(counts[other], sum, given[other], rows)
      }
      guard let next else { break }
      given[next] += 1
      left -= 1
    }
    return given.enumerated().flatMap { Array(repeating: $0.offset, count: $0.element) }
  }

  private func lack(_ count: Double, _ sum: Double, _ given: Int, _ rows: Int) -> Double {
    count / sum * Double(rows) - Double(given)
  }
}
