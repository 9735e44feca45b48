import CacheModel
import Explorer
import TerminalCanvas
import ValueDecoding

/// The parts of a collection in the value pane, a row each.
extension Rendering {
  mutating func paintScores(
    _ members: [ScoredMember], _ state: ExplorerState, in area: Area
  ) {
    let areLikely = GeoPlace.areLikely(members.map(\.score))
    let isPlaces = areLikely && state.preview.way == .places
    let scores = members.map { member in
      isPlaces
        ? GeoPlace(score: member.score)?.text ?? "" : ScoreText.of(member.score)
    }
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
      var room = area.columns - width - 2
      if let life = fieldLife(field.field, state) {
        let columns = DisplayWidth.of(life.text)
        frame.put(life.text, row: row, column: area.endColumn - columns, style: life.style)
        room -= columns + 1
      }
      frame.put(
        spelled(field.value, under: field.field, state), row: row, column: area.column + width + 2,
        limit: room, overflow: .ellipsis)
      paintCursor(state, row: row, place: state.preview.top + offset, area)
      highlight(state.preview.search, row: row, of: state.preview.top + offset, in: area)
    }
  }

  /// What is left of a field's own life, as it is now.
  private func fieldLife(
    _ field: [UInt8], _ state: ExplorerState
  ) -> (text: String, style: Style)? {
    guard let ttl = state.preview.page?.fieldLives[field] else { return nil }
    let left = max(0, ttl.milliseconds - state.preview.age(at: state.now))
    let style = left < 10_000 ? Style(.critical) : left < 60_000 ? Style(.warn) : .muted
    return ("ttl " + FigureFormat.duration(milliseconds: (left + 500) / 1000 * 1000), style)
  }

  /// An element as text, or its bytes when that was asked for.
  private func spelled(
    _ bytes: [UInt8], under name: [UInt8]? = nil, _ state: ExplorerState
  ) -> String {
    let shown = state.shownRow(bytes, under: name ?? state.preview.key?.bytes)
    let isMasked = state.masksSecrets && !shown.elementsEqual(bytes.prefix(4096))
    guard state.preview.way == .form(.binary), !isMasked else {
      return TextSanitizer.listText(shown)
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

  mutating func paintCursor(
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
