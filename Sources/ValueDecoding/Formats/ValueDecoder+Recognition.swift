/// Formats beyond those that bytes are taken for by themselves: named, and shown as a second view. What
/// a chain says stays as it is.
extension ValueDecoder {
  /// What the text or the bytes at the end of a chain are, where their own marks leave no doubt.
  package func recognised(_ decoding: Decoding) -> Decoding? {
    guard decoding.failure == nil, !budget.isExpired() else { return nil }
    let bytes = decoding.innermost
    let candidates: [ValueCodec]
    if decoding.ends(in: .text) {
      candidates = Self.looksLikePHP(bytes) ? [.php] : []
    } else if decoding.ends(in: .binary) {
      candidates = Self.candidates(bytes)
    } else {
      return nil
    }
    for codec in candidates {
      let other = decode(bytes, as: [codec])
      if other.failure == nil, codec != .cbor || Self.isCertain(other, bytes) { return other }
    }
    return nil
  }

  private static func candidates(_ bytes: [UInt8]) -> [ValueCodec] {
    if HyperLogLog.isAnnounced(by: bytes) { return [.hyperLogLog] }
    if JavaReader.isAnnounced(by: bytes) { return [.java] }
    var found: [ValueCodec] = []
    if bytes.count >= 8, bytes.last == 0,
      SnappyFrames.littleEndian(bytes[..<4]) == UInt64(bytes.count)
    {
      found.append(.bson)
    }
    if let first = bytes.first, (0x80...0xBF).contains(first) || first == 0xD9 || first == 0x9F {
      found.append(.cbor)
    }
    if looksLikePHP(bytes) { found.append(.php) }
    return found
  }

  private static func looksLikePHP(_ bytes: [UInt8]) -> Bool {
    guard bytes.count >= 6, bytes[1] == UInt8(ascii: ":"), "aOCsE".utf8.contains(bytes[0]) else {
      return false
    }
    return bytes.last == UInt8(ascii: "}") || bytes.last == UInt8(ascii: ";")
  }

  /// Few bytes are no CBOR at all. What says so itself is, and so are maps with names and lists that are
  /// longer than chance would make them.
  private static func isCertain(_ decoding: Decoding, _ bytes: [UInt8]) -> Bool {
    if bytes.starts(with: [0xD9, 0xD9, 0xF7]) { return true }
    let tree = decoding.value
    switch tree[tree.root] {
    case .dictionary(let pairs):
      var children = tree.children(of: pairs)
      var count = 0
      while let key = children.next(), children.next() != nil {
        guard case .text = tree[key] else { return false }
        count += 1
      }
      return count > 0
    case .list(let children): return children.count >= 2 && bytes.count >= 12
    default: return false
    }
  }

  /// Reads bytes as one of these formats; nil when they are something else.
  func tree(_ bytes: [UInt8], as codec: ValueCodec) throws(DecodingFailure) -> DecodedValue? {
    switch codec {
    case .php: try PHPReader.read(bytes, within: budget)
    case .cbor: try CBORReader.read(bytes, within: budget)
    case .bson: try BSONReader.read(bytes, within: budget)
    case .protobuf: try ProtobufReader.read(bytes, within: budget)
    case .java: JavaReader.read(bytes)
    case .hyperLogLog: HyperLogLog(bytes)?.tree(over: bytes)
    case .bits: SetBits.tree(bytes)
    default: nil
    }
  }
}

/// A string as the bits that SETBIT sets: how many, and the places of the first.
enum SetBits {
  private static let mostPlaces = 1000

  static func tree(_ bytes: [UInt8]) -> DecodedValue? {
    guard !bytes.isEmpty, bytes.count < Int(UInt32.max) else { return nil }
    var nested = NestedTree(bytes)
    nested.begin(.map, nil)
    func name(_ text: String) { nested.put(.text(nested.keep(text.utf8))) }
    name("set")
    nested.put(.integer(bytes.reduce(0) { $0 + Int64($1.nonzeroBitCount) }))
    name("bits")
    nested.put(.integer(Int64(bytes.count) * 8))
    name("the first that are set")
    nested.begin(.list, nil)
    for (place, byte) in bytes.enumerated() where byte != 0 {
      for bit in 0..<8 where byte & (0x80 >> UInt8(bit)) != 0 && nested.count < mostPlaces {
        nested.put(.integer(Int64(place * 8 + bit)))
      }
      if nested.count >= mostPlaces { break }
    }
    nested.end()
    nested.end()
    return nested.tree
  }
}
