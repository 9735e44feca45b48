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
      for offset in 0..<8 { value ^= UInt64(bytes[index + offset]) << UInt64(8 * offset) }
      var next: UInt64 = 0
      for offset in 0..<8 {
        let byte = Int(truncatingIfNeeded: value >> UInt64(8 * offset) & 0xFF)
        next ^= tables[(7 - offset) << 8 | byte]
      }
      value = next
      index += 8
    }
    while index < bytes.count {
      value = tables[Int(truncatingIfNeeded: (value ^ UInt64(bytes[index])) & 0xFF)] ^ value >> 8
      index += 1
    }
    return value
  }
}
