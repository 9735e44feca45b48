import ValueDecoding

/// Folding: the containers of JSON, each on one line when it is folded.
extension ValueLayout {
  /// Whether something can be folded: then there is a cursor.
  package var hasFolds: Bool { !folds.isEmpty }

  private func line(of row: Int) -> Int? {
    lineNumbers.indices.contains(row) ? lineNumbers[row] : nil
  }

  /// Whether the container that a row opens is folded; nil for a row that opens none.
  func isFolded(_ row: Int) -> Bool? {
    guard let line = line(of: row), folds[line] != nil else { return nil }
    return folded.contains(line)
  }

  /// Folds or unfolds the container that a row opens.
  mutating func setFolded(_ row: Int, _ isFolded: Bool) {
    guard let line = line(of: row), folds[line] != nil else { return }
    if isFolded { folded.insert(line) } else { folded.remove(line) }
    arrange()
  }

  /// Folds those that are still there.
  mutating func fold(_ lines: Set<Int>) {
    folded = lines.filter { folds[$0] != nil }
    if !folded.isEmpty { arrange() }
  }

  mutating func unfoldAll() {
    folded = []
    arrange()
  }

  /// The row of the container around a row; nil in the outermost.
  func parent(of row: Int) -> Int? {
    guard let line = line(of: row) else { return nil }
    let around = folds.filter { $0.key < line && line <= $0.value.end }.map(\.key).max()
    return around.flatMap { lineNumbers.firstIndex(of: $0) }
  }

  /// Puts the rows together that are in view.
  mutating func arrange() {
    var rows: [ValueLine] = []
    var numbers: [Int] = []
    var hiddenTo = -1
    for piece in pieces where piece.line > hiddenTo {
      rows.append(piece.text)
      numbers.append(piece.line)
      guard let fold = folds[piece.line], folded.contains(piece.line) else { continue }
      hiddenTo = fold.end
      rows[rows.count - 1] = closed(piece.text, fold)
    }
    (lines, lineNumbers) = (rows, numbers)
  }

  /// `"items": [ … 12 ],`
  private func closed(_ line: ValueLine, _ fold: ValueText.Fold) -> ValueLine {
    let end = pieces.first { $0.line == fold.end }?.text.tokens ?? []
    return ValueLine(
      line.tokens + [ValueToken(.offset, " … \(fold.count) ")] + end.drop { $0.role == .plain })
  }
}

extension PreviewState {
  /// Opens what the row under the cursor folds, or goes into what is open; false where there is nothing
  /// to open.
  mutating func unfold() -> Bool {
    guard hasCursorInText, let isFolded = layout?.isFolded(row) else { return false }
    guard isFolded else {
      move(to: row + 1)
      return true
    }
    layout?.setFolded(row, false)
    folded = layout?.folded ?? []
    move(to: row)
    lookAgain()
    return true
  }

  /// Folds what the row under the cursor opens, or goes to what is around it; false in the outermost.
  mutating func fold() -> Bool {
    guard hasCursorInText else { return false }
    if layout?.isFolded(row) == false {
      layout?.setFolded(row, true)
      folded = layout?.folded ?? []
      move(to: row)
      lookAgain()
      return true
    }
    guard let parent = layout?.parent(of: row) else { return false }
    move(to: parent)
    return true
  }
}
