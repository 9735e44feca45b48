extension PickleReader {
  private func name(_ range: Range<Int>) throws(DecodingFailure) -> String {
    guard let text = String(validating: bytes[range], as: UTF8.self) else { throw .pickleBadValue }
    return text
  }

  private mutating func global(_ module: String, _ name: String) -> NodeID {
    let name = PythonNames.modern(module, name)
    note(name)
    return tree.add(name)
  }

  mutating func pushGlobalLines() throws(DecodingFailure) {
    let module = try name(try line())
    let name = try name(try line())
    stack.append(global(module, name))
  }

  mutating func pushStackGlobal() throws(DecodingFailure) {
    let last = try pop()
    let first = try pop()
    guard let name = tree.text(last), let module = tree.text(first) else { throw .pickleBadOp }
    stack.append(global(module, name))
  }

  /// INST: a class by its name, the arguments above the mark.
  mutating func instance() throws(DecodingFailure) {
    let module = try name(try line())
    let name = try name(try line())
    let arguments = try markedList()
    let type = global(module, name)
    stack.append(tree.add(ObjectRecord(.new, type, arguments)))
  }

  /// OBJ: the class stands above the mark, then the arguments.
  mutating func object() throws(DecodingFailure) {
    let start = try popMark()
    guard let type = stack.element(at: start) else { throw .pickleBadOp }
    let arguments = list(from: start + 1)
    stack.removeLast()
    stack.append(tree.add(ObjectRecord(.new, type, arguments)))
  }

  mutating func newObject() throws(DecodingFailure) {
    let arguments = try pop()
    let type = try pop()
    guard case .tuple(let children) = tree[arguments] else { throw .pickleBadOp }
    stack.append(tree.add(ObjectRecord(.new, type, children)))
  }

  mutating func newObjectWithKeywords() throws(DecodingFailure) {
    let keywords = try pop()
    let arguments = try pop()
    let type = try pop()
    stack.append(try made(type, arguments, keywords))
  }

  private mutating func made(
    _ type: NodeID, _ arguments: NodeID, _ keywords: NodeID
  ) throws(DecodingFailure) -> NodeID {
    guard case .tuple(let children) = tree[arguments],
      case .dictionary(let names) = tree[keywords]
    else { throw .pickleBadOp }
    var record = ObjectRecord(.new, type, children)
    if names.count > 0 { record.keywords = keywords }
    return tree.add(record)
  }

  /// BUILD: a state for an object, kept beside it.
  mutating func build() throws(DecodingFailure) {
    let state = try pop()
    guard case .object(let index) = tree[try top()], var record = tree.object(index) else {
      throw .pickleBadOp
    }
    tree.append(state, to: &record.states)
    tree.change(index) { $0.states = record.states }
  }

  /// REDUCE: a call that is not made. The few by which Python writes plain values are seen through.
  mutating func reduce() throws(DecodingFailure) {
    let arguments = try pop()
    let callee = try pop()
    guard case .tuple(let children) = tree[arguments] else { throw .pickleBadOp }
    if case .global(let index) = tree[callee], let name = tree.global(index),
      let plain = try plainValue(name, children)
    {
      stack.append(plain)
    } else {
      stack.append(tree.add(ObjectRecord(.call, callee, children)))
    }
  }
}

// Calls that are seen through.
extension PickleReader {
  private mutating func plainValue(
    _ callee: GlobalName, _ list: ChildList
  ) throws(DecodingFailure) -> NodeID? {
    guard list.count <= 3 else {
      return callee.full == "copyreg.__newobj__"
        ? newObject(of: Array(tree.children(of: list))) : nil
    }
    let arguments = Array(tree.children(of: list))
    switch callee.module {
    case "builtins": return builtin(callee.name, arguments)
    case "copyreg": return try registered(callee.name, arguments)
    case "_codecs" where callee.name == "encode": return latinBytes(arguments)
    default: return nil
    }
  }

  private mutating func builtin(_ name: String, _ arguments: [NodeID]) -> NodeID? {
    let first = arguments.first.map { tree[$0] }
    switch (name, arguments.count, first) {
    case ("bytes", 0, _): return tree.add(.bytes(tree.keep(EmptyCollection())))
    case ("set", 1, .list(let children)): return tree.add(.set(shared(children)))
    case ("frozenset", 1, .list(let children)): return tree.add(.frozenSet(shared(children)))
    case ("bytearray", 1, .bytes(let span)): return tree.add(.byteArray(span))
    case ("getattr", 2, .global(let index)):
      guard let name = tree.global(index), let rest = tree.text(arguments[1]) else { return nil }
      return tree.add(GlobalName(module: name.module, name: name.name + "." + rest))
    default: return nil
    }
  }

  /// The same children for another container, which has to copy them before it grows.
  private func shared(_ children: ChildList) -> ChildList {
    var shared = children
    shared.last = ChildList.nowhere
    return shared
  }

  private mutating func registered(
    _ name: String, _ arguments: [NodeID]
  ) throws(DecodingFailure) -> NodeID? {
    switch (name, arguments.count) {
    case ("_reconstructor", 3): return reconstructed(arguments)
    case ("__newobj__", 1...): return newObject(of: arguments)
    case ("__newobj_ex__", 3):
      guard case .tuple = tree[arguments[1]], case .dictionary = tree[arguments[2]] else {
        return nil
      }
      return try made(arguments[0], arguments[1], arguments[2])
    default: return nil
    }
  }

  private mutating func newObject(of arguments: [NodeID]) -> NodeID? {
    guard let type = arguments.first else { return nil }
    var rest = ChildList()
    for argument in arguments.dropFirst() { tree.append(argument, to: &rest) }
    return tree.add(ObjectRecord(.new, type, rest))
  }

  /// `copyreg._reconstructor(class, base, state)`, by which protocols 0 and 1 make instances.
  private mutating func reconstructed(_ arguments: [NodeID]) -> NodeID? {
    guard case .global(let index) = tree[arguments[1]], let base = tree.global(index) else {
      return nil
    }
    var record = ObjectRecord(.new, arguments[0], ChildList())
    switch (base.full, tree[arguments[2]]) {
    case ("builtins.object", .none): break
    case ("builtins.tuple", .tuple(let items)): record.arguments = items
    case ("builtins.str", _), ("builtins.int", _), ("builtins.float", _), ("builtins.bytes", _):
      tree.append(arguments[2], to: &record.arguments)
    default:
      record.base = arguments[1]
      record.baseState = arguments[2]
    }
    return tree.add(record)
  }

  /// `_codecs.encode(text, "latin1")`, by which protocols 0 to 2 write bytes.
  private mutating func latinBytes(_ arguments: [NodeID]) -> NodeID? {
    guard arguments.count == 2, case .text(let span) = tree[arguments[0]],
      let codec = tree.text(arguments[1]), codec == "latin1" || codec == "latin-1"
    else { return nil }
    var result: [UInt8] = []
    var rest = tree.bytes(of: span)
    while let byte = rest.popFirst() {
      if byte < 0x80 {
        result.append(byte)
      } else if byte == 0xC2 || byte == 0xC3, let tail = rest.popFirst() {
        result.append(byte << 6 | tail & 0x3F)
      } else {
        return nil
      }
    }
    return tree.add(.bytes(tree.keep(result)))
  }
}
