/// What JSON has no word for: containers of Python, and the few classes of its library that people know
/// by their values. Written as Python itself writes them.
extension PickleWriter {
  mutating func write(
    tag: String, _ members: [String: NodeID]
  ) throws(EditRefusal) {
    let content = members[tag]
    switch tag {
    case "$tuple": try write(tuple: try source.elements(content))
    case "$set": try write(set: try source.elements(content), isFrozen: false)
    case "$frozenset": try write(set: try source.elements(content), isFrozen: true)
    case "$bytes": try bytes(try source.base64(content))
    case "$bytearray": try write(byteArray: try source.base64(content))
    case "$dict":
      put("}")
      try write(pairs: try source.pairs(content))
    case "$int": put("L\(try digits(try source.text(content)))L\n")
    case "$float": double(try Self.special(try source.text(content)))
    case "$complex": try writeComplex(try source.elements(content))
    case "$class", "$call", "$global":
      throw .objects(of: source.tree.text(content) ?? "of a class")
    case "$cycle": throw .cycle
    case "$limit": throw .depth
    default: try write(libraryTag: tag, members)
    }
  }

  private mutating func write(
    libraryTag tag: String, _ members: [String: NodeID]
  ) throws(EditRefusal) {
    let content = members[tag]
    switch tag {
    case "$datetime": try writeDateTime(members)
    case "$date": try writeClock("date", PackedTime.date(try source.text(content)))
    case "$time": try writeClock("time", PackedTime.time(try source.text(content)))
    case "$timedelta": try writeDuration(try duration(content))
    case "$timezone": try writeZone(try source.text(content))
    case "$decimal":
      let text = Array(try source.text(content).utf8)
      try call("decimal", "Decimal", count: 1) { $0.text(text) }
    case "$uuid": try writeUUID(try source.text(content))
    case "$ordereddict":
      try call("collections", "OrderedDict", count: 0) { _ in }
      try write(pairs: try source.pairs(content))
    case "$counter": try writeCounter(content)
    case "$deque": try writeDeque(members)
    case "$defaultdict": try writeDefaultDict(members)
    default: throw .tag(tag)
    }
  }

  static func special(_ text: String) throws(EditRefusal) -> Double {
    switch text {
    case "nan": return .nan
    case "inf": return .infinity
    case "-inf": return -.infinity
    default: throw .number(text)
    }
  }

  private func digits(_ text: String) throws(EditRefusal) -> String {
    let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
    guard !digits.isEmpty, digits.utf8.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else {
      throw .number(text)
    }
    return text
  }

  private mutating func write(set elements: [NodeID], isFrozen: Bool) throws(EditRefusal) {
    guard version >= 4 else {
      return try call("builtins", isFrozen ? "frozenset" : "set", count: 1) {
        (writer) throws(EditRefusal) in try writer.write(list: elements)
      }
    }
    if !isFrozen { put([0x8F]) }
    guard isFrozen || !elements.isEmpty else { return }
    put("(")
    for element in elements { try write(element) }
    put([isFrozen ? 0x91 : 0x90])
  }

  private mutating func write(byteArray content: [UInt8]) throws(EditRefusal) {
    guard version >= 5 else {
      return try call("builtins", "bytearray", count: 1) { (writer) throws(EditRefusal) in
        try writer.bytes(content)
      }
    }
    put([0x96])
    put(content.count, width: 8)
    put(content)
  }

  private mutating func writeComplex(_ parts: [NodeID]) throws(EditRefusal) {
    guard parts.count == 2 else { throw .noJSON }
    let numbers = try parts.map { (part) throws(EditRefusal) in try number(part) }
    try call("builtins", "complex", count: 2) { writer in
      for number in numbers { writer.double(number) }
    }
  }

  private func number(_ id: NodeID) throws(EditRefusal) -> Double {
    switch source.meaning(id) {
    case .scalar(.integer(let value)): return Double(value)
    case .scalar(.double(let value)): return value
    case .scalar(.written(let span)): return try source.double(span)
    case .tagged("$float", let members):
      return try Self.special(try source.text(members["$float"]))
    default: throw .number("that")
    }
  }

  // MARK: Containers of `collections`

  private mutating func writeCounter(_ content: NodeID?) throws(EditRefusal) {
    guard let content else { throw .noJSON }
    try call("collections", "Counter", count: 1) { (writer) throws(EditRefusal) in
      try writer.write(content)
    }
  }

  private mutating func writeDeque(_ members: [String: NodeID]) throws(EditRefusal) {
    var bound: Int64?
    if let id = members["$maxlen"], source.tree[id] != .none { bound = try source.integer(id) }
    try call("collections", "deque", count: bound == nil ? 0 : 2) { writer in
      guard let bound else { return }
      writer.put(")")
      writer.integer(bound)
    }
    try write(items: try source.elements(members["$deque"]))
  }

  private static let factories: Set = [
    "list", "dict", "set", "int", "float", "str", "tuple", "bool", "bytes", "frozenset",
  ]

  private mutating func writeDefaultDict(_ members: [String: NodeID]) throws(EditRefusal) {
    var factory: String?
    if let id = members["$factory"], source.tree[id] != .none {
      let name = source.tree.text(source.tree.member("$global", of: id)) ?? ""
      guard name.hasPrefix("builtins."), Self.factories.contains(String(name.dropFirst(9))) else {
        throw .objects(of: name.isEmpty ? "a function" : name)
      }
      factory = String(name.dropFirst(9))
    }
    try call("collections", "defaultdict", count: factory == nil ? 0 : 1) { writer in
      if let factory { writer.global("builtins", factory) }
    }
    guard let content = members["$defaultdict"] else { throw .noJSON }
    switch source.meaning(content) {
    case .object(let children): try write(pairs: source.members(children))
    case .tagged("$dict", let inner): try write(pairs: try source.pairs(inner["$dict"]))
    default: throw .noJSON
    }
  }
}
