extension Frame {
  /// Fills an area with one scalar of width 1, by default a blank.
  package mutating func fill(_ area: Area, with scalar: Unicode.Scalar = " ", style: Style = .text)
  {
    let columns = max(area.column, 0)..<max(min(area.endColumn, size.columns), max(area.column, 0))
    for row in max(area.row, 0)..<max(min(area.endRow, size.rows), max(area.row, 0)) {
      for column in columns { place(Cell(scalar, style: style), row: row, column: column) }
    }
  }

  /// Draws a border with a title on its upper side at the left and, room allowing, another at the
  /// right; `focused` gives it the accent. Returns the area inside. What is smaller than 2 by 2
  /// is left alone.
  @discardableResult
  package mutating func box(
    _ area: Area, title: String = "", trailing: String = "", focused: Bool = false
  ) -> Area {
    guard area.rows >= 2, area.columns >= 2 else { return area.inset(rows: 1, columns: 1) }
    let border = Style(focused ? .focus : .border)
    outline(area, style: border)
    let room = area.columns - 4
    let used = putTitle(
      title, row: area.row, column: area.column + 1, room: room,
      style: Style(.title, on: .plain, focused ? .bold : []))
    let width = DisplayWidth.of(trailing, bound: room) + 2
    if !trailing.isEmpty, used + width + 1 <= area.columns - 2 {
      putTitle(
        trailing, row: area.row, column: area.endColumn - 1 - width, room: room,
        style: Style(.muted))
    }
    return area.inset(rows: 1, columns: 1)
  }

  /// A horizontal line of `─`.
  package mutating func rule(row: Int, column: Int, columns: Int, style: Style = Style(.border)) {
    fill(Area(row: row, column: column, rows: 1, columns: columns), with: "─", style: style)
  }

  @discardableResult
  private mutating func putTitle(
    _ title: String, row: Int, column: Int, room: Int, style: Style
  ) -> Int {
    guard !title.isEmpty, room >= 3 else { return 0 }
    fill(Area(row: row, column: column, rows: 1, columns: 1))
    let used = put(
      title, row: row, column: column + 1, style: style, limit: room, overflow: .ellipsis)
    put(" ", row: row, column: column + 1 + used)
    return used + 2
  }

  private mutating func outline(_ area: Area, style: Style) {
    let (bottom, right) = (area.endRow - 1, area.endColumn - 1)
    rule(row: area.row, column: area.column, columns: area.columns, style: style)
    rule(row: bottom, column: area.column, columns: area.columns, style: style)
    for column in [area.column, right] {
      fill(
        Area(row: area.row, column: column, rows: area.rows, columns: 1), with: "│", style: style)
    }
    place(Cell("┌", style: style), row: area.row, column: area.column)
    place(Cell("┐", style: style), row: area.row, column: right)
    place(Cell("└", style: style), row: bottom, column: area.column)
    place(Cell("┘", style: style), row: bottom, column: right)
  }
}
