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
    writeContent(page.content, of: page.key, to: &writer)
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
    case .stream(let entries, _): writeEntries(entries, to: &writer)
    case .unreadable: writer.null()
    }
    return writer.text
  }

  /// Who wrote it and what it is; for a string how its bytes were decoded, too.
  private static func writeContent(
    _ content: ValueContent, of key: CacheKey, to writer: inout JSONWriter
  ) {
    let decoder = ValueDecoder(.forScripts())
    guard case .string(let bytes) = content else {
      decoder.identity(ofKey: key.bytes).write(to: &writer)
      guard content.isReadable else { return }
      writer.key("outcome")
      writer.string("ok")
      writer.key("value")
      return writer.value(written: Array(value(of: content).utf8))
    }
    let entry = decoder.entry(bytes, key: key.bytes)
    entry.write(to: &writer)
    if entry.decoding.codecs == [ValueCodec.binary.rawValue] {
      writer.key("value_b64")
      writer.string(Base64.text(of: bytes))
    } else {
      writer.key("value")
      writer.value(written: entry.decoding.json)
    }
    decoder.writeRecognised(entry.decoding, to: &writer)
  }

  /// Bytes anywhere inside a value, by the same rules as a whole one.
  private static func write(_ bytes: [UInt8], to writer: inout JSONWriter) {
    writer.value(written: ValueDecoder(.forScripts()).decode(bytes).json)
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

  /// Of each its id and its fields, which keep their order and may come twice.
  private static func writeEntries(_ entries: [StreamEntry], to writer: inout JSONWriter) {
    writer.beginArray()
    for entry in entries {
      writer.beginArray()
      writer.string(entry.id.text)
      writeHash(entry.fields, to: &writer)
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

extension ValueContent {
  fileprivate var isReadable: Bool {
    if case .unreadable = self { false } else { true }
  }
}
