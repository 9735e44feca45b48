import CacheModel
import Explorer
import TerminalCanvas

/// Overlays: a box over the screen with a row of text to type where there is one, and the rows below
/// it. The row in focus is marked as the cursor of a list is.
extension Rendering {
  mutating func paint(
    _ overlay: Overlay, _ state: ExplorerState, _ keymap: Keymap, in area: Area
  ) {
    // What lies below does not answer to clicks.
    regions.removeAll { if case .action = $0.target { false } else { true } }
    regions.append(Region(area: area, target: .action(.back)))
    if overlay.kind == .plan {
      // What is asked about a plan stands in its place.
      if state.prompt == nil, let plan = state.work.plan { paintPlan(plan, state, in: area) }
      return
    }
    guard overlay.kind != .help else { return paintHelp(overlay, state, keymap, in: area) }
    var look = OverlayLook(overlay.kind, state)
    if overlay.field == nil, !overlay.narrowing.isEmpty {
      look.title += "  /\(TextSanitizer.listText(overlay.narrowing))"
    }
    let columns = min(area.columns - 4, look.columns)
    let rows = shownRows(of: overlay, state, columns: columns - 4)
    let wanted = rows.count + (overlay.field == nil ? 2 : 4)
    // Inside of what it lies on, whose corners stay whole.
    let height = min(area.rows - 2, look.rows ?? max(wanted, 6))
    let box = Area(
      row: area.row + max(1, (area.rows - height) / 3),
      column: area.column + (area.columns - columns) / 2,
      rows: height, columns: columns)
    clear(box)
    regions.append(Region(area: box, target: .nothing))
    let note = fittingNote(look, columns: columns - 8)
    let title = middleClipped(look.title, to: columns - DisplayWidth.of(note) - 8)
    var inside = frame.box(box, title: title, trailing: note, focused: true).inset(columns: 1)
    if let field = overlay.field {
      paintOverlayField(field, overlay.kind == .palette ? ":" : "›", in: inside.takeTop(2))
    }
    presentation.overlay = OverlayFit(height: inside.rows, count: rows.count)
    guard !rows.isEmpty else {
      frame.putCentered(
        look.empty, row: inside.row + inside.rows / 2, column: inside.column,
        columns: inside.columns, style: .muted)
      return
    }
    if let row = rows.first, rows.count == 1, row.tone == .warning {
      return paintSentence(row.title, in: inside)
    }
    paint(rows, of: state.unfilteredRows(of: overlay), overlay, keymap, in: inside)
  }

  /// What the frame says beside the title: as many of its sentences, from the last, as leave the title
  /// whole, and at least that one.
  private func fittingNote(_ look: OverlayLook, columns: Int) -> String {
    let title = DisplayWidth.of(look.title)
    var sentences = look.note.split(separator: " · ")[...]
    var note = look.note
    while sentences.count > 1, title + DisplayWidth.of(note) > columns {
      sentences = sentences.dropFirst()
      note = sentences.joined(separator: " · ")
    }
    return note
  }

  /// The rows of an overlay; what is there to be read goes on in the next line where it is long.
  private func shownRows(
    of overlay: Overlay, _ state: ExplorerState, columns: Int
  ) -> [OverlayRow] {
    let rows = state.rows(of: overlay)
    guard !overlay.kind.hasFocus else { return rows }
    let leads = rows.map { if case .text(let text) = $0.lead { text.count } else { 0 } }
    let lead = min(leads.max() ?? 0, 20)
    let room = columns - (lead > 0 ? lead + 2 : 0)
    return rows.flatMap { row -> [OverlayRow] in
      guard row.detail.isEmpty, DisplayWidth.of(row.title) > room else { return [row] }
      return wrapped(row.title, columns: room).enumerated().map { place, line in
        OverlayRow(place == 0 ? row.lead : .none, line, tone: row.tone)
      }
    }
  }

  private mutating func paintOverlayField(_ field: TextField, _ sign: String, in area: Area) {
    frame.put(sign, row: area.row, column: area.column, style: Style(.accent).bold())
    let line = Area(row: area.row, column: area.column + 2, rows: 1, columns: area.columns - 2)
    frame.fill(line, style: Style(.text, on: .field))
    paint(field, place: 0, in: line, on: .field)
  }

  /// One thing to say in place of rows.
  private mutating func paintSentence(_ text: String, in area: Area) {
    for (offset, line) in wrapped(text, columns: area.columns).prefix(area.rows).enumerated() {
      frame.put(
        line, row: area.row + offset, column: area.column, style: Style(.warn),
        limit: area.columns, overflow: .ellipsis)
    }
  }

  /// What the columns are wide, which stays while rows are filtered: that of the lead, and that of the
  /// title before a detail.
  private func columns(
    of rows: [OverlayRow], _ keymap: Keymap, in area: Area
  ) -> (lead: Int, title: Int) {
    let lead = rows.map { DisplayWidth.of(leadText($0.lead, keymap)) }.max() ?? 0
    let title = rows.filter { !$0.detail.isEmpty }.map { DisplayWidth.of($0.title, bound: 60) }
      .max()
    return (min(lead, 20), min(title ?? 0, area.columns / 2))
  }

