import CacheModel
import TerminalCanvas
import ValueDecoding

/// Writes keys one a line: as JSON, as a table for a person, or with tabs for a pipe.
struct KeyListing {
  private let output: CommandOutput
  private let database: Int
  private let namesOnly: Bool

  init(_ session: ScriptSession, namesOnly: Bool) {
    output = session.output
    database = session.source.database
    self.namesOnly = namesOnly
  }

  /// The head of the table.
  func begin() {
    guard output.isTerminal, !output.isJSON, !namesOnly else { return }
    output.line(Self.row("TYPE", "TTL", "SIZE", "KEY"))
  }

  func add(_ summaries: some Sequence<KeySummary>) {
    for summary in summaries { output.line(line(summary)) }
    output.flush()
  }

  private func line(_ summary: KeySummary) -> String {
    if output.isJSON { return json(summary) }
    if namesOnly { return summary.key.shown }
    return output.isTerminal ? tableRow(summary) : tabbedRow(summary)
  }

  private func tableRow(_ summary: KeySummary) -> String {
    let ttl =
      switch summary.lifetime {
      case nil: "?"
      case .unlimited?: "∞"
      case .remaining(let ttl)?: FigureFormat.duration(milliseconds: ttl.milliseconds)
      }
    let size = summary.bytes.map { FigureFormat.bytes(UInt64(max(0, $0.bytes))) } ?? "?"
    return Self.row(summary.kind?.redisName ?? "?", ttl, size, summary.key.shown)
  }

  private func tabbedRow(_ summary: KeySummary) -> String {
    let ttl = summary.lifetime.map { $0.ttl.map { String($0.milliseconds) } ?? "none" } ?? "?"
    let size = summary.bytes.map { String($0.bytes) } ?? "?"
    return [summary.kind?.redisName ?? "?", ttl, size, summary.key.shown].joined(separator: "\t")
  }

  private func json(_ summary: KeySummary) -> String {
    var writer = JSONWriter()
    writer.beginObject()
    writer.write(summary.key)
    if let kind = summary.kind {
      writer.key("type")
      writer.string(kind.redisName)
    }
    if let lifetime = summary.lifetime { writer.write(lifetime) }
    writer.write("length", summary.length)
    writer.write("bytes", summary.bytes?.bytes)
    writer.write("idle_s", summary.idleSeconds)
    if let encoding = summary.encoding {
      writer.key("encoding")
      writer.string(encoding)
    }
    writer.write("db", Int64(database))
    writer.endObject()
    return writer.text
  }

  private static func row(_ type: String, _ ttl: String, _ size: String, _ key: String) -> String {
    let name = TextSanitizer.listText(type)
    return padded(name, after: 7) + padded(ttl, before: 8) + padded(size, before: 9) + "  " + key
  }

  private static func padded(_ text: String, after width: Int) -> String {
    text + String(repeating: " ", count: max(1, width - text.count))
  }

  private static func padded(_ text: String, before width: Int) -> String {
    String(repeating: " ", count: max(1, width - text.count)) + text
  }
}
