/// Reads BSON (bsonspec.org, version 1.1): one document that uses all bytes.
struct BSONReader {
  private var walk: ByteWalk
  private var nested: NestedTree
  /// Where the documents that are open end, their last zero included.
  private var ends: [Int] = []

  /// The tree, or nil when the bytes are something else. Fails only by the bounds.
  static func read(
    _ bytes: [UInt8], within budget: DecodingBudget
  ) throws(DecodingFailure) -> DecodedValue? {
    guard bytes.count >= 5, bytes.last == 0, bytes.count < Int(UInt32.max) else { return nil }
    var reader = BSONReader(walk: ByteWalk(bytes), nested: NestedTree(bytes))
    var steps = 0
    do throws(MalformedBytes) {
      try reader.begin(.map)
    } catch {
      return nil
    }
    while reader.nested.depth > 0 {
      steps += 1
      if steps & (DecodingBudget.stride - 1) == 0 { try budget.check(weight: reader.nested.weight) }
      do throws(MalformedBytes) {
        try reader.readOne()
      } catch {
        return nil
      }
    }
    return reader.walk.isAtEnd ? reader.nested.tree : nil
  }

  private init(walk: ByteWalk, nested: NestedTree) {
    (self.walk, self.nested) = (walk, nested)
  }

  private mutating func begin(_ container: NestedTree.Container) throws(MalformedBytes) {
    let start = walk.position
    let count = Int(truncatingIfNeeded: try walk.littleEndian(4))
    guard count >= 5, count <= walk.left + 4, start + count <= ends.last ?? .max else {
      throw MalformedBytes()
    }
    ends.append(start + count)
    nested.begin(container, nil)
  }

  private mutating func readOne() throws(MalformedBytes) {
    let kind = try walk.byte()
    guard kind != 0 else {
      guard ends.popLast() == walk.position else { throw MalformedBytes() }
      return nested.end()
    }
    let name = try walk.range(upTo: 0, atMost: 1 << 16)
    nested.put(walk.textOrBytes(name))
    try value(kind)
  }

  private mutating func value(_ kind: UInt8) throws(MalformedBytes) {
    switch kind {
    case 0x01: nested.put(.double(Double(bitPattern: try walk.littleEndian(8))))
    case 0x02, 0x0D, 0x0E: nested.put(walk.textOrBytes(try string()))
    case 0x03: try begin(.map)
    // An array is a document whose names are numbers; PHP's counted arrays are the same.
    case 0x04: try begin(.map)
    case 0x05: try binary()
    case 0x06, 0x0A: nested.put(.none)
    case 0x07: tagged("ObjectId", hexadecimal(try walk.range(12)))
    case 0x08: nested.put(.bool(try walk.byte() != 0))
    case 0x09: tagged("Date", try date())
    case 0x0B: try expression()
    case 0x10: nested.put(.integer(Int64(Int32(truncatingIfNeeded: try walk.littleEndian(4)))))
    case 0x11: tagged("Timestamp", String(try walk.littleEndian(8)))
    case 0x12: nested.put(.integer(Int64(bitPattern: try walk.littleEndian(8))))
    case 0x13: tagged("Decimal128", hexadecimal(try walk.range(16)))
    case 0xFF, 0x7F: tagged(kind == 0xFF ? "MinKey" : "MaxKey", "")
    default: throw MalformedBytes()
    }
  }

  /// A length that counts the zero at the end.
  private mutating func string() throws(MalformedBytes) -> Range<Int> {
    let count = Int(truncatingIfNeeded: try walk.littleEndian(4))
    guard count >= 1 else { throw MalformedBytes() }
    let range = try walk.range(count - 1)
    try walk.expect(0)
    return range
  }

  private mutating func binary() throws(MalformedBytes) {
    let count = Int(truncatingIfNeeded: try walk.littleEndian(4))
    _ = try walk.byte()
    nested.put(.bytes(try walk.span(count)))
  }

  private mutating func expression() throws(MalformedBytes) {
    let pattern = try walk.range(upTo: 0, atMost: 1 << 16)
    let options = try walk.range(upTo: 0, atMost: 16)
    tagged("Regex", "/\(walk.text(pattern))/\(walk.text(options))")
  }

  private mutating func date() throws(MalformedBytes) -> String {
    CivilDate.text(milliseconds: Int64(bitPattern: try walk.littleEndian(8)))
  }

  private func hexadecimal(_ range: Range<Int>) -> String {
    walk.bytes[range].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  }

  private mutating func tagged(_ name: String, _ text: String) {
    nested.begin(.tagged(GlobalName(module: "bson", name: name)), nil)
    if !text.isEmpty { nested.put(.text(nested.keep(text.utf8))) }
    nested.end()
  }
}
