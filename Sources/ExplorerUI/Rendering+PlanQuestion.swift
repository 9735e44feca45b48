import CacheModel
import Explorer
import Plans
import TerminalCanvas
import ValueDecoding

/// What a plan will do, before it does it.
extension Rendering {
  private static let barRows = 4...8
  private static let unknown = "–"

  func questionLines(
    _ plan: PlanState, _ state: ExplorerState, columns: Int
  ) -> [PlanLine] {
    let preview = state.planGathering?.preview ?? plan.preview
    var lines = state.productionLine.flatMap {
      texts($0, Style(.critical).bold(), columns: columns, priority: 0)
    }
    for (place, note) in state.planNotes(plan).enumerated() {
      lines += texts(note, .text, columns: columns, priority: place == 0 ? 1 : 2)
    }
    lines.append(PlanLine(content: .blank, priority: 11))
    guard plan.changesKeys else {
      return lines + undoFact(plan, preview, state, columns: columns)
        + (preview.samples.isEmpty ? [] : [sampleLine(preview)])
    }
    lines += copyFacts(plan, columns: columns)
    lines += facts("memory", memoryText(preview), columns: columns, priority: 5)
    lines += facts("ttl", lifeText(preview), columns: columns, priority: 6)
    lines += facts("time", timeText(plan, preview, state), columns: columns, priority: 4)
    lines += undoFact(plan, preview, state, columns: columns)
    lines.append(sampleLine(preview))
    lines.append(PlanLine(content: .blank, priority: 11))
    return lines + barLines(preview, columns: columns)
  }

  /// Where a copy goes, and what becomes of what is there.
  private func copyFacts(_ plan: PlanState, columns: Int) -> [PlanLine] {
    guard let copy = plan.copy, case .copy(let conflict) = plan.change else { return [] }
    let words = ExplorerState.conflictWords(conflict)
    return facts("to", targetText(copy), columns: columns, priority: 1)
      + facts(
        "existing", words, conflict == .replace ? Style(.warn) : .text, columns: columns,
        priority: 3)
  }

  private func targetText(_ copy: CopyOrder) -> String {
    guard let target = copy.target else { return "\(copy.name), connecting …" }
    let description = target.description
    let keys = target.keys.map { ", \(counted(Int(clamping: $0), "key"))" } ?? ""
    let product = TextSanitizer.listText("\(description.product) \(description.version)")
    return "\(copy.name), db\(description.database) of \(product)\(keys)"
  }

  private func undoFact(
    _ plan: PlanState, _ preview: PlanPreview, _ state: ExplorerState, columns: Int
  ) -> [PlanLine] {
    let isKept = state.reasonAgainstUndo(of: plan) == nil && !plan.exceedsJournal
    return facts(
      "undo", undoText(plan, preview, state), isKept ? .text : Style(.warn), columns: columns,
      priority: 3)
  }

  private func sampleLine(_ preview: PlanPreview) -> PlanLine {
    PlanLine(content: .fact("such as", sampleText(preview), .text), priority: 7)
  }

  // MARK: Figures

  private func memoryText(_ preview: PlanPreview) -> String {
    guard let bytes = preview.bytes else { return Self.unknown }
    guard preview.sized < preview.keys else { return text(ofBytes: bytes) }
    return "about \(text(ofBytes: bytes)), from \(FigureFormat.grouped(preview.sized)) of them"
  }

  private func lifeText(_ preview: PlanPreview) -> String {
    guard preview.described > 0 else { return Self.unknown }
    guard let shortest = preview.shortestTTL, let longest = preview.longestTTL else {
      return preview.withoutTTL > 0 ? "none: they never expire" : Self.unknown
    }
    let from = FigureFormat.duration(milliseconds: shortest.milliseconds)
    let to = FigureFormat.duration(milliseconds: longest.milliseconds)
    let without =
      preview.withoutTTL > 0 ? ", \(share(preview.withoutTTL, preview)) without one" : ""
    return (from == to ? from : "\(from) to \(to)") + without
  }

  private func timeText(
    _ plan: PlanState, _ preview: PlanPreview, _ state: ExplorerState
  ) -> String {
    let keepsUndo = state.reasonAgainstUndo(of: plan) == nil
    let roundTrip = state.stats.history.latest?.roundTripMicroseconds ?? 0
    let estimate = preview.estimate(roundTrip: roundTrip, keepsUndo: keepsUndo)
    guard estimate.seconds > 0 else { return Self.unknown }
    let time =
      estimate.seconds < 1
      ? "less than a second"
      : "about \(FigureFormat.duration(milliseconds: Int64(estimate.seconds * 1000)))"
    return "\(time) on a calm server, \(FigureFormat.count(estimate.commands)) commands/s"
  }

