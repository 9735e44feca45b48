/// A tree that is built of values which come one after the other, a container before what is in it.
/// Nesting costs no call stack.
struct NestedTree {
  enum Container {
    case list
    /// Keys and values by turns.
    case map
    /// PHP's arrays: a list when the keys count up from 0.
    case counted
    /// Of a class: keys and values by turns.
    case object(GlobalName)
    /// What something is called, and the values that it is made of.
    case tagged(GlobalName)
  }

  private struct Open {
    var container: Container
    var children = ChildList()
    /// Values that are to come; nil where the end is marked.
    var left: Int?
  }

  private(set) var tree: DecodedValue
  private var open: [Open] = []

  init(_ bytes: [UInt8]) {
    tree = DecodedValue(source: bytes)
  }

  var depth: Int { open.count }
  /// About how many bytes it takes.
  var weight: Int { tree.weight + open.count * 48 }
  /// Values that are to come in the innermost container; nil where its end is marked.
  var left: Int? { open.last?.left }
  /// How many values stand in the innermost container.
  var count: Int { Int(open.last?.children.count ?? 0) }

  mutating func begin(_ container: Container, _ left: Int?) {
    open.append(Open(container: container, left: left))
  }

  mutating func put(_ node: ValueNode) {
    place(tree.add(node))
  }

  mutating func keep(_ bytes: some Collection<UInt8>) -> ByteSpan { tree.keep(bytes) }

  /// Ends the innermost container.
  mutating func end() {
    guard let ended = open.popLast() else { return }
    switch ended.container {
    case .list: place(tree.add(.list(ended.children)))
    case .map: place(tree.add(.dictionary(ended.children)))
    case .counted: place(counted(ended.children))
    case .object(let name):
      let callee = tree.add(name)
      var object = ObjectRecord(.new, callee, ChildList())
      let state = tree.add(.dictionary(ended.children))
      tree.append(state, to: &object.states)
      place(tree.add(object))
    case .tagged(let name):
      let callee = tree.add(name)
      place(tree.add(ObjectRecord(.new, callee, ended.children)))
    }
  }

  private mutating func place(_ id: NodeID) {
    guard let last = open.indices.last else { return tree.root = id }
    tree.append(id, to: &open[last].children)
    if let left = open[last].left { open[last].left = left - 1 }
  }

  private mutating func counted(_ pairs: ChildList) -> NodeID {
    var values: [NodeID] = []
    var children = tree.children(of: pairs)
    while let key = children.next(), let value = children.next() {
      guard case .integer(Int64(values.count)) = tree[key] else {
        return tree.add(.dictionary(pairs))
      }
      values.append(value)
    }
    var list = ChildList()
    for value in values { tree.append(value, to: &list) }
    return tree.add(.list(list))
  }
}

/// Bytes that are not of the format that a reader reads.
struct MalformedBytes: Error {}

/// Walks over bytes; what reaches beyond them is malformed.
struct ByteWalk {
  let bytes: [UInt8]
  private(set) var position = 0

  init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  var isAtEnd: Bool { position == bytes.count }
  var left: Int { bytes.count - position }
  var next: UInt8? { bytes.element(at: position) }

  mutating func byte() throws(MalformedBytes) -> UInt8 {
    guard position < bytes.count else { throw MalformedBytes() }
    defer { position += 1 }
    return bytes[position]
  }

  mutating func expect(_ byte: UInt8) throws(MalformedBytes) {
    guard try self.byte() == byte else { throw MalformedBytes() }
  }

  mutating func range(_ count: Int) throws(MalformedBytes) -> Range<Int> {
    guard count >= 0, count <= left else { throw MalformedBytes() }
    defer { position += count }
    return position..<position + count
  }

  mutating func span(_ count: Int) throws(MalformedBytes) -> ByteSpan {
    let range = try range(count)
    return ByteSpan(
      start: UInt32(clamping: range.lowerBound), count: UInt32(clamping: range.count))
  }

  /// Up to eight bytes as a number, the highest first.
  mutating func bigEndian(_ count: Int) throws(MalformedBytes) -> UInt64 {
    bytes[try range(count)].reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// Up to eight bytes as a number, the lowest first.
  mutating func littleEndian(_ count: Int) throws(MalformedBytes) -> UInt64 {
    bytes[try range(count)].reversed().reduce(0) { $0 << 8 | UInt64($1) }
  }

  /// The bytes before a delimiter, which is taken too.
  mutating func range(upTo delimiter: UInt8, atMost limit: Int) throws(MalformedBytes) -> Range<Int>
  {
    let end = bytes[position...].prefix(limit + 1).firstIndex(of: delimiter)
    guard let end else { throw MalformedBytes() }
    defer { position = end + 1 }
    return position..<end
  }

  func text(_ range: Range<Int>) -> String { String(decoding: bytes[range], as: UTF8.self) }

  /// Text where the bytes are some, or else bytes.
  func textOrBytes(_ range: Range<Int>) -> ValueNode {
    let span = ByteSpan(
      start: UInt32(clamping: range.lowerBound), count: UInt32(clamping: range.count))
    return UTF8Check.isValid(bytes, range, allowsSurrogates: false) ? .text(span) : .bytes(span)
  }
}
