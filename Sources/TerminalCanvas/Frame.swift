/// A grid of cells: what a screen shows, without any terminal.
///
/// A view writes text by place and style; the frame keeps it inside its bounds and keeps wide
/// characters whole: text is sanitised, clipped by columns, and writing over one half of a wide
/// character blanks the other half. Nothing written can trap, whatever its place. Frames are values
/// and cheap: one array of 16-byte cells, and two of them compare row by row, so that a terminal
/// sends only the rows that changed.
package struct Frame: Sendable, Equatable {
  package let size: ScreenSize
  /// Where the cursor stands; nil hides it.
  package var cursor: Position?
  private(set) var cells: [Cell]

  package init(size: ScreenSize) {
    self.size = size
    cells = Array(repeating: .blank(), count: size.columns * size.rows)
  }

  package var area: Area { size.area }

  /// A cell; outside of the frame reading gives a blank and writing does nothing. Writing a cell
  /// here does not look after its neighbours: text goes through `put`.
  package subscript(row row: Int, column column: Int) -> Cell {
    get {
      guard let index = index(row, column) else { return .blank() }
      return cells[index]
    }
    set {
      guard let index = index(row, column) else { return }
      cells[index] = newValue
    }
  }

  /// One row's cells; empty outside of the frame.
  package func row(_ row: Int) -> ArraySlice<Cell> {
    guard row >= 0, row < size.rows else { return [] }
    return cells[row * size.columns..<(row + 1) * size.columns]
  }

  /// Whether a row shows the same in both frames. False when the sizes differ.
  package func rowEquals(_ row: Int, of other: Frame) -> Bool {
    size == other.size && self.row(row) == other.row(row)
  }

  private func index(_ row: Int, _ column: Int) -> Int? {
    guard row >= 0, row < size.rows, column >= 0, column < size.columns else { return nil }
    return row * size.columns + column
  }

  /// Puts one scalar of a known width, and blanks what is left of wide characters that it cuts.
  /// The caller has made sure that both halves are inside.
  mutating func place(_ cell: Cell, row: Int, column: Int) {
    guard let head = index(row, column) else { return }
    releaseNeighbours(of: head, column: column)
    cells[head] = cell
    guard cell.isWide, let tail = index(row, column + 1) else { return }
    releaseNeighbours(of: tail, column: column + 1)
    cells[head] = cell
    cells[tail] = .continuation(cell.style)
  }

  /// Blanks the other half of a wide character that the cell at `index` is a half of.
  private mutating func releaseNeighbours(of index: Int, column: Int) {
    if cells[index].isContinuation, column > 0 {
      cells[index - 1] = .blank(cells[index - 1].style)
    }
    if cells[index].isWide, column + 1 < size.columns {
      cells[index + 1] = .blank(cells[index + 1].style)
    }
  }

  /// Adds a zero-width scalar to the character at or before a column.
  mutating func attach(_ mark: Unicode.Scalar, row: Int, before column: Int) {
    guard var index = index(row, column - 1) else { return }
    if cells[index].isContinuation, column > 1 { index -= 1 }
    cells[index].attach(mark)
  }

  /// Changes the styles of an area and leaves its text.
  package mutating func restyle(_ area: Area, _ change: (inout Style) -> Void) {
    for row in max(area.row, 0)..<max(min(area.endRow, size.rows), max(area.row, 0)) {
      let start = max(area.column, 0)
      for column in start..<max(min(area.endColumn, size.columns), start) {
        change(&cells[row * size.columns + column].style)
      }
    }
  }
}
