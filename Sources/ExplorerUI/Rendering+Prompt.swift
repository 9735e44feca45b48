import CacheModel
import Explorer
import KeyQuery
import TerminalCanvas

/// Prompts: the filter on the line of news, questions in a box in the middle, forms in
/// `Rendering+Form.swift`.
extension Rendering {
  mutating func paint(
    _ prompt: Prompt, _ state: ExplorerState, in area: Area, line: Area
  ) {
    presentation.prompt = prompt.id
    // What lies below does not answer to clicks.
    regions.removeAll { if case .action = $0.target { false } else { true } }
    switch prompt.kind {
    case .find, .search: paintFind(prompt, state, in: line)
    case .form: paintForm(prompt, state, in: area)
    case .leave(let use): paintLeaving(use, in: area)
    case .confirm(let confirmation): paintQuestion(confirmation, in: area)
    case .typeName(let confirmation, let name, let other):
      var named = prompt
      named.title = confirmation.title
      named.notes =
        confirmation.lines + [
          "Type \(name)\(other.map { " or \(SpelledName.of(Array($0.utf8), limit: 60))" } ?? "") and enter to go on, esc cancels."
        ]
      paintForm(named, state, isDestructive: true, in: area)
    }
  }

  private mutating func paintFind(_ prompt: Prompt, _ state: ExplorerState, in line: Area) {
    frame.fill(line)
    guard let field = prompt.field else { return }
    frame.put("/", row: line.row, column: line.column + 1, style: Style(.accent).bold())
    let note = prompt.problem ?? findNote(prompt, state)
    let style = prompt.problem == nil ? .muted : Style(.warn)
    let noteWidth = DisplayWidth.of(note) + 2
    let isBeside = max(16, DisplayWidth.of(field.text) + 3) + noteWidth + 4 <= line.columns
    paint(
      field, place: 0,
      in: Area(
        row: line.row, column: line.column + 2, rows: 1,
        columns: line.columns - 4 - (isBeside ? noteWidth : 0)))
    if isBeside {
      frame.put(note, row: line.row, column: line.endColumn - noteWidth, style: style)
    } else {
      // The line of hints is empty meanwhile.
      frame.put(
        note, row: line.row - 1, column: line.column + 1, style: style, limit: line.columns - 2,
        overflow: .ellipsis)
    }
  }

  private func findNote(_ prompt: Prompt, _ state: ExplorerState) -> String {
    guard case .search = prompt.kind,
      let search = state.overlay?.search ?? state.preview.search
    else { return prompt.notes.first ?? doubt(state.keys) ?? filterNote(state.keys) }
    let count =
      search.rows.isEmpty
      ? "no match" : "\(search.rows.count) \(search.rows.count == 1 ? "match" : "matches")"
    let place = state.overlay == nil && state.preview.isPart ? " in the part that is loaded" : ""
    return "\(count)\(place) · enter keeps · esc leaves"
  }

  /// What was probably meant by a word that no key holds.
  func doubt(_ keys: KeysState) -> String? {
    guard keys.rowCount == 0, !keys.isFiltering, keys.undecidedCount == 0 else { return nil }
    return keys.filter.doubt
  }

  /// What enter will do.
  func filterNote(_ keys: KeysState) -> String {
    if let count = keys.tagsToAsk, count > 0 {
      return "enter asks for the tags of \(FigureFormat.grouped(count)) keys"
    }
    guard let values = keys.valuesToRead, values > 0 else {
      return "tab completes · enter keeps · esc clears"
    }
    return "enter reads up to 1 MB of each of \(FigureFormat.grouped(values)) values"
  }

