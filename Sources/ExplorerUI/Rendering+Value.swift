import CacheModel
import Explorer
import TerminalCanvas
import ValueDecoding

/// The value pane: what the key under the cursor holds.
extension Rendering {
  mutating func paintValue(_ state: ExplorerState, in area: Area) {
    let preview = state.preview
    let name = preview.key.map { state.shownName(of: $0.bytes, limit: max(20, area.columns - 20)) }
    let inside = frame.box(
      area, title: name ?? "", trailing: positionNote(preview),
      focused: state.focus == .value && !state.isCovered)
    var rows = inside.inset(columns: 1)
    guard preview.key != nil else {
      paintCentred("the value of the key under the cursor", in: inside)
      return
    }
    if let name, name.contains("…") { paintWholeName(state, in: &rows) }
    paintHead(state, in: &rows)
    let hasLine = preview.opened != nil || preview.page?.isComplete == false
    presentation.previewHeight = max(1, rows.rows - (hasLine ? 1 : 0))
    presentation.previewWidth = rows.columns
    switch preview.phase {
    case .empty, .loading: paintCentred("reading …", in: rows)
    case .gone: paintCentred("the key has gone", in: rows)
    case .failed(let error): paintCentred(error.sentence, in: rows)
    case .shown: paintContent(state, in: rows)
    }
  }

  /// The facts about the key, its labels below them, and a blank line where one is left of two or
  /// three.
  private mutating func paintHead(_ state: ExplorerState, in rows: inout Area) {
    let labels = rows.rows > 5 ? labelLine(state) : nil
    var head = rows.takeTop(labels == nil ? 2 : 3)
    _ = head.takeTop(paintFacts(state, in: head))
    if let labels { paintLabels(labels, in: head.takeTop(1)) }
  }

  /// A name that the frame has no room for, in as few lines as it takes and at most a quarter of the
  /// pane.
  private mutating func paintWholeName(_ state: ExplorerState, in rows: inout Area) {
    guard let key = state.preview.key, rows.rows > 4 else { return }
    let most = min(max(rows.rows / 4, 2), 6)
    let name = state.shownName(of: key.bytes, limit: most * rows.columns)
    paint(
      wrapped(name, columns: rows.columns, lines: most), style: Style(.keyName), in: &rows)
    _ = rows.takeTop(1)
  }

  private mutating func paintCentred(_ text: String, in area: Area) {
    let lines = wrapped(text, columns: area.columns - 2)
    let start = area.row + max(0, (area.rows - lines.count + 1) / 2)
    for (offset, line) in lines.prefix(area.rows).enumerated() {
      frame.putCentered(
        line, row: start + offset, column: area.column, columns: area.columns, style: .muted)
    }
  }

  private func positionNote(_ preview: PreviewState) -> String {
    guard case .shown = preview.phase, preview.rowCount > preview.height else { return "" }
    let (row, count) = (preview.row + 1, preview.rowCount)
    guard let page = preview.page, !preview.isText else {
      return "line \(FigureFormat.grouped(row)) of \(FigureFormat.grouped(count))"
    }
    let groups = page.content.rowCount - page.content.count
    let place = max(Int(clamping: preview.passed) + row - groups, min(page.content.count, 1))
    return
      "\(FigureFormat.grouped(place)) of \(FigureFormat.grouped(Int(clamping: page.totalLength)))"
  }

  /// `hash · 12 fields · ttl 4:31 ■■■■·· · 1.2 KB in memory`; what lasts moves to a line of its own
  /// when there is no room beside. Returns how many lines it took.
  private mutating func paintFacts(_ state: ExplorerState, in area: Area) -> Int {
    guard let slot = state.keys.cursor, state.keys.cursorKey == state.preview.key else { return 1 }
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
    let fate = state.keys.index[fate: slot]
    let life = lifeFigure(figures, fate, at: state.now)
    let isGone = fate.goneSince != nil
    let hasBar = !isGone && figures.firstTTL != nil && figures.ttl(at: state.now) != nil
    let barWidth = hasBar ? 8 : 0
    if DisplayWidth.of(" · ttl \(life) ") + barWidth > area.endColumn - column {
      row += 1
      column = area.column
    } else if !life.isEmpty {
      put(" · ", .muted)
    }
    if !life.isEmpty {
      put("ttl ", .muted)
      put(hasBar ? life + " " : life, isGone ? .muted : lifeStyle(figures, at: state.now))
      column += putLifeBar(figures, at: state.now, row: row, column: column, columns: barWidth)
    }
    for fact in lateFacts(figures, state) where DisplayWidth.of(fact) <= area.endColumn - column {
      put(fact, .muted)
    }
    return row - area.row + 1
  }

  /// What stands last, where there is room: how long nobody used it before this look, its memory.
  private func lateFacts(_ figures: KeyFigures, _ state: ExplorerState) -> [String] {
    var facts: [String] = []
    if let idle = state.preview.idleBefore {
      let age = FigureFormat.age(milliseconds: min(idle, 1 << 40) * 1000)
      facts.append(" · idle \(age) before this look")
    } else if let used = state.preview.usedBefore {
      let idle = max(0, state.now.milliseconds(since: used))
      facts.append(" · idle \(FigureFormat.age(milliseconds: idle))")
    }
    if let bytes = figures.bytes {
      facts.append(" · \(FigureFormat.bytes(UInt64(max(0, bytes.bytes)))) in memory")
    }
    return facts
  }

