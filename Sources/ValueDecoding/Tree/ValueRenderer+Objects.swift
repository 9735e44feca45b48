extension ValueRenderer {
  /// An instance or a call: a form of its own where it is known, otherwise what the stream says of it.
  mutating func renderObject(_ index: UInt32) throws(DecodingFailure) {
    guard let record = tree.object(index) else { return writer.null() }
    if try renderFriendly(record) { return }
    writer.beginObject()
    writer.key(record.making == .new ? "$class" : "$call")
    try renderName(record.callee)
    try renderArguments(record)
    try renderStates(record)
    if record.items.count > 0 {
      writer.key("$items")
      try array(record.items)
    }
    if record.setItems.count > 0 {
      writer.key("$setitems")
      try renderPairs(record.setItems)
    }
    writer.endObject()
  }

  /// A plain global stands by its name alone.
  private mutating func renderName(_ callee: NodeID) throws(DecodingFailure) {
    if case .global(let index) = tree[callee], let name = tree.global(index) {
      writer.string(name.full)
    } else {
      try render(callee)
    }
  }

  private mutating func renderArguments(_ record: ObjectRecord) throws(DecodingFailure) {
    if record.arguments.count > 0 {
      writer.key("$args")
      try array(record.arguments)
    }
    try renderOptional("$kwargs", record.keywords)
    try renderOptional("$base", record.base)
    try renderOptional("$base_state", record.baseState)
  }

  private mutating func renderOptional(
    _ name: String, _ id: NodeID?
  ) throws(DecodingFailure) {
    guard let id else { return }
    writer.key(name)
    try render(id)
  }

  /// The state of an instance as its members where it has names, otherwise and for calls as `$state`.
  private mutating func renderStates(_ record: ObjectRecord) throws(DecodingFailure) {
    var named: [NamedValue] = []
    var other: NodeID?
    for state in tree.children(of: record.states) {
      if record.making == .new, let names = members(of: state) {
        named += names
      } else {
        other = state
      }
    }
    try write(named)
    try renderOptional("$state", other)
  }

  /// The names of a state: of a dictionary, or of the pair that `__slots__` makes.
  private func members(of state: NodeID) -> [NamedValue]? {
    switch tree[state] {
    case .dictionary(let children): return names(in: children, owner: state)
    case .tuple(let children) where children.count == 2:
      let parts = Array(tree.children(of: children))
      guard case .dictionary(let slots) = tree[parts[1]],
        let second = names(in: slots, owner: parts[1])
      else { return nil }
      switch tree[parts[0]] {
      case .none: return second
      case .dictionary(let plain): return names(in: plain, owner: parts[0]).map { $0 + second }
      default: return nil
      }
    default: return nil
    }
  }
}
