/// Integers as Redis reads them from arguments and values: decimal digits with an optional minus,
/// no plus, no leading zeros, nothing else, 64 bits. Source: `string2ll` of Redis' util.c.
package enum DecimalInteger {
  /// The number, or nil. Constant time.
  package static func parse(_ bytes: [UInt8]) -> Int64? {
    guard !bytes.isEmpty, bytes.count <= 20 else { return nil }
    let isNegative = bytes[0] == UInt8(ascii: "-")
    let digits = bytes[(isNegative ? 1 : 0)...]
    guard let first = digits.first else { return nil }
    if first == UInt8(ascii: "0") { return bytes.count == 1 ? 0 : nil }
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

  /// The digits, with a minus where the number is negative.
  package static func bytes(_ value: Int64) -> [UInt8] {
    Array(String(value).utf8)
  }

  /// An unsigned number, as cursors are; leading zeros are allowed.
  package static func parseUnsigned(_ bytes: [UInt8]) -> UInt64? {
    guard !bytes.isEmpty, bytes.count <= 20, bytes.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else {
      return nil
    }
    return UInt64(String(decoding: bytes, as: UTF8.self))
  }
}