  private mutating func paintQuestion(_ confirmation: Confirmation, in area: Area) {
    let texts = [confirmation.title] + confirmation.lines
    let widest = texts.map { DisplayWidth.of($0, bound: 76) }.max() ?? 40
    let columns = min(area.columns - 4, max(44, widest + 6))
    let title = titleLines(confirmation.title, columns: columns)
    let whole = confirmation.lines.flatMap { wrapped($0, columns: columns - 4) }
    let lines = title.count + whole.count <= area.rows - 6 ? whole : confirmation.lines
    let inside = dialog(
      title: confirmation.title, rows: title.count + lines.count + 2, columns: columns,
      isDestructive: true, in: area)
    var rest = inside
    _ = rest.takeBottom(2)
    paint(title, style: Style(.title).bold(), in: &rest)
    for line in lines {
      let isFinal = line.contains("cannot be undone")
      paint([line], style: isFinal ? Style(.warn) : .text, in: &rest)
    }
    let row = inside.endRow - 1
    let cancel = frame.put(
      " Cancel ", row: row, column: inside.column, style: Style(.focus, on: .selection, .bold))
    regions.append(
      Region(
        area: Area(row: row, column: inside.column, rows: 1, columns: cancel),
        target: .action(.back)))
    frame.put(
      "y \(confirmation.verb)", row: row, column: inside.column + cancel + 3,
      style: Style(.critical))
  }

  /// A title as lines for the inside of a box whose frame has no room for all of it.
  func titleLines(_ title: String, columns: Int) -> [String] {
    guard DisplayWidth.of(title) > columns - 6 else { return [] }
    return wrapped(title, columns: columns - 4, lines: 5)
  }

  mutating func paint(_ lines: [String], style: Style, in rest: inout Area) {
    for line in lines {
      let row = rest.takeTop(1)
      guard row.rows > 0 else { return }
      frame.put(
        line, row: row.row, column: row.column, style: style, limit: row.columns,
        overflow: .ellipsis)
    }
  }

  /// A box in the middle, with room for so many rows inside.
  mutating func dialog(
    title: String, rows: Int, columns: Int, isDestructive: Bool, in area: Area
  ) -> Area {
    // Inside of what it lies on, whose corners stay whole.
    let height = min(area.rows - 2, rows + 2)
    let box = Area(
      row: area.row + (area.rows - height) / 2, column: area.column + (area.columns - columns) / 2,
      rows: height, columns: columns)
    clear(box)
    // A click outside cancels, which harms nothing.
    regions = [
      Region(area: frame.area, target: .action(.back)), Region(area: box, target: .nothing),
    ]
    let inside = frame.box(
      box, title: middleClipped(title, to: box.columns - 6), focused: true)
    if isDestructive {
      frame.restyle(Area(row: box.row, column: box.column + 2, rows: 1, columns: box.columns - 4)) {
        if $0.role == .title { $0.role = .critical }
      }
    }
    return inside.inset(columns: 1)
  }

  /// Blanks the place of a box, and a column on either side of it, so that no text below touches its
  /// frame; frames below stay whole.
  mutating func clear(_ box: Area) {
    frame.fill(box)
    for column in [box.column - 1, box.endColumn] where column > 0 && column < frame.size.columns {
      for row in box.row..<box.endRow {
        let role = frame[row: row, column: column].style.role
        if role == .border || role == .focus { continue }
        frame.fill(Area(row: row, column: column, rows: 1, columns: 1))
      }
    }
  }

  /// The text of a field with the terminal's cursor at the insertion point; long text scrolls.
  /// A click in it places that point; `place` is the field's number.
  mutating func paint(
    _ field: TextField, place: Int, in area: Area, on background: Background = .plain
  ) {
    let (row, column, columns) = (area.row, area.column, area.columns)
    // As many characters before the insertion point as leave room for it.
    var width = 0
    var start = field.insertionPoint
    while start > 0 {
      width += DisplayWidth.of(String(field.characters[start - 1]))
      guard width < columns else { break }
      start -= 1
    }
    let before = field.characters[start..<field.insertionPoint]
    let shown = String(field.characters[start...].prefix(columns))
    let style = Style(.text, on: field.isSelected ? .selection : background)
    frame.put(shown, row: row, column: column, style: style, limit: columns)
    frame.cursor = Position(row: row, column: column + DisplayWidth.of(String(before)))
    regions.append(Region(area: area, target: .text(field: place, from: start)))
  }
}
