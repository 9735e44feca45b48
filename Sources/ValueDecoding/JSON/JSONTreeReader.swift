/// Reads JSON into a tree: numbers keep all their digits, objects their order and their duplicates.
///
/// The whole text is looked at, so that what is JSON is known; nodes are made only as many, and
/// containers only as deep, as can be shown, so that a hostile text costs no more than its own bytes.
/// The grammar and its bounds are those of `JSONReader`, which tells events to those who want no tree;
/// here they are walked in one loop over a span, as that is twice as fast.
struct JSONTreeReader {
  private let bytes: [UInt8]
  private let budget: DecodingBudget
  private var tree: DecodedValue
  private var open: [OpenContainer] = []
  private var nodeCount = 0

  private struct OpenContainer {
    var isObject: Bool
    var children = ChildList()
    var isKept: Bool
  }

  private enum Expectation {
    case value, valueOrEnd, key, keyOrEnd, commaOrEnd, end
  }

  private init(_ bytes: [UInt8], _ budget: DecodingBudget) {
    self.bytes = bytes
    self.budget = budget
    tree = DecodedValue(source: bytes)
    tree.reserve(nodes: min(bytes.count / 10, budget.limits.nodes) + 4)
  }

  /// The tree, or nil when the bytes are not one JSON value in UTF-8. Fails only by the bounds.
  static func read(
    _ bytes: [UInt8], within budget: DecodingBudget
  ) throws(DecodingFailure) -> DecodedValue? {
    guard bytes.count < Int(UInt32.max) else { return nil }
    var reader = JSONTreeReader(bytes, budget)
    guard try reader.readAll() else { return nil }
    if reader.nodeCount > budget.limits.nodes { throw .nodeLimit }
    return reader.tree
  }

  /// One value and nothing but blanks behind it.
  private mutating func readAll() throws(DecodingFailure) -> Bool {
    let source = bytes
    let text = source.span
    var place = 0
    var steps = 0
    var expectation = Expectation.value
    while true {
      steps &+= 1
      if steps & (DecodingBudget.stride - 1) == 0 { try budget.check(weight: tree.weight) }
      place = JSONScan.skippingBlanks(text, place)
      guard place < text.count else { return expectation == .end }
      let byte = text[place]
      if expectation == .commaOrEnd, byte == UInt8(ascii: ",") {
        place += 1
        expectation = open.last?.isObject == true ? .key : .value
        continue
      }
      switch expectation {
      case .end: return false
      case .commaOrEnd,
        .valueOrEnd where byte == UInt8(ascii: "]"),
        .keyOrEnd where byte == UInt8(ascii: "}"):
        guard close(byte) else { return false }
        place += 1
        expectation = open.isEmpty ? .end : .commaOrEnd
      case .key, .keyOrEnd:
        place = key(text, place)
        expectation = .value
      case .value, .valueOrEnd:
        if byte == UInt8(ascii: "{") || byte == UInt8(ascii: "[") {
          guard open.count < JSONReader.depthLimit else { return false }
          begin(isObject: byte == UInt8(ascii: "{"))
          place += 1
          expectation = byte == UInt8(ascii: "{") ? .keyOrEnd : .valueOrEnd
        } else {
          place = scalar(text, place, byte)
          expectation = open.isEmpty ? .end : .commaOrEnd
        }
      }
      if place < 0 { return false }
    }
  }

  // MARK: Scalars. Each answers the place behind it, or -1 for what is no JSON.

  private mutating func key(_ text: Span<UInt8>, _ start: Int) -> Int {
    guard text[start] == UInt8(ascii: "\"") else { return -1 }
    let end = string(text, start)
    guard end > 0 else { return -1 }
    let colon = JSONScan.skippingBlanks(text, end)
    return colon < text.count && text[colon] == UInt8(ascii: ":") ? colon + 1 : -1
  }

  private mutating func scalar(_ text: Span<UInt8>, _ start: Int, _ byte: UInt8) -> Int {
    switch byte {
    case UInt8(ascii: "\""): return string(text, start)
    case UInt8(ascii: "-"), 0x30...0x39: return number(text, start)
    case UInt8(ascii: "t"): return word(text, start, "true", .bool(true))
    case UInt8(ascii: "f"): return word(text, start, "false", .bool(false))
    case UInt8(ascii: "n"): return word(text, start, "null", .none)
    case UInt8(ascii: "N"): return word(text, start, "NaN", .double(.nan))
    case UInt8(ascii: "I"): return word(text, start, "Infinity", .double(.infinity))
    default: return -1
    }
  }

  private mutating func word(
    _ text: Span<UInt8>, _ start: Int, _ word: StaticString, _ node: ValueNode
  ) -> Int {
    let count = word.utf8CodeUnitCount
    guard count <= text.count - start else { return -1 }
    let isThere = word.withUTF8Buffer { letters in
      for place in 0..<count where text[start + place] != letters[place] { return false }
      return true
    }
    guard isThere else { return -1 }
    place(node)
    return start + count
  }