  private mutating func paint(
    _ rows: [OverlayRow], of allRows: [OverlayRow], _ overlay: Overlay, _ keymap: Keymap,
    in area: Area
  ) {
    let row = max(0, min(overlay.list.row, rows.count - 1))
    var top = max(0, min(overlay.list.top, rows.count - area.rows))
    if overlay.kind.hasFocus { top = min(max(top, row - area.rows + 1), row) }
    let leads = rows.map { leadText($0.lead, keymap) }
    let (lead, title) = columns(of: allRows, keymap, in: area)
    for (offset, place) in (top..<min(rows.count, top + area.rows)).enumerated() {
      let line = Area(
        row: area.row + offset, column: area.column, rows: 1, columns: area.columns)
      paint(rows[place], leads[place], lead: lead, title: title, in: line)
      regions.append(Region(area: line, target: .overlayRow(place)))
      if overlay.kind.hasFocus, place == row {
        frame.restyle(
          Area(row: line.row, column: line.column - 1, rows: 1, columns: line.columns + 2)
        ) { $0.background = .selection }
      }
    }
  }

  private mutating func paint(
    _ row: OverlayRow, _ leadText: String, lead: Int, title: Int, in line: Area
  ) {
    var column = line.column
    if lead > 0 {
      let style = row.tone == .muted ? Style.muted : Style(.accent)
      frame.put(leadText, row: line.row, column: column, style: style, limit: lead)
      column += lead + 2
    }
    let style = Self.style(of: row.tone)
    // A row without a detail has the whole line.
    let room = row.detail.isEmpty ? line.endColumn - column : title
    frame.put(
      row.title, row: line.row, column: column, style: style, limit: room,
      overflow: .ellipsis)
    guard !row.detail.isEmpty else { return }
    frame.put(
      row.detail, row: line.row, column: column + title + 2, style: .muted,
      limit: line.endColumn - column - title - 2, overflow: .ellipsis)
  }

  private func leadText(_ lead: OverlayRow.Lead, _ keymap: Keymap) -> String {
    switch lead {
    case .none: ""
    case .text(let text): text
    case .action(let action): keymap.shownKey(for: action)
    }
  }

  private static func style(of tone: OverlayRow.Tone) -> Style {
    switch tone {
    case .plain: .text
    case .head: Style(.title).bold()
    case .muted: .muted
    case .good: Style(.good)
    case .warning: Style(.warn)
    }
  }
}

/// What the frame around an overlay says.
private struct OverlayLook {
  var title: String
  var note: String
  /// What stands there when there are no rows.
  var empty: String
  var columns = 90
  /// Its height, borders included, where that stays while its rows come and go.
  var rows: Int?

  init(_ kind: OverlayKind, _ state: ExplorerState) {
    switch kind {
    case .help, .plan: (title, note, empty) = ("Keys", "", "")
    case .palette:
      (title, note, empty) = (
        "Command", "↑ ↓ enter · esc leaves", "nothing is called that: esc leaves"
      )
      rows = 26
    case .journal:
      (title, note, empty) = (
        "Changes", "u takes back · enter tells more · / narrows down · esc leaves",
        "nothing has been changed yet"
      )
      columns = 110
    case .connections(.copy(_, let subject)):
      (title, note, empty) = (
        "Copy \(subject) to", "type to find, or any URL · enter chooses · esc leaves",
        "no other source is known: type a URL"
      )
      rows = 16
    case .connections(.turnTo):
      (title, note, empty) = (
        "Connect to", "type to find, or any URL · enter connects · esc leaves",
        "no other source is known: type a URL"
      )
      rows = 16
    case .tags:
      (title, note, empty) = (
        "Tags", "type to find · enter shows the keys · ctrl-x invalidates · esc leaves",
        "no tag is called that"
      )
      rows = 20
    case .watch(let watch):
      (title, note, empty) = (
        "Watching \(state.shownName(of: watch.key.bytes, limit: 300))",
        "enter tells more · d deletes and waits · esc leaves",
        "looking …"
      )
      columns = 110
      rows = 20
    case .watchPrefix(let watch):
      (title, note, empty) = (
        "Watching \(SpelledName.of(watch.prefix, limit: 300))",
        watch.total == 0 ? "esc leaves" : "\(watch.scope) · w watches one · esc leaves",
        "collecting the keys …"
      )
      columns = 110
      rows = 20
    case .sent:
      (title, note, empty) = (
        "Writes that were sent", "newest first, never a value · esc leaves",
        "nothing has been written to this source yet"
      )
      columns = 110
      rows = 20
    case .details(let subject, _): (title, note, empty) = (subject, "esc leaves", "")
    }
  }
}
