/// The ways in which Python's text protocols write strings.
enum PythonText {
  /// The bytes of a string literal of Python 2 without its quotes; nil for a broken escape. An escape
  /// that is none stays as it is written.
  static func unescaped(_ literal: ArraySlice<UInt8>) -> [UInt8]? {
    var result: [UInt8] = []
    var rest = literal
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "\\") else {
        result.append(byte)
        continue
      }
      guard let kind = rest.popFirst(), append(kind, &rest, to: &result) else { return nil }
    }
    return result
  }

  private static let plainEscapes: [UInt8: UInt8] = [
    UInt8(ascii: "a"): 0x07, UInt8(ascii: "b"): 0x08, UInt8(ascii: "t"): 0x09,
    UInt8(ascii: "n"): 0x0A, UInt8(ascii: "v"): 0x0B, UInt8(ascii: "f"): 0x0C,
    UInt8(ascii: "r"): 0x0D, UInt8(ascii: "'"): 0x27, UInt8(ascii: "\""): 0x22,
    UInt8(ascii: "\\"): 0x5C,
  ]

  private static func append(
    _ kind: UInt8, _ rest: inout ArraySlice<UInt8>, to result: inout [UInt8]
  ) -> Bool {
    switch kind {
    case 0x0A: break
    case UInt8(ascii: "x"):
      let digits = rest.prefix(2).compactMap(JSONText.hexadecimal)
      guard digits.count == 2 else { return false }
      rest = rest.dropFirst(2)
      result.append(digits[0] << 4 | digits[1])
    case 0x30...0x37:
      let digits = [kind] + rest.prefix(2).prefix { $0 >= 0x30 && $0 <= 0x37 }
      rest = rest.dropFirst(digits.count - 1)
      let value = digits.reduce(0) { $0 << 3 | Int($1 - 0x30) }
      result.append(UInt8(truncatingIfNeeded: value))
    default:
      result += plainEscapes[kind].map { [$0] } ?? [UInt8(ascii: "\\"), kind]
    }
    return true
  }

  /// UTF-8 (halves of surrogate pairs may stand alone in it) of Latin-1 with `\uXXXX` and
  /// `\UXXXXXXXX`; nil for a broken escape. Two backslashes are two backslashes.
  static func rawUnicode(_ line: ArraySlice<UInt8>) -> [UInt8]? {
    var result: [UInt8] = []
    var rest = line
    while let byte = rest.popFirst() {
      guard byte == UInt8(ascii: "\\"), let kind = rest.popFirst() else {
        append(UInt32(byte), to: &result)
        continue
      }
      let count = kind == UInt8(ascii: "u") ? 4 : kind == UInt8(ascii: "U") ? 8 : 0
      if count == 0 {
        append(UInt32(byte), to: &result)
        append(UInt32(kind), to: &result)
        continue
      }
      let digits = rest.prefix(count).compactMap(JSONText.hexadecimal)
      rest = rest.dropFirst(count)
      let value = digits.reduce(UInt32(0)) { $0 << 4 | UInt32($1) }
      guard digits.count == count, value <= 0x10_FFFF else { return nil }
      append(value, to: &result)
    }
    return result
  }

  /// Appends a code point as UTF-8; half of a surrogate pair as the three bytes that it would have.
  static func append(_ point: UInt32, to result: inout [UInt8]) {
    func tail(_ shift: UInt32) -> UInt8 { UInt8(truncatingIfNeeded: point >> shift & 0x3F | 0x80) }
    switch point {
    case 0..<0x80: result.append(UInt8(truncatingIfNeeded: point))
    case 0x80..<0x800:
      result += [UInt8(truncatingIfNeeded: point >> 6 | 0xC0), tail(0)]
    case 0x800..<0x1_0000:
      result += [UInt8(truncatingIfNeeded: point >> 12 | 0xE0), tail(6), tail(0)]
    default:
      result += [UInt8(truncatingIfNeeded: point >> 18 | 0xF0), tail(12), tail(6), tail(0)]
    }
  }
}

/// Whether bytes are UTF-8 (Unicode 15, table 3-7).
enum UTF8Check {
  /// Linear; `allowsSurrogates` lets halves of surrogate pairs through, as Python's `surrogatepass`.
  static func isValid(_ bytes: [UInt8], _ range: Range<Int>, allowsSurrogates: Bool) -> Bool {
    guard range.lowerBound >= 0, range.upperBound <= bytes.count else { return false }
    var index = range.lowerBound
    let end = range.upperBound
    while index < end {
      let lead = bytes[index]
      if lead < 0x80 {
        index += 1
        continue
      }
      guard let (length, second) = rule(lead, allowsSurrogates), length <= end - index,
        second.contains(bytes[index + 1])
      else { return false }
      var next = index + 2
      while next < index + length {
        guard bytes[next] & 0xC0 == 0x80 else { return false }
        next += 1
      }
      index = next
    }
    return true
  }

  /// How many bytes begin so, and what the second may be.
  private static func rule(
    _ lead: UInt8, _ allowsSurrogates: Bool
  ) -> (length: Int, second: ClosedRange<UInt8>)? {
    switch lead {
    case 0xC2...0xDF: (2, 0x80...0xBF)
    case 0xE0: (3, 0xA0...0xBF)
    case 0xED: (3, allowsSurrogates ? 0x80...0xBF : 0x80...0x9F)
    case 0xE1...0xEF: (3, 0x80...0xBF)
    case 0xF0: (4, 0x90...0xBF)
    case 0xF1...0xF3: (4, 0x80...0xBF)
    case 0xF4: (4, 0x80...0x8F)
    default: nil
    }
  }
}
