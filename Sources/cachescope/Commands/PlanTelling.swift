import CacheModel
import Plans
import TerminalCanvas
import ValueDecoding

/// Tells a plan and what came of it: in lines for a person, or as one JSON object.
struct PlanTelling {
  private let plan: PlannedChange
  private let order: TagOrder?
  private let preview: PlanPreview
  private let session: ScriptSession
  private let keysInAll: Int64?
  private let roundTrip: Int64

  private static let prefixesShown = 8

  init(
    _ plan: PlannedChange, _ order: TagOrder?, _ preview: PlanPreview,
    _ session: ScriptSession, _ start: (keys: Int64?, roundTrip: Int64)?
  ) {
    self.plan = plan
    self.order = order
    self.preview = preview
    self.session = session
    keysInAll = start?.keys
    roundTrip = start?.roundTrip ?? 0
  }

  private var keepsUndo: Bool { session.changes.keepsUndo }

  /// The plan alone.
  func tell() {
    guard session.output.isJSON else {
      for line in lines { session.output.line(line) }
      return session.output.flush()
    }
    var writer = JSONWriter()
    writer.beginObject()
    writePlan(&writer)
    writer.endObject()
    session.output.line(writer.text)
  }

  /// What came of it; a part that failed is told as a failure.
  func tell(_ report: PlanReport) {
    if session.output.isJSON {
      var writer = JSONWriter()
      writer.beginObject()
      writePlan(&writer)
      write(report, &writer)
      writer.endObject()
      session.output.line(writer.text)
    } else {
      session.output.line(summary(of: report))
    }
    for failure in Self.failures(of: report) { session.output.tell(failure) }
  }

  // MARK: The plan in lines

  private var lines: [String] {
    var lines = [headline] + (order?.lines ?? [])
    guard preview.keys > 0 else { return lines }
    let (top, others) = preview.topPrefixes(Self.prefixesShown)
    lines += top.map { row(TextSanitizer.valueText($0.prefix), $0.count) }
    if others > 0 { lines.append(row("others", others)) }
    let kinds = preview.kinds.sorted { ($1.value, $0.key.redisName) < ($0.value, $1.key.redisName) }
    if !kinds.isEmpty {
      let words = kinds.map { "\(TextSanitizer.listText($0.key.redisName)) \(share($0.value))" }
      lines.append(
        "types: \(words.joined(separator: ", "))\(preview.isMeasured ? "" : " (of a sample)")")
    }
    let figures =
      order?.changesKeys ?? true
      ? [bytesLine, ttlLine, undoLine, timeLine]
      : [keepsUndo ? "undo: possible" : undoLine]
    lines += figures.compactMap { $0 }
    lines.append("such as: " + preview.samples.prefix(5).map(\.shown).joined(separator: "  "))
    return lines
  }

  /// How many keys, and of which tag.
  private var headline: String {
    let count = FigureFormat.grouped(preview.keys)
    let all = keysInAll.map { "\(count) of \($0.counted("key"))" }
    let keys = "\(all ?? preview.keys.counted("key")) of db\(session.source.database)"
    guard let order else { return "this \(plan.verb) \(keys)" }
    if order.changesKeys { return "this \(plan.verb) \(keys), those of \(order.name)" }
    guard order.tag.keeper.tellsKeys else {
      return "this makes the values of \(order.name) stale; nothing tells which keys they are"
    }
    return "this makes \(keys) stale, those of \(order.name)"
  }

  private func row(_ name: String, _ count: Int) -> String {
    let figure = FigureFormat.grouped(count)
    return "  " + String(repeating: " ", count: max(0, 12 - figure.count)) + figure + "  " + name
  }

  private func share(_ count: Int) -> String {
    guard !preview.isMeasured, preview.described > 0 else { return FigureFormat.grouped(count) }
    return "\(count * 100 / preview.described) %"
  }

  private var bytesLine: String? {
    preview.bytes.map {
      let isMeasured = preview.sized == preview.keys
      return "memory: \(isMeasured ? "" : "about ")\(bytes($0))"
        + (isMeasured ? "" : ", estimated from \(FigureFormat.grouped(preview.sized)) of them")
    }
  }

  private var ttlLine: String? {
    guard preview.described > 0 else { return nil }
    guard let shortest = preview.shortestTTL, let longest = preview.longestTTL else {
      return preview.withoutTTL > 0 ? "TTL: none" : nil
    }
    let rest = preview.withoutTTL > 0 ? ", \(share(preview.withoutTTL)) without" : ""
    return "TTL: \(FigureFormat.duration(milliseconds: shortest.milliseconds)) to "
      + FigureFormat.duration(milliseconds: longest.milliseconds) + rest
  }

