/// A DUMP payload put together by hand from the description of its format, and what it stands for.
package struct PayloadFixture: Sendable, CustomStringConvertible {
  package var name: String
  /// The type and the content.
  package var body: [UInt8]
  package var version: UInt64
  /// `string`, `list`, `set`, `zset` or `hash`.
  package var kind: String
  /// The parts: fields and values, members and scores in turn.
  package var parts: [[UInt8]]

  package var description: String { name }

  package init(
    _ name: String, _ version: UInt64, _ kind: String, _ parts: [String], _ body: [UInt8]
  ) {
    self.init(name, version, kind, bytes: parts.map { Array($0.utf8) }, body)
  }

  package init(
    _ name: String, _ version: UInt64, _ kind: String, bytes parts: [[UInt8]], _ body: [UInt8]
  ) {
    self.name = name
    self.version = version
    self.kind = kind
    self.parts = parts
    self.body = body
  }

  /// With the version and the checksum behind it.
  package var payload: [UInt8] { Self.sealed(body, version: version) }

  /// The checksum is computed bit by bit from its definition.
  package static func sealed(_ body: [UInt8], version: UInt64) -> [UInt8] {
    let content = body + little(version, 2)
    var value: UInt64 = 0
    for byte in content {
      value ^= UInt64(byte)
      for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ 0x95AC_9329_AC4B_C9B5 : value >> 1 }
    }
    return content + little(value, 8)
  }

  package static func little(_ value: UInt64, _ width: Int) -> [UInt8] {
    (0..<width).map { UInt8(truncatingIfNeeded: value >> UInt64(8 * $0)) }
  }

  package static func signed(_ value: Int64, _ width: Int) -> [UInt8] {
    little(UInt64(bitPattern: value), width)
  }

  /// A string with its length before it.
  package static func string(_ bytes: [UInt8]) -> [UInt8] {
    let count = bytes.count
    if count < 64 { return [UInt8(count)] + bytes }
    if count < 16_384 { return [0x40 | UInt8(count >> 8), UInt8(count & 0xFF)] + bytes }
    return [0x80] + little(UInt64(count), 4).reversed() + bytes
  }

  package static func string(_ text: String) -> [UInt8] { string(Array(text.utf8)) }
}

/// Blocks in the packed forms of several ages of Redis, from entries in their own encodings.
package enum PackedFixture {
  private static func little(_ value: Int, _ width: Int) -> [UInt8] {
    PayloadFixture.little(UInt64(value), width)
  }

  /// Each entry is its encoding and its content; what stands before it is added here.
  package static func ziplist(_ entries: [[UInt8]]) -> [UInt8] {
    var body: [UInt8] = []
    var before = 0
    var last = 10
    for entry in entries {
      last = 10 + body.count
      let head = before < 254 ? [UInt8(before)] : [0xFE] + little(before, 4)
      body += head + entry
      before = head.count + entry.count
    }
    return little(11 + body.count, 4) + little(last, 4) + little(entries.count, 2) + body + [0xFF]
  }

  /// An entry of a ziplist: a string in the shortest of its three encodings.
  package static func ziplistEntry(_ text: String) -> [UInt8] {
    let bytes = Array(text.utf8)
    if bytes.count < 64 { return [UInt8(bytes.count)] + bytes }
    if bytes.count < 16_384 {
      return [0x40 | UInt8(bytes.count >> 8), UInt8(bytes.count & 0xFF)] + bytes
    }
    return [0x80] + little(bytes.count, 4).reversed() + bytes
  }

  /// Each entry is its encoding and its content; what stands behind it is added here.
  package static func listpack(_ entries: [[UInt8]]) -> [UInt8] {
    var body: [UInt8] = []
    for entry in entries {
      body += entry
      let size = entry.count
      body += size < 128 ? [UInt8(size)] : [UInt8(size >> 7), UInt8(size & 0x7F) | 0x80]
    }
    return little(7 + body.count, 4) + little(entries.count, 2) + body + [0xFF]
  }

  /// An entry of a listpack: a string of up to 4095 bytes.
  package static func listpackEntry(_ text: String) -> [UInt8] {
    let bytes = Array(text.utf8)
    if bytes.count < 64 { return [0x80 | UInt8(bytes.count)] + bytes }
    return [0xE0 | UInt8(bytes.count >> 8), UInt8(bytes.count & 0xFF)] + bytes
  }

  package static func integers(_ numbers: [Int64], width: Int) -> [UInt8] {
    little(width, 4) + little(numbers.count, 4)
      + numbers.flatMap { PayloadFixture.signed($0, width) }
  }
}
