/// Writes MessagePack (the specification at github.com/msgpack/msgpack): each value in the shortest
/// form that holds it, as its libraries do.
struct MessagePackWriter {
  private let source: TaggedTree
  private var bytes: [UInt8] = []
  private var depth = 0

  static func bytes(of source: TaggedTree) throws(EditRefusal) -> [UInt8] {
    var writer = MessagePackWriter(source: source)
    try writer.write(source.tree.root)
    return writer.bytes
  }

  private init(source: TaggedTree) {
    self.source = source
  }

  private mutating func write(_ id: NodeID) throws(EditRefusal) {
    depth += 1
    defer { depth -= 1 }
    guard depth <= TaggedTree.depthLimit else { throw .depth }
    switch source.meaning(id) {
    case .scalar(let node): try write(scalar: node)
    case .list(let children):
      head(Int(children.count), short: 0x90, limit: 15, wide: 0xDC)
      for child in source.tree.children(of: children) { try write(child) }
    case .object(let children): try write(pairs: source.members(children))
    case .tagged(let name, let members): try write(tag: name, members)
    }
  }

  private mutating func write(pairs: [(NodeID, NodeID)]) throws(EditRefusal) {
    head(pairs.count, short: 0x80, limit: 15, wide: 0xDE)
    for (key, value) in pairs {
      try write(key)
      try write(value)
    }
  }

  private mutating func write(scalar: ValueNode) throws(EditRefusal) {
    switch scalar {
    case .none: bytes.append(0xC0)
    case .bool(let value): bytes.append(value ? 0xC3 : 0xC2)
    case .integer(let value): integer(value)
    case .digits(let span):
      guard let value = UInt64(source.digits(span)) else { throw .number(source.digits(span)) }
      bytes.append(0xCF)
      number(value, width: 8)
    case .double(let value): double(value)
    case .written(let span): double(try source.double(span))
    case .text(let span):
      let text = source.tree.bytes(of: span)
      text.count > 31 && text.count <= 255
        ? bytes += [0xD9, UInt8(text.count)]
        : head(text.count, short: 0xA0, limit: 31, wide: 0xDA)
      bytes += text
    default: throw .form("this")
    }
  }

  private mutating func write(
    tag: String, _ members: [String: NodeID]
  ) throws(EditRefusal) {
    switch tag {
    case "$bytes":
      let content = try source.base64(members[tag])
      let width = content.count <= 0xFF ? 0 : content.count <= 0xFFFF ? 1 : 2
      bytes.append(0xC4 + UInt8(width))
      number(UInt64(content.count), width: 1 << width)
      bytes += content
    case "$dict": try write(pairs: try source.pairs(members[tag]))
    case "$ext": try writeExtension(members)
    case "$timestamp": try writeTimestamp(members[tag])
    case "$float": double(try PickleWriter.special(try source.text(members[tag])))
    default: throw .tag(tag)
    }
  }

  private mutating func writeExtension(_ members: [String: NodeID]) throws(EditRefusal) {
    let code = try source.integer(members["$ext"])
    guard let code = Int8(exactly: code) else { throw .number("\(code)") }
    put(extension: code, try source.base64(members["$data"]))
  }

  private mutating func put(extension code: Int8, _ content: [UInt8]) {
    switch content.count {
    case 1, 2, 4, 8, 16: bytes.append(0xD4 + UInt8(content.count.trailingZeroBitCount))
    case ...0xFF: bytes += [0xC7, UInt8(content.count)]
    case ...0xFFFF:
      bytes.append(0xC8)
      number(UInt64(content.count), width: 2)
    default:
      bytes.append(0xC9)
      number(UInt64(content.count), width: 4)
    }
    bytes.append(UInt8(bitPattern: code))
    bytes += content
  }

  /// The shortest of the three layouts of the extension -1.
  private mutating func writeTimestamp(_ id: NodeID?) throws(EditRefusal) {
    guard let id else { throw .noJSON }
    let seconds = try source.integer(source.tree.member("seconds", of: id))
    let fraction = try source.integer(source.tree.member("nanoseconds", of: id))
    guard let nanoseconds = UInt32(exactly: fraction) else { throw .number("\(fraction)") }
    var content = MessagePackWriter(source: source)
    if nanoseconds == 0, let small = UInt32(exactly: seconds) {
      content.number(UInt64(small), width: 4)
    } else if seconds >= 0, seconds < 1 << 34 {
      content.number(UInt64(nanoseconds) << 34 | UInt64(seconds), width: 8)
    } else {
      content.number(UInt64(nanoseconds), width: 4)
      content.number(UInt64(bitPattern: seconds), width: 8)
    }
    put(extension: -1, content.bytes)
  }
}

extension MessagePackWriter {
  /// A number of so many bytes, the highest first.
  private mutating func number(_ value: UInt64, width: Int) {
    for shift in stride(from: (width - 1) * 8, through: 0, by: -8) {
      bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(shift)))
    }
  }

  /// A length in the lead byte, or in two or four bytes after it.
  private mutating func head(_ count: Int, short: UInt8, limit: Int, wide: UInt8) {
    if count <= limit {
      bytes.append(short | UInt8(count))
    } else if count <= 0xFFFF {
      bytes.append(wide)
      number(UInt64(count), width: 2)
    } else {
      bytes.append(wide + 1)
      number(UInt64(count), width: 4)
    }
  }

  private mutating func double(_ value: Double) {
    bytes.append(0xCB)
    number(value.bitPattern, width: 8)
  }

  private mutating func integer(_ value: Int64) {
    switch value {
    case -32..<128: bytes.append(UInt8(truncatingIfNeeded: value))
    case 0...: unsigned(UInt64(value))
    default: signed(value)
    }
  }

  private mutating func unsigned(_ value: UInt64) {
    let place = value <= 0xFF ? 0 : value <= 0xFFFF ? 1 : value <= 0xFFFF_FFFF ? 2 : 3
    bytes.append(0xCC + UInt8(place))
    number(value, width: 1 << place)
  }

  private mutating func signed(_ value: Int64) {
    let place =
      Int8(exactly: value) != nil
      ? 0 : Int16(exactly: value) != nil ? 1 : Int32(exactly: value) != nil ? 2 : 3
    bytes.append(0xD0 + UInt8(place))
    number(UInt64(bitPattern: value), width: 1 << place)
  }
}
