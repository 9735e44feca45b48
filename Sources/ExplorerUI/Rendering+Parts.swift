import CacheModel
import Explorer
import TerminalCanvas
import ValueDecoding

/// The parts of a collection in the value pane, a row each.
extension Rendering {
  mutating func paintScores(
    _ members: [ScoredMember], _ state: ExplorerState, in area: Area
  ) {
    let scores = members.map { ScoreText.of($0.score) }
    let room = area.columns / 2
    let aligned = alignedAtPoint(scores)
    let fits = aligned.allSatisfy { $0.count <= room }
    paintElements(
      zip(fits ? aligned : scores, members).map { ($0, $1.member) }, state,
      labels: fits ? room : nil, in: area)
  }

  mutating func paintFields(
    _ fields: [HashField], _ state: ExplorerState, in area: Area
  ) {
    let names = fields.prefix(200).map { DisplayWidth.of(TextSanitizer.listText($0.field)) }
    let width = min(max(names.max() ?? 4, 4), area.columns * 2 / 5)
    for (offset, field) in fields.dropFirst(state.preview.top).prefix(area.rows).enumerated() {
      let row = area.row + offset
      frame.put(
        TextSanitizer.listText(field.field), row: row, column: area.column,
        style: Style(.hash), limit: width, overflow: .ellipsis)
      frame.put(
        spelled(field.value, state), row: row, column: area.column + width + 2,
        limit: area.columns - width - 2, overflow: .ellipsis)
      paintCursor(state, row: row, place: state.preview.top + offset, area)
      highlight(state.preview.search, row: row, of: state.preview.top + offset, in: area)
    }
  }

  /// An element as text, or its bytes when that was asked for.
  private func spelled(_ bytes: [UInt8], _ state: ExplorerState) -> String {
    guard state.preview.way == .form(.binary) else {
      return TextSanitizer.listText(bytes.prefix(4096))
    }
    return bytes.prefix(512).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }
      .joined(separator: " ")
  }

  /// `room`: the columns at most of what stands before the elements.
  mutating func paintElements(
    _ elements: [(String, [UInt8])], _ state: ExplorerState, labels room: Int? = nil,
    in area: Area
  ) {
    let most = room ?? max(12, area.columns * 2 / 5)
    let width = min(elements.map(\.0.count).max() ?? 1, most)
    let shown = elements.dropFirst(state.preview.top).prefix(area.rows)
    for (offset, element) in shown.enumerated() {
      let row = area.row + offset
      frame.putRight(
        element.0, row: row, column: area.column, columns: width, style: Style(.number))
      frame.put(
        spelled(element.1, state), row: row, column: area.column + width + 2,
        limit: area.columns - width - 2, overflow: .ellipsis)
      paintCursor(state, row: row, place: state.preview.top + offset, area)
      highlight(state.preview.search, row: row, of: state.preview.top + offset, in: area)
    }
  }

  private mutating func paintCursor(
    _ state: ExplorerState, row: Int, place: Int, _ area: Area
  ) {
    regions.append(
      Region(
        area: Area(row: row, column: area.column, rows: 1, columns: area.columns),
        target: .valueRow(place)))
    guard place == state.preview.row, state.focus == .value else { return }
    frame.restyle(Area(row: row, column: area.column - 1, rows: 1, columns: area.columns + 2)) {
      $0.background = state.isCovered ? .trail : .selection
    }
  }
}

/// Numbers with blanks behind them, so that their points stand below each other when they are
/// right-aligned; as they are when one has an exponent or is no number.
func alignedAtPoint(_ numbers: [String]) -> [String] {
  let isPlain = numbers.allSatisfy { number in
    number.utf8.allSatisfy { $0 == 0x2D || $0 == 0x2E || (0x30...0x39).contains($0) }
  }
  guard isPlain else { return numbers }
  let fractions = numbers.map { number in
    number.firstIndex(of: ".").map { number[$0...].count } ?? 0
  }
  let widest = fractions.max() ?? 0
  return zip(numbers, fractions).map { $0 + String(repeating: " ", count: widest - $1) }
}
