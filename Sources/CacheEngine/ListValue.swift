/// A list, as Redis keeps one: a row of nodes of packed elements, each of at most 8 KiB unless a
/// single element is larger.
///
/// Adding and removing at the ends takes constant time: it touches one node, and the row of nodes
/// has room before its first as well as behind its last. An index is found by counting nodes from
/// the nearer end and walking in one; an insertion in the middle moves one node. A node that grows
/// past its bound is cut in two halves.
package struct ListValue: CollectionValue {
  /// As Redis' list-max-listpack-size of -2, less the head and the end of a listpack.
  package static let nodeBytes = 8192 - 7

  var nodes = NodeRow()
  package internal(set) var count = 0
  /// Charged memory of the nodes, in bytes.
  package internal(set) var charge = 0

  package init() {}

  package init?(_ value: StoredValue) {
    guard case .list(let list) = value else { return nil }
    self = list
  }

  package var stored: StoredValue { .list(self) }

  package mutating func append(_ element: [UInt8]) {
    if nodes.isEmpty || !nodes[nodes.count - 1].hasRoom(for: element) {
      nodes.append(PackedElements())
      charge += PackedElements().charge
    }
    change(nodes.count - 1) { $0.append(element) }
    count += 1
  }

  package mutating func prepend(_ element: [UInt8]) {
    if nodes.isEmpty || !nodes[0].hasRoom(for: element) {
      nodes.prepend(PackedElements())
      charge += PackedElements().charge
    }
    change(0) { $0.prepend(element) }
    count += 1
  }

  package mutating func popFirst() -> [UInt8]? {
    guard count > 0 else { return nil }
    let element = change(0) { $0.popFirst() }
    count -= 1
    dropIfEmpty(0)
    return element
  }

  package mutating func popLast() -> [UInt8]? {
    guard count > 0 else { return nil }
    let element = change(nodes.count - 1) { $0.popLast() }
    count -= 1
    dropIfEmpty(nodes.count - 1)
    return element
  }

  /// The element of a place, or nil beyond the ends.
  package subscript(index: Int) -> [UInt8]? {
    guard index >= 0, index < count else { return nil }
    let (node, place) = locate(index)
    return nodes[node].element(atOffset: nodes[node].offset(of: place))
  }

  /// Visits the elements of a range of places that exist.
  package func forEach(in range: Range<Int>, _ visit: ([UInt8]) -> Void) {
    guard !range.isEmpty else { return }
    var (node, place) = locate(range.lowerBound)
    var left = range.count
    while left > 0 {
      _ = nodes[node].forEach(from: place) { element in
        visit(element)
        left -= 1
        return left > 0
      }
      (node, place) = (node + 1, 0)
    }
  }

  /// The blocks in order, for a payload.
  package func forEachNode(_ visit: (PackedElements) -> Void) {
    for index in 0..<nodes.count { visit(nodes[index]) }
  }

  package var nodeCount: Int { nodes.count }
}

// What the rest is made of.
extension ListValue {
  /// The node of a place that exists, and the place in it.
  func locate(_ index: Int) -> (node: Int, place: Int) {
    if index < count / 2 {
      var node = 0
      var rest = index
      while rest >= nodes[node].count {
        rest -= nodes[node].count
        node += 1
      }
      return (node, rest)
    }
    var node = nodes.count - 1
    var behind = count - nodes[node].count
    while behind > index {
      node -= 1
      behind -= nodes[node].count
    }
    return (node, index - behind)
  }

  @discardableResult
  mutating func change<Result>(
    _ node: Int, _ body: (inout PackedElements) -> Result
  ) -> Result {
    charge -= nodes[node].charge
    defer { charge += nodes[node].charge }
    return body(&nodes[node])
  }

  mutating func dropIfEmpty(_ node: Int) {
    guard nodes[node].count == 0 else { return }
    charge -= nodes[node].charge
    nodes.remove(at: node)
  }

  /// Cuts a node that has outgrown its bound, until each part is within it or a single element.
  mutating func splitIfLarge(_ node: Int) {
    guard nodes[node].bytes.count > Self.nodeBytes, nodes[node].count > 1 else { return }
    let elements = nodes[node].elements
    let half = PackedElements(elements[(elements.count / 2)...])
    change(node) { $0 = PackedElements(elements[..<(elements.count / 2)]) }
    nodes.insert(half, at: node + 1)
    charge += half.charge
    splitIfLarge(node + 1)
    splitIfLarge(node)
  }
}

extension PackedElements {
  /// Whether one more element keeps the node within its bound.
  func hasRoom(for element: [UInt8]) -> Bool {
    count == 0 || bytes.count + element.count + 10 <= ListValue.nodeBytes
  }

  var charge: Int { MemoryLayout<PackedElements>.stride + MemoryAccounting.array(bytes) }
}
