/// The size of a screen in cells. Each side is held between 0 and 1,000, so that a size that a
/// terminal made up cannot ask for gigabytes.
package struct ScreenSize: Sendable, Hashable, CustomStringConvertible {
  package let columns: Int
  package let rows: Int

  package init(columns: Int, rows: Int) {
    self.columns = min(max(columns, 0), 1000)
    self.rows = min(max(rows, 0), 1000)
  }

  /// As in `--size 120x36`: columns, `x`, rows; nil when the text is not that.
  package init?(_ text: String) {
    let sides = text.split(separator: "x", omittingEmptySubsequences: false)
    guard sides.count == 2, let columns = Int(sides[0]), let rows = Int(sides[1]),
      (1...1000).contains(columns), (1...1000).contains(rows)
    else { return nil }
    self.init(columns: columns, rows: rows)
  }

  package var description: String { "\(columns)x\(rows)" }

  /// The whole screen.
  package var area: Area { Area(row: 0, column: 0, rows: rows, columns: columns) }
}

/// A cell's place, counted from the upper left corner, from 0.
package struct Position: Sendable, Hashable {
  package var row: Int
  package var column: Int

  package init(row: Int, column: Int) {
    self.row = row
    self.column = column
  }
}
