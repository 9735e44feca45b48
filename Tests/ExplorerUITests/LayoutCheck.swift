import ExplorerUI
import TerminalCanvas

/// What is wrong with a painted frame, in words.
struct LayoutCheck {
  private let frame: Frame
  private let regions: [Region]
  private let vocabulary: Set<Substring>

  /// `vocabulary`: all words that may stand on the screen.
  init(_ rendering: Rendering, vocabulary: Set<Substring>) {
    frame = rendering.frame
    regions = rendering.regions
    self.vocabulary = vocabulary
  }

  var faults: [String] {
    brokenBoxes + strayBorders + cutWords + touchingColumns + outside
  }

  // MARK: Boxes

  /// Glyphs of a box, when the program drew them: those in keys and values have other roles.
  private func border(_ row: Int, _ column: Int) -> Unicode.Scalar? {
    let cell = frame[row: row, column: column]
    let isBorder = cell.style.role == .border || cell.style.role == .focus
    return isBorder && "┌┐└┘│─".unicodeScalars.contains(cell.scalar) ? cell.scalar : nil
  }

  private struct Box {
    var area: Area
    var gaps: [Position] = []
  }

  private var boxes: [Box] {
    var boxes: [Box] = []
    for row in 0..<frame.size.rows {
      for column in 0..<frame.size.columns where border(row, column) == "┌" {
        boxes.append(box(from: row, column))
      }
    }
    return boxes
  }

  private func box(from row: Int, _ column: Int) -> Box {
    let right = (column..<frame.size.columns).first { border(row, $0) == "┐" }
    let foot = (row..<frame.size.rows).first { border($0, column) == "└" }
    guard let right, let foot else {
      let corner = Position(row: row, column: column)
      return Box(area: Area(row: row, column: column, rows: 1, columns: 1), gaps: [corner])
    }
    var box = Box(
      area: Area(row: row, column: column, rows: foot - row + 1, columns: right - column + 1))
    func expect(_ glyph: Unicode.Scalar, _ row: Int, _ column: Int) {
      if border(row, column) != glyph { box.gaps.append(Position(row: row, column: column)) }
    }
    expect("┘", foot, right)
    for side in row + 1..<foot {
      expect("│", side, column)
      expect("│", side, right)
    }
    for below in column + 1..<right { expect("─", foot, below) }
    return box
  }

  /// A box may have gaps only where a whole one lies over it.
  private var brokenBoxes: [String] {
    let boxes = boxes
    let whole = boxes.filter { $0.gaps.isEmpty && !$0.area.isEmpty }.map(\.area)
    return boxes.compactMap { box in
      let gap = box.gaps.first { gap in !whole.contains { $0.contains(gap) } }
      return gap.map { "the box \(box.area) is broken at row \($0.row), column \($0.column)" }
    }
  }

  /// Whole boxes that lie over others.
  private var dialogs: [Area] {
    let boxes = boxes
    let whole = boxes.filter { $0.gaps.isEmpty && !$0.area.isEmpty }.map(\.area)
    return whole.filter { dialog in
      boxes.contains { other in
        other.area != dialog
          && (0..<4).contains { corner in
            other.area.contains(
              Position(
                row: corner < 2 ? dialog.row : dialog.endRow - 1,
                column: corner % 2 == 0 ? dialog.column : dialog.endColumn - 1))
          }
      }
    }
  }

  /// Corners and sides that belong to no box.
  private var strayBorders: [String] {
    let boxes = boxes.map(\.area)
    var faults: [String] = []
    for row in 0..<frame.size.rows {
      for column in 0..<frame.size.columns {
        guard let glyph = border(row, column), glyph != "─" else { continue }
        let belongs = boxes.contains {
          $0.contains(Position(row: row, column: column))
            && (column == $0.column || column == $0.endColumn - 1)
        }
        if !belongs { faults.append("a stray \(glyph) at row \(row), column \(column)") }
      }
    }
    return faults
  }

  // MARK: Words

  /// What stands between blanks and borders and has a letter.
  static func words(of text: String) -> [Substring] {
    text.split { " \n│".contains($0) }.filter { word in
      word.contains { $0.isLetter && $0.isASCII }
    }
  }

  private var cutWords: [String] {
    let dialogs = dialogs
    return (0..<frame.size.rows).flatMap { row in
      parts(of: row, beside: dialogs).flatMap(Self.words).filter { word in
        !vocabulary.contains(word) && !word.contains("…") && !Self.isFigure(word)
      }.map { "“\($0)” is cut, or two words touch" }
    }
  }

  /// The text of a row, inside and outside of the dialogs that lie on it; what a dialog covers in
  /// part is left out.
  private func parts(of row: Int, beside dialogs: [Area]) -> [String] {
    guard let dialog = dialogs.first(where: { row >= $0.row && row < $0.endRow }) else {
      return [frame.rowText(row)]
    }
    func text(_ columns: Range<Int>) -> Substring {
      var text = ""
      for column in columns { frame[row: row, column: column].append(to: &text) }
      return text[...]
    }
    // What touches a dialog is cut by it, and so is what a blank beside its frame parts from it.
    var left = text(0..<max(0, dialog.column - 1))
    while left.last.map({ $0 != " " }) ?? false { left.removeLast() }
    let right = text(min(dialog.endColumn + 1, frame.size.columns)..<frame.size.columns)
      .drop { $0 != " " }
    return [String(left), String(text(dialog.column..<dialog.endColumn)), String(right)]
  }

  /// A figure with its unit, which depends on the room for it.
  private static func isFigure(_ word: Substring) -> Bool {
    let rest = word.drop { "-+.,:0123456789".contains($0) }
    return rest.count < word.count
      && ["", "k", "M", "G", "K", "B", "s", "m", "h", "/s"].contains(rest)
  }

  // MARK: Columns

  /// A blank stands before each entry below a head of the list.
  private var touchingColumns: [String] {
    var faults: [String] = []
    let dialogs = dialogs
    for row in 0..<frame.size.rows {
      let line = frame.rowText(row)
      guard line.contains(" key "), line.contains(" type "), line.contains(" ttl ") else {
        continue
      }
      let cells = (0..<frame.size.columns).map { frame[row: row, column: $0].scalar }
      guard
        let type = cells.indices.first(where: { cells[$0...].starts(with: "type".unicodeScalars) })
      else { continue }
      for below in row + 1..<frame.size.rows {
        if border(below, 0) == "└" { break }
        let place = Position(row: below, column: type - 1)
        if frame[row: below, column: type - 1].scalar != " ",
          !dialogs.contains(where: { $0.contains(place) })
        {
          faults.append("row \(below) touches the column of the type")
        }
      }
    }
    return faults
  }

  // MARK: Edges

  private var outside: [String] {
    var faults = regions.filter {
      $0.area.isEmpty || $0.area.row < 0 || $0.area.column < 0
        || $0.area.endRow > frame.size.rows || $0.area.endColumn > frame.size.columns
    }.map { "the region \($0) is not on the screen" }
    if let cursor = frame.cursor, !frame.area.contains(cursor) {
      faults.append("the cursor is lost")
    }
    return faults
  }
}
