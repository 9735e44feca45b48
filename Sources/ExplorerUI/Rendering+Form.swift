import Explorer
import TerminalCanvas

/// A form: its fields one below the other, what is wrong or what the text means, and the notes.
extension Rendering {
  mutating func paintForm(
    _ prompt: Prompt, _ state: ExplorerState, isDestructive: Bool = false, in area: Area
  ) {
    let width = min(area.columns - 4, 76)
    let note = prompt.problem.map { FormNote($0, isProblem: true) } ?? state.liveNote(of: prompt)
    let lines = note.map { wrapped($0.text, columns: width - 4) } ?? [""]
    let title = titleLines(prompt.title, columns: width)
    let room = area.rows - 4 - title.count - prompt.fields.count - lines.count
    let notes = noteLines(prompt.notes, columns: width - 4, rows: room)
    let rows = title.count + prompt.fields.count + lines.count + notes.count
    let inside = dialog(
      title: prompt.title, rows: rows, columns: width, isDestructive: isDestructive, in: area)
    var rest = inside
    paint(title, style: Style(.title).bold(), in: &rest)
    let label = prompt.fields.map { DisplayWidth.of($0.label) }.max() ?? 0
    for (place, field) in prompt.fields.enumerated() {
      paint(field, place, label: label, isFocused: place == prompt.focus, in: rest.takeTop(1))
    }
    let style = note?.isProblem == true ? Style(.error) : Style(.accent)
    paint(lines, style: style, in: &rest)
    for text in notes {
      let row = rest.takeTop(1)
      frame.put(
        text, row: row.row, column: row.column,
        style: text.contains("cannot be undone") ? Style(.warn) : .muted,
        limit: row.columns, overflow: .ellipsis)
    }
  }

  /// The notes in whole sentences where there is room for them, else one line each, the last ones
  /// left out.
  private func noteLines(_ notes: [String], columns: Int, rows: Int) -> [String] {
    let whole = notes.flatMap { wrapped($0, columns: columns) }
    return whole.count <= rows ? whole : Array(notes.prefix(max(0, rows)))
  }

  private mutating func paint(
    _ field: FormField, _ place: Int, label: Int, isFocused: Bool, in row: Area
  ) {
    guard row.rows > 0 else { return }
    var line = row
    if label > 0 {
      let head = line.takeLeft(label + 2)
      frame.put(
        field.label, row: head.row, column: head.column,
        style: isFocused ? Style(.accent) : .muted)
    }
    switch field.content {
    case .text(let text):
      paint(field.isSecret ? text.masked : text, place, isFocused: isFocused, in: line)
    case .choice(let choices, let chosen):
      paint(choices, of: place, chosen: chosen, isFocused: isFocused, in: line)
    }
  }

  private mutating func paint(_ text: TextField, _ place: Int, isFocused: Bool, in line: Area) {
    frame.fill(line, style: Style(.text, on: .field))
    guard isFocused else {
      frame.put(
        text.text, row: line.row, column: line.column, style: Style(.text, on: .field),
        limit: line.columns, overflow: .ellipsis)
      regions.append(Region(area: line, target: .text(field: place, from: 0)))
      return
    }
    paint(text, place: place, in: line, on: .field)
  }

  private mutating func paint(
    _ choices: [FormField.Choice], of field: Int, chosen: Int, isFocused: Bool, in line: Area
  ) {
    var column = line.column
    for (place, choice) in choices.enumerated() {
      let isChosen = place == chosen
      let start = column
      let style =
        isChosen ? Style(isFocused ? .focus : .text, on: .selection, .bold) : Style.muted
      column += frame.put(
        " \(choice.title) ", row: line.row, column: column, style: style,
        limit: line.endColumn - column)
      if column > start {
        regions.append(
          Region(
            area: Area(row: line.row, column: start, rows: 1, columns: column - start),
            target: .choice(field: field, place: place)))
      }
      column += 1
    }
    if isFocused { frame.cursor = nil }
  }
}
