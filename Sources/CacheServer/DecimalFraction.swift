/// Numbers with a fraction as INCRBYFLOAT adds them: fixed-point decimals of 17 places, so that
/// 0.1 + 0.2 is 0.3. What does not fit (beyond about 1.7e21, or with more places) is added as
/// `Double`, which is less exact than Redis' long double there.
enum DecimalFraction {
  case fixed(Int128)
  case float(Double)

  private static let places = 17
  private static let one: Int128 = 100_000_000_000_000_000

  /// Reads a decimal with an optional fraction and exponent; nil for anything else. Infinity reads
  /// as one, NaN does not.
  static func parse(_ bytes: [UInt8]) -> DecimalFraction? {
    guard !bytes.isEmpty, bytes.count <= 256, bytes.allSatisfy({ $0 > 0x20 && $0 < 0x7F }) else {
      return nil
    }
    if let fixed = parseFixed(bytes) { return .fixed(fixed) }
    guard let value = Double(String(decoding: bytes, as: UTF8.self)), !value.isNaN else {
      return nil
    }
    // Whole numbers with an exponent, such as 5.0e3.
    let isSmall = value.magnitude < 1e15 && value.rounded() == value
    return isSmall ? .fixed(Int128(value) * one) : .float(value)
  }

  /// The sum, or nil when it is not finite.
  func adding(_ other: DecimalFraction) -> DecimalFraction? {
    if case .fixed(let left) = self, case .fixed(let right) = other {
      let (sum, overflow) = left.addingReportingOverflow(right)
      if !overflow { return .fixed(sum) }
    }
    let sum = double + other.double
    return sum.isFinite ? .float(sum) : nil
  }

  var isFinite: Bool { double.isFinite }

  /// Without exponent and without trailing zeros.
  var text: String {
    switch self {
    case .fixed(let value): Self.text(of: value)
    case .float(let value):
      value.description.hasSuffix(".0")
        ? String(value.description.dropLast(2)) : value.description
    }
  }

  private var double: Double {
    switch self {
    case .fixed(let value): Double(value) / Double(Self.one)
    case .float(let value): value
    }
  }

  private static func text(of value: Int128) -> String {
    let magnitude = value.magnitude
    let (whole, rest) = magnitude.quotientAndRemainder(dividingBy: one.magnitude)
    let sign = value < 0 ? "-" : ""
    guard rest > 0 else { return sign + String(whole) }
    var digits = String(rest)
    digits = String(repeating: "0", count: places - digits.count) + digits
    while digits.hasSuffix("0") { digits.removeLast() }
    return sign + String(whole) + "." + digits
  }

  private static func parseFixed(_ bytes: [UInt8]) -> Int128? {
    let isSigned = bytes[0] == UInt8(ascii: "-") || bytes[0] == UInt8(ascii: "+")
    let parts = bytes[(isSigned ? 1 : 0)...].split(
      separator: UInt8(ascii: "."), maxSplits: 1, omittingEmptySubsequences: false)
    let fraction = parts.count > 1 ? parts[1] : []
    guard let whole = parts.first, whole.count <= 21, fraction.count <= places,
      whole.count + fraction.count > 0
    else { return nil }
    var value: Int128 = 0
    for byte in whole + fraction {
      guard byte >= 0x30, byte <= 0x39 else { return nil }
      value = value * 10 + Int128(byte - 0x30)  // at most 38 digits: below 2^127
    }
    for _ in fraction.count..<places {
      let (scaled, overflow) = value.multipliedReportingOverflow(by: 10)
      guard !overflow else { return nil }
      value = scaled
    }
    return bytes[0] == UInt8(ascii: "-") ? -value : value
  }
}
