import CacheModel
import Explorer
import KeyQuery
import TerminalCanvas

/// Rows of the list: keys with their figures, folders with what lies in them.
extension Rendering {
  mutating func paint(
    _ row: ListRow, named name: String, _ state: ExplorerState, _ table: KeyTable, in line: Area
  ) {
    switch row.item {
    case .key(let slot): paintKey(slot, name, row.depth, state, table, in: line)
    case .folder(let folder): paintFolderRow(folder, row.depth, state, table, in: line)
    }
  }

  /// The names of keys in view as they fit; empty for folders.
  func names(of rows: [ListRow], _ state: ExplorerState, _ table: KeyTable) -> [String] {
    let width = table.layout.spans[KeyTable.name]?.width ?? 0
    return namesApart(
      rows.map { row in
        guard case .key(let slot) = row.item else { return ("", 0) }
        return (keyName(slot, state), max(0, width - table.indent(row.depth)))
      })
  }

  /// The sign before a folder unfolds and folds it.
  mutating func noteMarker(_ row: ListRow, _ number: Int, _ table: KeyTable, in line: Area) {
    guard let span = table.layout.spans[KeyTable.name] else { return }
    let column = line.column + span.start + table.indent(row.depth)
    regions.append(
      Region(
        area: Area(row: line.row, column: column, rows: 1, columns: 2), target: .marker(number)))
  }

  private mutating func paintKey(
    _ slot: KeyIndex.Slot, _ name: String, _ depth: Int, _ state: ExplorerState, _ table: KeyTable,
    in line: Area
  ) {
    let index = state.keys.index
    let figures = index[figures: slot]
    let fate = index[fate: slot]
    let isGone = fate.goneSince != nil
    func put(_ text: String, _ column: Int, _ style: Style) {
      frame.put(
        text, in: column, of: table.layout, row: line.row, from: line.column,
        style: isGone ? .muted.dim() : style)
    }
    let isMarked = index[isMarked: slot]
    put(isMarked ? "●" : "", KeyTable.mark, Style(.marked))
    let style = isGone ? .muted.dim() : nameStyle(fate, isMarked, at: state.now)
    putName(name, table.indent(depth), style, table, in: line)
    if !isGone, state.source.description?.isCluster == true {
      markHashTag(slot, shownAs: name, state, table.indent(depth), table, in: line)
    }
    if !isGone, !state.keys.filter.isEmpty {
      markMatches(slot, shownAs: name, state, table.indent(depth), table, in: line)
    }
    put(kindLabel(index.kind(slot)), KeyTable.kind, Style(role(of: index.kind(slot))))
    put(lifeFigure(figures, fate, at: state.now), KeyTable.life, lifeStyle(figures, at: state.now))
    if !isGone, let span = table.layout.spans[KeyTable.bar] {
      putLifeBar(
        figures, at: state.now, row: line.row, column: line.column + span.start,
        columns: span.width)
    }
    let size = figures.bytes.map { FigureFormat.bytes(UInt64(max(0, $0.bytes))) } ?? ""
    put(size, KeyTable.size, .muted)
    guard table.showsIdle, let idle = figures.idleSeconds(at: state.now) else { return }
    put(FigureFormat.age(milliseconds: idle * 1000), KeyTable.idle, .muted)
  }

  private mutating func putName(
    _ name: String, _ indent: Int, _ style: Style, _ table: KeyTable, in line: Area
  ) {
    guard let span = table.layout.spans[KeyTable.name] else { return }
    let room = max(0, span.width - indent)
    frame.put(
      name, row: line.row, column: line.column + span.start + indent,
      style: style, limit: room, overflow: .ellipsis)
  }

  /// In a folder only what follows its prefix.
  private func keyName(_ slot: KeyIndex.Slot, _ state: ExplorerState) -> String {
    let bytes = state.shownBytes(
      of: state.keys.index.name(slot), from: state.keys.hiddenPrefixLength(of: slot))
    guard bytes.isEmpty else { return TextSanitizer.listText(ends(of: bytes)) }
    return state.keys.index.name(slot).isEmpty ? "\"\"" : "(empty)"
  }