  private func undoText(
    _ plan: PlanState, _ preview: PlanPreview, _ state: ExplorerState
  ) -> String {
    if plan.copy != nil { return state.copyUndoText(plan) }
    if let reason = state.reasonAgainstUndo(of: plan) {
      guard plan.exceedsJournal, let room = plan.room, let needed = preview.undoBytes else {
        return "cannot be undone: \(reason)"
      }
      return "cannot be undone: it would take about \(text(ofBytes: needed)), the journal has room "
        + "for \(text(ofBytes: room))"
    }
    guard plan.changesKeys else { return "u takes it back" }
    if plan.exceedsJournal, let room = plan.room, let needed = preview.undoBytes {
      return "it takes about \(text(ofBytes: needed)), the journal has room for "
        + "\(text(ofBytes: room)): the plan ends when that is full"
    }
    let bound = state.source.undoLimitText
    let size = preview.undoBytes.map { ", the journal keeps about \(text(ofBytes: $0))" } ?? ""
    guard preview.tooLarge > 0 else {
      return "u takes it back\(size)"
        + (preview.isMeasured ? "" : "; what is larger than \(bound) cannot be undone")
    }
    return "u takes it back\(size); \(share(preview.tooLarge, preview)) are larger than \(bound) "
      + "and cannot be undone"
  }

  private func sampleText(_ preview: PlanPreview) -> String {
    guard !preview.samples.isEmpty else { return Self.unknown }
    return preview.samples.map { SpelledName.of(SecretMask.maskedName($0.bytes), limit: 40) }
      .joined(separator: "  ")
  }

  /// How many of all, or of a sample their share.
  private func share(_ count: Int, _ preview: PlanPreview) -> String {
    guard !preview.isMeasured, preview.described > 0 else { return FigureFormat.grouped(count) }
    let percent = count * 100 / preview.described
    return percent == 0 ? "below 1 %" : "\(percent) %"
  }

  private func text(ofBytes count: Int64) -> String { FigureFormat.bytes(UInt64(max(0, count))) }

  // MARK: Bars

  private func barLines(_ preview: PlanPreview, columns: Int) -> [PlanLine] {
    let prefixes = prefixBars(preview)
    let kinds = columns < 60 ? [] : kindBars(preview)
    let rows = min(
      Self.barRows.upperBound, max(Self.barRows.lowerBound, prefixes.count, kinds.count))
    return (0..<rows).map { row in
      PlanLine(
        content: .bars(
          left: prefixes.indices.contains(row) ? prefixes[row] : nil,
          right: kinds.indices.contains(row) ? kinds[row] : nil), priority: 20 + row)
    }
  }

  private func prefixBars(_ preview: PlanPreview) -> [PlanBar] {
    var (top, others) = preview.topPrefixes(Self.barRows.upperBound)
    if others > 0, top.count == Self.barRows.upperBound, let last = top.popLast() {
      others += last.count
    }
    var rows = top.map { (SpelledName.of($0.prefix, limit: 80) + "*", $0.count) }
    if others > 0 { rows.append((top.isEmpty ? "without a prefix" : "others", others)) }
    return bars(rows.map { ($0.0, $0.1, FigureFormat.grouped($0.1)) }, of: preview.keys)
  }

  private func kindBars(_ preview: PlanPreview) -> [PlanBar] {
    let kinds = preview.kinds.sorted { ($1.value, $0.key.redisName) < ($0.value, $1.key.redisName) }
    var rows = kinds.map { ($0.key.redisName, $0.value) }
    if rows.count > Self.barRows.upperBound {
      let rest = rows[(Self.barRows.upperBound - 1)...].reduce(0) { $0 + $1.1 }
      rows = rows.prefix(Self.barRows.upperBound - 1) + [("others", rest)]
    }
    return bars(
      rows.map { (TextSanitizer.listText($0.0), $0.1, share($0.1, preview)) },
      of: preview.described)
  }

  private func bars(_ rows: [(name: String, count: Int, figure: String)], of all: Int) -> [PlanBar]
  {
    let width = rows.map { DisplayWidth.of($0.figure) }.max() ?? 0
    return rows.map {
      PlanBar(
        name: $0.name, share: all > 0 ? Double($0.count) / Double(all) : 0, figure: $0.figure,
        figureWidth: width)
    }
  }
}
