package import TerminalCanvas

/// What a terminal of xterm's kind shows for a program's output: enough of it for what ncurses
/// sends, and strict: every sequence that it does not know is written down in `failures`, so that
/// a test also checks that nothing odd is sent.
package struct TerminalEmulator: Sendable {
  /// How a cell looks: colour numbers (nil: the terminal's own) and attributes.
  package struct Look: Sendable, Hashable {
    package var foreground: Int?
    package var background: Int?
    package var bold: Bool
    package var dim: Bool
    package var underline: Bool
    package var reverse: Bool

    package init(
      foreground: Int? = nil, background: Int? = nil, bold: Bool = false, dim: Bool = false,
      underline: Bool = false, reverse: Bool = false
    ) {
      (self.foreground, self.background) = (foreground, background)
      (self.bold, self.dim) = (bold, dim)
      (self.underline, self.reverse) = (underline, reverse)
    }
  }

  package struct Cell: Sendable, Hashable {
    /// Empty for the right half of a wide character.
    package var text = " "
    package var look = Look()
  }

  package let initialSize: ScreenSize
  package private(set) var columns: Int
  package private(set) var rows: Int
  package var cells: [[Cell]]
  package var cursor = Position(row: 0, column: 0)
  package var cursorIsVisible = true
  /// DEC private modes that are on, such as 1049 (alternate screen), 1000, 1002, 1006 (mouse) and
  /// 2004 (bracketed paste).
  package var privateModes: Set<Int> = []
  /// Operating system commands, such as `11;?`.
  package var commands: [String] = []
  /// Sequences that are not known, as text.
  package var failures: [String] = []
  /// Everything that was sent.
  package private(set) var bytesReceived = 0

  var pen = Look()
  var region: ClosedRange<Int>
  var savedCursor: (Position, Look) = (Position(row: 0, column: 0), Look())
  var mainScreen: [[Cell]] = []
  /// The last character stood in the last column; the next one wraps first.
  var wrapIsPending = false
  var lastPrinted: Unicode.Scalar = " "
  private var held: [UInt8] = []

  package init(size: ScreenSize) {
    initialSize = size
    columns = size.columns
    rows = size.rows
    cells = Array(repeating: Array(repeating: Cell(), count: size.columns), count: size.rows)
    region = 0...max(size.rows - 1, 0)
  }

  /// The lines of the screen without trailing blanks.
  package var lines: [String] {
    cells.map { row in
      var line = row.map(\.text).joined()
      while line.last == " " { line.removeLast() }
      return line
    }
  }

  package var text: String { lines.joined(separator: "\n") }

  /// Takes output; a sequence that is cut off waits for the rest.
  package mutating func feed(_ bytes: some Sequence<UInt8>) {
    held += bytes
    bytesReceived += held.count
    var rest = held[...]
    while let first = rest.first {
      let before = rest
      guard takeOne(first, &rest) else {
        rest = before
        break
      }
    }
    held = Array(rest)
    bytesReceived -= held.count
  }

  /// The window has another size: what lies outside is cut off.
  package mutating func resize(to size: ScreenSize) {
    (columns, rows) = (size.columns, size.rows)
    region = 0...max(rows - 1, 0)
    cells = Self.fitted(cells, rows, columns)
    if !mainScreen.isEmpty { mainScreen = Self.fitted(mainScreen, rows, columns) }
    move(row: cursor.row, column: cursor.column)
  }

  private static func fitted(_ cells: [[Cell]], _ rows: Int, _ columns: Int) -> [[Cell]] {
    (0..<rows).map { row in
      let old = row < cells.count ? Array(cells[row].prefix(columns)) : []
      return old + Array(repeating: Cell(), count: columns - old.count)
    }
  }

  mutating func move(row: Int, column: Int) {
    cursor = Position(row: min(max(row, 0), rows - 1), column: min(max(column, 0), columns - 1))
    wrapIsPending = false
  }

  mutating func print(_ scalar: Unicode.Scalar) {
    let width = DisplayWidth.of(scalar)
    guard width > 0 else { return attach(scalar) }
    if wrapIsPending || cursor.column + width > columns {
      lineFeed()
      move(row: cursor.row, column: 0)
    }
    lastPrinted = scalar
    blankHalves(at: cursor.column)
    if width == 2 { blankHalves(at: cursor.column + 1) }
    cells[cursor.row][cursor.column] = Cell(text: String(scalar), look: pen)
    if width == 2 { cells[cursor.row][cursor.column + 1] = Cell(text: "", look: pen) }
    let next = cursor.column + width
    wrapIsPending = next >= columns
    cursor.column = min(next, columns - 1)
  }

  private mutating func attach(_ mark: Unicode.Scalar) {
    let column = wrapIsPending ? cursor.column : cursor.column - 1
    guard column >= 0 else { return failures.append("mark without a character") }
    let isTail = cells[cursor.row][column].text.isEmpty && column > 0
    cells[cursor.row][column - (isTail ? 1 : 0)].text.unicodeScalars.append(mark)
  }

  /// Writing over one half of a wide character loses the other.
  private mutating func blankHalves(at column: Int) {
    let row = cursor.row
    if cells[row][column].text.isEmpty, column > 0 { cells[row][column - 1].text = " " }
    if column + 1 < columns, cells[row][column + 1].text.isEmpty {
      cells[row][column + 1].text = " "
    }
  }
}
