import CacheModel
import Explorer
import TerminalCanvas
import ValueDecoding

/// The value pane: what the key under the cursor holds.
extension Rendering {
  mutating func paintValue(_ state: ExplorerState, in area: Area) {
    let preview = state.preview
    let name = preview.key.map { SpelledName.of($0.bytes, limit: max(20, area.columns - 20)) }
    let inside = frame.box(
      area, title: name ?? "", trailing: positionNote(preview),
      focused: state.focus == .value && state.prompt == nil)
    var rows = inside.inset(columns: 1)
    guard preview.key != nil else {
      paintCentred("the value of the key under the cursor", in: inside)
      return
    }
    paintFacts(state, in: rows.takeTop(2))
    presentation.previewHeight = max(1, rows.rows)
    switch preview.phase {
    case .empty, .loading: paintCentred("reading …", in: rows)
    case .gone: paintCentred("the key has gone", in: rows)
    case .failed(let error): paintCentred(error.sentence, in: rows)
    case .shown: paintContent(state, in: rows)
    }
  }

  private mutating func paintCentred(_ text: String, in area: Area) {
    frame.putCentered(
      text, row: area.row + area.rows / 2, column: area.column, columns: area.columns,
      style: .muted)
  }

  private func positionNote(_ preview: PreviewState) -> String {
    guard case .shown = preview.phase, preview.rowCount > preview.height else { return "" }
    return "\(preview.row + 1) of \(preview.rowCount)"
  }

  /// `hash · 12 fields · ttl 4:31 ▓▓▓▓░░ · 1.2 KB in memory`; what lasts moves to a line of its own
  /// when there is no room beside.
  private mutating func paintFacts(_ state: ExplorerState, in area: Area) {
    guard let slot = state.keys.cursor, state.keys.cursorKey == state.preview.key else { return }
    let figures = state.keys.index[figures: slot]
    let kind = state.preview.page?.kind ?? state.keys.index.kind(slot)
    var row = area.row
    var column = area.column
    func put(_ text: String, _ style: Style) {
      column += frame.put(
        text, row: row, column: column, style: style, limit: area.endColumn - column)
    }
    put(kind?.redisName ?? "…", Style(role(of: kind)))
    for fact in facts(state.preview) { put(" · \(fact)", .muted) }
    let life = lifeText(figures, state.keys.index[fate: slot], at: state.now)
    let barWidth = figures.firstTTL == nil ? 0 : 8
    if DisplayWidth.of(" · ttl \(life) ") + barWidth > area.endColumn - column {
      row += 1
      column = area.column
    } else if !life.isEmpty {
      put(" · ", .muted)
    }
    if !life.isEmpty {
      put("ttl ", .muted)
      put(barWidth > 0 ? life + " " : life, lifeStyle(figures, at: state.now))
      column += putLifeBar(figures, at: state.now, row: row, column: column, columns: barWidth)
    }
    guard let bytes = figures.bytes else { return }
    let memory = " · \(FigureFormat.bytes(UInt64(max(0, bytes.bytes)))) in memory"
    if DisplayWidth.of(memory) <= area.endColumn - column { put(memory, .muted) }
  }

  private func facts(_ preview: PreviewState) -> [String] {
    var facts: [String] = []
    if let page = preview.page {
      switch page.content {
      case .string:
        if let form = preview.text?.form { facts.append(form.rawValue) }
        facts.append(FigureFormat.bytes(UInt64(max(0, page.totalLength))))
      case .hash: facts.append("\(FigureFormat.grouped(Int(page.totalLength))) fields")
      default: facts.append("\(FigureFormat.grouped(Int(page.totalLength))) elements")
      }
    }
    return facts
  }

  private mutating func paintContent(_ state: ExplorerState, in area: Area) {
    guard let page = state.preview.page else { return }
    var rows = area
    if !page.isComplete { paintIncomplete(page, in: rows.takeBottom(1)) }
    switch page.content {
    case .string: paintText(state.preview, in: rows)
    case .hash(let fields): paintFields(fields, state, in: rows)
    case .list(let from, let elements):
      paintElements(
        elements.enumerated().map { ("\(Int64($0.offset) + from)", $0.element) }, state, in: rows)
    case .set(let members):
      paintElements(members.map { ("·", $0) }, state, in: rows)
    case .sortedSet(let members):
      paintElements(members.map { (ScoreText.of($0.score), $0.member) }, state, in: rows)
    case .unreadable: paintCentred("a \(page.kind.redisName) cannot be shown here", in: rows)
    }
  }

  private mutating func paintIncomplete(_ page: ValuePage, in area: Area) {
    let shown = page.content.count
    let text =
      if case .string = page.content {
        "the first \(FigureFormat.bytes(UInt64(shown))) of "
          + FigureFormat.bytes(UInt64(max(0, page.totalLength)))
      } else {
        "\(FigureFormat.grouped(shown)) of \(FigureFormat.grouped(Int(page.totalLength))) elements"
      }
    frame.put(text, row: area.row, column: area.column, style: Style(.warn), limit: area.columns)
  }

  private mutating func paintText(_ preview: PreviewState, in area: Area) {
    guard let text = preview.text else { return }
    for (offset, line) in text.lines.dropFirst(preview.top).prefix(area.rows).enumerated() {
      var column = area.column
      for token in line.tokens {
        column += frame.put(
          token.text, row: area.row + offset, column: column, style: Style(role(of: token.role)),
          limit: area.endColumn - column, overflow: .ellipsis)
        if column >= area.endColumn { break }
      }
    }
  }

  private mutating func paintFields(
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
        TextSanitizer.listText(field.value), row: row, column: area.column + width + 2,
        limit: area.columns - width - 2, overflow: .ellipsis)
      paintCursor(state, row: row, isHere: state.preview.top + offset == state.preview.row, area)
    }
  }

  private mutating func paintElements(
    _ elements: [(String, [UInt8])], _ state: ExplorerState, in area: Area
  ) {
    let width = min(elements.map(\.0.count).max() ?? 1, 12)
    let shown = elements.dropFirst(state.preview.top).prefix(area.rows)
    for (offset, element) in shown.enumerated() {
      let row = area.row + offset
      frame.putRight(
        element.0, row: row, column: area.column, columns: width, style: Style(.number))
      frame.put(
        TextSanitizer.listText(element.1), row: row, column: area.column + width + 2,
        limit: area.columns - width - 2, overflow: .ellipsis)
      paintCursor(state, row: row, isHere: state.preview.top + offset == state.preview.row, area)
    }
  }

  private mutating func paintCursor(
    _ state: ExplorerState, row: Int, isHere: Bool, _ area: Area
  ) {
    guard isHere, state.focus == .value else { return }
    frame.restyle(Area(row: row, column: area.column - 1, rows: 1, columns: area.columns + 2)) {
      $0.background = .selection
    }
  }
}
