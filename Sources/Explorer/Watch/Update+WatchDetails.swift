import CacheModel
import ValueDecoding

/// One line of a watch at length: what differs, and the values before and after it.
extension ExplorerState {
  private static let valueLines = 500
  private static let columns = 68

  mutating func showDetailsOfLine(_ overlay: Overlay, _ log: WatchLog, _ name: String) {
    guard log.lines.indices.contains(overlay.list.row) else { return }
    let line = log.lines[overlay.list.row]
    var rows = [
      OverlayRow(.text("at"), preciseClockText(line.at)), OverlayRow(.text("what"), line.title),
    ]
    if let key = line.key { rows.insert(OverlayRow(.text("key"), nameForMessage(key)), at: 1) }
    rows += differenceRows(line)
    rows += valueRows("before", line.before) + valueRows("after", line.after)
    if line.difference != nil, line.before == nil {
      rows.append(OverlayRow(.none, "the values are no longer kept", tone: .muted))
    }
    show(Overlay(.details(title: name, lines: rows)))
  }

  private func differenceRows(_ line: WatchLine) -> [OverlayRow] {
    guard let difference = masksSecrets ? line.maskedDifference : line.difference else {
      return []
    }
    var rows = [OverlayRow(.none, "what differs", tone: .head)]
    for item in difference.items {
      let (sign, tone): (String, OverlayRow.Tone) =
        item.before == nil ? ("+", .good) : item.after == nil ? ("-", .warning) : ("~", .plain)
      rows.append(OverlayRow(.text(sign), item.text, tone: tone))
    }
    if difference.further > 0 {
      rows.append(OverlayRow(.none, "and \(difference.further) more", tone: .muted))
    }
    if let remark = difference.remark { rows.append(OverlayRow(.none, remark)) }
    if difference.isEmpty { rows.append(OverlayRow(.none, "nothing: the same value as before")) }
    return rows
  }

  private func valueRows(_ name: String, _ page: ValuePage?) -> [OverlayRow] {
    guard let page else { return [] }
    let read =
      page.isComplete ? "" : ", the first \(page.content.count.grouped) of them read"
    var rows = [OverlayRow(.none, "\(name): \(WatchText.state(page))\(read)", tone: .head)]
    let lines = text(of: page)
    rows += lines.prefix(Self.valueLines).map { OverlayRow(.text(""), $0) }
    if lines.count > Self.valueLines {
      rows.append(
        OverlayRow(.none, "and \(lines.count - Self.valueLines) more lines", tone: .muted))
    }
    return rows
  }

  private func text(of page: ValuePage) -> [String] {
    func name(_ bytes: [UInt8], _ field: [UInt8]? = nil) -> String {
      SpelledName.of(shownRow(bytes, under: field ?? page.key.bytes), limit: 200)
    }
    switch page.content {
    case .string(let bytes):
      var text = ValueText(
        bytes, isComplete: page.isComplete, lineLimit: Self.valueLines + 1,
        hex: HexLayout(hidden: masksSecrets ? SecretScan.secrets(in: bytes).map(\.range) : []))
      if masksSecrets, text.form != .binary {
        text = text.masked(named: page.key.bytes, isEnd: page.isComplete).text
      }
      return text.lines.flatMap { $0.broken(at: Self.columns) }.map(\.text)
    case .hash(let fields): return fields.map { "\(name($0.field)) = \(name($0.value, $0.field))" }
    case .list(let from, let elements):
      return elements.enumerated().map { "[\(from + Int64($0))] \(name($1))" }
    case .set(let members): return members.map { name($0) }
    case .sortedSet(let members):
      return members.map { "\(ScoreText.of($0.score))  \(name($0.member))" }
    case .stream(let entries, _):
      return entries.map { entry in
        entry.id.text + "  "
          + entry.fields.map { "\(name($0.field))=\(name($0.value, $0.field))" }
          .joined(separator: "  ")
      }
    case .unreadable: return ["a \(page.kind.redisName): not read here"]
    }
  }
}
