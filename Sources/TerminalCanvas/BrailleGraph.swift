/// A graph of two samples a column and four dots a row, in braille (U+2800 and on): layers stacked
/// from the bottom, and lines over them.
///
/// Guarantees: a sample above zero shows at least one dot, whatever the scale; a sample of zero
/// shows as a muted dot on the ground (where its neighbour leaves the cell free) and a missing one
/// (nil) as nothing, so that "none" and "not known" differ; and since a cell has one colour, a layer that would not win a single cell of its
/// column is given the topmost lit one. The newest sample stands at the right; older ones than fit
/// are not shown. Values that are not finite count as missing. Drawing takes time in the area.
package struct BrailleGraph: Sendable {
  /// How many of the dots of a layer show, which tells it from the others without a colour.
  package enum Texture: UInt32, Sendable {
    case solid = 0xFF
    /// Every other dot, as on a chessboard.
    case sparse = 0x6A
    /// Two of eight.
    case thin = 0x0A

    /// A cell of it, for a legend.
    package var sign: String { String(Character(Unicode.Scalar(0x2800 + rawValue) ?? " ")) }
  }

  /// One kind of sample, oldest first.
  package struct Layer: Sendable {
    package var samples: [Double?]
    package var style: Style
    package var texture: Texture

    package init(_ samples: [Double?], style: Style, texture: Texture = .solid) {
      self.samples = samples
      self.style = style
      self.texture = texture
    }
  }

  /// From the bottom up.
  package var layers: [Layer]
  /// The value of the upper edge; layers stand on 0.
  package var maximum: Double
  /// Lines on a scale of their own; where they meet, the last gives the style.
  package var lines: [Layer]
  package var lineScale: ClosedRange<Double>

  package init(
    layers: [Layer], maximum: Double, lines: [Layer] = [],
    lineScale: ClosedRange<Double> = 0...1
  ) {
    self.layers = layers
    self.maximum = maximum
    self.lines = lines
    self.lineScale = lineScale
  }

  /// How many samples an area of so many columns shows.
  package static func sampleCount(columns: Int) -> Int { max(columns, 0) * 2 }

  /// A round number that is not below any sample, for a scale that changes seldom: 1, 1.5, 2, 3, 4, 5, 6 or 8
  /// times a power of ten; 1 when there is nothing above 0.
  package static func niceMaximum(_ samples: some Sequence<Double?>) -> Double {
    let highest = samples.compactMap { $0 }.filter(\.isFinite).max() ?? 0
    guard highest > 0, highest < 1e18 else { return highest > 0 ? highest : 1 }
    var unit = 1.0
    while unit * 10 <= highest { unit *= 10 }
    while unit > highest { unit /= 10 }
    return [1, 1.5, 2, 3, 4, 5, 6, 8, 10].lazy.map { $0 * unit }.first { $0 >= highest } ?? highest
  }

  /// The sums of layers, sample by sample from the newest; a sample that is missing in one layer
  /// counts as 0 there, in all of them as missing. For `niceMaximum`.
  package static func sums(of layers: [Layer]) -> [Double?] {
    let count = layers.map(\.samples.count).max() ?? 0
    return (0..<count).map { index in
      let known = layers.compactMap { layer -> Double? in
        let place = index - (count - layer.samples.count)
        return layer.samples.indices.contains(place) ? layer.samples[place] : nil
      }
      return known.isEmpty ? nil : known.reduce(0, +)
    }
  }
}
