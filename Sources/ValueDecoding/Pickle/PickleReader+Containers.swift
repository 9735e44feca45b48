/// What may be put into a node at its end.
struct GrowthRules {
  /// By APPEND and APPENDS.
  var appends = false
  /// By ADDITEMS.
  var adds = false
}

extension PickleReader {
  /// Lists, and objects that behave like them, take items; sets take them by an opcode of their own.
  private func rules(_ node: ValueNode) -> GrowthRules {
    switch node {
    case .list: GrowthRules(appends: true)
    case .set: GrowthRules(adds: true)
    case .object: GrowthRules(appends: true, adds: true)
    default: GrowthRules()
    }
  }

  mutating func appendOne() throws(DecodingFailure) {
    let value = try pop()
    let target = try top()
    guard rules(tree[target]).appends else { throw .pickleBadOp }
    try grow(target, by: CollectionOfOne(value))
  }

  /// Puts the values above a mark into what lies below it.
  mutating func append(
    _ start: Int, where allows: (GrowthRules) -> Bool
  ) throws(DecodingFailure) {
    guard start > fence, let target = stack.element(at: start - 1),
      allows(rules(tree[target]))
    else { throw .pickleBadOp }
    let values = Array(stack[min(start, stack.count)...])
    stack.removeLast(values.count)
    try grow(target, by: values)
  }

  private mutating func grow(
    _ target: NodeID, by values: some Collection<NodeID>
  ) throws(DecodingFailure) {
    switch tree[target] {
    case .list(var children):
      try extend(&children, by: values)
      tree.replace(target, with: .list(children))
    case .set(var children):
      try extend(&children, by: values)
      tree.replace(target, with: .set(children))
    case .object(let index):
      var items = tree.object(index)?.items ?? ChildList()
      try extend(&items, by: values)
      tree.change(index) { $0.items = items }
    default: throw .pickleBadOp
    }
  }

  private mutating func extend(
    _ children: inout ChildList, by values: some Collection<NodeID>
  ) throws(DecodingFailure) {
    guard !values.isEmpty else { return }
    if children.count > 0, children.last == ChildList.nowhere {
      children = tree.copied(children)
      try check()
    }
    for value in values { tree.append(value, to: &children) }
  }

  /// A list of keys and values by turns.
  func pairs(_ list: ChildList) throws(DecodingFailure) -> ChildList {
    guard list.count.isMultiple(of: 2) else { throw .pickleBadOp }
    return list
  }

  mutating func setOne() throws(DecodingFailure) {
    let value = try pop()
    let key = try pop()
    try set([key, value], in: try top())
  }

  mutating func setMany() throws(DecodingFailure) {
    let start = try popMark()
    guard start > fence, let target = stack.element(at: start - 1) else { throw .pickleBadOp }
    let values = Array(stack[min(start, stack.count)...])
    guard values.count.isMultiple(of: 2) else { throw .pickleBadOp }
    stack.removeLast(values.count)
    try set(values, in: target)
  }

  private mutating func set(
    _ values: [NodeID], in target: NodeID
  ) throws(DecodingFailure) {
    switch tree[target] {
    case .dictionary(var children):
      try extend(&children, by: values)
      tree.replace(target, with: .dictionary(children))
    case .object(let index):
      var pairs = tree.object(index)?.setItems ?? ChildList()
      try extend(&pairs, by: values)
      tree.change(index) { $0.setItems = pairs }
    default: throw .pickleBadOp
    }
  }
}
