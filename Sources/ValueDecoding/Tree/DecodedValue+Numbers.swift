extension DecodedValue {
  /// An integer written in decimal digits, with a sign or not; nil when it is none. Zeros ahead of it
  /// are dropped.
  mutating func integer(decimal written: ArraySlice<UInt8>) -> ValueNode? {
    let isNegative = written.first == UInt8(ascii: "-")
    let digits = isNegative || written.first == UInt8(ascii: "+") ? written.dropFirst() : written
    guard !digits.isEmpty, digits.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return nil }
    let significant = digits.drop { $0 == 0x30 }
    guard significant.count > 18 else {
      let value = significant.reduce(Int64(0)) { $0 * 10 + Int64($1 - 0x30) }
      return .integer(isNegative ? -value : value)
    }
    let sign: [UInt8] = isNegative ? [UInt8(ascii: "-")] : []
    if significant.count == 19,
      let value = Int64(String(decoding: sign + significant, as: UTF8.self))
    {
      return .integer(value)
    }
    return .digits(keep(sign + significant))
  }
}

/// Decimal digits of integers of any size.
enum LargeInteger {
  private static let chunk: UInt64 = 1_000_000_000_000_000_000
  private static let chunkDigits = 18

  /// The digits of a number in two's complement, its lowest byte first. Quadratic: the clock is looked
  /// at for every chunk of digits.
  static func decimal(
    _ bytes: ArraySlice<UInt8>, within budget: DecodingBudget
  ) throws(DecodingFailure) -> String {
    let isNegative = (bytes.last ?? 0) & 0x80 != 0
    var words = magnitude(bytes, isNegative: isNegative)
    var chunks: [UInt64] = []
    while !words.isEmpty {
      if chunks.count & 63 == 63, budget.isExpired() { throw .timeLimit }
      var remainder: UInt64 = 0
      for index in words.indices.reversed() {
        (words[index], remainder) = chunk.dividingFullWidth((remainder, words[index]))
      }
      chunks.append(remainder)
      while words.last == 0 { words.removeLast() }
    }
    guard let first = chunks.last else { return "0" }
    let rest = chunks.dropLast().reversed().map { part in
      let digits = String(part)
      return String(repeating: "0", count: chunkDigits - digits.utf8.count) + digits
    }
    return (isNegative ? "-" : "") + String(first) + rest.joined()
  }

  /// The words of the absolute value, the lowest first, none of them zero at the top.
  static func magnitude(_ bytes: ArraySlice<UInt8>, isNegative: Bool) -> [UInt64] {
    var words = [UInt64](repeating: 0, count: (bytes.count + 7) / 8)
    var carry: UInt16 = isNegative ? 1 : 0
    for (place, byte) in bytes.enumerated() {
      let sum = UInt16(isNegative ? ~byte : byte) + carry
      carry = sum >> 8
      words[place / 8] |= UInt64(sum & 0xFF) << UInt64(place % 8 * 8)
    }
    // The lowest number of its width has a magnitude with the sign's bit set, which fits.
    while words.last == 0 { words.removeLast() }
    return words
  }
}
