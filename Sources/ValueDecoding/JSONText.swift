/// JSON as text: quoting, unquoting, and one value on one line.
package enum JSONText {
  /// A JSON string with its quotes. Besides what JSON requires, everything that could act on a
  /// terminal or reorder a line (DEL, C1, bidirectional and line separators) is escaped, so that
  /// JSON output may be printed as it is. Linear.
  package static func quoted(_ text: String) -> String {
    var result = "\""
    for scalar in text.unicodeScalars { appendEscaped(scalar, to: &result) }
    return result + "\""
  }

  private static func appendEscaped(_ scalar: Unicode.Scalar, to result: inout String) {
    switch scalar {
    case "\"": result += "\\\""
    case "\\": result += "\\\\"
    case "\n": result += "\\n"
    case "\r": result += "\\r"
    case "\t": result += "\\t"
    default:
      if scalar.value < 0x20 || isUnsafe(scalar) {
        appendUnicodeEscape(scalar, to: &result)
      } else {
        result.unicodeScalars.append(scalar)
      }
    }
  }

  private static func appendUnicodeEscape(_ scalar: Unicode.Scalar, to result: inout String) {
    for unit in UTF16.encode(scalar).map(Array.init) ?? [] {
      let digits = String(unit, radix: 16)
      result += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
    }
  }

  private static func isUnsafe(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x7F...0x9F, 0x61C, 0x200E, 0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF: true
    default: false
    }
  }

  /// The text of a JSON string given with its quotes; a lone half of a surrogate pair becomes
  /// U+FFFD. Linear.
  package static func unquoted(_ quoted: ArraySlice<UInt8>) -> String {
    var units: [UInt16] = []
    var rest = quoted.dropFirst().dropLast()
    var text = ""
    while let byte = rest.first {
      guard byte == UInt8(ascii: "\\") else {
        flush(&units, to: &text)
        let plain = rest.prefix { $0 != UInt8(ascii: "\\") }
        text += String(decoding: plain, as: UTF8.self)
        rest = rest[plain.endIndex...]
        continue
      }
      units.append(escapedUnit(&rest))
    }
    flush(&units, to: &text)
    return text
  }

  private static func flush(_ units: inout [UInt16], to text: inout String) {
    guard !units.isEmpty else { return }
    text += String(decoding: units, as: UTF16.self)
    units.removeAll()
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
