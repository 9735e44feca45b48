/// Reads what PHP's `serialize` writes (php.net/manual/en/function.serialize.php): one value that uses
/// all bytes. Classes are named and never looked up.
struct PHPReader {
  private var walk: ByteWalk
  private var nested: NestedTree

  /// The tree, or nil when the bytes are something else. Fails only by the bounds.
  static func read(
    _ bytes: [UInt8], within budget: DecodingBudget
  ) throws(DecodingFailure) -> DecodedValue? {
    guard bytes.count >= 2, bytes.count < Int(UInt32.max) else { return nil }
    var reader = PHPReader(walk: ByteWalk(bytes), nested: NestedTree(bytes))
    var steps = 0
    repeat {
      steps += 1
      if steps & (DecodingBudget.stride - 1) == 0 { try budget.check(weight: reader.nested.weight) }
      do throws(MalformedBytes) {
        try reader.readOne()
      } catch {
        return nil
      }
    } while reader.nested.depth > 0
    return reader.walk.isAtEnd ? reader.nested.tree : nil
  }

  private mutating func readOne() throws(MalformedBytes) {
    while nested.left == 0 {
      try walk.expect(UInt8(ascii: "}"))
      nested.end()
      if nested.depth == 0 { return }
    }
    let kind = try walk.byte()
    guard kind != UInt8(ascii: "N") else {
      try walk.expect(UInt8(ascii: ";"))
      return nested.put(.none)
    }
    try walk.expect(UInt8(ascii: ":"))
    switch kind {
    case UInt8(ascii: "i"): nested.put(.integer(try integer()))
    case UInt8(ascii: "b"): nested.put(.bool(try integer() != 0))
    case UInt8(ascii: "d"): nested.put(.double(try double()))
    case UInt8(ascii: "s"): nested.put(node(try string(endingWith: UInt8(ascii: ";"))))
    case UInt8(ascii: "a"): nested.begin(.counted, try pairs())
    case UInt8(ascii: "O"):
      let name = walk.text(try string(endingWith: UInt8(ascii: ":")))
      nested.begin(.object(GlobalName(module: "php", name: name)), try pairs())
    case UInt8(ascii: "E"):
      let name = walk.text(try string(endingWith: UInt8(ascii: ";")))
      nested.begin(.tagged(GlobalName(module: "php", name: "enum \(name)")), nil)
      nested.end()
    case UInt8(ascii: "C"): try custom()
    case UInt8(ascii: "r"), UInt8(ascii: "R"): try reference()
    default: throw MalformedBytes()
    }
    try closeFinished()
  }

  private mutating func closeFinished() throws(MalformedBytes) {
    while nested.depth > 0, nested.left == 0 {
      try walk.expect(UInt8(ascii: "}"))
      nested.end()
    }
  }

  /// What a class wrote of itself, in a form of its own.
  private mutating func custom() throws(MalformedBytes) {
    let name = walk.text(try string(endingWith: UInt8(ascii: ":")))
    let count = try number(upTo: UInt8(ascii: ":"))
    try walk.expect(UInt8(ascii: "{"))
    let content = try walk.range(count)
    try walk.expect(UInt8(ascii: "}"))
    nested.begin(.tagged(GlobalName(module: "php", name: name)), nil)
    nested.put(walk.textOrBytes(content))
    nested.end()
  }

  /// The same value as one before, by its number.
  private mutating func reference() throws(MalformedBytes) {
    let number = try integer()
    nested.begin(.tagged(GlobalName(module: "php", name: "reference")), nil)
    nested.put(.integer(number))
    nested.end()
  }

  /// The names of private and protected members stand behind their class between zeros.
  private func node(_ range: Range<Int>) -> ValueNode {
    guard nested.count % 2 == 0, walk.bytes[range].first == 0,
      let end = walk.bytes[range].dropFirst().firstIndex(of: 0)
    else { return walk.textOrBytes(range) }
    return walk.textOrBytes(end + 1..<range.upperBound)
  }

  /// `5:{`: the values that follow, two for each.
  private mutating func pairs() throws(MalformedBytes) -> Int {
    let count = try number(upTo: UInt8(ascii: ":"))
    try walk.expect(UInt8(ascii: "{"))
    guard count <= walk.left else { throw MalformedBytes() }
    return count * 2
  }

  /// `5:"hello"` and what ends it.
  private mutating func string(endingWith end: UInt8) throws(MalformedBytes) -> Range<Int> {
    let count = try number(upTo: UInt8(ascii: ":"))
    try walk.expect(UInt8(ascii: "\""))
    let content = try walk.range(count)
    try walk.expect(UInt8(ascii: "\""))
    try walk.expect(end)
    return content
  }

  private mutating func number(upTo end: UInt8) throws(MalformedBytes) -> Int {
    let digits = try walk.range(upTo: end, atMost: 10)
    guard let number = Int(walk.text(digits)), number >= 0 else { throw MalformedBytes() }
    return number
  }

  private mutating func integer() throws(MalformedBytes) -> Int64 {
    let digits = try walk.range(upTo: UInt8(ascii: ";"), atMost: 20)
    guard let number = Int64(walk.text(digits)) else { throw MalformedBytes() }
    return number
  }

  private mutating func double() throws(MalformedBytes) -> Double {
    let text = walk.text(try walk.range(upTo: UInt8(ascii: ";"), atMost: 40))
    switch text {
    case "INF": return .infinity
    case "-INF": return -.infinity
    case "NAN": return .nan
    default: break
    }
    guard let number = Double(text) else { throw MalformedBytes() }
    return number
  }
}
