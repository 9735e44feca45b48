/// A JSON tree in which an object with names that begin with `$` stands for what JSON has no word for.
struct TaggedTree {
  let tree: DecodedValue
  static let depthLimit = 200

  init(_ tree: DecodedValue) {
    self.tree = tree
  }

  /// What a node of the JSON means.
  enum Meaning {
    case scalar(ValueNode)
    case list(ChildList)
    /// Names and values by turns.
    case object(ChildList)
    /// An object with tags: its first name, and all of its members by name.
    case tagged(String, [String: NodeID])
  }

  func meaning(_ id: NodeID) -> Meaning {
    switch tree[id] {
    case .list(let children): return .list(children)
    case .dictionary(let children):
      var pairs = tree.children(of: children)
      guard let first = tree.text(pairs.next()), first.hasPrefix("$") else {
        return .object(children)
      }
      var members: [String: NodeID] = [:]
      var all = tree.children(of: children)
      while let name = tree.text(all.next()), let value = all.next() { members[name] = value }
      return .tagged(first, members)
    case let scalar: return .scalar(scalar)
    }
  }

  func elements(_ id: NodeID?) throws(EditRefusal) -> [NodeID] {
    guard let elements = tree.elements(id) else { throw .noJSON }
    return Array(elements)
  }

  /// `[[key, value], …]`
  func pairs(_ id: NodeID?) throws(EditRefusal) -> [(NodeID, NodeID)] {
    var pairs: [(NodeID, NodeID)] = []
    for element in try elements(id) {
      let pair = try elements(element)
      guard pair.count == 2 else { throw .noJSON }
      pairs.append((pair[0], pair[1]))
    }
    return pairs
  }

  /// The members of a plain object by turns; of a name that stands there twice, the last.
  func members(_ children: ChildList) -> [(NodeID, NodeID)] {
    var places: [[UInt8]: Int] = [:]
    var members: [(NodeID, NodeID)] = []
    var all = tree.children(of: children)
    while let name = all.next(), let value = all.next() {
      guard case .text(let span) = tree[name] else { continue }
      let bytes = Array(tree.bytes(of: span))
      if let place = places[bytes] {
        members[place].1 = value
      } else {
        places[bytes] = members.count
        members.append((name, value))
      }
    }
    return members
  }

  func text(_ id: NodeID?) throws(EditRefusal) -> String {
    guard let text = tree.text(id) else { throw .noJSON }
    return text
  }

  func base64(_ id: NodeID?) throws(EditRefusal) -> [UInt8] {
    guard let bytes = Base64.bytes(of: try text(id)) else { throw .noJSON }
    return bytes
  }

  func integer(_ id: NodeID?) throws(EditRefusal) -> Int64 {
    guard let id, case .integer(let value) = tree[id] else { throw .number("that") }
    return value
  }

  func digits(_ span: ByteSpan) -> String {
    String(decoding: tree.bytes(of: span), as: UTF8.self)
  }

  /// A number that is written with a point or an exponent.
  func double(_ span: ByteSpan) throws(EditRefusal) -> Double {
    let text = digits(span)
    guard let value = Double(text) else { throw .number(text) }
    return value
  }
}
