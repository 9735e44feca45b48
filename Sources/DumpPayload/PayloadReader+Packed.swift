/// A form in which servers keep a small collection in one block of bytes.
enum PackedForm {
  case listpack, ziplist, zipmap, integers
}

extension PayloadReader {
  /// The elements of a block that is a string of the payload.
  mutating func packed(_ form: PackedForm) throws(Malformed) -> [[UInt8]] {
    var block = PayloadReader(try slice(), budget: budget)
    let elements =
      switch form {
      case .listpack: try block.listpack()
      case .ziplist: try block.ziplist()
      case .zipmap: try block.zipmap()
      case .integers: try block.integers()
      }
    guard block.remaining == 0 else { throw Malformed() }
    budget = block.budget
    return elements
  }

  /// The elements of a listpack that is a string of the payload.
  package mutating func listpackString() throws(Malformed) -> [[UInt8]] {
    try packed(.listpack)
  }

  /// A set of integers: a width, their number, and the integers in ascending order. Source:
  /// intset.c.
  private mutating func integers() throws(Malformed) -> [[UInt8]] {
    let width = Int(clamping: try little(4))
    let count = Int(clamping: try little(4))
    guard [2, 4, 8].contains(width), remaining / width == count, remaining % width == 0
    else { throw Malformed() }
    var members: [[UInt8]] = []
    members.reserveCapacity(count)
    var last: Int64?
    for _ in 0..<count {
      let shift = UInt64(64 - 8 * width)
      let raw = try little(width)
      let number = Int64(bitPattern: raw << shift) >> Int64(shift)
      guard last.map({ $0 < number }) ?? true else { throw Malformed() }
      last = number
      members.append(try digits(raw, bits: 8 * width))
    }
    return members
  }

  /// Fields and values in turn. A value may have unused bytes behind it. Source: zipmap.c of Redis
  /// 2.4.
  private mutating func zipmap() throws(Malformed) -> [[UInt8]] {
    let count = Int(try byte())
    var elements: [[UInt8]] = []
    while true {
      let first = try byte()
      if first == 0xFF { break }
      elements.append(try bytes(try zipmapLength(first)))
      let length = try zipmapLength(try byte())
      let unused = Int(try byte())
      elements.append(try bytes(length))
      _ = try take(unused)
    }
    // The largest stands for "unknown".
    guard count >= 0xFE || count == elements.count / 2 else { throw Malformed() }
    return elements
  }

  private mutating func zipmapLength(_ first: UInt8) throws(Malformed) -> Int {
    switch first {
    case 0xFF: throw Malformed()
    case 0xFE: Int(try little(4))
    default: Int(first)
    }
  }
}
