extension Frame {
  /// What happens to text that does not fit.
  package enum Overflow: Sendable {
    /// Cut off.
    case clip
    /// Cut off, with `…` in the last column.
    case ellipsis
  }

  /// Writes text from a place to the right and returns the columns that it took. Text is sanitised
  /// (list form) and never leaves its row, the frame, or `limit` columns; a wide character that
  /// would cross the limit leaves a blank instead. What starts left of the frame is not written.
  @discardableResult
  package mutating func put(
    _ text: String, row: Int, column: Int, style: Style = .text, limit: Int = .max,
    overflow: Overflow = .clip
  ) -> Int {
    guard row >= 0, row < size.rows, column >= 0, column < size.columns, limit > 0 else {
      return 0
    }
    let room = min(limit, size.columns - column)
    guard overflow == .ellipsis, DisplayWidth.of(text, bound: room) > room else {
      return write(text, row: row, column: column, style: style, room: room)
    }
    let used = write(text, row: row, column: column, style: style, room: room - 1)
    place(Cell("…", style: style), row: row, column: column + used)
    return used + 1
  }

  /// Writes text so that it ends at the right side of `columns` columns from `column`; what does
  /// not fit is clipped at its end.
  @discardableResult
  package mutating func putRight(
    _ text: String, row: Int, column: Int, columns: Int, style: Style = .text
  ) -> Int {
    let width = DisplayWidth.of(text, bound: columns)
    return put(
      text, row: row, column: column + max(columns - width, 0), style: style, limit: columns,
      overflow: .ellipsis)
  }

  /// Writes text in the middle of `columns` columns from `column`.
  @discardableResult
  package mutating func putCentered(
    _ text: String, row: Int, column: Int, columns: Int, style: Style = .text
  ) -> Int {
    let width = DisplayWidth.of(text, bound: columns)
    return put(
      text, row: row, column: column + max(columns - width, 0) / 2, style: style, limit: columns,
      overflow: .ellipsis)
  }

  private mutating func write(
    _ text: String, row: Int, column: Int, style: Style, room: Int
  ) -> Int {
    var walk = ScalarWalk(text)
    var used = 0
    while let step = walk.next() {
      if step.columns == 0 {
        attach(step.scalar, row: row, before: column + used)
        continue
      }
      guard used + step.columns <= room else {
        if used < room { place(.blank(style), row: row, column: column + used) }
        return used
      }
      var cell = Cell(step.scalar, width: step.columns, style: style)
      if let mark = step.mark { cell.attach(mark) }
      place(cell, row: row, column: column + used)
      used += step.columns
    }
    return used
  }
}
