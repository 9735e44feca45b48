/// The packed form in which Redis up to 6 keeps small collections and the nodes of lists: a head
/// (size, offset of the last entry, count), entries, and an end. Source: ziplist.c of Redis 6.
extension PayloadReader {
  /// All elements in order, integers as their digits.
  mutating func ziplist() throws(Malformed) -> [[UInt8]] {
    let size = remaining
    guard try little(4) == UInt64(size) else { throw Malformed() }
    let tail = try little(4)
    let count = Int(try little(2))
    var elements: [[UInt8]] = []
    var last = size - remaining
    var sizeBefore = 0
    while true {
      let before = remaining
      let first = try byte()
      if first == 0xFF { break }
      let told = first == 0xFE ? Int(try little(4)) : Int(first)
      guard told == sizeBefore else { throw Malformed() }
      elements.append(try ziplistElement())
      last = size - before
      sizeBefore = before - remaining
    }
    // The largest count stands for "unknown".
    guard count == 0xFFFF || count == elements.count, tail == UInt64(last)
    else { throw Malformed() }
    return elements
  }

  private mutating func ziplistElement() throws(Malformed) -> [UInt8] {
    let first = try byte()
    switch first {
    case 0x00...0x3F: return try bytes(Int(first))
    case 0x40...0x7F: return try bytes(Int(first & 0x3F) << 8 | Int(try byte()))
    case 0x80...0xBF: return try bytes(Int(try big(4)))
    case 0xC0: return try digits(try little(2), bits: 16)
    case 0xD0: return try digits(try little(4), bits: 32)
    case 0xE0: return try digits(try little(8), bits: 64)
    case 0xF0: return try digits(try little(3), bits: 24)
    case 0xF1...0xFD: return try digits(UInt64(first - 0xF1), bits: 64)
    case 0xFE: return try digits(UInt64(try byte()), bits: 8)
    default: throw Malformed()
    }
  }
}
