/// JSON as a test compares it: the members of an object in any order, numbers by their values. Read by
/// a parser of its own, so that it can judge the program's.
package enum ParsedJSON: Sendable, Hashable {
  case null
  case bool(Bool)
  case number(Double)
  case string(String)
  case array([ParsedJSON])
  case object([String: ParsedJSON])

  /// Nil when the text is not one JSON value.
  package init?(_ text: some Sequence<UInt8>) {
    var parser = Parser(bytes: Array(text))
    guard let value = parser.value(), parser.isAtEnd else { return nil }
    self = value
  }

  /// The member of that name.
  package subscript(name: String) -> ParsedJSON? {
    if case .object(let members) = self { members[name] } else { nil }
  }

  package var string: String? {
    if case .string(let text) = self { text } else { nil }
  }

  package var number: Double? {
    if case .number(let value) = self { value } else { nil }
  }

  package var strings: [String]? {
    if case .array(let values) = self { values.compactMap(\.string) } else { nil }
  }
}

private struct Parser {
  let bytes: [UInt8]
  var place = 0

  var isAtEnd: Bool {
    mutating get {
      skipBlanks()
      return place == bytes.count
    }
  }

  private mutating func skipBlanks() {
    while place < bytes.count, [0x20, 0x0A, 0x0D, 0x09].contains(bytes[place]) { place += 1 }
  }

  private mutating func take(_ text: String) -> Bool {
    skipBlanks()
    guard bytes[place...].starts(with: text.utf8) else { return false }
    place += text.utf8.count
    return true
  }

  mutating func value() -> ParsedJSON? {
    skipBlanks()
    if take("null") { return .null }
    if take("true") { return .bool(true) }
    if take("false") { return .bool(false) }
    if take("[") { return array() }
    if take("{") { return object() }
    if place < bytes.count, bytes[place] == UInt8(ascii: "\"") {
      return string().map { .string($0) }
    }
    let digits = bytes[place...].prefix { "+-.eE0123456789".utf8.contains($0) }
    place += digits.count
    return Double(String(decoding: digits, as: UTF8.self)).map { .number($0) }
  }

  private mutating func array() -> ParsedJSON? {
    var values: [ParsedJSON] = []
    if take("]") { return .array([]) }
    repeat {
      guard let value = value() else { return nil }
      values.append(value)
    } while take(",")
    return take("]") ? .array(values) : nil
  }

  private mutating func object() -> ParsedJSON? {
    var members: [String: ParsedJSON] = [:]
    if take("}") { return .object([:]) }
    repeat {
      skipBlanks()
      guard let name = string(), take(":"), let value = value() else { return nil }
      members[name] = value
    } while take(",")
    return take("}") ? .object(members) : nil
  }

  private mutating func string() -> String? {
    guard take("\"") else { return nil }
    var units: [UInt16] = []
    var plain: [UInt8] = []
    func flushed() -> [UInt16] { Array(String(decoding: plain, as: UTF8.self).utf16) }
    while place < bytes.count, bytes[place] != UInt8(ascii: "\"") {
      let byte = bytes[place]
      place += 1
      guard byte == UInt8(ascii: "\\") else {
        plain.append(byte)
        continue
      }
      units += flushed()
      plain = []
      guard let unit = escape() else { return nil }
      units.append(unit)
    }
    units += flushed()
    guard place < bytes.count else { return nil }
    place += 1
    return String(decoding: units, as: UTF16.self)
  }

  private mutating func escape() -> UInt16? {
    guard place < bytes.count else { return nil }
    let kind = bytes[place]
    place += 1
    switch kind {
    case UInt8(ascii: "n"): return 0x0A
    case UInt8(ascii: "r"): return 0x0D
    case UInt8(ascii: "t"): return 0x09
    case UInt8(ascii: "b"): return 0x08
    case UInt8(ascii: "f"): return 0x0C
    case UInt8(ascii: "u"):
      let digits = bytes[place...].prefix(4)
      place += digits.count
      return UInt16(String(decoding: digits, as: UTF8.self), radix: 16)
    default: return UInt16(kind)
    }
  }
}
