/// The packed form in which Redis 7 keeps small collections and the nodes of lists: a head (size
/// and count), entries, and an end. Source: listpack.c of Redis 7.0.
extension PayloadReader {
  /// All elements in order, integers as their digits.
  mutating func listpack() throws(Malformed) -> [[UInt8]] {
    guard try little(4) == UInt64(remaining) + 4 else { throw Malformed() }
    let count = Int(try little(2))
    var elements: [[UInt8]] = []
    elements.reserveCapacity(min(count, remaining / 2))
    while true {
      let before = remaining
      let first = try byte()
      if first == 0xFF { break }
      elements.append(try listpackElement(first))
      try checkBackLength(of: before - remaining)
    }
    // The largest count stands for "unknown".
    guard count == 0xFFFF || count == elements.count else { throw Malformed() }
    return elements
  }

  private mutating func listpackElement(_ first: UInt8) throws(Malformed) -> [UInt8] {
    switch first {
    case 0x00...0x7F: return try digits(UInt64(first), bits: 64)
    case 0x80...0xBF: return try bytes(Int(first & 0x3F))
    case 0xC0...0xDF: return try digits(UInt64(first & 0x1F) << 8 | UInt64(try byte()), bits: 13)
    case 0xE0...0xEF: return try bytes(Int(first & 0x0F) << 8 | Int(try byte()))
    case 0xF0: return try bytes(Int(try little(4)))
    case 0xF1: return try digits(try little(2), bits: 16)
    case 0xF2: return try digits(try little(3), bits: 24)
    case 0xF3: return try digits(try little(4), bits: 32)
    case 0xF4: return try digits(try little(8), bits: 64)
    default: throw Malformed()
    }
  }

  /// Behind an element stands its size, to be read backwards: seven bits in each byte.
  private mutating func checkBackLength(of size: Int) throws(Malformed) {
    if size < 128 {
      guard try byte() == UInt8(size) else { throw Malformed() }
      return
    }
    let width = size < 16_383 ? 2 : size < 2_097_151 ? 3 : size < 268_435_455 ? 4 : 5
    let told = try take(width).reduce(0) { $0 << 7 | Int($1 & 0x7F) }
    guard told == size else { throw Malformed() }
  }
}
