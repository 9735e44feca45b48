/// A slot of a Redis Cluster, 0 to 16383.
package struct HashSlot: Sendable, Hashable {
  package var number: UInt16

  package init(_ number: UInt16) {
    self.number = number
  }

  /// How many there are.
  package static let count = 16_384

  /// The slot that a key lies in: CRC16 of its hash tag modulo the number of slots. The tag is what
  /// stands between the first `{` and the next `}`; without one, or when it is empty, the whole key
  /// counts. Source: the cluster specification at redis.io/docs/latest/operate/oss_and_stack/reference.
  package init(of key: [UInt8]) {
    let tag = Self.tag(of: key) ?? key[...]
    number = CRC16.xmodem(tag) % UInt16(Self.count)
  }

  /// The bytes of a key that decide on its slot, where they are not all of it.
  package static func tag(of key: [UInt8]) -> ArraySlice<UInt8>? {
    guard let open = key.firstIndex(of: UInt8(ascii: "{")) else { return nil }
    let rest = key[(open + 1)...]
    guard let close = rest.firstIndex(of: UInt8(ascii: "}")), close > open + 1 else { return nil }
    return rest[..<close]
  }
}

/// The cyclic redundancy check of the cluster specification: CRC-16/XMODEM, polynomial 0x1021,
/// starting with 0, nothing reflected.
private enum CRC16 {
  static func xmodem(_ bytes: ArraySlice<UInt8>) -> UInt16 {
    bytes.reduce(0) { crc, byte in (crc << 8) ^ table[Int((crc >> 8) ^ UInt16(byte))] }
  }

  private static let table: [UInt16] = (0..<256).map { index in
    (0..<8).reduce(UInt16(index) << 8) { crc, _ in
      crc & 0x8000 == 0 ? crc << 1 : (crc << 1) ^ 0x1021
    }
  }
}
