/// Reads the primitives of the RDB format from untrusted bytes: nothing traps, nothing is allocated
/// for a length that the bytes at hand do not bear out, and what strings and elements take together
/// is held to a budget. Source: rdb.c of Redis 7.0.
package struct PayloadReader {
  private let bytes: ArraySlice<UInt8>
  private var position: Int
  /// Memory that may still be taken, in bytes.
  var budget: Int

  /// Any malformed payload.
  package struct Malformed: Error {
    package init() {}
  }

  package init(_ bytes: ArraySlice<UInt8>, budget: Int = DumpPayload.mostBytes) {
    self.bytes = bytes
    position = bytes.startIndex
    self.budget = budget
  }

  package var remaining: Int { bytes.endIndex - position }

  package mutating func byte() throws(Malformed) -> UInt8 {
    guard position < bytes.endIndex else { throw Malformed() }
    defer { position += 1 }
    return bytes[position]
  }

  package mutating func take(_ count: Int) throws(Malformed) -> ArraySlice<UInt8> {
    guard count >= 0, count <= remaining else { throw Malformed() }
    defer { position += count }
    return bytes[position..<position + count]
  }

  /// An unsigned number of `width` bytes, the lowest first.
  package mutating func little(_ width: Int) throws(Malformed) -> UInt64 {
    try take(width).reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// An unsigned number of `width` bytes, the highest first.
  mutating func big(_ width: Int) throws(Malformed) -> UInt64 {
    try take(width).reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// A double in its eight bytes.
  mutating func double() throws(Malformed) -> Double {
    Double(bitPattern: try little(8))
  }

  /// What an array of so many bytes takes beside them.
  private static var bytesOfArray: Int { 32 }

  /// Before a string of so many bytes is made.
  mutating func spend(_ count: Int) throws(Malformed) {
    budget -= count + Self.bytesOfArray
    guard budget >= 0 else { throw Malformed() }
  }
}

// MARK: Lengths

extension PayloadReader {
  enum Length {
    case plain(Int)
    /// Beyond 63 bits.
    case wide(UInt64)
    case encoded(UInt8)
  }

  mutating func length() throws(Malformed) -> Length {
    let first = try byte()
    switch first >> 6 {
    case 0: return .plain(Int(first & 0x3F))
    case 1: return .plain(Int(first & 0x3F) << 8 | Int(try byte()))
    case 3: return .encoded(first & 0x3F)
    default: break
    }
    let width = first == 0x80 ? 4 : first == 0x81 ? 8 : 0
    guard width > 0 else { throw Malformed() }
    let value = try big(width)
    return Int(exactly: value).map { .plain($0) } ?? .wide(value)
  }

  /// A length that must be covered by what is left, such as a number of bytes or of elements.
  package mutating func count() throws(Malformed) -> Int {
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
  package mutating func wideNumber() throws(Malformed) -> UInt64 {
    switch try length() {
    case .plain(let number): return UInt64(number)
    case .wide(let number): return number
    case .encoded: throw Malformed()
    }
  }
}
