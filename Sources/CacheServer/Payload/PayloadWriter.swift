import CacheEngine

/// Writes a value as an object of the RDB format. Source: rdb.c of Redis 7.0.
struct PayloadWriter {
  private var bytes: [UInt8] = []

  mutating func append(_ value: StoredValue) {
    switch value {
    case .string(let string):
      bytes.append(DumpPayload.Kind.string)
      append(string)
    case .hash(let hash):
      begin(DumpPayload.Kind.hash, hash.count)
      hash.forEach { field, value in
        append(field)
        append(value)
      }
    case .list(let list):
      begin(DumpPayload.Kind.nodes, list.nodeCount)
      list.forEachNode { node in
        bytes.append(2)  // a packed node
        append(Listpack.bytes(of: node))
      }
    case .set(let set): append(set)
    case .sortedSet(let set): append(set)
    case .stream(let stream): append(stream)
    }
  }

  /// The bytes with the version and the checksum behind them.
  consuming func sealed(version: UInt64) -> [UInt8] {
    appendLittle(version, width: 2)
    appendLittle(CRC64.checksum(bytes[...]), width: 8)
    return bytes
  }

  private mutating func append(_ set: SetValue) {
    guard let integers = set.integers else {
      begin(DumpPayload.Kind.set, set.count)
      set.forEach { append($0) }
      return
    }
    bytes.append(DumpPayload.Kind.integerSet)
    let width =
      integers.allSatisfy { Int64(Int16(truncatingIfNeeded: $0)) == $0 }
      ? 2 : integers.allSatisfy { Int64(Int32(truncatingIfNeeded: $0)) == $0 } ? 4 : 8
    var packed = PayloadWriter()
    packed.appendLittle(UInt64(width), width: 4)
    packed.appendLittle(UInt64(integers.count), width: 4)
    for integer in integers { packed.appendLittle(UInt64(bitPattern: integer), width: width) }
    append(packed.bytes)
  }

  private mutating func append(_ set: SortedSetValue) {
    guard !set.isPacked else {
      var packed = PackedElements()
      set.forEach(in: 0..<set.count) { member, score in
        packed.append(member)
        packed.append(Score.packedText(score))
      }
      bytes.append(DumpPayload.Kind.packedScored)
      return append(Listpack.bytes(of: packed))
    }
    begin(DumpPayload.Kind.scored, set.count)
    // The highest first, so that Redis finds the place of each at once.
    for (member, score) in set.members(in: 0..<set.count, reversed: true) {
      append(member)
      appendLittle(score.bitPattern, width: 8)
    }
  }

  mutating func begin(_ kind: UInt8, _ count: Int) {
    bytes.append(kind)
    appendLength(count)
  }

  mutating func append(_ string: [UInt8]) {
    appendLength(string.count)
    bytes += string
  }

  mutating func appendRaw(_ raw: [UInt8]) {
    bytes += raw
  }

  mutating func appendLength(_ length: Int) {
    switch length {
    case ..<64: bytes.append(UInt8(length))
    case ..<16_384: bytes += [0x40 | UInt8(length >> 8), UInt8(length & 0xFF)]
    default:
      bytes.append(0x80)
      for shift in [24, 16, 8, 0] { bytes.append(UInt8(truncatingIfNeeded: length >> shift)) }
    }
  }

  private mutating func appendLittle(_ value: UInt64, width: Int) {
    for index in 0..<width { bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(8 * index))) }
  }
}
