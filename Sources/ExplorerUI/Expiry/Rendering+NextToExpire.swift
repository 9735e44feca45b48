import CacheModel
import Explorer
import TerminalCanvas

/// The keys that expire first, counting down, and the prefixes whose keys never expire.
extension Rendering {
  mutating func paintSoonest(_ state: ExplorerState, in area: Area) {
    let inside = frame.box(area, title: "Next to expire")
    var rows = inside.inset(columns: 1)
    let next = state.nextToExpire(rows.rows)
    guard !next.isEmpty else {
      let words = state.expiry.survey == nil ? "counting …" : "no key that is loaded expires"
      return paintAside(words, in: inside)
    }
    let table = TableLayout(
      [
        .init("key", .flexible(minimum: 12)),
        .init("ttl", .fixed(FigureFormat.durationWidth), .right),
        .init("", .fixed(6), priority: 1),
      ], width: rows.columns)
    for (key, left, first) in next {
      let line = rows.takeTop(1)
      let role: StyleRole = left < 10_000 ? .critical : left < 60_000 ? .warn : .text
      frame.put(
        middleClipped(
          TextSanitizer.listText(state.shownBytes(of: key.bytes[...], from: 0)),
          to: table.spans[0]?.width ?? 12), in: 0,
        of: table, row: line.row, from: line.column, style: Style(.keyName))
      frame.put(
        FigureFormat.duration(milliseconds: left), in: 1, of: table, row: line.row,
        from: line.column, style: Style(role))
      let share = first > 0 ? Double(left) / Double(first) : 0
      frame.put(
        Bar.squares(share, columns: 6), in: 2, of: table, row: line.row, from: line.column,
        style: Style(role == .text ? .muted : role))
    }
  }

  mutating func paintWithoutTTL(_ state: ExplorerState, in area: Area) {
    let survey = state.expiry.survey
    let inside = frame.box(
      area, title: "Without a TTL",
      trailing: survey.map { $0.withoutTTL > 0 ? countText($0, $0.withoutTTL) : "" } ?? "")
    var rows = inside.inset(columns: 1)
    let groups = (survey?.groups ?? []).filter { $0.withoutTTL > 0 }
      .sorted { $0.withoutTTL > $1.withoutTTL }
    guard let survey, !groups.isEmpty else {
      return paintAside(survey == nil ? "counting …" : "every key has one", in: inside)
    }
    let table = TableLayout(
      [
        .init("prefix", .flexible(minimum: 10)), .init("keys", .fixed(15), .right),
        .init("memory", .fixed(FigureFormat.bytesWidth), .right, priority: 1),
        .init("", .fixed(8), priority: 2),
      ], width: rows.columns)
    for group in groups.prefix(rows.rows) {
      let line = rows.takeTop(1)
      frame.put(
        middleClipped(Self.name(of: group), to: table.spans[0]?.width ?? 10), in: 0, of: table,
        row: line.row, from: line.column, style: Style(.keyName))
      frame.put(
        countText(survey, group.withoutTTL), in: 1, of: table, row: line.row, from: line.column)
      if let bytes = bytesText(of: group, survey) {
        frame.put(bytes, in: 2, of: table, row: line.row, from: line.column, style: .muted)
      }
      frame.put(
        Bar.squares(Double(group.withoutTTL) / Double(survey.withoutTTL), columns: 8), in: 3,
        of: table, row: line.row, from: line.column, style: Style(.accent))
    }
  }

  /// `402,771 keys`; where they are estimated with a sign.
  private func countText(_ survey: ExpirySurvey, _ count: Int) -> String {
    let estimate = Int(survey.estimate(count).count.rounded())
    return (survey.isEstimate ? "~" : "") + counted(estimate, "key")
  }

  private func bytesText(of group: ExpiryGroup, _ survey: ExpirySurvey) -> String? {
    guard group.sized > 0 else { return nil }
    let all = Double(group.bytes) / Double(group.sized) * survey.estimate(group.withoutTTL).count
    guard all.isFinite, all >= 0, all < 1e18 else { return nil }
    return FigureFormat.bytes(UInt64(all.rounded()))
  }
}
