/// The framing format of Snappy (google/snappy, framing_format.txt and format_description.txt): chunks
/// of at most 64 KiB, each with a masked CRC-32C of what is in it. It has no end mark: it ends where a
/// chunk does.
enum SnappyFrames {
  static let beginning: [UInt8] = [0xFF, 0x06, 0x00, 0x00] + Array("sNaPpY".utf8)

  private static let largestChunk = 65_536

  static func inflated(
    _ bytes: [UInt8], within budget: DecodingBudget
  ) throws(DecodingFailure) -> [UInt8] {
    var output: [UInt8] = []
    var place = 0
    while place < bytes.count {
      guard place + 4 <= bytes.count else { throw .compressTruncated }
      let kind = bytes[place]
      let length = littleEndian(bytes[(place + 1)..<(place + 4)])
      place += 4
      guard length <= bytes.count - place else { throw .compressTruncated }
      let body = bytes[place..<(place + length)]
      place += length
      try take(kind, body, onto: &output)
      if output.count > budget.limits.inflated { throw .inflateLimit }
      if budget.isExpired() { throw .timeLimit }
    }
    return output
  }

  private static func take(
    _ kind: UInt8, _ body: ArraySlice<UInt8>, onto output: inout [UInt8]
  ) throws(DecodingFailure) {
    switch kind {
    case 0xFF:
      guard body.elementsEqual(beginning.dropFirst(4)) else { throw .compressCorrupt }
    case 0x00, 0x01:
      guard body.count >= 4 else { throw .compressCorrupt }
      let content = body.dropFirst(4)
      let piece = kind == 0 ? try block(content) : Array(content)
      guard piece.count <= largestChunk,
        CRC32C.masked(piece) == UInt32(truncatingIfNeeded: littleEndian(body.prefix(4)))
      else { throw .compressCorrupt }
      output += piece
    case 0x80...0xFE: break
    default: throw .compressCorrupt
    }
  }

  static func littleEndian(_ bytes: ArraySlice<UInt8>) -> Int {
    bytes.reversed().reduce(0) { $0 << 8 | Int($1) }
  }

  /// One block: its length, then literals and copies of what came before.
  private static func block(_ bytes: ArraySlice<UInt8>) throws(DecodingFailure) -> [UInt8] {
    var rest = bytes
    let length = try varint(&rest)
    guard length <= largestChunk else { throw .compressCorrupt }
    var output: [UInt8] = []
    output.reserveCapacity(length)
    while let tag = rest.popFirst() {
      if tag & 3 == 0 {
        try literal(tag, &rest, onto: &output)
      } else {
        try copy(tag, &rest, onto: &output)
      }
      guard output.count <= length else { throw .compressCorrupt }
    }
    guard output.count == length else { throw .compressCorrupt }
    return output
  }

  private static func varint(_ rest: inout ArraySlice<UInt8>) throws(DecodingFailure) -> Int {
    var value = 0
    for shift in stride(from: 0, to: 35, by: 7) {
      guard let byte = rest.popFirst() else { break }
      value |= Int(byte & 0x7F) << shift
      if byte < 0x80 { return value }
    }
    throw .compressCorrupt
  }

  private static func number(
    _ count: Int, _ rest: inout ArraySlice<UInt8>
  ) throws(DecodingFailure) -> Int {
    guard rest.count >= count else { throw .compressCorrupt }
    defer { rest = rest.dropFirst(count) }
    return littleEndian(rest.prefix(count))
  }

  private static func literal(
    _ tag: UInt8, _ rest: inout ArraySlice<UInt8>, onto output: inout [UInt8]
  ) throws(DecodingFailure) {
    let short = Int(tag >> 2)
    let length = short < 60 ? short + 1 : try number(short - 59, &rest) + 1
    guard length <= rest.count, length <= largestChunk else { throw .compressCorrupt }
    output += rest.prefix(length)
    rest = rest.dropFirst(length)
  }

  private static func copy(
    _ tag: UInt8, _ rest: inout ArraySlice<UInt8>, onto output: inout [UInt8]
  ) throws(DecodingFailure) {
    let length: Int
    let offset: Int
    if tag & 3 == 1 {
      length = Int(tag >> 2 & 7) + 4
      offset = Int(tag >> 5) << 8 | (try number(1, &rest))
    } else {
      length = Int(tag >> 2) + 1
      offset = try number(tag & 3 == 2 ? 2 : 4, &rest)
    }
    guard offset > 0, offset <= output.count else { throw .compressCorrupt }
    for _ in 0..<length { output.append(output[output.count - offset]) }
  }
}

/// CRC-32C (Castagnoli; RFC 3720, appendix B.4), a byte at a time.
enum CRC32C {
  private static let table: [UInt32] = (0..<256).map { index in
    (0..<8).reduce(UInt32(index)) { sum, _ in sum & 1 == 1 ? sum >> 1 ^ 0x82F6_3B78 : sum >> 1 }
  }

  static func sum(_ bytes: [UInt8]) -> UInt32 {
    let table = table
    return ~bytes.reduce(~0) { sum, byte in
      sum >> 8 ^ table[Int((sum ^ UInt32(byte)) & 0xFF)]
    }
  }

  /// As Snappy's frames store it: turned, and moved by a constant.
  static func masked(_ bytes: [UInt8]) -> UInt32 {
    let sum = sum(bytes)
    return (sum >> 15 | sum << 17) &+ 0xA282_EAD8
  }
}