  private func facts(_ preview: PreviewState) -> [String] {
    var facts: [String] = []
    if let page = preview.page {
      switch page.content {
      case .string:
        facts += readingFacts(preview)
        facts.append(FigureFormat.bytes(UInt64(max(0, page.totalLength))))
      default: facts.append(page.kind.parts(page.totalLength))
      }
    }
    return facts
  }

  private mutating func paintContent(_ state: ExplorerState, in area: Area) {
    guard let page = state.preview.page else { return }
    var rows = area
    if let opened = state.preview.opened {
      paintName(of: opened, state.preview, in: rows.takeTop(1))
      return paintText(state, in: rows)
    }
    if !page.isComplete, page.content != .unreadable {
      paintIncomplete(page, state, in: rows.takeBottom(1))
    }
    if !state.preview.isText { paintSecretsNote(state, in: &rows) }
    switch page.content {
    case .string: paintText(state, in: rows)
    case .hash(let fields): paintFields(fields, state, in: rows)
    case .list(let from, let elements):
      paintElements(
        elements.enumerated().map { ("\(Int64($0.offset) &+ from)", $0.element) }, state, in: rows)
    case .set(let members):
      paintElements(members.map { ("·", $0) }, state, in: rows)
    case .sortedSet(let members):
      paintScores(members, state, in: rows)
    case .stream(let entries, let groups): paintStream(entries, groups, state, in: rows)
    case .unreadable: paintCentred(page.kind.unshownWords, in: rows)
    }
  }

  /// `element 3 · json · 46 B`: what of the value it is that fills the pane.
  private mutating func paintName(
    of opened: OpenedPart, _ preview: PreviewState, in area: Area
  ) {
    let size = FigureFormat.bytes(UInt64(opened.part.bytes.count))
    let facts = (readingFacts(preview) + [size]).map { " · " + $0 }.joined()
    let name = middleClipped(
      opened.part.name ?? "", to: max(4, area.columns - DisplayWidth.of(facts)))
    let used = frame.put(
      name, row: area.row, column: area.column, style: Style(.accent), limit: area.columns)
    frame.put(
      facts, row: area.row, column: area.column + used, style: .muted, limit: area.columns - used,
      overflow: .ellipsis)
  }

  private mutating func paintIncomplete(
    _ page: ValuePage, _ state: ExplorerState, in area: Area
  ) {
    var text = state.preview.isTurning ? "reading …" : place(of: page, state.preview)
    let more =
      state.preview.isUndecoded
      ? " · b reads all of it and decodes it" : " · PgDn at the end reads on"
    let hasMore = !state.preview.isTurning && page.next != nil
    if hasMore, DisplayWidth.of(text + more) <= area.columns { text += more }
    frame.put(
      text, row: area.row, column: area.column, style: .muted, limit: area.columns,
      overflow: .ellipsis)
  }

  /// Which part of a large value this is.
  private func place(of page: ValuePage, _ preview: PreviewState) -> String {
    let total = Int(clamping: page.totalLength)
    let isString = preview.isText
    let start = Int(clamping: isString ? page.position.index : preview.passed)
    let end = start + page.content.count
    if isString {
      let size = FigureFormat.bytes(UInt64(clamping: page.totalLength))
      let part =
        start == 0
        ? "the first \(FigureFormat.bytes(UInt64(clamping: end)))"
        : "bytes \(FigureFormat.grouped(start))–\(FigureFormat.grouped(end))"
      return "\(part) of \(size)"
    }
    return "\(FigureFormat.grouped(start + 1))–\(FigureFormat.grouped(end)) of "
      + "\(FigureFormat.grouped(total))"
  }

  private mutating func paintText(_ state: ExplorerState, in wholeArea: Area) {
    let preview = state.preview
    guard let layout = preview.layout else { return paintCentred("reading …", in: wholeArea) }
    var area = wholeArea
    paintReadingNotes(state, in: &area)
    presentation.previewHeight = max(1, area.rows)
    if layout.lines.count <= 1, layout.lines.allSatisfy({ $0.tokens.allSatisfy(\.text.isEmpty) }) {
      return paintCentred("nothing in it", in: area)
    }
    for (offset, line) in layout.lines.dropFirst(preview.top).prefix(area.rows).enumerated() {
      var column = area.column
      for token in line.tokens {
        column += frame.put(
          token.text, row: area.row + offset, column: column, style: Style(role(of: token.role)),
          limit: area.endColumn - column, overflow: .ellipsis)
        if column >= area.endColumn { break }
      }
      if preview.hasCursorInText {
        paintCursor(state, row: area.row + offset, place: preview.top + offset, area)
      }
      highlight(preview.search, row: area.row + offset, of: preview.top + offset, in: area)
    }
  }

  /// Marks what is looked for in a row of the value that has been painted.
  mutating func highlight(
    _ search: ValueSearch?, row: Int, of place: Int, in area: Area
  ) {
    guard let search, search.rows.contains(place) else { return }
    let cells = (area.column..<area.endColumn).map { frame[row: row, column: $0] }
    let line = String(String.UnicodeScalarView(cells.map { $0.isContinuation ? " " : $0.scalar }))
    let isCurrent = search.rows[search.current] == place
    for range in search.ranges(in: line) {
      frame.restyle(
        Area(row: row, column: area.column + range.lowerBound, rows: 1, columns: range.count)
      ) {
        $0.background = isCurrent ? .selection : .marked
        $0.attributes.insert(.bold)
      }
    }
  }
}
