/// Writes a decoded value as JSON, in the forms that a reader of the output knows: what JSON has no
/// word for is an object with one name that begins with `$` (`$bytes`, `$tuple`, `$class`, …).
///
/// A node that is shared is written again wherever it stands; one that is met within itself is
/// `{"$cycle":n}`, n levels up. Containers below the bound of depth are `{"$limit":"depth"}`. Nodes,
/// bytes and time are bounded, so that a few bytes that describe a huge value end in a failure.
struct ValueRenderer {
  let tree: DecodedValue
  private let budget: DecodingBudget
  var writer: JSONWriter
  /// The containers around what is being written, the outermost first.
  private var path: [NodeID] = []
  private var count = 0
  private var checkedSize = 0

  init(_ tree: DecodedValue, _ budget: DecodingBudget, style: JSONWriter.Style = .portable) {
    self.tree = tree
    self.budget = budget
    writer = JSONWriter(style)
  }

  /// The JSON of a tree, or of a part of it, in UTF-8.
  static func json(
    _ tree: DecodedValue, root: NodeID? = nil, style: JSONWriter.Style = .portable,
    within budget: DecodingBudget
  ) throws(DecodingFailure) -> [UInt8] {
    var renderer = ValueRenderer(tree, budget, style: style)
    try renderer.render(root ?? tree.root)
    return renderer.writer.bytes
  }

  /// Counts one node more and looks at the bounds.
  mutating func account() throws(DecodingFailure) {
    count += 1
    if count > budget.limits.nodes { throw .nodeLimit }
    guard count & (DecodingBudget.stride - 1) == 0 || writer.bytes.count - checkedSize > 1 << 20
    else { return }
    checkedSize = writer.bytes.count
    try budget.check(weight: checkedSize)
  }

  mutating func render(_ id: NodeID) throws(DecodingFailure) {
    try account()
    switch tree[id] {
    case .none: writer.null()
    case .bool(let value): writer.boolean(value)
    case .integer(let value): writer.integer(value)
    case .digits(let span): writer.number(String(decoding: tree.bytes(of: span), as: UTF8.self))
    case .longInteger(let span):
      writer.number(try LargeInteger.decimal(tree.bytes(of: span), within: budget))
    case .double(let value): writer.double(value)
    case .written(let span): writer.value(written: Array(tree.bytes(of: span)))
    case .text(let span): renderText(tree.bytes(of: span))
    case .bytes(let span): tagged("$bytes") { $0.string(base64: span) }
    case .byteArray(let span): tagged("$bytearray") { $0.string(base64: span) }
    case .global(let index):
      tagged("$global") { $0.writer.string($0.tree.global(index)?.full ?? "") }
    case .extensionCode(let code): tagged("$ext") { $0.writer.integer(Int64(code)) }
    case .outOfBandBuffer: tagged("$buffer") { $0.writer.null() }
    case .typedBytes(let code, let span): renderTyped(code, span)
    case .timestamp(let seconds, let nanoseconds): renderTimestamp(seconds, nanoseconds)
    default: try renderContainer(id)
    }
  }

  private mutating func renderContainer(_ id: NodeID) throws(DecodingFailure) {
    if let place = path.lastIndex(of: id) {
      return tagged("$cycle") { $0.writer.integer(Int64($0.path.count - place)) }
    }
    if path.count >= budget.limits.depth { return tagged("$limit") { $0.writer.string("depth") } }
    try within(id) { renderer throws(DecodingFailure) in
      switch renderer.tree[id] {
      case .list(let children): try renderer.array(children)
      case .tuple(let children): try renderer.tagged("$tuple", children)
      case .set(let children): try renderer.tagged("$set", children)
      case .frozenSet(let children): try renderer.tagged("$frozenset", children)
      case .dictionary(let children): try renderer.renderPairs(children)
      case .object(let index): try renderer.renderObject(index)
      case .persistentID(let inner):
        try renderer.tagged("$persid") { (inside) throws(DecodingFailure) in
          try inside.render(inner)
        }
      default: break
      }
    }
  }

  /// Writes with one level more around it.
  mutating func within(
    _ id: NodeID, _ body: (inout ValueRenderer) throws(DecodingFailure) -> Void
  ) throws(DecodingFailure) {
    path.append(id)
    try body(&self)
    path.removeLast()
  }
}

// The pieces.
extension ValueRenderer {
  mutating func tagged<Failure: Error>(
    _ name: String, _ body: (inout ValueRenderer) throws(Failure) -> Void
  ) throws(Failure) {
    writer.beginObject()
    writer.key(name)
    try body(&self)
    writer.endObject()
  }

  private mutating func tagged(
    _ name: String, _ children: ChildList
  ) throws(DecodingFailure) {
    writer.beginObject()
    writer.key(name)
    try array(children)
    writer.endObject()
  }

  mutating func array(_ children: ChildList) throws(DecodingFailure) {
    writer.beginArray()
    for child in tree.children(of: children) { try render(child) }
    writer.endArray()
  }

  mutating func string(base64 span: ByteSpan) {
    writer.string(Base64.text(of: Array(tree.bytes(of: span))))
  }

  /// Text; one with half a surrogate pair is spelled out, because JSON in UTF-8 has no place for it.
  private mutating func renderText(_ text: ArraySlice<UInt8>) {
    guard SurrogateHalves.areIn(text) else { return writer.string(utf8: text) }
    tagged("$str") { $0.writer.string(utf8: SurrogateHalves.spelledOut(text)[...]) }
  }

  private mutating func renderTyped(_ code: Int8, _ span: ByteSpan) {
    writer.beginObject()
    writer.key("$ext")
    writer.integer(Int64(code))
    writer.key("$data")
    string(base64: span)
    writer.endObject()
  }

  private mutating func renderTimestamp(_ seconds: Int64, _ nanoseconds: UInt32) {
    tagged("$timestamp") { renderer in
      renderer.writer.beginObject()
      renderer.writer.key("seconds")
      renderer.writer.integer(seconds)
      renderer.writer.key("nanoseconds")
      renderer.writer.integer(Int64(nanoseconds))
      renderer.writer.endObject()
    }
  }
}

/// Halves of surrogate pairs in what is otherwise UTF-8.
enum SurrogateHalves {
  static func areIn(_ text: ArraySlice<UInt8>) -> Bool {
    var index = text.startIndex
    while let lead = text[index...].firstIndex(of: 0xED) {
      if lead + 1 < text.endIndex, text[lead + 1] >= 0xA0 { return true }
      index = lead + 1
    }
    return false
  }

  /// Each half as `\udc80`.
  static func spelledOut(_ text: ArraySlice<UInt8>) -> [UInt8] {
    var result: [UInt8] = []
    var rest = text
    while let byte = rest.popFirst() {
      guard byte == 0xED, let second = rest.first, second >= 0xA0, rest.count >= 2 else {
        result.append(byte)
        continue
      }
      let third = rest[rest.startIndex + 1]
      rest = rest.dropFirst(2)
      let point = 0xD000 | UInt32(second & 0x3F) << 6 | UInt32(third & 0x3F)
      result += "\\u".utf8
      result += String(point, radix: 16).utf8
    }
    return result
  }
}
