import CCompression

extension CompressionFormat {
  /// One whole stream of the bytes, as the library behind it writes it; nil when it refuses. `level`
  /// counts for zlib and gzip; the others use their usual one.
  func compressed(_ bytes: [UInt8], level: Int) -> [UInt8]? {
    guard let code else { return SnappyFrames.stored(bytes) }
    let room = cc_compress_bound(Int32(code), bytes.count)
    guard room > 0 else { return nil }
    var written: Int64 = -1
    let output = [UInt8](unsafeUninitializedCapacity: room) { buffer, count in
      written = cc_compress(Int32(code), Int32(level), bytes, bytes.count, buffer.baseAddress, room)
      count = max(0, Int(written))
    }
    return written < 0 ? nil : output
  }
}

extension SnappyFrames {
  /// The framing format with chunks that are not compressed, which every reader takes
  /// (google/snappy, framing_format.txt): at most 65,536 bytes each, with their checksum.
  static func stored(_ bytes: [UInt8]) -> [UInt8] {
    var output = beginning
    var rest = bytes[...]
    while !rest.isEmpty {
      let chunk = rest.prefix(1 << 16)
      rest = rest.dropFirst(1 << 16)
      let length = chunk.count + 4
      output += [0x01, UInt8(length & 0xFF), UInt8(length >> 8 & 0xFF), UInt8(length >> 16)]
      let sum = CRC32C.masked(Array(chunk))
      output += (0..<4).map { UInt8(truncatingIfNeeded: sum >> ($0 * 8)) }
      output += chunk
    }
    return output
  }
}
