// One entry: how it is written and read.
extension PackedElements {
  static func entry(of element: [UInt8]) -> [UInt8] {
    var entry: [UInt8] = []
    appendEntry(of: element, to: &entry)
    return entry
  }

  static func appendEntry(of element: [UInt8], to bytes: inout [UInt8]) {
    let start = bytes.count
    if element.count <= 20, let number = DecimalInteger.parse(element) {
      append(number, to: &bytes)
    } else {
      appendLength(element.count, to: &bytes)
      bytes += element
    }
    appendBackLength(bytes.count - start, to: &bytes)
  }

  /// The head of an entry: how long head and content are together, how long the head of a string
  /// is, and the number when it is one.
  struct Head {
    var size: Int
    var prefix = 1
    var number: Int64?
  }

  static func head(of bytes: [UInt8], at offset: Int) -> Head {
    let first = bytes[offset]
    switch first {
    case ..<0x80: return Head(size: 1, number: Int64(first))
    case ..<0xC0: return Head(size: 1 + Int(first & 0x3F))
    case ..<0xE0:
      let raw = Int64(first & 0x1F) << 8 | Int64(bytes[offset + 1])
      return Head(size: 2, number: (raw << 51) >> 51)
    case ..<0xF0:
      return Head(size: 2 + (Int(first & 0x0F) << 8 | Int(bytes[offset + 1])), prefix: 2)
    case 0xF0: return Head(size: 5 + Int(little(bytes, offset, width: 4)), prefix: 5)
    default:
      let width = first == 0xF4 ? 8 : Int(first) - 0xEF
      let shift = Int64(64 - 8 * width)
      return Head(size: 1 + width, number: (little(bytes, offset, width: width) << shift) >> shift)
    }
  }

  /// How many bytes the size of an entry takes behind it, in seven bits each.
  static func backLength(of size: Int) -> Int {
    switch size {
    case ..<128: 1
    case ..<16_383: 2
    case ..<2_097_151: 3
    case ..<268_435_455: 4
    default: 5
    }
  }

  private static func little(_ bytes: [UInt8], _ offset: Int, width: Int) -> Int64 {
    var value: Int64 = 0
    for index in stride(from: width, to: 0, by: -1) {
      value = value << 8 | Int64(bytes[offset + index])
    }
    return value
  }

  private static func append(_ number: Int64, to bytes: inout [UInt8]) {
    switch number {
    case 0...127: bytes.append(UInt8(number))
    case -4096...4095:
      bytes.append(0xC0 | UInt8(truncatingIfNeeded: number >> 8) & 0x1F)
      bytes.append(UInt8(truncatingIfNeeded: number))
    case -0x8000...0x7FFF: append(number, 0xF1, width: 2, to: &bytes)
    case -0x80_0000...0x7F_FFFF: append(number, 0xF2, width: 3, to: &bytes)
    case -0x8000_0000...0x7FFF_FFFF: append(number, 0xF3, width: 4, to: &bytes)
    default: append(number, 0xF4, width: 8, to: &bytes)
    }
  }

  private static func append(_ number: Int64, _ code: UInt8, width: Int, to bytes: inout [UInt8]) {
    bytes.append(code)
    for index in 0..<width { bytes.append(UInt8(truncatingIfNeeded: number >> Int64(8 * index))) }
  }

  private static func appendLength(_ length: Int, to bytes: inout [UInt8]) {
    switch length {
    case ..<64: bytes.append(0x80 | UInt8(length))
    case ..<4096:
      bytes.append(0xE0 | UInt8(length >> 8))
      bytes.append(UInt8(length & 0xFF))
    default:
      bytes.append(0xF0)
      for index in 0..<4 { bytes.append(UInt8(truncatingIfNeeded: length >> (8 * index))) }
    }
  }

  private static func appendBackLength(_ size: Int, to bytes: inout [UInt8]) {
    let width = backLength(of: size)
    for index in stride(from: width - 1, through: 0, by: -1) {
      let low = UInt8(truncatingIfNeeded: size >> (7 * index)) & 0x7F
      bytes.append(index == width - 1 ? low : low | 0x80)
    }
  }
}
