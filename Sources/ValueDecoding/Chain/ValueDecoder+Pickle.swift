extension ValueDecoder {
  /// Reads a pickle. One that is not certain to be any must be whole, and end where the bytes do where
  /// its protocol has no mark; then the answer is false and nothing has changed.
  func readPickle(
    _ bytes: [UInt8], isCertain: Bool, _ decoding: inout Decoding
  ) throws(DecodingFailure) -> Bool {
    var reader = PickleReader(bytes, within: budget)
    do throws(DecodingFailure) {
      try reader.read()
    } catch {
      guard isCertain else { return false }
      decoding.codecs.append(Self.pickleName(bytes))
      decoding.suspicious = reader.suspicious.sorted()
      throw error
    }
    guard isCertain || reader.trailing == 0 else { return false }
    finish(reader.tree, Self.pickleName(bytes), &decoding)
    decoding.suspicious = reader.suspicious.sorted()
    decoding.trailing = reader.trailing
    return true
  }

  /// `pickle:4`, and `pickle:0-1` for those without a mark of their protocol.
  static func pickleName(_ bytes: [UInt8]) -> String {
    guard bytes.first == 0x80, let version = bytes.element(at: 1) else { return "pickle:0-1" }
    return "pickle:\(version)"
  }

  private static let oldBeginnings = Set("(]}ldIJKMLFGNSTUVXciP)".utf8).union(0x85...0x89)

  /// A pickle without a mark of its protocol: what begins and ends like one, and is one to its last
  /// byte.
  func readOldPickle(
    _ bytes: [UInt8], _ decoding: inout Decoding
  ) throws(DecodingFailure) -> Bool {
    guard bytes.count >= 3, bytes.last == UInt8(ascii: "."), let first = bytes.first,
      Self.oldBeginnings.contains(first)
    else { return false }
    return try readPickle(bytes, isCertain: false, &decoding)
  }

  /// `!` before a pickle, as cachelib writes it.
  func openCachelib(
    _ bytes: [UInt8], _ decoding: inout Decoding
  ) throws(DecodingFailure) -> Bool {
    let content = Array(bytes.dropFirst())
    let layers = decoding.codecs.count
    decoding.codecs.append(ValueCodec.cachelib.rawValue)
    let isModern = content.first == 0x80
    if try readPickle(content, isCertain: isModern, &decoding) { return true }
    decoding.codecs.removeLast(decoding.codecs.count - layers)
    return false
  }

  /// Base64 of a whole pickle of protocol 2 to 5.
  func openBase64Pickle(
    _ bytes: [UInt8], _ decoding: inout Decoding
  ) throws(DecodingFailure) -> Bool {
    guard bytes.starts(with: "gA".utf8), let third = bytes.element(at: 2),
      (UInt8(ascii: "I")...UInt8(ascii: "X")).contains(third),
      let content = Base64.strictBytes(of: bytes), Self.hasModernPickleHead(content)
    else { return false }
    let layers = decoding.codecs.count
    decoding.codecs.append(ValueCodec.base64.rawValue)
    var reader = PickleReader(content, within: budget)
    do throws(DecodingFailure) {
      try reader.read()
    } catch {
      decoding.codecs.removeLast(decoding.codecs.count - layers)
      return false
    }
    finish(reader.tree, Self.pickleName(content), &decoding)
    decoding.suspicious = reader.suspicious.sorted()
    decoding.trailing = reader.trailing
    return true
  }
}
