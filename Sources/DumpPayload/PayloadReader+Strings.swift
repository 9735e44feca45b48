// Strings in all their encodings, and scores.
extension PayloadReader {
  /// A string in any of its encodings: plain, as an 8-, 16- or 32-bit integer, or LZF.
  package mutating func string() throws(Malformed) -> [UInt8] {
    switch try length() {
    case .plain(let length): return try bytes(length)
    case .encoded(3): return try compressed()
    case .encoded(let code) where code < 3: return try integer(code)
    case .encoded, .wide: throw Malformed()
    }
  }

  /// As `string`, without a copy where the bytes stand as they are.
  mutating func slice() throws(Malformed) -> ArraySlice<UInt8> {
    switch try length() {
    case .plain(let length): return try take(length)
    case .encoded(3): return try compressed()[...]
    case .encoded(let code) where code < 3: return try integer(code)[...]
    case .encoded, .wide: throw Malformed()
    }
  }

  /// The next bytes as a string.
  mutating func bytes(_ count: Int) throws(Malformed) -> [UInt8] {
    let slice = try take(count)
    try spend(count)
    return Array(slice)
  }

  /// So many strings for each of a number of elements.
  mutating func strings(each: Int) throws(Malformed) -> [[UInt8]] {
    var strings: [[UInt8]] = []
    for _ in 0..<(try count()) {
      for _ in 0..<each { strings.append(try string()) }
    }
    return strings
  }

  /// The digits of a two's complement number of so many bits.
  mutating func digits(_ raw: UInt64, bits: Int) throws(Malformed) -> [UInt8] {
    try spend(0)
    let shift = UInt64(64 - bits)
    return Array(String(Int64(bitPattern: raw << shift) >> Int64(shift)).utf8)
  }

  private mutating func integer(_ code: UInt8) throws(Malformed) -> [UInt8] {
    let width = 1 << Int(code)
    return try digits(try little(width), bits: 8 * width)
  }

  private mutating func compressed() throws(Malformed) -> [UInt8] {
    guard case .plain(let packed) = try length(), case .plain(let size) = try length(),
      size <= budget
    else { throw Malformed() }
    let input = try take(packed)
    try spend(size)
    guard let bytes = LZF.decompress(input, size: size) else { throw Malformed() }
    return bytes
  }

  /// A double as older versions write it: the length of its digits, or 253 to 255 for NaN and the
  /// infinities, and the digits.
  mutating func textualDouble() throws(Malformed) -> Double {
    switch try byte() {
    case 255: return -.infinity
    case 254: return .infinity
    case 253: throw Malformed()
    case let length:
      guard let value = ScoreText.parse(Array(try take(Int(length)))) else { throw Malformed() }
      return value
    }
  }
}
