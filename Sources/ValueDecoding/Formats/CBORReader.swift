/// Reads CBOR (RFC 8949): one value that uses all bytes. Tags other than that of CBOR itself are shown
/// with their number.
struct CBORReader {
  private var walk: ByteWalk
  private var nested: NestedTree

  /// The tree, or nil when the bytes are something else. Fails only by the bounds.
  static func read(
    _ bytes: [UInt8], within budget: DecodingBudget
  ) throws(DecodingFailure) -> DecodedValue? {
    guard !bytes.isEmpty, bytes.count < Int(UInt32.max) else { return nil }
    var reader = CBORReader(walk: ByteWalk(bytes), nested: NestedTree(bytes))
    var steps = 0
    repeat {
      steps += 1
      if steps & (DecodingBudget.stride - 1) == 0 { try budget.check(weight: reader.nested.weight) }
      do throws(MalformedBytes) {
        try reader.readOne()
      } catch {
        return nil
      }
    } while reader.isOpen
    return reader.walk.isAtEnd ? reader.nested.tree : nil
  }

  /// Whether a value is still to come. A tag for all of it stands before the value.
  private var isOpen = false

  private init(walk: ByteWalk, nested: NestedTree) {
    (self.walk, self.nested) = (walk, nested)
  }

  private mutating func readOne() throws(MalformedBytes) {
    isOpen = true
    let lead = try walk.byte()
    let (major, low) = (lead >> 5, lead & 31)
    if low == 31 { return try indefinite(major) }
    let argument = try argument(low)
    switch major {
    case 0: put(unsigned(argument))
    case 1: put(negative(argument))
    case 2: put(.bytes(try walk.span(try count(argument))))
    case 3: put(.text(try text(argument)))
    case 4: begin(.list, try count(argument))
    case 5: begin(.map, try count(argument) * 2)
    case 6: tag(argument)
    default: put(try simple(low, argument))
    }
  }

  private mutating func argument(_ low: UInt8) throws(MalformedBytes) -> UInt64 {
    switch low {
    case ..<24: return UInt64(low)
    case 24...27: return try walk.bigEndian(1 << Int(low - 24))
    default: throw MalformedBytes()
    }
  }

  /// A length, which every byte or value in it has to be there for.
  private func count(_ argument: UInt64) throws(MalformedBytes) -> Int {
    guard argument <= UInt64(walk.left) else { throw MalformedBytes() }
    return Int(argument)
  }

  private mutating func text(_ argument: UInt64) throws(MalformedBytes) -> ByteSpan {
    let start = walk.position
    let span = try walk.span(try count(argument))
    guard UTF8Check.isValid(walk.bytes, start..<walk.position, allowsSurrogates: false) else {
      throw MalformedBytes()
    }
    return span
  }

  private mutating func begin(_ container: NestedTree.Container, _ left: Int?) {
    nested.begin(container, left)
    closeFinished()
  }

  private mutating func put(_ node: ValueNode) {
    nested.put(node)
    closeFinished()
  }

  private mutating func closeFinished() {
    while nested.depth > 0, nested.left == 0 { nested.end() }
    isOpen = nested.depth > 0
  }

  private mutating func tag(_ number: UInt64) {
    // The one that says no more than that this is CBOR.
    guard number != 55799 else { return }
    nested.begin(.tagged(GlobalName(module: "cbor", name: "tag \(number)")), 1)
  }

  // MARK: Numbers

  private mutating func unsigned(_ value: UInt64) -> ValueNode {
    guard let small = Int64(exactly: value) else { return .digits(nested.keep(String(value).utf8)) }
    return .integer(small)
  }

  /// -1 less the number.
  private mutating func negative(_ value: UInt64) -> ValueNode {
    if let small = Int64(exactly: value) { return .integer(-1 - small) }
    let digits = value == .max ? "18446744073709551616" : String(value + 1)
    return .digits(nested.keep(("-" + digits).utf8))
  }

  private func simple(_ low: UInt8, _ argument: UInt64) throws(MalformedBytes) -> ValueNode {
    switch low {
    case 20, 21: return .bool(low == 21)
    case 22, 23: return .none
    case 25: return .double(Self.half(UInt16(truncatingIfNeeded: argument)))
    case 26: return .double(Double(Float(bitPattern: UInt32(truncatingIfNeeded: argument))))
    case 27: return .double(Double(bitPattern: argument))
    default: throw MalformedBytes()
    }
  }

  /// A float of 16 bits (IEEE 754): one of sign, five of exponent, ten of fraction.
  static func half(_ bits: UInt16) -> Double {
    let fraction = Double(bits & 0x3FF)
    let exponent = Int(bits >> 10 & 0x1F)
    let magnitude: Double =
      switch exponent {
      case 0: fraction * 0x1p-24
      case 31: fraction == 0 ? .infinity : .nan
      default: (1 + fraction / 1024) * Double(sign: .plus, exponent: exponent - 15, significand: 1)
      }
    return bits & 0x8000 == 0 ? magnitude : -magnitude
  }

  // MARK: Without a length

  private mutating func indefinite(_ major: UInt8) throws(MalformedBytes) {
    switch major {
    case 2, 3: try chunks(major)
    case 4: nested.begin(.list, nil)
    case 5: nested.begin(.map, nil)
    case 7:
      guard nested.depth > 0, nested.left == nil else { throw MalformedBytes() }
      nested.end()
      closeFinished()
    default: throw MalformedBytes()
    }
  }

  /// A string in pieces, each with a length.
  private mutating func chunks(_ major: UInt8) throws(MalformedBytes) {
    var content: [UInt8] = []
    while true {
      let lead = try walk.byte()
      if lead == 0xFF { break }
      guard lead >> 5 == major, lead & 31 != 31 else { throw MalformedBytes() }
      content += walk.bytes[try walk.range(try count(try argument(lead & 31)))]
    }
    let isText = UTF8Check.isValid(content, content.indices, allowsSurrogates: false)
    guard major == 2 || isText else { throw MalformedBytes() }
    let span = nested.keep(content)
    put(major == 2 ? .bytes(span) : .text(span))
  }
}
