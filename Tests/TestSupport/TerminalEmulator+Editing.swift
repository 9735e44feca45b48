import TerminalCanvas

extension TerminalEmulator {
  private var blank: Cell {
    var cell = Cell()
    cell.look.background = pen.background
    return cell
  }

  /// Sequences that erase, insert, delete and scroll; false when it is none of these.
  mutating func edit(_ final: Character, _ first: Int, _ count: Int) -> Bool {
    let (row, column) = (cursor.row, cursor.column)
    wrapIsPending = false
    switch final {
    case "J": eraseScreen(first)
    case "K": eraseLine(first)
    case "X": erase(row, column..<min(column + count, columns))
    case "@":
      cells[row].insert(contentsOf: blanks(min(count, columns - column)), at: column)
      cells[row].removeLast(cells[row].count - columns)
    case "P":
      cells[row].removeSubrange(column..<min(column + count, columns))
      cells[row] += blanks(columns - cells[row].count)
    case "L" where region.contains(row): scroll(row...region.upperBound, down: count)
    case "M" where region.contains(row): scroll(row...region.upperBound, up: count)
    case "S": scroll(region, up: count)
    case "T": scroll(region, down: count)
    default: return false
    }
    return true
  }

  private func blanks(_ count: Int) -> [Cell] { Array(repeating: blank, count: max(count, 0)) }

  private mutating func erase(_ row: Int, _ range: Range<Int>) {
    for column in range { cells[row][column] = blank }
  }

  private mutating func eraseLine(_ part: Int) {
    let column = cursor.column
    let ranges = [column..<columns, 0..<column + 1, 0..<columns]
    if ranges.indices.contains(part) { erase(cursor.row, ranges[part]) }
  }

  private mutating func eraseScreen(_ part: Int) {
    if part == 2 { for row in 0..<rows { erase(row, 0..<columns) } }
    if part == 0 {
      eraseLine(0)
      for row in (cursor.row + 1)..<max(rows, cursor.row + 1) { erase(row, 0..<columns) }
    }
    if part == 1 {
      eraseLine(1)
      for row in 0..<cursor.row { erase(row, 0..<columns) }
    }
  }

  mutating func setRegion(_ top: Int, _ bottom: Int) {
    let (top, bottom) = (max(top, 1) - 1, (bottom == 0 ? rows : min(bottom, rows)) - 1)
    if top < bottom { region = top...bottom }
    move(row: 0, column: 0)
  }

  private mutating func scroll(_ range: ClosedRange<Int>, up count: Int) {
    let count = min(count, range.count)
    cells.removeSubrange(range.lowerBound..<range.lowerBound + count)
    let lines = Array(repeating: blanks(columns), count: count)
    cells.insert(contentsOf: lines, at: range.upperBound - count + 1)
  }

  private mutating func scroll(_ range: ClosedRange<Int>, down count: Int) {
    let count = min(count, range.count)
    cells.removeSubrange(range.upperBound - count + 1...range.upperBound)
    let lines = Array(repeating: blanks(columns), count: count)
    cells.insert(contentsOf: lines, at: range.lowerBound)
  }

  mutating func lineFeed() {
    if cursor.row == region.upperBound {
      scroll(region, up: 1)
      wrapIsPending = false
    } else {
      move(row: cursor.row + 1, column: cursor.column)
    }
  }

  mutating func reverseLineFeed() {
    if cursor.row == region.lowerBound {
      scroll(region, down: 1)
    } else {
      move(row: cursor.row - 1, column: cursor.column)
    }
  }

  mutating func switchScreen(toAlternate: Bool) {
    guard toAlternate != privateModes.contains(1049) else { return }
    if toAlternate {
      savedCursor = (cursor, pen)
      mainScreen = cells
      cells = Array(repeating: Array(repeating: Cell(), count: columns), count: rows)
    } else {
      cells = mainScreen
      mainScreen = []
      move(row: savedCursor.0.row, column: savedCursor.0.column)
      pen = savedCursor.1
    }
  }

  /// SGR.
  mutating func setGraphics(_ numbers: [Int]) {
    var rest = numbers[...]
    while let number = rest.popFirst() {
      switch number {
      case 0: pen = Look()
      case 1: pen.bold = true
      case 2: pen.dim = true
      case 4: pen.underline = true
      case 7: pen.reverse = true
      case 22: (pen.bold, pen.dim) = (false, false)
      case 24: pen.underline = false
      case 27: pen.reverse = false
      case 30...37: pen.foreground = number - 30
      case 40...47: pen.background = number - 40
      case 90...97: pen.foreground = number - 82
      case 100...107: pen.background = number - 92
      case 10: break  // the ordinary font, as the Linux console has it
      case 39: pen.foreground = nil
      case 49: pen.background = nil
      case 38, 48: setIndexed(isForeground: number == 38, &rest)
      default: failures.append("SGR \(number)")
      }
    }
  }

  private mutating func setIndexed(isForeground: Bool, _ rest: inout ArraySlice<Int>) {
    guard rest.popFirst() == 5, let colour = rest.popFirst() else {
      return failures.append("SGR colour of another form")
    }
    if isForeground { pen.foreground = colour } else { pen.background = colour }
  }
}
