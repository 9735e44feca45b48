/// JSON as text: quoting, unquoting, and one value on one line.
package enum JSONText {
  /// A JSON string with its quotes. Besides what JSON requires, everything that could act on a
  /// terminal or reorder a line (DEL, C1, bidirectional and line separators) is escaped, so that
  /// JSON output may be printed as it is. Linear.
  package static func quoted(_ text: String) -> String {
    var result: [UInt8] = []
    appendQuoted(Array(text.utf8)[...], to: &result)
    return String(decoding: result, as: UTF8.self)
  }

  /// The same for UTF-8, onto what has been written.
  static func appendQuoted(_ text: ArraySlice<UInt8>, to result: inout [UInt8]) {
    result.append(UInt8(ascii: "\""))
    var plain = text.startIndex
    var index = text.startIndex
    while index < text.endIndex {
      let length = isPlain(text[index]) ? 0 : escapedLength(text, index)
      if length > 0 {
        result += text[plain..<index]
        appendEscaped(text[index..<(index + length)], to: &result)
        plain = index + length
      }
      index += max(1, length)
    }
    result += text[plain...]
    result.append(UInt8(ascii: "\""))
  }

  private static func isPlain(_ byte: UInt8) -> Bool {
    byte >= 0x20 && byte < 0x7F && byte != 0x22 && byte != 0x5C
  }

  /// How many bytes stand here for one character that has to be escaped; 0 for any other.
  private static func escapedLength(_ text: ArraySlice<UInt8>, _ index: Int) -> Int {
    func byte(_ distance: Int) -> UInt8 {
      index + distance < text.endIndex ? text[index + distance] : 0
    }
    switch (byte(0), byte(1), byte(2)) {
    case (0..<0x80, _, _): return 1
    case (0xC2, 0x80...0x9F, _), (0xD8, 0x9C, _): return 2
    case (0xE2, 0x80, 0x8E...0x8F), (0xE2, 0x80, 0xA8...0xAE), (0xE2, 0x81, 0xA6...0xA9),
      (0xEF, 0xBB, 0xBF):
      return 3
    default: return 0
    }
  }

  private static func appendEscaped(_ character: ArraySlice<UInt8>, to result: inout [UInt8]) {
    let point = character.dropFirst().reduce(
      UInt32(character.first ?? 0) & [0, 0x7F, 0x1F, 0x0F][min(3, character.count)]
    ) { $0 << 6 | UInt32($1 & 0x3F) }
    switch point {
    case 0x22, 0x5C: result += [0x5C, UInt8(truncatingIfNeeded: point)]
    case 0x0A: result += "\\n".utf8
    case 0x0D: result += "\\r".utf8
    case 0x09: result += "\\t".utf8
    default:
      let digits = String(point, radix: 16)
      result += "\\u".utf8
      result += repeatElement(0x30, count: max(0, 4 - digits.utf8.count))
      result += digits.utf8
    }
  }

  /// The text of a JSON string given with its quotes; a lone half of a surrogate pair becomes
  /// U+FFFD. Linear.
  package static func unquoted(_ quoted: ArraySlice<UInt8>) -> String {
    String(
      decoding: unescaped(quoted.dropFirst().dropLast(), keepsHalves: false), as: UTF8.self)
  }

  /// The content of a JSON string with its escapes undone, in UTF-8 in which halves of surrogate
  /// pairs may stand alone. Linear.
  static func unescaped(_ content: ArraySlice<UInt8>, keepsHalves: Bool = true) -> [UInt8] {
    var result: [UInt8] = []
    result.reserveCapacity(content.count)
    var rest = content
    while let byte = rest.first {
      guard byte == UInt8(ascii: "\\") else {
        let plain = rest.prefix { $0 != UInt8(ascii: "\\") }
        result += plain
        rest = rest[plain.endIndex...]
        continue
      }
      let point = escapedPoint(&rest)
      let isHalf = (0xD800..<0xE000).contains(point)
      PythonText.append(isHalf && !keepsHalves ? 0xFFFD : point, to: &result)
    }
    return result
  }

  /// One escape, or the two that make a pair.
  private static func escapedPoint(_ rest: inout ArraySlice<UInt8>) -> UInt32 {
    let first = UInt32(escapedUnit(&rest))
    guard (0xD800..<0xDC00).contains(first), rest.starts(with: [0x5C, 0x75]) else { return first }
    var ahead = rest
    let second = UInt32(escapedUnit(&ahead))
    guard (0xDC00..<0xE000).contains(second) else { return first }
    rest = ahead
    return 0x1_0000 + (first - 0xD800) << 10 + (second - 0xDC00)
  }

  private static func escapedUnit(_ rest: inout ArraySlice<UInt8>) -> UInt16 {
    rest.removeFirst()
    guard let kind = rest.popFirst() else { return 0x5C }
    switch kind {
    case UInt8(ascii: "b"): return 0x08
    case UInt8(ascii: "f"): return 0x0C
    case UInt8(ascii: "n"): return 0x0A
    case UInt8(ascii: "r"): return 0x0D
    case UInt8(ascii: "t"): return 0x09
    case UInt8(ascii: "u"):
      let digits = rest.prefix(4).compactMap(hexadecimal)
      rest = rest.dropFirst(4)
      return digits.reduce(0) { $0 << 4 | UInt16($1) }
    default: return UInt16(kind)
    }
  }

  /// The value of a hexadecimal digit.
  static func hexadecimal(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte - 0x30
    case 0x41...0x46: byte - 0x37
    case 0x61...0x66: byte - 0x57
    default: nil
    }
  }
}
