/// How the width of the Keys screen is shared between the list and the value. A share and not a
/// number of columns, so that it holds when the window changes its size.
package struct PaneSplit: Sendable, Equatable {
  /// Thousandths of the width that are the list's.
  package private(set) var share = 580
  /// The mouse holds the line between the panes.
  package internal(set) var isHeld = false

  /// Columns that each pane keeps: below, it could not be read.
  private static let leastOfList = 30
  private static let leastOfValue = 24

  package init() {}

  /// The list's columns of so many in all.
  package func listColumns(of total: Int) -> Int {
    max(0, min(max(total * share / 1000, Self.leastOfList), total - Self.leastOfValue))
  }

  /// Lets the list end before a column.
  mutating func move(to column: Int, of total: Int) {
    guard total > 0, total <= 10_000 else { return }
    let kept = min(max(column, Self.leastOfList), total - Self.leastOfValue)
    share = min(max((kept * 1000 + total - 1) / total, 0), 1000)
  }

  /// Wider or narrower by twentieths of the width.
  mutating func step(by steps: Int) {
    share = min(max(share + steps * 50, 200), 850)
  }
}
