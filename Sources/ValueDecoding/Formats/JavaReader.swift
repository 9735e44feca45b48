/// Reads the outer structure of what Java's `ObjectOutputStream` writes (the Java Object Serialization
/// Specification, chapter 6): the classes, their fields and types. What is in the fields is not read,
/// and nothing is looked up.
struct JavaReader {
  private static let mostFields = 10_000
  private static let mostClasses = 64

  private var walk: ByteWalk
  private var nested: NestedTree

  static func isAnnounced(by bytes: [UInt8]) -> Bool {
    bytes.starts(with: [0xAC, 0xED, 0x00, 0x05]) && bytes.count > 4
  }

  /// The tree, or nil when the bytes are something else.
  static func read(_ bytes: [UInt8]) -> DecodedValue? {
    guard isAnnounced(by: bytes), bytes.count < Int(UInt32.max) else { return nil }
    var reader = JavaReader(walk: ByteWalk(bytes), nested: NestedTree(bytes))
    do throws(MalformedBytes) {
      _ = try reader.walk.range(4)
      try reader.content()
      return reader.nested.tree
    } catch {
      return nil
    }
  }

  private init(walk: ByteWalk, nested: NestedTree) {
    (self.walk, self.nested) = (walk, nested)
  }

  private mutating func content() throws(MalformedBytes) {
    let kind = try walk.byte()
    switch kind {
    case 0x70: nested.put(.none)
    case 0x74: nested.put(walk.textOrBytes(try walk.range(Int(try walk.bigEndian(2)))))
    case 0x7C:
      let count = try walk.bigEndian(8)
      guard count <= UInt64(walk.left) else { throw MalformedBytes() }
      nested.put(walk.textOrBytes(try walk.range(Int(count))))
    case 0x73, 0x75, 0x7E, 0x76, 0x72: try object(kind)
    case 0x77, 0x7A: nested.put(.bytes(try walk.span(try blockCount(kind))))
    default: throw MalformedBytes()
    }
  }

  private mutating func blockCount(_ kind: UInt8) throws(MalformedBytes) -> Int {
    Int(try walk.bigEndian(kind == 0x77 ? 1 : 4))
  }

  private mutating func object(_ kind: UInt8) throws(MalformedBytes) {
    let words: [UInt8: String] = [0x75: "array", 0x7E: "enum", 0x76: "class", 0x72: "class"]
    nested.begin(.map, nil)
    name("java")
    name(words[kind] ?? "object")
    if kind != 0x72 { try walk.expect(0x72) }
    try classes()
    nested.end()
  }

  /// The class and those above it, as far as they are described here.
  private mutating func classes() throws(MalformedBytes) {
    for depth in 0..<Self.mostClasses {
      name(depth == 0 ? "class" : depth == 1 ? "extends" : "extends (\(depth))")
      nested.put(walk.textOrBytes(try walk.range(Int(try walk.bigEndian(2)))))
      _ = try walk.range(9)
      name(depth == 0 ? "fields" : "its fields\(depth == 1 ? "" : " (\(depth))")")
      try fields()
      // The end of what the class adds, then the class above.
      try walk.expect(0x78)
      guard try walk.byte() == 0x72 else { return }
    }
  }

  private mutating func fields() throws(MalformedBytes) {
    let count = Int(try walk.bigEndian(2))
    guard count <= Self.mostFields, count * 3 <= walk.left else { throw MalformedBytes() }
    nested.begin(.map, nil)
    for _ in 0..<count {
      let kind = try walk.byte()
      nested.put(walk.textOrBytes(try walk.range(Int(try walk.bigEndian(2)))))
      name(try type(kind))
    }
    nested.end()
  }

  private mutating func type(_ kind: UInt8) throws(MalformedBytes) -> String {
    let plain: [UInt8: String] = [
      0x42: "byte", 0x43: "char", 0x44: "double", 0x46: "float", 0x49: "int", 0x4A: "long",
      0x53: "short", 0x5A: "boolean",
    ]
    if let name = plain[kind] { return name }
    guard kind == 0x4C || kind == 0x5B else { throw MalformedBytes() }
    switch try walk.byte() {
    case 0x74:
      return walk.text(try walk.range(Int(try walk.bigEndian(2))))
    case 0x71:
      _ = try walk.range(4)
      return "the type of a field before"
    default: throw MalformedBytes()
    }
  }

  private mutating func name(_ text: String) {
    nested.put(.text(nested.keep(text.utf8)))
  }
}
