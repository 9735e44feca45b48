import CacheEngine

/// The packed form in which Redis 7 keeps small collections and the nodes of lists. Source:
/// listpack.c of Redis 7.0.
enum Listpack {
  /// Packed elements between the head (size and count) and the end of a listpack.
  static func bytes(of elements: PackedElements) -> [UInt8] {
    let size = elements.bytes.count + 7
    let count = min(elements.count, 0xFFFF)  // the largest stands for "unknown"
    var bytes = [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: size >> $0) }
    bytes += [UInt8(count & 0xFF), UInt8(count >> 8)]
    return bytes + elements.bytes + [0xFF]
  }

  /// All elements in order, integers as their digits.
  static func elements(_ bytes: [UInt8]) throws(PayloadReader.Malformed) -> [[UInt8]] {
    var reader = PayloadReader(bytes[...])
    guard try reader.little(4) == UInt64(bytes.count) else { throw PayloadReader.Malformed() }
    _ = try reader.little(2)
    var elements: [[UInt8]] = []
    while true {
      let before = reader.remaining
      let first = try reader.byte()
      if first == 0xFF { break }
      elements.append(try element(first, &reader))
      let size = before - reader.remaining
      _ = try reader.take(backLength(of: size))
    }
    guard reader.remaining == 0 else { throw PayloadReader.Malformed() }
    return elements
  }

  private static func element(
    _ first: UInt8, _ reader: inout PayloadReader
  ) throws(PayloadReader.Malformed) -> [UInt8] {
    switch first {
    case 0x00...0x7F: return DecimalInteger.bytes(Int64(first))
    case 0x80...0xBF: return Array(try reader.take(Int(first & 0x3F)))
    case 0xC0...0xDF:
      return integer(UInt64(first & 0x1F) << 8 | UInt64(try reader.byte()), bits: 13)
    case 0xE0...0xEF: return Array(try reader.take(Int(first & 0x0F) << 8 | Int(try reader.byte())))
    case 0xF0: return Array(try reader.take(Int(clamping: try reader.little(4))))
    case 0xF1: return integer(try reader.little(2), bits: 16)
    case 0xF2: return integer(try reader.little(3), bits: 24)
    case 0xF3: return integer(try reader.little(4), bits: 32)
    case 0xF4: return integer(try reader.little(8), bits: 64)
    default: throw PayloadReader.Malformed()
    }
  }

  /// The digits of a two's complement number of so many bits.
  private static func integer(_ raw: UInt64, bits: Int) -> [UInt8] {
    let shift = 64 - bits
    return DecimalInteger.bytes(Int64(bitPattern: raw << UInt64(shift)) >> Int64(shift))
  }

  /// How many bytes the size of an element takes after it, in seven bits each.
  private static func backLength(of size: Int) -> Int {
    switch size {
    case ..<128: 1
    case ..<16_383: 2
    case ..<2_097_151: 3
    case ..<268_435_455: 4
    default: 5
    }
  }
}
