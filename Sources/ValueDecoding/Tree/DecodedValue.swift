/// A value that was read from bytes, whatever its format: a tree, or for pickles a graph.
///
/// Everything lies in a few arrays and refers by number, so that nothing recurses when it is built,
/// walked or released, and a node costs 16 bytes and 8 more for its place in a container. Strings and
/// bytes are not copied: they are spans of the bytes that were read. Numbers keep all their digits,
/// maps their order and their duplicates. Nothing in it was imported, called or built.
package struct DecodedValue: Sendable {
  package private(set) var nodes: [ValueNode] = []
  private var links: [Link] = []
  private(set) var objects: [ObjectRecord] = []
  private(set) var globals: [GlobalName] = []
  let source: [UInt8]
  private var rewritten: [UInt8] = []
  package internal(set) var root: NodeID = 0

  fileprivate struct Link: Sendable {
    var node: NodeID
    var next: UInt32
  }

  /// An empty tree over bytes that its nodes will be spans of.
  init(source: [UInt8]) {
    self.source = source
  }

  /// The tree of one node.
  init(source: [UInt8], _ node: ValueNode) {
    self.source = source
    root = add(node)
  }

  /// The value alone is all of the bytes.
  init(text bytes: [UInt8]) {
    self.init(source: bytes, .text(ByteSpan(start: 0, count: UInt32(clamping: bytes.count))))
  }

  init(binary bytes: [UInt8]) {
    self.init(source: bytes, .bytes(ByteSpan(start: 0, count: UInt32(clamping: bytes.count))))
  }

  /// About how many bytes the tree takes besides the bytes that it was read from.
  var weight: Int {
    nodes.count * 16 + links.count * 8 + objects.count * 72 + globals.count * 48 + rewritten.count
  }
}

// Building.
extension DecodedValue {
  /// Makes room for so many nodes and their places in containers.
  mutating func reserve(nodes count: Int) {
    nodes.reserveCapacity(count)
    links.reserveCapacity(count)
  }

  mutating func add(_ node: ValueNode) -> NodeID {
    nodes.append(node)
    return NodeID(truncatingIfNeeded: nodes.count - 1)
  }

  mutating func add(_ object: ObjectRecord) -> NodeID {
    objects.append(object)
    return add(.object(UInt32(truncatingIfNeeded: objects.count - 1)))
  }

  mutating func add(_ name: GlobalName) -> NodeID {
    globals.append(name)
    return add(.global(UInt32(truncatingIfNeeded: globals.count - 1)))
  }

  /// Keeps bytes that do not stand in the source.
  mutating func keep(_ bytes: some Collection<UInt8>) -> ByteSpan {
    let start = UInt32(truncatingIfNeeded: rewritten.count)
    rewritten.append(contentsOf: bytes)
    return ByteSpan(start: start, count: UInt32(clamping: bytes.count), isRewritten: true)
  }

  mutating func append(_ child: NodeID, to list: inout ChildList) {
    let place = UInt32(truncatingIfNeeded: links.count)
    links.append(Link(node: child, next: ChildList.nowhere))
    if list.count == 0 {
      list.first = place
    } else if links.indices.contains(Int(list.last)) {
      links[Int(list.last)].next = place
    }
    list.last = place
    list.count += 1
  }

  mutating func replace(_ id: NodeID, with node: ValueNode) {
    guard nodes.indices.contains(Int(id)) else { return }
    nodes[Int(id)] = node
  }

  mutating func change(_ object: UInt32, _ change: (inout ObjectRecord) -> Void) {
    guard objects.indices.contains(Int(object)) else { return }
    change(&objects[Int(object)])
  }

  /// A list of its own for a container that shares one and is to grow.
  mutating func copied(_ list: ChildList) -> ChildList {
    var copy = ChildList()
    for child in Array(children(of: list)) { append(child, to: &copy) }
    return copy
  }
}

// Looking.
extension DecodedValue {
  package subscript(id: NodeID) -> ValueNode {
    nodes.element(at: Int(id)) ?? .none
  }

  func object(_ index: UInt32) -> ObjectRecord? { objects.element(at: Int(index)) }

  func global(_ index: UInt32) -> GlobalName? { globals.element(at: Int(index)) }

  /// The bytes of a span.
  package func bytes(of span: ByteSpan) -> ArraySlice<UInt8> {
    let all = span.isRewritten ? rewritten : source
    let start = min(Int(span.start), all.count)
    return all[start..<min(start + Int(span.count), all.count)]
  }

  package func children(of list: ChildList) -> Children {
    Children(links: links, place: list.first, left: list.count)
  }

  /// The text of a node that is one; nil for others.
  package func text(_ id: NodeID?) -> String? {
    guard let id, case .text(let span) = self[id] else { return nil }
    return String(decoding: bytes(of: span), as: UTF8.self)
  }

  /// Its children one after the other, no more of them than it counts.
  package struct Children: Sequence, IteratorProtocol {
    fileprivate let links: [Link]
    fileprivate var place: UInt32
    fileprivate var left: UInt32

    package mutating func next() -> NodeID? {
      guard left > 0, let link = links.element(at: Int(place)) else { return nil }
      left -= 1
      place = link.next
      return link.node
    }
  }
}
