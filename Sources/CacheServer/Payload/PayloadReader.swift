import CacheEngine

/// Reads the primitives of the RDB format from untrusted bytes: nothing traps, nothing is allocated
/// for a length that the bytes at hand do not bear out. Source: rdb.c of Redis 7.0.
struct PayloadReader {
  private let bytes: ArraySlice<UInt8>
  private var position: Int

  /// Any malformed payload.
  struct Malformed: Error {}

  init(_ bytes: ArraySlice<UInt8>) {
    self.bytes = bytes
    position = bytes.startIndex
  }

  var remaining: Int { bytes.endIndex - position }

  mutating func byte() throws(Malformed) -> UInt8 {
    guard position < bytes.endIndex else { throw Malformed() }
    defer { position += 1 }
    return bytes[position]
  }

  mutating func take(_ count: Int) throws(Malformed) -> ArraySlice<UInt8> {
    guard count >= 0, count <= remaining else { throw Malformed() }
    defer { position += count }
    return bytes[position..<position + count]
  }

  /// A length that must be covered by what is left, such as a number of bytes or of elements.
  mutating func count() throws(Malformed) -> Int {
    let length = try number()
    guard length <= remaining else { throw Malformed() }
    return length
  }

  /// A small number written as a length.
  mutating func number() throws(Malformed) -> Int {
    guard case .plain(let length) = try length() else { throw Malformed() }
    return length
  }

  /// A number of up to 64 bits written as a length.
  mutating func wideNumber() throws(Malformed) -> UInt64 {
    switch try length() {
    case .plain(let number): return UInt64(number)
    case .wide(let number): return number
    case .encoded: throw Malformed()
    }
  }

  /// So many strings for each of a number of elements.
  mutating func strings(each: Int) throws(Malformed) -> [[UInt8]] {
    var strings: [[UInt8]] = []
    for _ in 0..<(try count()) {
      for _ in 0..<each { strings.append(try string()) }
    }
    return strings
  }

  /// A double in its eight bytes.
  mutating func double() throws(Malformed) -> Double {
    Double(bitPattern: try little(8))
  }

  /// A double as older versions write it: the length of its digits, or 253 to 255 for NaN and the
  /// infinities, and the digits.
  mutating func textualDouble() throws(Malformed) -> Double {
    switch try byte() {
    case 255: return -.infinity
    case 254: return .infinity
    case 253: throw Malformed()
    case let length:
      guard let value = Score.parse(Array(try take(Int(length)))) else { throw Malformed() }
      return value
    }
  }

  /// A string in any of its encodings: plain, as an 8-, 16- or 32-bit integer, or LZF.
  mutating func string() throws(Malformed) -> [UInt8] {
    switch try length() {
    case .plain(let length): return Array(try take(length))
    case .encoded(0): return DecimalInteger.bytes(Int64(Int8(truncatingIfNeeded: try little(1))))
    case .encoded(1): return DecimalInteger.bytes(Int64(Int16(truncatingIfNeeded: try little(2))))
    case .encoded(2): return DecimalInteger.bytes(Int64(Int32(truncatingIfNeeded: try little(4))))
    case .encoded(3): return try compressed()
    case .encoded, .wide: throw Malformed()
    }
  }

  /// An unsigned number of `width` bytes, the lowest first.
  mutating func little(_ width: Int) throws(Malformed) -> UInt64 {
    try take(width).reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  private enum Length {
    case plain(Int)
    /// Beyond 63 bits.
    case wide(UInt64)
    case encoded(UInt8)
  }

  private mutating func length() throws(Malformed) -> Length {
    let first = try byte()
    switch first >> 6 {
    case 0: return .plain(Int(first & 0x3F))
    case 1: return .plain(Int(first & 0x3F) << 8 | Int(try byte()))
    case 3: return .encoded(first & 0x3F)
    default: break
    }
    let width = first == 0x80 ? 4 : first == 0x81 ? 8 : 0
    guard width > 0 else { throw Malformed() }
    let value = try take(width).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    return Int(exactly: value).map { .plain($0) } ?? .wide(value)
  }

  private mutating func compressed() throws(Malformed) -> [UInt8] {
    guard case .plain(let packed) = try length(), case .plain(let size) = try length(),
      size <= CommandTable.longestString,
      let bytes = LZF.decompress(try take(packed), size: size)
    else { throw Malformed() }
    return bytes
  }
}

/// The compression of RDB strings. Source: lzf_d.c of LibLZF by M. Lehmann.
enum LZF {
  /// The `size` bytes that the input stands for; nil when it is malformed.
  static func decompress(_ input: ArraySlice<UInt8>, size: Int) -> [UInt8]? {
    // An input byte stands for at most 264 bytes of output, so a false size cannot reserve much.
    guard size <= input.count * 264 else { return nil }
    var output: [UInt8] = []
    output.reserveCapacity(size)
    var index = input.startIndex
    while index < input.endIndex {
      let control = Int(input[index])
      index += 1
      if control < 32 {
        guard index + control + 1 <= input.endIndex else { return nil }
        output += input[index...index + control]
        index += control + 1
      } else {
        var length = control >> 5
        if length == 7 {
          guard index < input.endIndex else { return nil }
          length += Int(input[index])
          index += 1
        }
        guard index < input.endIndex else { return nil }
        let start = output.count - (control & 31) << 8 - Int(input[index]) - 1
        index += 1
        guard start >= 0, output.count + length + 2 <= size else { return nil }
        for offset in 0..<length + 2 { output.append(output[start + offset]) }
      }
      guard output.count <= size else { return nil }
    }
    return output.count == size ? output : nil
  }
}
