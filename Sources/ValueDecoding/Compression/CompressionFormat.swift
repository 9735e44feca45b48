import CCompression

/// The formats of compression that are told by their first bytes.
package enum CompressionFormat: String, Sendable, Hashable, CaseIterable {
  case zlib, gzip, xz, bz2, zstd, lz4, snappy

  /// The format that begins so. Only a try tells whether it is right: zlib's two bytes are common.
  static func announced(by bytes: [UInt8]) -> CompressionFormat? {
    switch (bytes.element(at: 0), bytes.element(at: 1)) {
    case (0x78, 0x01), (0x78, 0x5E), (0x78, 0x9C), (0x78, 0xDA): .zlib
    case (0x1F, 0x8B) where bytes.element(at: 2) == 0x08: .gzip
    case (0xFD, 0x37) where bytes.starts(with: [0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00]): .xz
    case (0x42, 0x5A) where isBzip2(bytes): .bz2
    case (0x28, 0xB5) where bytes.starts(with: [0x28, 0xB5, 0x2F, 0xFD]): .zstd
    case (0x04, 0x22) where bytes.starts(with: [0x04, 0x22, 0x4D, 0x18]): .lz4
    case (0xFF, 0x06) where bytes.starts(with: SnappyFrames.beginning): .snappy
    default: nil
    }
  }

  /// `BZh`, a size, and the magic number of a block.
  private static func isBzip2(_ bytes: [UInt8]) -> Bool {
    bytes.count >= 10 && bytes.starts(with: "BZh".utf8)
      && bytes.dropFirst(4).starts(with: [0x31, 0x41, 0x59, 0x26, 0x53, 0x59])
  }

  var code: Int? {
    switch self {
    case .zlib: CC_FORMAT_ZLIB
    case .gzip: CC_FORMAT_GZIP
    case .xz: CC_FORMAT_XZ
    case .bz2: CC_FORMAT_BZ2
    case .zstd: CC_FORMAT_ZSTD
    case .lz4: CC_FORMAT_LZ4
    case .snappy: nil
    }
  }
}

extension CompressionFormat {
  /// The bytes of the first stream; what follows it is left alone. The bounds of size, memory and
  /// time are looked at while it is taken apart, a piece at a time.
  func inflated(
    _ bytes: [UInt8], within budget: DecodingBudget
  ) throws(DecodingFailure) -> [UInt8] {
    guard let code else { return try SnappyFrames.inflated(bytes, within: budget) }
    guard let stream = InflatingStream(format: code, memory: budget.limits.memory) else {
      throw .memoryLimit
    }
    var output: [UInt8] = []
    var taken = 0
    while true {
      if budget.isExpired() { throw .timeLimit }
      let step = stream.step(bytes, from: taken, onto: &output)
      taken += step.taken
      if output.count > budget.limits.inflated { throw .inflateLimit }
      switch step.state {
      case .end: return output
      case .corrupt: throw .compressCorrupt
      case .memory: throw .memoryLimit
      case .more: if step.taken == 0, step.given == 0 { throw .compressTruncated }
      }
    }
  }
}

/// One stream of a library, closed when it is released.
private final class InflatingStream {
  enum State { case more, end, corrupt, memory }

  private static let room = 256 << 10
  private static let share = 1 << 20
  // A library's own state, known here by its address alone; this class owns it.
  private let stream: OpaquePointer

  init?(format: Int, memory: Int) {
    guard let stream = cc_inflater_open(Int32(format), UInt64(max(0, memory))) else { return nil }
    self.stream = stream
  }

  deinit { cc_inflater_close(stream) }

  /// Takes at most a share of the input, gives at most a room's worth of output.
  func step(
    _ bytes: [UInt8], from start: Int, onto output: inout [UInt8]
  ) -> (state: State, taken: Int, given: Int) {
    var taken = 0
    var given = 0
    var state = State.corrupt
    let count = min(Self.share, max(0, bytes.count - start))
    // The library reads and writes memory by address: it is given both ends of what it may touch.
    let piece = [UInt8](unsafeUninitializedCapacity: Self.room) { room, filled in
      bytes.withUnsafeBytes { all in
        let input = UnsafeRawBufferPointer(rebasing: all[min(start, all.count)...].prefix(count))
        let answer = cc_inflater_step(
          stream, input.baseAddress, input.count, &taken, room.baseAddress, room.count, &given)
        state = Self.state(answer)
      }
      filled = min(given, Self.room)
    }
    output.append(contentsOf: piece)
    return (state, taken, given)
  }

  private static func state(_ answer: Int32) -> State {
    switch Int(answer) {
    case CC_INFLATE_END: .end
    case CC_INFLATE_MORE: .more
    case CC_INFLATE_MEMORY: .memory
    default: .corrupt
    }
  }
}
