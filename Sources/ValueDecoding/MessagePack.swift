/// Reads MessagePack (the specification at github.com/msgpack/msgpack): one value that uses all bytes.
///
/// Nesting costs no call stack. Every element needs at least a byte, and a length is checked against
/// what is left before anything is taken, so that a tree is never larger than its bytes allow.
struct MessagePackReader {
  private let bytes: [UInt8]
  private let budget: DecodingBudget
  private var tree: DecodedValue
  private var position = 0
  private var open: [OpenContainer] = []

  private struct OpenContainer {
    var isMap: Bool
    var left: Int
    var children = ChildList()
  }

  /// Bytes that are no MessagePack.
  private struct Malformed: Error {}

  private init(_ bytes: [UInt8], _ budget: DecodingBudget) {
    self.bytes = bytes
    self.budget = budget
    tree = DecodedValue(source: bytes)
  }

  /// The tree, or nil when the bytes are not one value of MessagePack and nothing else. Fails only by
  /// the bounds.
  static func read(
    _ bytes: [UInt8], within budget: DecodingBudget
  ) throws(DecodingFailure) -> DecodedValue? {
    guard bytes.count < Int(UInt32.max) else { return nil }
    var reader = MessagePackReader(bytes, budget)
    return try reader.readAll() ? reader.tree : nil
  }

  private mutating func readAll() throws(DecodingFailure) -> Bool {
    var steps = 0
    repeat {
      steps += 1
      if steps & (DecodingBudget.stride - 1) == 0 {
        try budget.check(weight: tree.weight + open.count * 32)
      }
      do throws(Malformed) {
        try readOne()
      } catch {
        return false
      }
    } while !open.isEmpty
    return position == bytes.count
  }

  private mutating func readOne() throws(Malformed) {
    let lead = try byte()
    switch lead {
    case 0x00...0x7F: put(.integer(Int64(lead)))
    case 0x80...0x8F: try begin(isMap: true, Int(lead & 0x0F))
    case 0x90...0x9F: try begin(isMap: false, Int(lead & 0x0F))
    case 0xA0...0xBF: try text(Int(lead & 0x1F))
    case 0xC0: put(.none)
    case 0xC2, 0xC3: put(.bool(lead == 0xC3))
    case 0xC4...0xC6: put(.bytes(try span(try number(1 << (lead - 0xC4)))))
    case 0xC7...0xC9: try extended(try number(1 << (lead - 0xC7)))
    case 0xCA: put(.double(Double(Float(bitPattern: UInt32(truncatingIfNeeded: try bits(4))))))
    case 0xCB: put(.double(Double(bitPattern: try bits(8))))
    case 0xCC...0xCF: try unsigned(1 << (lead - 0xCC))
    case 0xD0...0xD3: try signed(1 << (lead - 0xD0))
    case 0xD4...0xD8: try extended(1 << (lead - 0xD4))
    case 0xD9...0xDB: try text(try number(1 << (lead - 0xD9)))
    case 0xDC, 0xDD: try begin(isMap: false, try number(lead == 0xDC ? 2 : 4))
    case 0xDE, 0xDF: try begin(isMap: true, try number(lead == 0xDE ? 2 : 4))
    case 0xE0...0xFF: put(.integer(Int64(Int8(bitPattern: lead))))
    default: throw Malformed()
    }
  }
}

extension MessagePackReader {
  private mutating func byte() throws(Malformed) -> UInt8 {
    guard position < bytes.count else { throw Malformed() }
    defer { position += 1 }
    return bytes[position]
  }

  /// A number of up to eight bytes, the highest first.
  private mutating func bits(_ count: Int) throws(Malformed) -> UInt64 {
    guard count <= bytes.count - position else { throw Malformed() }
    defer { position += count }
    return bytes[position..<(position + count)].reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// A length of one, two or four bytes.
  private mutating func number(_ width: UInt8) throws(Malformed) -> Int {
    Int(try bits(Int(width)))
  }

  private mutating func span(_ count: Int) throws(Malformed) -> ByteSpan {
    guard count <= bytes.count - position else { throw Malformed() }
    defer { position += count }
    return ByteSpan(start: UInt32(position), count: UInt32(count))
  }

  private mutating func text(_ count: Int) throws(Malformed) {
    let start = position
    let span = try span(count)
    guard UTF8Check.isValid(bytes, start..<position, allowsSurrogates: false) else {
      throw Malformed()
    }
    put(.text(span))
  }

  private mutating func unsigned(_ width: UInt8) throws(Malformed) {
    let value = try bits(Int(width))
    guard let small = Int64(exactly: value) else {
      return put(.digits(tree.keep(String(value).utf8)))
    }
    put(.integer(small))
  }

  private mutating func signed(_ width: UInt8) throws(Malformed) {
    let shift = 64 - 8 * Int(width)
    put(.integer(Int64(bitPattern: try bits(Int(width)) << UInt64(shift)) >> Int64(shift)))
  }

  private mutating func extended(_ count: some BinaryInteger) throws(Malformed) {
    let count = Int(count)
    let code = Int8(bitPattern: try byte())
    let start = position
    let span = try span(count)
    put(
      code == -1
        ? timestamp(start, count) ?? .typedBytes(code: code, span) : .typedBytes(code: code, span))
  }

  /// The three layouts of the extension -1.
  private func timestamp(_ start: Int, _ count: Int) -> ValueNode? {
    func number(_ range: Range<Int>) -> UInt64 {
      bytes[range].reduce(0) { $0 << 8 | UInt64($1) }
    }
    switch count {
    case 4: return .timestamp(seconds: Int64(number(start..<(start + 4))), nanoseconds: 0)
    case 8:
      let both = number(start..<(start + 8))
      let seconds = Int64(both & 0x3_FFFF_FFFF)
      return .timestamp(seconds: seconds, nanoseconds: UInt32(both >> 34))
    case 12:
      let seconds = Int64(bitPattern: number((start + 4)..<(start + 12)))
      return .timestamp(
        seconds: seconds, nanoseconds: UInt32(truncatingIfNeeded: number(start..<(start + 4))))
    default: return nil
    }
  }

  private mutating func begin(isMap: Bool, _ count: Int) throws(Malformed) {
    guard count <= bytes.count - position else { throw Malformed() }
    let left = isMap ? count * 2 : count
    guard left > 0 else { return put(isMap ? .dictionary(ChildList()) : .list(ChildList())) }
    open.append(OpenContainer(isMap: isMap, left: left))
  }

  private mutating func put(_ node: ValueNode) {
    var id = tree.add(node)
    while !open.isEmpty {
      tree.append(id, to: &open[open.count - 1].children)
      open[open.count - 1].left -= 1
      guard open[open.count - 1].left == 0, let ended = open.popLast() else { return }
      id = tree.add(ended.isMap ? .dictionary(ended.children) : .list(ended.children))
    }
    tree.root = id
  }
}
