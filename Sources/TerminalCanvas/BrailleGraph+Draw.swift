extension Frame {
  /// Draws a graph into an area.
  package mutating func draw(_ graph: BrailleGraph, in area: Area) {
    guard !area.isEmpty else { return }
    for column in 0..<area.columns {
      let left = graph.stack(at: column * 2, area)
      let right = graph.stack(at: column * 2 + 1, area)
      let lines = graph.lines.map {
        (graph.span(of: $0, at: column * 2, area), graph.span(of: $0, at: column * 2 + 1, area))
      }
      let owners = graph.owners(left, right, rows: area.rows)
      for row in 0..<area.rows {
        let floor = (area.rows - 1 - row) * 4
        let cell = graph.cell(floor: floor, left, right, lines, owner: owners[row])
        self[row: area.row + row, column: area.column + column] = cell
      }
    }
  }
}

extension BrailleGraph {
  /// The dots at which each layer of one sample ends, counted from the ground; nil when nothing is
  /// known of it.
  typealias Stack = [Int]?

  /// Dots are numbered in braille by column and row; these are the bits from the bottom up.
  private static let leftBits: [UInt32] = [0x40, 0x04, 0x02, 0x01]
  private static let rightBits: [UInt32] = [0x80, 0x20, 0x10, 0x08]
  /// The sample of a layer for a dot column, counted from the left edge of the area.
  private func sample(_ layer: Layer, at dot: Int, _ area: Area) -> Double? {
    let index = layer.samples.count - area.columns * 2 + dot
    guard layer.samples.indices.contains(index), let sample = layer.samples[index],
      sample.isFinite
    else { return nil }
    return sample
  }

  func stack(at dot: Int, _ area: Area) -> Stack {
    let samples = layers.map { sample($0, at: dot, area) }
    guard samples.contains(where: { $0 != nil }) else { return nil }
    let height = area.rows * 4
    var (sum, top) = (0.0, 0)
    var above = samples.count { $0 ?? 0 > 0 }
    return samples.map { sample in
      guard let sample, sample > 0 else { return top }
      sum += sample
      above -= 1
      top = min(max(dots(of: sum / maximum, height), top + 1), max(height - above, top))
      return top
    }
  }

  private func dots(of share: Double, _ height: Int) -> Int {
    guard share.isFinite else { return height }
    return Int((min(max(share, 0), 1) * Double(height)).rounded())
  }

  /// The dots that a line takes in a dot column: from the sample before to this one, so that it
  /// does not break.
  func span(of line: Layer, at dot: Int, _ area: Area) -> ClosedRange<Int>? {
    guard let here = linePlace(line, at: dot, area) else { return nil }
    guard let before = linePlace(line, at: dot - 1, area), before != here else {
      return here...here
    }
    return before < here ? before + 1...here : here...before - 1
  }

  private func linePlace(_ line: Layer, at dot: Int, _ area: Area) -> Int? {
    guard dot >= 0, let value = sample(line, at: dot, area) else { return nil }
    let width = lineScale.upperBound - lineScale.lowerBound
    let share = width > 0 ? (value - lineScale.lowerBound) / width : 0
    return dots(of: share, area.rows * 4 - 1)
  }

  /// The layer that gives each row of a column its style, from the top row down; nil where no dot
  /// is lit.
  func owners(_ left: Stack, _ right: Stack, rows: Int) -> [Int?] {
    var owners: [Int?] = (0..<rows).map { row in
      let floor = (rows - 1 - row) * 4
      let counts = layers.indices.map { lit($0, left, floor) + lit($0, right, floor) }
      guard let most = counts.max(), most > 0 else { return nil }
      return counts.lastIndex(of: most)
    }
    for layer in layers.indices.dropFirst() where !owners.contains(layer) {
      guard adds(layer, left) || adds(layer, right) else { continue }
      let top = owners.firstIndex { $0 != nil }
      if let top { owners[top] = layer }
    }
    return owners
  }

  /// How many dots of a layer lie in the cell that begins at `floor`.
  private func lit(_ layer: Int, _ stack: Stack, _ floor: Int) -> Int {
    guard let stack, stack.indices.contains(layer) else { return 0 }
    let start = layer > 0 ? stack[layer - 1] : 0
    return max(min(stack[layer], floor + 4) - max(start, floor), 0)
  }

  private func adds(_ layer: Int, _ stack: Stack) -> Bool {
    guard let stack, stack.indices.contains(layer), layer > 0 else { return false }
    return stack[layer] > stack[layer - 1]
  }

  func cell(
    floor: Int, _ left: Stack, _ right: Stack, _ spans: [(ClosedRange<Int>?, ClosedRange<Int>?)],
    owner: Int?
  ) -> Cell {
    var (lineBits, style) = (UInt32(0), Style.text)
    for (line, span) in zip(lines, spans) {
      let own =
        bits(Self.leftBits, floor) { span.0?.contains($0) ?? false }
        | bits(Self.rightBits, floor) { span.1?.contains($0) ?? false }
      if own != 0 { (lineBits, style) = (lineBits | own, line.style) }
    }
    if lineBits != 0 { return braille(lineBits, style) }
    let areaBits =
      bits(Self.leftBits, floor) { $0 < left?.last ?? 0 }
      | bits(Self.rightBits, floor) { $0 < right?.last ?? 0 }
    if areaBits != 0, let owner {
      let shown = areaBits & layers[owner].texture.rawValue
      return braille(shown == 0 ? areaBits : shown, layers[owner].style)
    }
    let ground: UInt32 = (left == nil ? 0 : 0x40) | (right == nil ? 0 : 0x80)
    return floor == 0 && ground != 0 ? braille(ground, .muted) : .blank()
  }

  private func bits(_ column: [UInt32], _ floor: Int, where isLit: (Int) -> Bool) -> UInt32 {
    column.indices.reduce(0) { isLit(floor + $1) ? $0 | column[$1] : $0 }
  }

  private func braille(_ bits: UInt32, _ style: Style) -> Cell {
    Cell(Unicode.Scalar(0x2800 + bits) ?? " ", style: style)
  }
}
