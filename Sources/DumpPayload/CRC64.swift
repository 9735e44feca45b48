/// The checksum at the end of a DUMP payload: CRC-64 of Jones, reflected, without initial or final
/// inversion. Source: crc64.c of Redis; "123456789" gives E9C6D914C4B8D9CA. Eight bytes are taken
/// at a time ("slicing by 8", M. Kounavis and F. Berry, 2008). Linear.
package enum CRC64 {
  private static let polynomial: UInt64 = 0x95AC_9329_AC4B_C9B5

  /// Eight tables of 256: what a byte becomes after one byte, after two, and so on.
  private static let tables: [UInt64] = {
    var tables: [UInt64] = []
    for byte: UInt64 in 0..<256 {
      var value = byte
      for _ in 0..<8 { value = value & 1 == 1 ? value >> 1 ^ polynomial : value >> 1 }
      tables.append(value)
    }
    for index in 256..<2048 {
      let before = tables[index - 256]
      tables.append(tables[Int(before & 0xFF)] ^ before >> 8)
    }
    return tables
  }()

  package static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    let tables = tables.span
    let bytes = bytes.span
    var value: UInt64 = 0
    var index = 0
    while index + 8 <= bytes.count {
      value ^= Self.little(bytes, at: index)
      let low =
        tables[0x700 | byte(value, 0)] ^ tables[0x600 | byte(value, 1)]
        ^ tables[0x500 | byte(value, 2)] ^ tables[0x400 | byte(value, 3)]
      let high =
        tables[0x300 | byte(value, 4)] ^ tables[0x200 | byte(value, 5)]
        ^ tables[0x100 | byte(value, 6)] ^ tables[byte(value, 7)]
      value = low ^ high
      index += 8
    }
    while index < bytes.count {
      value = tables[byte(value ^ UInt64(bytes[index]), 0)] ^ value >> 8
      index += 1
    }
    return value
  }

  private static func byte(_ value: UInt64, _ number: UInt64) -> Int {
    Int(truncatingIfNeeded: value &>> (8 &* number) & 0xFF)
  }

  /// Eight bytes from a place on that has as many, the lowest first.
  private static func little(_ bytes: borrowing Span<UInt8>, at index: Int) -> UInt64 {
    // Unchecked at half the price: the caller has looked whether the bytes are there.
    UInt64(littleEndian: bytes.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self))
  }
}
