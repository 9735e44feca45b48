/// The checksum at the end of a DUMP payload: CRC-64 of Jones, reflected, without initial or final
/// inversion. Source: crc64.c of Redis; "123456789" gives E9C6D914C4B8D9CA.
enum CRC64 {
  private static let table: [UInt64] = (0..<256).map { byte in
    (0..<8).reduce(UInt64(byte)) { value, _ in
      value & 1 == 1 ? value >> 1 ^ 0x95AC_9329_AC4B_C9B5 : value >> 1
    }
  }

  static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt64 {
    let table = table
    return bytes.reduce(0) { value, byte in
      table[Int(truncatingIfNeeded: (value ^ UInt64(byte)) & 0xFF)] ^ value >> 8
    }
  }
}