  /// The beginning and the end of a name that is longer than any row: the rest is not looked at.
  private func ends(of name: ArraySlice<UInt8>) -> [UInt8] {
    let end = 1024
    guard name.count > 2 * end else { return Array(name) }
    // Characters are not cut: the end begins with one.
    let isContinued: (UInt8) -> Bool = { $0 & 0xC0 == 0x80 }
    return name.prefix(end) + Array("…".utf8) + name.suffix(end).drop(while: isContinued)
  }

  /// What appeared a moment ago stands out.
  private func nameStyle(_ fate: KeyFate, _ isMarked: Bool, at now: Moment) -> Style {
    if isMarked { return Style(.marked) }
    if case .appeared(let moment) = fate,
      now.milliseconds(since: moment) < ExplorerState.appearanceTime
    {
      return Style(.good)
    }
    return Style(.keyName)
  }

  // MARK: Folders

  /// `▾ app/   812,113 keys   301 MB`
  private mutating func paintFolderRow(
    _ folder: KeyTree.Folder, _ depth: Int, _ state: ExplorerState, _ table: KeyTable,
    in line: Area
  ) {
    let figures = state.keys.tree.figures(folder)
    let layout = table.layout
    guard let name = layout.spans[KeyTable.name], let life = layout.spans[KeyTable.life] else {
      return
    }
    frame.put(
      figures.marked == 0 ? "" : figures.marked >= figures.shown ? "●" : "◐",
      in: KeyTable.mark, of: layout, row: line.row, from: line.column, style: Style(.marked))
    let isOne = figures.shown == 1 && state.keys.sampling.isWhole
    let count = countText(figures.shown, state.keys) + (isOne ? " key" : " keys")
    let left = name.start + table.indent(depth)
    let end = countEnd(table, life)
    var start = end - DisplayWidth.of(count)
    if start < left + 10 {
      start = end
    } else {
      frame.put(count, row: line.row, column: line.column + start, style: .muted)
    }
    let sign = state.keys.isUnfolded(folder) ? "▾ " : "▸ "
    frame.put(sign, row: line.row, column: line.column + left, style: .muted)
    frame.put(
      middleClipped(folderLabel(folder, state), to: start - left - 3), row: line.row,
      column: line.column + left + 2, style: Style(.title),
      limit: max(0, start - left - 3), overflow: .ellipsis)
    putBytes(figures, state.keys, table, in: line)
  }

  /// Where the counts of keys end: below the lifetimes, a blank more than those before the sizes, which
  /// may begin with a sign of their own.
  private func countEnd(_ table: KeyTable, _ life: TableLayout.Span) -> Int {
    let spans = table.layout.spans
    guard life.width > 0 else { return spans[KeyTable.kind].map { $0.start + $0.width } ?? 0 }
    let hasSizes = spans[KeyTable.size].map { $0.width > 0 } ?? false
    let isBeside = spans[KeyTable.bar] == nil && hasSizes
    return life.start + life.width - (isBeside ? 1 : 0)
  }

  private mutating func putBytes(
    _ figures: KeyTree.Figures, _ keys: KeysState, _ table: KeyTable, in line: Area
  ) {
    guard let text = bytesText(figures, keys),
      let span = table.layout.spans[KeyTable.size]
    else { return }
    frame.putRight(
      text, row: line.row, column: line.column + span.start - 1, columns: span.width + 1,
      style: .muted)
  }

  /// `301 MB`, with `~` before what is an estimate.
  func bytesText(_ figures: KeyTree.Figures, _ keys: KeysState) -> String? {
    figures.bytes.map {
      let (bytes, isTooMuch) = UInt64(max(0, $0.bytes)).multipliedReportingOverflow(
        by: UInt64(keys.sampling.oneIn))
      let isEstimate = figures.isEstimate || !keys.sampling.isWhole
      return (isEstimate ? "~" : "") + FigureFormat.bytes(isTooMuch ? .max : bytes)
    }
  }

  /// The last part of the prefix: `session/`, or with its real separator where there are several.
  func folderLabel(_ folder: KeyTree.Folder, _ state: ExplorerState) -> String {
    let segment = state.keys.tree.segment(folder)
    let name = segment.dropLast()
    let prefix = state.keys.tree.prefix(folder)
    let shown = state.shownBytes(
      of: prefix.dropLast(), from: prefix.count - segment.count)
    let label = name.isEmpty ? "(empty)" : TextSanitizer.listText(shown)
    if state.keys.tree.separators.isSingle { return label + "/" }
    return label + TextSanitizer.listText(segment.suffix(1))
  }
}
