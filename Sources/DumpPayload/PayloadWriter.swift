/// Writes the primitives of the RDB format. Source: rdb.c of Redis 7.0.
package struct PayloadWriter {
  private var bytes: [UInt8] = []

  package init() {}

  /// The bytes with the version and the checksum behind them.
  package consuming func sealed(version: UInt64) -> [UInt8] {
    appendLittle(version, width: 2)
    appendLittle(CRC64.checksum(bytes[...]), width: 8)
    return bytes
  }

  package mutating func append(_ type: PayloadType) {
    bytes.append(type.rawValue)
  }

  package mutating func begin(_ type: PayloadType, _ count: Int) {
    append(type)
    appendLength(count)
  }

  package mutating func append(_ string: [UInt8]) {
    appendLength(string.count)
    bytes += string
  }

  package mutating func append(_ score: Double) {
    appendLittle(score.bitPattern, width: 8)
  }

  package mutating func appendRaw(_ raw: some Sequence<UInt8>) {
    bytes.append(contentsOf: raw)
  }

  package mutating func appendLength(_ length: Int) {
    switch length {
    case ..<64: bytes.append(UInt8(length))
    case ..<16_384: bytes += [0x40 | UInt8(length >> 8), UInt8(length & 0xFF)]
    default: appendWide(UInt64(length))
    }
  }

  /// A number of up to 64 bits, written as a length.
  package mutating func appendWide(_ value: UInt64) {
    guard value >= 16_384 else { return appendLength(Int(value)) }
    let isLong = value > UInt32.max
    bytes.append(isLong ? 0x81 : 0x80)
    for shift in stride(from: isLong ? 56 : 24, through: 0, by: -8) {
      bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(shift)))
    }
  }

  package mutating func appendLittle(_ value: UInt64, width: Int) {
    for index in 0..<width { bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * index))) }
  }

  // MARK: Blocks

  /// A listpack as a string, from entries packed in its own way, without its head and its end.
  package mutating func appendListpack(entries: [UInt8], count: Int) {
    let size = entries.count + 7
    appendLength(size)
    appendLittle(UInt64(size), width: 4)
    appendLittle(UInt64(min(count, 0xFFFF)), width: 2)  // the largest stands for "unknown"
    bytes += entries
    bytes.append(0xFF)
  }

  /// Integers in ascending order, as the smallest width that holds them all.
  package mutating func appendIntegers(_ integers: [Int64]) {
    let width =
      integers.allSatisfy { Int64(Int16(truncatingIfNeeded: $0)) == $0 }
      ? 2 : integers.allSatisfy { Int64(Int32(truncatingIfNeeded: $0)) == $0 } ? 4 : 8
    appendLength(8 + width * integers.count)
    appendLittle(UInt64(width), width: 4)
    appendLittle(UInt64(integers.count), width: 4)
    for integer in integers { appendLittle(UInt64(bitPattern: integer), width: width) }
  }
}
