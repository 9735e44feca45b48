import CNCurses
package import TerminalCanvas

extension CursesTerminal {
  /// Shows a frame. Rows equal to those of the frame before are skipped; what a smaller frame does
  /// not cover is blank. Blocks while the terminal does not read.
  package func present(_ frame: Frame, theme: Theme) {
    let before = shown.flatMap { $0.theme == theme && $0.frame.size == frame.size ? $0.frame : nil }
    let size = self.size
    for row in 0..<size.rows where before.map({ !frame.rowEquals(row, of: $0) }) ?? true {
      put(row, of: frame, theme: theme, columns: size.columns)
    }
    place(frame.cursor, in: size)
    cn_flush()
    shown = (frame, theme)
  }

  private func place(_ cursor: Position?, in size: ScreenSize) {
    guard let cursor, size.area.contains(cursor) else { return cn_cursor(-1, 0) }
    cn_cursor(Int32(cursor.row), Int32(cursor.column))
  }

  private func put(_ row: Int, of frame: Frame, theme: Theme, columns: Int) {
    var cells: [cn_cell] = []
    cells.reserveCapacity(columns)
    var used = 0
    var look = (style: Style.text, cell: prototype(.text, theme))
    for cell in frame.row(row).prefix(columns) where !cell.isContinuation {
      guard used + Int(cell.width) <= columns else { break }
      if cell.style != look.style { look = (cell.style, prototype(cell.style, theme)) }
      cells.append(filled(look.cell, with: cell))
      used += Int(cell.width)
    }
    let blank = filled(prototype(.text, theme), with: .blank())
    while used < columns {
      cells.append(blank)
      used += 1
    }
    cn_put_row(Int32(row), cells, Int32(cells.count))
  }

  /// A cell without text that looks as a style does.
  private func prototype(_ style: Style, _ theme: Theme) -> cn_cell {
    let look = theme.resolve(style, depth: depth)
    var cell = cn_cell()
    cell.pair = pairs.pair(foreground: look.foreground, background: look.background)
    if look.attributes.contains(.bold) { cell.attributes |= UInt16(CN_BOLD) }
    if look.attributes.contains(.dim) { cell.attributes |= UInt16(CN_DIM) }
    if look.attributes.contains(.underline) { cell.attributes |= UInt16(CN_UNDERLINE) }
    if look.attributes.contains(.reverse) { cell.attributes |= UInt16(CN_REVERSE) }
    return cell
  }

  private func filled(_ prototype: cn_cell, with cell: Cell) -> cn_cell {
    var filled = prototype
    filled.text.0 = cell.scalar.value
    let marks = cell.marks
    if !marks.isEmpty { filled.text.1 = marks[0].value }
    if marks.count > 1 { filled.text.2 = marks[1].value }
    if marks.count > 2 { filled.text.3 = marks[2].value }
    return filled
  }
}
