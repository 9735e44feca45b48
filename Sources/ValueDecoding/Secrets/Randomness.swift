/// How random characters look: what tells a token from a word.
enum Randomness {
  /// Shannon's entropy of the bytes in bits each: random hexadecimal digits come near 4, random
  /// base64 near 6 when there are many.
  static func entropy(_ bytes: ArraySlice<UInt8>) -> Double {
    guard !bytes.isEmpty else { return 0 }
    var counts = [Int](repeating: 0, count: 256)
    for byte in bytes { counts[Int(byte)] += 1 }
    let total = Double(bytes.count)
    return counts.reduce(0) { sum, count in
      guard count > 0 else { return sum }
      let share = Double(count) / total
      return sum - share * binaryLogarithm(share)
    }
  }

  /// Whether a run of letters and digits was thrown together: at least sixteen, letters and digits
  /// changing places again and again, as they do in no word, date or number.
  static func isLikely(_ run: ArraySlice<UInt8>) -> Bool {
    guard run.count >= 16, run.count <= 4096 else { return false }
    var changes = 0
    var hasUpper = false
    var hasLower = false
    var before: Bool?
    for byte in run {
      guard let isDigit = isDigit(byte) else {
        before = nil
        continue
      }
      if let before, before != isDigit { changes += 1 }
      before = isDigit
      hasUpper = hasUpper || (0x41...0x5A).contains(byte)
      hasLower = hasLower || (0x61...0x7A).contains(byte)
    }
    let needed = max(hasUpper && hasLower ? 2 : 3, run.count / 16)
    return changes >= needed && entropy(run) >= (run.count < 24 ? 2.8 : 3.1)
  }

  /// Nil for what is neither a letter nor a digit.
  private static func isDigit(_ byte: UInt8) -> Bool? {
    switch byte {
    case 0x30...0x39: true
    case 0x41...0x5A, 0x61...0x7A: false
    default: nil
    }
  }

  /// Of a number above 0 and up to 1, by the series of the artanh; exact to some 1e-9.
  private static func binaryLogarithm(_ value: Double) -> Double {
    let exponent = value.exponent
    let ratio = (value.significand - 1) / (value.significand + 1)
    let square = ratio * ratio
    var term = ratio
    var sum = 0.0
    for divisor in stride(from: 1.0, through: 17, by: 2) {
      sum += term / divisor
      term *= square
    }
    return Double(exponent) + 2 * sum / 0.693147180559945
  }
}
