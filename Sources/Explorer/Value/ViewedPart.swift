package import CacheModel
import ValueDecoding

/// What of a value can fill the pane: a part that can be changed, or what a stream holds.
package enum ViewedPart: Sendable, Equatable {
  case part(ValuePart)
  case entry(StreamEntry)
  case group(StreamGroup)

  /// What is laid out: of a stream's entry its fields, decoded, as JSON.
  package var bytes: [UInt8] {
    switch self {
    case .part(let part): part.bytes
    case .entry(let entry): entry.json
    case .group(let group): group.json
    }
  }

  /// `city`, `element 3`, `entry 1700000000000-0`, `group mail`.
  package var name: String? {
    switch self {
    case .part(let part): part.name
    case .entry(let entry): "entry \(entry.id.text)"
    case .group(let group): "group \(SpelledName.of(group.name, limit: 30))"
    }
  }

  /// The name that says what it is; nil where only the key does.
  var context: [UInt8]? {
    if case .part(let part) = self { part.context } else { nil }
  }

  /// Nil for what cannot be changed.
  var changeable: ValuePart? {
    if case .part(let part) = self { part } else { nil }
  }
}

extension StreamEntry {
  /// Values that are larger are written as text or bytes, whatever they are.
  private static let decodedBound = 64 << 10

  /// An object with the fields in their order, each with what its bytes are.
  fileprivate var json: [UInt8] {
    let decoder = ValueDecoder(EditSubject.budget)
    var writer = JSONWriter()
    writer.beginObject()
    for field in fields {
      writer.key(String(decoding: field.field, as: UTF8.self))
      if field.value.count > Self.decodedBound,
        let text = String(validating: field.value, as: UTF8.self)
      {
        writer.string(text)
      } else {
        writer.value(written: decoder.decode(field.value).json)
      }
    }
    writer.endObject()
    return Array(writer.text.utf8)
  }
}

extension StreamGroup {
  /// What the server tells of it.
  fileprivate var json: [UInt8] {
    var writer = JSONWriter()
    writer.beginObject()
    writer.member("group", name)
    writer.member("last delivered", lastDelivered?.text)
    writer.member("pending", pending)
    if let lag { writer.member("not delivered", lag) }
    writer.key("consumers")
    writer.beginArray()
    for consumer in consumers {
      writer.beginObject()
      writer.member("consumer", consumer.name)
      writer.member("pending", consumer.pending)
      writer.member("idle", ExplorerState.durationText(consumer.idleMilliseconds))
      writer.endObject()
    }
    writer.endArray()
    if consumers.isEmpty, consumerCount > 0 { writer.member("consumers in all", consumerCount) }
    writer.key("oldest pending")
    writer.beginArray()
    for entry in oldest {
      writer.beginObject()
      writer.member("entry", entry.id.text)
      writer.member("consumer", entry.consumer)
      writer.member("delivered", "\(ExplorerState.durationText(entry.idleMilliseconds)) ago")
      writer.member("deliveries", entry.deliveries)
      writer.endObject()
    }
    writer.endArray()
    writer.endObject()
    return Array(writer.text.utf8)
  }
}

extension JSONWriter {
  fileprivate mutating func member(_ name: String, _ text: String?) {
    key(name)
    if let text { string(text) } else { null() }
  }

  fileprivate mutating func member(_ name: String, _ bytes: [UInt8]) {
    member(name, String(decoding: bytes, as: UTF8.self))
  }

  fileprivate mutating func member(_ name: String, _ number: Int64) {
    key(name)
    integer(number)
  }
}
