/// Writes a pickle of plain data (Lib/pickle.py and Lib/pickletools.py of CPython give the opcodes), in
/// the protocol that the value had: none of the opcodes is newer.
///
/// The only names that are ever written are those of `PickleWriter+Objects`, all of Python's own library
/// and all harmless to call. Equal values are written out again, not shared.
struct PickleWriter {
  let source: TaggedTree
  /// 1 for pickles without a mark of their protocol.
  let version: UInt8
  private(set) var bytes: [UInt8] = []
  private var depth = 0

  static func bytes(
    of source: TaggedTree, protocol version: UInt8
  ) throws(EditRefusal) -> [UInt8] {
    var writer = PickleWriter(source: source, version: version)
    if version >= 2 { writer.put([0x80, version]) }
    try writer.write(source.tree.root)
    writer.put(".")
    return writer.bytes
  }

  private init(source: TaggedTree, version: UInt8) {
    self.source = source
    self.version = version
  }

  mutating func write(_ id: NodeID) throws(EditRefusal) {
    depth += 1
    defer { depth -= 1 }
    guard depth <= TaggedTree.depthLimit else { throw .depth }
    switch source.meaning(id) {
    case .scalar(let node): try write(scalar: node)
    case .list(let children): try write(list: Array(source.tree.children(of: children)))
    case .object(let children):
      put("}")
      try write(pairs: source.members(children))
    case .tagged(let name, let members): try write(tag: name, members)
    }
  }

  private mutating func write(scalar: ValueNode) throws(EditRefusal) {
    switch scalar {
    case .none: put("N")
    case .bool(let value): boolean(value)
    case .integer(let value): integer(value)
    case .digits(let span): put("L\(source.digits(span))L\n")
    case .double(let value): double(value)
    case .written(let span): double(try source.double(span))
    case .text(let span): text(Array(source.tree.bytes(of: span)))
    default: throw .form("this")
    }
  }

  mutating func write(list elements: [NodeID]) throws(EditRefusal) {
    put("]")
    try write(items: elements)
  }

  /// Appends to the list or deque that stands on the stack.
  mutating func write(items elements: [NodeID]) throws(EditRefusal) {
    guard !elements.isEmpty else { return }
    put("(")
    for element in elements { try write(element) }
    put("e")
  }

  /// Puts keys and values into what stands on the stack.
  mutating func write(pairs: [(NodeID, NodeID)]) throws(EditRefusal) {
    guard !pairs.isEmpty else { return }
    put("(")
    for (key, value) in pairs {
      try write(key)
      try write(value)
    }
    put("u")
  }

  mutating func write(tuple elements: [NodeID]) throws(EditRefusal) {
    try tuple(count: elements.count) { (writer) throws(EditRefusal) in
      for element in elements { try writer.write(element) }
    }
  }
}

// The pieces.
extension PickleWriter {
  mutating func put(_ text: String) { bytes += text.utf8 }
  mutating func put(_ more: [UInt8]) { bytes += more }

  /// A number of so many bytes, the lowest first.
  mutating func put(_ value: Int, width: Int) {
    for place in 0..<width { bytes.append(UInt8(truncatingIfNeeded: value >> (place * 8))) }
  }

  mutating func tuple(
    count: Int, _ elements: (inout PickleWriter) throws(EditRefusal) -> Void
  ) throws(EditRefusal) {
    if count == 0 { return put(")") }
    let isShort = version >= 2 && count <= 3
    if !isShort { put("(") }
    try elements(&self)
    if isShort { put([0x84 + UInt8(count)]) } else { put("t") }
  }

  mutating func boolean(_ value: Bool) {
    if version >= 2 { put([value ? 0x88 : 0x89]) } else { put(value ? "I01\n" : "I00\n") }
  }

  mutating func integer(_ value: Int64) {
    switch value {
    case 0...0xFF: put([UInt8(ascii: "K"), UInt8(value)])
    case 0...0xFFFF:
      put("M")
      put(Int(value), width: 2)
    case Int64(Int32.min)...Int64(Int32.max):
      put("J")
      put(Int(value), width: 4)
    default: put("L\(value)L\n")
    }
  }

  mutating func double(_ value: Double) {
    put("G")
    let bits = value.bitPattern
    for shift in stride(from: 56, through: 0, by: -8) {
      bytes.append(UInt8(truncatingIfNeeded: bits >> UInt64(shift)))
    }
  }

  mutating func text(_ text: [UInt8]) {
    if version >= 4, text.count <= 0xFF {
      put([0x8C, UInt8(text.count)])
    } else {
      put("X")
      put(text.count, width: 4)
    }
    put(text)
  }

  /// Before protocol 3 as the latin-1 of a text, which is how Python itself writes them.
  mutating func bytes(_ content: [UInt8]) throws(EditRefusal) {
    guard version < 3 else {
      if content.count <= 0xFF {
        put([UInt8(ascii: "C"), UInt8(content.count)])
      } else {
        put("B")
        put(content.count, width: 4)
      }
      return put(content)
    }
    if content.isEmpty { return try call("__builtin__", "bytes", count: 0) { _ in } }
    let characters = String(String.UnicodeScalarView(content.map { Unicode.Scalar($0) }))
    try call("_codecs", "encode", count: 2) { (writer) throws(EditRefusal) in
      writer.text(Array(characters.utf8))
      writer.text(Array("latin1".utf8))
    }
  }

  mutating func global(_ module: String, _ name: String) {
    let module = version < 3 && module == "builtins" ? "__builtin__" : module
    guard version >= 4 else { return put("c\(module)\n\(name)\n") }
    text(Array(module.utf8))
    text(Array(name.utf8))
    put([0x93])
  }

  /// Has a function called with arguments when the pickle is read.
  mutating func call(
    _ module: String, _ name: String, count: Int,
    _ arguments: (inout PickleWriter) throws(EditRefusal) -> Void
  ) throws(EditRefusal) {
    global(module, name)
    try tuple(count: count, arguments)
    put("R")
  }
}