  private mutating func string(_ text: Span<UInt8>, _ start: Int) -> Int {
    var place = start + 1
    var hasEscapes = false
    var seen: UInt8 = 0
    while place < text.count {
      let byte = text[place]
      if byte == UInt8(ascii: "\"") { break }
      if byte < 0x20 { return -1 }
      if byte == UInt8(ascii: "\\") {
        hasEscapes = true
        place = JSONScan.skippingEscape(text, place)
        if place < 0 { return -1 }
        continue
      }
      seen |= byte
      place += 1
    }
    guard place < text.count else { return -1 }
    let content = start + 1..<place
    if seen >= 0x80, !UTF8Check.isValid(bytes, content, allowsSurrogates: false) { return -1 }
    if isKeeping {
      let span = ByteSpan(
        start: UInt32(truncatingIfNeeded: content.lowerBound),
        count: UInt32(truncatingIfNeeded: content.count))
      self.place(.text(hasEscapes ? tree.keep(JSONText.unescaped(bytes[content])) : span))
    }
    return place + 1
  }

  private mutating func number(_ text: Span<UInt8>, _ start: Int) -> Int {
    let isNegative = text[start] == UInt8(ascii: "-")
    if isNegative, start + 1 < text.count, text[start + 1] == UInt8(ascii: "I") {
      return word(text, start, "-Infinity", .double(-.infinity))
    }
    let first = isNegative ? start + 1 : start
    var place = first
    var value: Int64 = 0
    while place < text.count, text[place] &- 0x30 < 10 {
      value = value &* 10 &+ Int64(text[place] &- 0x30)
      place += 1
    }
    let digits = place - first
    guard digits > 0, digits == 1 || text[first] != 0x30 else { return -1 }
    let isMore =
      place < text.count
      && (text[place] == UInt8(ascii: ".") || text[place] | 0x20 == UInt8(ascii: "e"))
    if digits < 19, !isMore {
      self.place(.integer(isNegative ? -value : value))
      return place
    }
    let end = JSONScan.endOfNumber(text, place)
    if end > 0, isKeeping {
      let node = tree.jsonNumber(start..<end)
      self.place(node)
    }
    return end
  }

  // MARK: The tree

  private var isKeeping: Bool {
    (open.last?.isKept ?? true) && nodeCount <= budget.limits.nodes
  }

  private mutating func begin(isObject: Bool) {
    let isKept = isKeeping && open.count < budget.limits.depth
    if isKeeping { nodeCount += 1 }
    open.append(OpenContainer(isObject: isObject, isKept: isKept))
  }

  /// Ends the innermost container; false when the bracket is of the other kind.
  private mutating func close(_ byte: UInt8) -> Bool {
    guard let ended = open.popLast(),
      byte == (ended.isObject ? UInt8(ascii: "}") : UInt8(ascii: "]"))
    else { return false }
    if open.last?.isKept ?? true {
      put(tree.add(ended.isObject ? .dictionary(ended.children) : .list(ended.children)))
    }
    return true
  }

  private mutating func place(_ node: ValueNode) {
    guard isKeeping else { return }
    nodeCount += 1
    put(tree.add(node))
  }

  private mutating func put(_ id: NodeID) {
    guard !open.isEmpty else {
      tree.root = id
      return
    }
    tree.append(id, to: &open[open.count - 1].children)
  }
}

/// Steps over a span of JSON.
enum JSONScan {
  static func skippingBlanks(_ text: Span<UInt8>, _ start: Int) -> Int {
    var place = start
    while place < text.count, JSONReader.isBlank(text[place]) { place += 1 }
    return place
  }

  /// Behind an escape; -1 for what is none.
  static func skippingEscape(_ text: Span<UInt8>, _ start: Int) -> Int {
    guard start + 1 < text.count else { return -1 }
    switch text[start + 1] {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"), UInt8(ascii: "b"),
      UInt8(ascii: "f"), UInt8(ascii: "n"), UInt8(ascii: "r"), UInt8(ascii: "t"):
      return start + 2
    case UInt8(ascii: "u"):
      guard start + 6 <= text.count else { return -1 }
      for place in start + 2..<start + 6 where JSONText.hexadecimal(text[place]) == nil {
        return -1
      }
      return start + 6
    default: return -1
    }
  }

  /// Behind the fraction and the exponent of a number whose digits end at `start`; -1 where one of them
  /// has no digits.
  static func endOfNumber(_ text: Span<UInt8>, _ start: Int) -> Int {
    var place = start
    if place < text.count, text[place] == UInt8(ascii: ".") {
      let end = skippingDigits(text, place + 1)
      guard end > place + 1 else { return -1 }
      place = end
    }
    if place < text.count, text[place] | 0x20 == UInt8(ascii: "e") {
      place += 1
      if place < text.count, text[place] == 0x2B || text[place] == 0x2D { place += 1 }
      let end = skippingDigits(text, place)
      guard end > place else { return -1 }
      place = end
    }
    return place
  }

  private static func skippingDigits(_ text: Span<UInt8>, _ start: Int) -> Int {
    var place = start
    while place < text.count, text[place] &- 0x30 < 10 { place += 1 }
    return place
  }
}

extension DecodedValue {
  /// A number given as it is written.
  fileprivate mutating func jsonNumber(_ range: Range<Int>) -> ValueNode {
    let number = source[range]
    if let integer = integer(decimal: number) { return integer }
    let span = ByteSpan(start: UInt32(range.lowerBound), count: UInt32(range.count))
    let mayOverflow = number.count > 300 || number.contains { $0 | 0x20 == UInt8(ascii: "e") }
    guard mayOverflow else { return .written(span) }
    let value = Double(String(decoding: number, as: UTF8.self)) ?? .nan
    return value.isFinite ? .written(span) : .double(value)
  }
}
