/// Numbers as Redis reads them where a score or a time is given as text.
package enum ScoreText {
  /// Reads a number as C's `strtod` does, without blanks around it; nil for NaN and for what is too
  /// large or too small for a double.
  package static func parse(_ bytes: [UInt8]) -> Double? {
    guard !bytes.isEmpty, bytes.count <= 256, bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7F }),
      let value = Double(String(decoding: bytes, as: UTF8.self)), !value.isNaN
    else { return nil }
    if value.isInfinite, !bytes.contains(where: { $0 | 0x20 == UInt8(ascii: "n") }) { return nil }
    if value == 0, mantissaIsNonzero(bytes) { return nil }
    return value
  }

  /// Whether a digit other than 0 stands before the exponent.
  private static func mantissaIsNonzero(_ bytes: [UInt8]) -> Bool {
    let isHexadecimal = bytes.contains { $0 | 0x20 == UInt8(ascii: "x") }
    let exponent = UInt8(ascii: isHexadecimal ? "p" : "e")
    return bytes.prefix { $0 | 0x20 != exponent }.contains { byte in
      byte > 0x30 && byte <= 0x39 || isHexadecimal && byte | 0x20 >= 0x61 && byte | 0x20 <= 0x66
    }
  }
}
