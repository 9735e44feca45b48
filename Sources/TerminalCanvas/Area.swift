/// A rectangle of cells. Sides are never negative; what is cut from it stays inside it.
package struct Area: Sendable, Hashable {
  package var row: Int
  package var column: Int
  package var rows: Int
  package var columns: Int

  package init(row: Int, column: Int, rows: Int, columns: Int) {
    self.row = row
    self.column = column
    self.rows = max(rows, 0)
    self.columns = max(columns, 0)
  }

  package var isEmpty: Bool { rows == 0 || columns == 0 }
  /// One beyond the last row.
  package var endRow: Int { row + rows }
  /// One beyond the last column.
  package var endColumn: Int { column + columns }

  package func contains(_ position: Position) -> Bool {
    position.row >= row && position.row < endRow && position.column >= column
      && position.column < endColumn
  }

  /// What is left inside when so much is taken from each side.
  package func inset(rows byRows: Int = 0, columns byColumns: Int = 0) -> Area {
    Area(
      row: row + byRows, column: column + byColumns, rows: rows - 2 * byRows,
      columns: columns - 2 * byColumns)
  }

  /// Cuts rows off the top: returns them, and keeps the rest.
  package mutating func takeTop(_ count: Int) -> Area {
    let taken = min(max(count, 0), rows)
    defer {
      row += taken
      rows -= taken
    }
    return Area(row: row, column: column, rows: taken, columns: columns)
  }

  /// Cuts rows off the bottom: returns them, and keeps the rest.
  package mutating func takeBottom(_ count: Int) -> Area {
    let taken = min(max(count, 0), rows)
    rows -= taken
    return Area(row: row + rows, column: column, rows: taken, columns: columns)
  }

  /// Cuts columns off the left: returns them, and keeps the rest.
  package mutating func takeLeft(_ count: Int) -> Area {
    let taken = min(max(count, 0), columns)
    defer {
      column += taken
      columns -= taken
    }
    return Area(row: row, column: column, rows: rows, columns: taken)
  }

  /// Cuts columns off the right: returns them, and keeps the rest.
  package mutating func takeRight(_ count: Int) -> Area {
    let taken = min(max(count, 0), columns)
    columns -= taken
    return Area(row: row, column: column + columns, rows: rows, columns: taken)
  }
}
