extension ValueText {
  /// A container that stands over several lines.
  package struct Fold: Sendable, Equatable {
    /// The line that closes it.
    package var end: Int
    /// How many values or members stand in it.
    package var count: Int
  }

  /// The containers of JSON by the line that opens each, but for the outermost; none for other forms.
  /// Linear.
  package var folds: [Int: Fold] {
    guard form == .json else { return [:] }
    var folds: [Int: Fold] = [:]
    var open: [(line: Int, count: Int)] = []
    for (number, line) in lines.enumerated() {
      let first = line.tokens.first { $0.role != .plain }
      if let first, first.role == .punctuation, first.text == "}" || first.text == "]" {
        guard let ended = open.popLast() else { return folds }
        if !open.isEmpty { folds[ended.line] = Fold(end: number, count: ended.count) }
        continue
      }
      if !open.isEmpty { open[open.count - 1].count += 1 }
      guard let last = line.tokens.last, last.role == .punctuation,
        last.text == "{" || last.text == "["
      else { continue }
      open.append((number, 0))
    }
    return folds
  }
}
