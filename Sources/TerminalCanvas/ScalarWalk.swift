/// Walks over text scalar by scalar, made safe for a cell: each step says what to show and how
/// many columns it takes. Zero columns: belongs to the cell before.
struct ScalarWalk {
  struct Step {
    var scalar: Unicode.Scalar
    var columns: Int
    /// A mark that stands on `scalar`, for a mark with nothing before it.
    var mark: Unicode.Scalar?

    var scalars: [Unicode.Scalar] { mark.map { [scalar, $0] } ?? [scalar] }
  }

  private var rest: String.UnicodeScalarView.Iterator
  private var isFirst = true

  init(_ text: String) {
    rest = text.unicodeScalars.makeIterator()
  }

  mutating func next() -> Step? {
    while let raw = rest.next() {
      guard let (scalar, columns) = TextSanitizer.cellScalar(raw) else { continue }
      defer { isFirst = false }
      if columns == 0, isFirst {
        return Step(scalar: "\u{25CC}", columns: 1, mark: scalar)
      }
      return Step(scalar: scalar, columns: columns)
    }
    return nil
  }
}
