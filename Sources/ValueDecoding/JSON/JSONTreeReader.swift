/// Reads JSON into a tree: numbers keep all their digits, objects their order and their duplicates.
///
/// The whole text is looked at, so that what is JSON is known; nodes are made only as many, and
/// containers only as deep, as can be shown, so that a hostile text costs no more than its own bytes.
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

  private init(_ bytes: [UInt8], _ budget: DecodingBudget) {
    self.bytes = bytes
    self.budget = budget
    tree = DecodedValue(source: bytes)
  }

  /// The tree, or nil when the bytes are not one JSON value in UTF-8. Fails only by the bounds.
  static func read(
    _ bytes: [UInt8], within budget: DecodingBudget
  ) throws(DecodingFailure) -> DecodedValue? {
    guard bytes.count < Int(UInt32.max),
      UTF8Check.isValid(bytes, bytes.indices, allowsSurrogates: false)
    else { return nil }
    var reader = JSONTreeReader(bytes, budget)
    guard try reader.readAll() else { return nil }
    if reader.nodeCount > budget.limits.nodes { throw .nodeLimit }
    return reader.tree
  }

  private mutating func readAll() throws(DecodingFailure) -> Bool {
    var reader = JSONReader(bytes)
    var steps = 0
    while true {
      steps += 1
      if steps & (DecodingBudget.stride - 1) == 0 { try budget.check(weight: tree.weight) }
      do throws(JSONSyntaxError) {
        guard let event = try reader.next() else { return true }
        take(event)
      } catch {
        return false
      }
    }
  }

  private var isKeeping: Bool {
    (open.last?.isKept ?? true) && nodeCount <= budget.limits.nodes
  }

  private mutating func take(_ event: JSONEvent) {
    switch event {
    case .beginObject: begin(isObject: true)
    case .beginArray: begin(isObject: false)
    case .endObject, .endArray: end()
    case .key(let range), .string(let range): place { $0.jsonString(range) }
    case .number(let range): place { $0.jsonNumber(range) }
    case .literal(let range):
      let node = literal(bytes[range.lowerBound])
      place { _ in node }
    }
  }

  private func literal(_ first: UInt8) -> ValueNode {
    switch first {
    case UInt8(ascii: "t"): .bool(true)
    case UInt8(ascii: "f"): .bool(false)
    default: .none
    }
  }

  private mutating func begin(isObject: Bool) {
    let isKept = isKeeping && open.count < budget.limits.depth
    if isKeeping { nodeCount += 1 }
    open.append(OpenContainer(isObject: isObject, isKept: isKept))
  }

  private mutating func end() {
    guard let ended = open.popLast() else { return }
    let isShown = open.last?.isKept ?? true
    guard isShown else { return }
    put(tree.add(ended.isObject ? .dictionary(ended.children) : .list(ended.children)))
  }

  private mutating func place(_ node: (inout DecodedValue) -> ValueNode) {
    guard isKeeping else { return }
    nodeCount += 1
    put(tree.add(node(&tree)))
  }

  private mutating func put(_ id: NodeID) {
    guard !open.isEmpty else {
      tree.root = id
      return
    }
    tree.append(id, to: &open[open.count - 1].children)
  }
}

extension DecodedValue {
  /// A JSON string, given with its quotes; what has no escapes stays where it is.
  fileprivate mutating func jsonString(_ range: Range<Int>) -> ValueNode {
    let content = source[range].dropFirst().dropLast()
    guard content.contains(UInt8(ascii: "\\")) else {
      return .text(ByteSpan(start: UInt32(content.startIndex), count: UInt32(content.count)))
    }
    return .text(keep(JSONText.unescaped(content)))
  }

  fileprivate mutating func jsonNumber(_ range: Range<Int>) -> ValueNode {
    let number = source[range]
    if let integer = integer(decimal: number) { return integer }
    let span = ByteSpan(start: UInt32(range.lowerBound), count: UInt32(range.count))
    let mayOverflow = number.count > 300 || number.contains { $0 | 0x20 == UInt8(ascii: "e") }
    guard mayOverflow || number.contains(where: { $0 > 0x39 }) else { return .written(span) }
    let value = Double(String(decoding: number, as: UTF8.self)) ?? .nan
    return value.isFinite ? .written(span) : .double(value)
  }
}
