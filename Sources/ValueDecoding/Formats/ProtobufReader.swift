/// Reads the wire format of Protocol Buffers (protobuf.dev/programming-guides/encoding) without a
/// schema: fields by their numbers, and what the bytes of each allow one to say.
///
/// The format has no mark of its own: bytes that can be read so need not be such a message. What has a
/// length is taken for text where it is some, or else for a message where it can be one.
struct ProtobufReader {
  /// Messages within one another.
  private static let mostDepth = 24
  private static let mostFields = 100_000

  private var tree: DecodedValue
  private let bytes: [UInt8]
  private let budget: DecodingBudget
  private var fields = 0

  /// The tree, or nil when the bytes cannot be read so. Fails only by the bounds.
  static func read(
    _ bytes: [UInt8], within budget: DecodingBudget
  ) throws(DecodingFailure) -> DecodedValue? {
    guard bytes.count >= 2, bytes.count < Int(UInt32.max) else { return nil }
    var reader = ProtobufReader(
      tree: DecodedValue(source: bytes), bytes: bytes, budget: budget)
    guard let root = try reader.message(bytes.indices, depth: 0) else { return nil }
    reader.tree.root = root
    return reader.tree
  }

  private init(tree: DecodedValue, bytes: [UInt8], budget: DecodingBudget) {
    (self.tree, self.bytes, self.budget) = (tree, bytes, budget)
  }

  private struct Field {
    var number: UInt64
    var values: [NodeID]
  }

  private mutating func message(
    _ range: Range<Int>, depth: Int
  ) throws(DecodingFailure) -> NodeID? {
    guard depth < Self.mostDepth, !range.isEmpty else { return nil }
    var found: [Field] = []
    var place = range.lowerBound
    while place < range.upperBound {
      fields += 1
      if fields & 1023 == 0 { try budget.check(weight: tree.weight) }
      guard fields < Self.mostFields, let key = varint(&place, range.upperBound),
        (1..<1 << 29).contains(key >> 3)
      else { return nil }
      guard let value = try value(key & 7, &place, range.upperBound, depth) else { return nil }
      if let known = found.firstIndex(where: { $0.number == key >> 3 }) {
        found[known].values.append(value)
      } else if found.count < 512 {
        found.append(Field(number: key >> 3, values: [value]))
      } else {
        return nil
      }
    }
    return add(found)
  }

  private mutating func add(_ fields: [Field]) -> NodeID {
    var pairs = ChildList()
    for field in fields {
      tree.append(tree.add(.text(tree.keep(String(field.number).utf8))), to: &pairs)
      if field.values.count == 1, let value = field.values.first {
        tree.append(value, to: &pairs)
      } else {
        var list = ChildList()
        for value in field.values { tree.append(value, to: &list) }
        tree.append(tree.add(.list(list)), to: &pairs)
      }
    }
    return tree.add(.dictionary(pairs))
  }

  private mutating func value(
    _ wire: UInt64, _ place: inout Int, _ end: Int, _ depth: Int
  ) throws(DecodingFailure) -> NodeID? {
    switch wire {
    case 0: return varint(&place, end).map { add(number: $0) }
    case 1, 5:
      let count = wire == 1 ? 8 : 4
      guard end - place >= count else { return nil }
      let bits = bytes[place..<place + count].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
      place += count
      let double =
        wire == 1
        ? Double(bitPattern: bits) : Double(Float(bitPattern: UInt32(truncatingIfNeeded: bits)))
      // Small integers look like numbers next to zero.
      let isLikely = double.isFinite && (double == 0 || (1e-9...1e15).contains(double.magnitude))
      return isLikely ? tree.add(.double(double)) : add(number: bits)
    case 2:
      guard let length = varint(&place, end), length <= UInt64(end - place) else { return nil }
      let content = place..<place + Int(length)
      place = content.upperBound
      return try add(content, depth)
    default: return nil
    }
  }

  private mutating func add(_ range: Range<Int>, _ depth: Int) throws(DecodingFailure) -> NodeID {
    let span = ByteSpan(
      start: UInt32(clamping: range.lowerBound), count: UInt32(clamping: range.count))
    let isText =
      bytes[range].allSatisfy(ValueForm.isTextual)
      && UTF8Check.isValid(bytes, range, allowsSurrogates: false)
    if isText { return tree.add(.text(span)) }
    return try message(range, depth: depth + 1) ?? tree.add(.bytes(span))
  }

  private mutating func add(number: UInt64) -> NodeID {
    // Negative numbers are written as large ones.
    tree.add(.integer(Int64(bitPattern: number)))
  }

  /// Seven bits a byte, the lowest first, at most ten bytes.
  private func varint(_ place: inout Int, _ end: Int) -> UInt64? {
    var value: UInt64 = 0
    for shift in stride(from: UInt64(0), through: 63, by: 7) {
      guard place < end else { return nil }
      let byte = bytes[place]
      place += 1
      value |= UInt64(byte & 0x7F) << shift
      if byte < 0x80 { return value }
    }
    return nil
  }
}
