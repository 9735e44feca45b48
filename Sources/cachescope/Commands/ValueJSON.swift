import CacheModel
import ValueDecoding

/// A value as one JSON object, with the decoded value inside.
enum ValueJSON {
  static func object(_ page: ValuePage, database: Int) -> String {
    var writer = JSONWriter()
    writer.beginObject()
    writer.write(page.key)
    writer.key("type")
    writer.string(page.kind.redisName)
    if let lifetime = page.lifetime { writer.write(lifetime) }
    writer.write("length", page.totalLength)
    writer.write("bytes", page.bytes?.bytes)
    if let encoding = page.encoding {
      writer.key("encoding")
      writer.string(encoding)
    }
    writer.write("db", Int64(database))
    writeContent(page.content, to: &writer)
    writer.endObject()
    return writer.text
  }

  /// The value alone, as it stands in the object.
  static func value(of content: ValueContent) -> String {
    var writer = JSONWriter()
    switch content {
    case .string(let bytes): write(bytes, to: &writer)
    case .hash(let fields): writeHash(fields, to: &writer)
    case .list(_, let elements): writeArray(elements, to: &writer)
    case .set(let members): writeSet(members, to: &writer)
    case .sortedSet(let members): writeScores(members, to: &writer)
    case .unreadable: writer.null()
    }
    return writer.text
  }

  private static func writeContent(_ content: ValueContent, to writer: inout JSONWriter) {
    switch content {
    case .string(let bytes): writeString(bytes, to: &writer)
    case .hash(let fields): writeValue(of: &writer) { writeHash(fields, to: &$0) }
    case .list(_, let elements): writeValue(of: &writer) { writeArray(elements, to: &$0) }
    case .set(let members): writeValue(of: &writer) { writeSet(members, to: &$0) }
    case .sortedSet(let members): writeValue(of: &writer) { writeScores(members, to: &$0) }
    case .unreadable: break
    }
  }

  private static func writeString(_ bytes: [UInt8], to writer: inout JSONWriter) {
    let form = ValueForm.of(bytes)
    writer.key("codecs")
    writer.beginArray()
    writer.string(form.rawValue)
    writer.endArray()
    guard form != .binary else {
      writeOutcome(to: &writer)
      writer.key("value_b64")
      return writer.string(Base64.text(of: bytes))
    }
    writeValue(of: &writer) { write(bytes, form, to: &$0) }
  }

  private static func writeValue(of writer: inout JSONWriter, _ body: (inout JSONWriter) -> Void) {
    writeOutcome(to: &writer)
    writer.key("value")
    body(&writer)
  }

  private static func writeOutcome(to writer: inout JSONWriter) {
    writer.key("outcome")
    writer.string("ok")
  }

  /// Bytes anywhere inside a value: what is not text is `{"$bytes":"base64"}`.
  private static func write(
    _ bytes: [UInt8], _ form: ValueForm? = nil, to writer: inout JSONWriter
  ) {
    let text = String(decoding: bytes, as: UTF8.self)
    switch form ?? ValueForm.of(bytes) {
    case .integer: writer.number(text == "-0" ? "0" : text)
    case .json: if !writer.copy(bytes) { writer.string(text) }
    case .text: writer.string(text)
    case .binary:
      writer.beginObject()
      writer.key("$bytes")
      writer.string(Base64.text(of: bytes))
      writer.endObject()
    }
  }

  private static func writeArray(_ elements: [[UInt8]], to writer: inout JSONWriter) {
    writer.beginArray()
    for element in elements { write(element, to: &writer) }
    writer.endArray()
  }

  private static func writeSet(_ members: [[UInt8]], to writer: inout JSONWriter) {
    writer.beginObject()
    writer.key("$set")
    writeArray(members, to: &writer)
    writer.endObject()
  }

  /// An object, or pairs in a `$dict` when a field cannot be a name in one.
  private static func writeHash(_ fields: [HashField], to writer: inout JSONWriter) {
    let names = fields.map { String(validating: $0.field, as: UTF8.self) }
    let isObject = names.allSatisfy { $0?.hasPrefix("$") == false }
    writer.beginObject()
    if !isObject {
      writer.key("$dict")
      writer.beginArray()
    }
    for (field, name) in zip(fields, names) {
      if isObject {
        writer.key(name ?? "")
        write(field.value, to: &writer)
      } else {
        writer.beginArray()
        write(field.field, to: &writer)
        write(field.value, to: &writer)
        writer.endArray()
      }
    }
    if !isObject { writer.endArray() }
    writer.endObject()
  }

  private static func writeScores(_ members: [ScoredMember], to writer: inout JSONWriter) {
    writer.beginArray()
    for member in members {
      writer.beginArray()
      write(member.member, to: &writer)
      writer.double(member.score)
      writer.endArray()
    }
    writer.endArray()
  }

  /// A score as a person writes it.
  static func text(of score: Double) -> String {
    let text = score.description
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }
}
