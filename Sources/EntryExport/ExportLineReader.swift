import CacheModel
import ValueDecoding

extension ExportFormat {
  /// Reads one line, without its end. Linear; nothing in it is trusted.
  package static func read(_ line: [UInt8]) throws(ExportLineError) -> ExportLine {
    let fields = try ExportFields(line)
    if let format = fields.text("format") {
      guard format == name else { throw .unknown }
      guard fields.number("version") == Int64(version) else {
        throw .laterVersion(fields.written("version") ?? "unknown")
      }
      return .header(try header(fields))
    }
    if fields.written("end") == "true" {
      guard let entries = fields.count("entries") else { throw .wrongField("entries") }
      guard let failed = fields.count("failed") else { throw .wrongField("failed") }
      return .end(entries: entries, failed: failed)
    }
    return .entry(try entry(fields))
  }

  private static func header(_ fields: ExportFields) throws(ExportLineError) -> ExportHeader {
    guard let database = fields.count("db") else { throw .wrongField("db") }
    guard let time = fields.number("time_ms") else { throw .wrongField("time_ms") }
    return ExportHeader(
      product: fields.text("source") ?? "", database: database,
      time: WallTime(milliseconds: time))
  }

  private static func entry(_ fields: ExportFields) throws(ExportLineError) -> ExportedEntry {
    guard let payload = fields.bytes("dump"), !payload.isEmpty else {
      throw fields.has("dump") ? .wrongField("dump") : .unknown
    }
    let key = fields.text("key").map { Array($0.utf8) } ?? fields.bytes("key_b64")
    guard let key else { throw .wrongField("key") }
    guard let type = fields.text("type") else { throw .wrongField("type") }
    var entry = ExportedEntry(
      key: CacheKey(key), kind: ValueKind(redisName: type), deadline: nil, payload: payload)
    if fields.written("expires_at_ms") != "null" {
      guard let time = fields.number("expires_at_ms"), time >= 0 else {
        throw .wrongField("expires_at_ms")
      }
      entry.deadline = WallTime(milliseconds: time)
    }
    for text in fields.list("tags_b64") {
      guard let tag = Base64.bytes(of: text) else { throw .wrongField("tags_b64") }
      entry.tags.append(tag)
    }
    return entry
  }
}

/// The fields of one flat JSON object, and lists of strings in it; what lies deeper is skipped. Of a
/// field that comes twice the first counts.
struct ExportFields {
  private var scalars: [String: Range<Int>] = [:]
  private var lists: [String: [Range<Int>]] = [:]
  private let line: [UInt8]

  init(_ line: [UInt8]) throws(ExportLineError) {
    self.line = line
    guard String(validating: line, as: UTF8.self) != nil else { throw .notJSON(offset: 0) }
    var reader = JSONReader(line)
    do throws(JSONSyntaxError) {
      guard try reader.next() == .beginObject else { throw JSONSyntaxError.notAnObject }
      try take(&reader)
    } catch {
      throw error.problem == .unexpectedEnd ? .cutOff : .notJSON(offset: error.offset)
    }
  }

  private mutating func take(_ reader: inout JSONReader) throws(JSONSyntaxError) {
    var name = ""
    while let event = try reader.next() {
      switch (event, reader.depth) {
      case (.key(let range), 1): name = JSONText.unquoted(line[range])
      case (.string(let range), 1), (.number(let range), 1), (.literal(let range), 1):
        if scalars[name] == nil { scalars[name] = range }
      case (.string(let range), 2): lists[name, default: []].append(range)
      default: break
      }
    }
  }

  func has(_ name: String) -> Bool { scalars[name] != nil }

  /// A number or a literal as it is written.
  func written(_ name: String) -> String? {
    scalars[name].map { String(decoding: line[$0], as: UTF8.self) }
  }

  func text(_ name: String) -> String? {
    guard let range = scalars[name], line[range].first == UInt8(ascii: "\"") else { return nil }
    return JSONText.unquoted(line[range])
  }

  func number(_ name: String) -> Int64? { written(name).flatMap { Int64($0) } }

  /// A number from 0 on.
  func count(_ name: String) -> Int? {
    number(name).flatMap { $0 >= 0 ? Int(exactly: $0) : nil }
  }

  func bytes(_ name: String) -> [UInt8]? { text(name).flatMap { Base64.bytes(of: $0) } }

  func list(_ name: String) -> [String] {
    (lists[name] ?? []).map { JSONText.unquoted(line[$0]) }
  }
}

extension JSONSyntaxError {
  fileprivate static let notAnObject = JSONSyntaxError(offset: 0, problem: .unexpectedByte)
}
