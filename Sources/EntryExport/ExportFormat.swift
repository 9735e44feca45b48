import CacheModel
import ValueDecoding

/// The file format of exports: JSON Lines, one object a line, in UTF-8.
///
/// The first line is the header, `{"format":"cachescope-export","version":1,…}` with `source`, `db`
/// and `time_ms`; the last one is `{"end":true,"entries":N,"failed":M}`, so that a file that was cut
/// short is known as such. Every line between is an entry:
///
/// - `key`, or `key_b64` where the key is not UTF-8;
/// - `type`, as the TYPE command names it;
/// - `expires_at_ms`: milliseconds since 1970 by the clock of the source, or null;
/// - `dump`: the DUMP payload in base64, faithful to the bit;
/// - `tags_b64`: the tags, where there are any;
/// - `value`: the value as `get --json` shows it but with its secrets masked, where it is not long.
///   For reading only.
///
/// Fields that are not known are skipped. A reader accepts its own version alone.
package enum ExportFormat {
  package static let version = 1
  static let name = "cachescope-export"

  // MARK: Writing

  /// The line without its end. Linear.
  package static func text(of line: ExportLine) -> String {
    var writer = JSONWriter()
    writer.beginObject()
    switch line {
    case .header(let header): write(header, to: &writer)
    case .entry(let entry): write(entry, to: &writer)
    case .end(let entries, let failed):
      writer.key("end")
      writer.boolean(true)
      writer.key("entries")
      writer.integer(Int64(entries))
      writer.key("failed")
      writer.integer(Int64(failed))
    }
    writer.endObject()
    return writer.text
  }

  private static func write(_ header: ExportHeader, to writer: inout JSONWriter) {
    writer.key("format")
    writer.string(name)
    writer.key("version")
    writer.integer(Int64(version))
    writer.key("source")
    writer.string(header.product)
    writer.key("db")
    writer.integer(Int64(header.database))
    writer.key("time_ms")
    writer.integer(header.time.milliseconds)
  }

  private static func write(_ entry: ExportedEntry, to writer: inout JSONWriter) {
    if let text = String(validating: entry.key.bytes, as: UTF8.self) {
      writer.key("key")
      writer.string(text)
    } else {
      writer.key("key_b64")
      writer.string(Base64.text(of: entry.key.bytes))
    }
    writer.key("type")
    writer.string(entry.kind.redisName)
    writer.key("expires_at_ms")
    if let deadline = entry.deadline {
      writer.integer(deadline.milliseconds)
    } else {
      writer.null()
    }
    writer.key("dump")
    writer.string(Base64.text(of: entry.payload))
    if !entry.tags.isEmpty {
      writer.key("tags_b64")
      writer.beginArray()
      for tag in entry.tags { writer.string(Base64.text(of: tag)) }
      writer.endArray()
    }
    guard let rendering = entry.rendering else { return }
    writer.key("value")
    if !writer.copy(Array(rendering.utf8)) { writer.null() }
  }
}
