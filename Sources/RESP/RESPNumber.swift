/// Reads the numbers of the protocol from bytes of a stranger: no trap, no overflow.
enum RESPNumber {
  /// A decimal integer with an optional sign and nothing else; nil when it is not one or does not
  /// fit 64 bits.
  static func integer(_ text: ArraySlice<UInt8>) -> Int64? {
    var digits = text
    let isNegative = digits.first == 0x2D
    if isNegative || digits.first == 0x2B { digits = digits.dropFirst() }
    guard !digits.isEmpty, digits.count <= 20 else { return nil }
    var value: Int64 = 0
    for byte in digits {
      guard byte >= 0x30, byte <= 0x39 else { return nil }
      let (shifted, tooLong) = value.multipliedReportingOverflow(by: 10)
      let digit = Int64(byte - 0x30)
      let (sum, tooLarge) = shifted.addingReportingOverflow(isNegative ? -digit : digit)
      guard !tooLong, !tooLarge else { return nil }
      value = sum
    }
    return value
  }

  /// A RESP3 double: decimal, `inf` or `nan`, each with an optional sign.
  static func double(_ text: ArraySlice<UInt8>) -> Double? {
    guard let first = text.first, text.count <= 400 else { return nil }
    let unsigned = first == 0x2D || first == 0x2B ? text.dropFirst() : text
    switch String(decoding: unsigned, as: UTF8.self) {
    case "inf": return first == 0x2D ? -.infinity : .infinity
    case "nan": return .nan
    default: break
    }
    guard let start = unsigned.first, start >= 0x30 && start <= 0x39 || start == 0x2E,
      text.allSatisfy(isDecimal)
    else { return nil }
    return Double(String(decoding: text, as: UTF8.self))
  }

  /// Whether the bytes are an integer of any size.
  static func isBigNumber(_ text: ArraySlice<UInt8>) -> Bool {
    let digits = text.first == 0x2D || text.first == 0x2B ? text.dropFirst() : text
    return !digits.isEmpty && digits.allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
  }

  /// As Redis writes a double: the shortest text that reads back the same, whole numbers without
  /// a fraction, `inf`, `-inf`, `nan`.
  static func text(of value: Double) -> String {
    if value.isNaN { return "nan" }
    let text = value.description
    return text.hasSuffix(".0") ? String(text.dropLast(2)) : text
  }

  private static func isDecimal(_ byte: UInt8) -> Bool {
    switch byte {
    case 0x30...0x39, 0x2B, 0x2D, 0x2E, 0x45, 0x65: true
    default: false
    }
  }
}