  private var undoLine: String {
    guard keepsUndo else { return "undo: not possible, nothing is kept" }
    let size = preview.undoBytes.map { ", takes about \(bytes($0))" } ?? ""
    let lost =
      preview.tooLarge == 0 ? "" : "; \(share(preview.tooLarge)) are too large to be taken back"
    return "undo: possible\(size)\(lost)"
  }

  private var timeLine: String {
    let estimate = preview.estimate(roundTrip: roundTrip, keepsUndo: keepsUndo)
    let milliseconds = Int64(max(1, estimate.seconds * 1000))
    return "time: about \(FigureFormat.duration(milliseconds: milliseconds)) on a calm server, "
      + "\(FigureFormat.grouped(Int(estimate.commands))) commands/s"
  }

  private func bytes(_ count: Int64) -> String { FigureFormat.bytes(UInt64(max(0, count))) }

  // MARK: The report

  private func summary(of report: PlanReport) -> String {
    let isOfKeys = order?.changesKeys ?? true
    var words = [
      isOfKeys || report.doneAfterwards == 0
        ? "\(plan.doneWord) \(report.done.counted("key"))"
        : "invalidated \(order?.name ?? "")"
    ]
    if isOfKeys, report.doneAfterwards > 0 {
      words.append("\(FigureFormat.grouped(report.doneAfterwards)) that kept the tag")
    }
    words += report.outcomes(of: plan).map { "\(FigureFormat.grouped($0.count)) \($0.words)" }
    let time = FigureFormat.duration(milliseconds: max(1, report.elapsed / 1000))
    return words.joined(separator: ", ") + " in \(time)"
  }

  /// Why a part of a plan was not done.
  static func failures(of report: PlanReport) -> [CommandFailure] {
    var failures: [CommandFailure] = []
    switch report.problem {
    case .notKept(let error)?: failures.append(CommandFailure(.io, error.sentence))
    case .notAsked(let error)?: failures.append(CommandFailure(error))
    case nil: break
    }
    if report.isAfterwardsLeft {
      failures.append(
        CommandFailure(.server, "what names the keys of the tag was left, since not all are done"))
    }
    for reason in report.failures.reasons {
      let names = reason.keys.map(\.shown).joined(separator: "  ")
      failures.append(
        CommandFailure(
          .server, "\(reason.count.counted("key")) (\(names)): \(reason.error.sentence)"
        ))
    }
    return failures
  }

  // MARK: JSON

  private func writePlan(_ writer: inout JSONWriter) {
    writer.key("plan")
    writer.beginObject()
    writer.key("change")
    writer.string(plan.order)
    if let order { write(order, &writer) }
    if order?.tag.keeper.tellsKeys ?? true { writer.write("keys", Int64(preview.keys)) }
    writer.write("keys_in_all", keysInAll)
    writer.write("described", Int64(preview.described))
    writer.write("bytes", preview.bytes)
    writer.key("types")
    writer.beginObject()
    for (kind, count) in preview.kinds.sorted(by: { $0.key.redisName < $1.key.redisName }) {
      writer.write(kind.redisName, Int64(count))
    }
    writer.endObject()
    writer.key("undo")
    writer.boolean(keepsUndo)
    writer.write("db", Int64(session.source.database))
    writer.endObject()
  }

  private func write(_ order: TagOrder, _ writer: inout JSONWriter) {
    writer.key("tag")
    writer.string(order.tag.spelling)
    writer.key("keeper")
    writer.string(order.tag.keeper.rawValue)
    writer.key("rule")
    if order.usesRule { writer.string(order.invalidation.words) } else { writer.null() }
    writer.key("notes")
    writer.beginArray()
    for note in order.usesRule ? order.invalidation.notes : [] { writer.string(note) }
    writer.endArray()
  }

  private func write(_ report: PlanReport, _ writer: inout JSONWriter) {
    writer.key("result")
    writer.beginObject()
    writer.write("done", Int64(report.done))
    if order != nil { writer.write("done_afterwards", Int64(report.doneAfterwards)) }
    writer.write("unchanged", Int64(report.unchanged))
    writer.write("gone", Int64(report.gone))
    writer.write("changed_meanwhile", Int64(report.changedMeanwhile))
    writer.write("unknown", Int64(report.unknown))
    writer.write("not_done", report.notDone.map { Int64($0) })
    writer.write("failed", Int64(report.failures.count))
    writer.write("lost", Int64(report.lost))
    writer.write("change", report.change?.number)
    writer.write("elapsed_ms", report.elapsed / 1000)
    writer.endObject()
  }
}
