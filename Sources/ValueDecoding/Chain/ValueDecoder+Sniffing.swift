extension ValueDecoder {
  /// The order in which bytes are tried. `isInDogpile` says that they stand in that envelope, where a
  /// bare JSON scalar is JSON.
  func sniff(
    _ bytes: [UInt8], isInDogpile: Bool = false, _ decoding: inout Decoding
  ) throws(DecodingFailure) {
    guard bytes.count < Int(UInt32.max) else { throw .memoryLimit }
    guard let first = bytes.first else { return finish(text: bytes, &decoding) }
    if budget.isExpired() { throw .timeLimit }
    if first == UInt8(ascii: "{"), try openDogpile(bytes, &decoding) { return }
    if isInDogpile, try readAnyJSON(bytes, &decoding) { return }
    if readInteger(bytes, &decoding) { return }
    if first == UInt8(ascii: "!"), try openCachelib(bytes, &decoding) { return }
    if try openCashewsSignature(bytes, &decoding) { return }
    if Self.hasModernPickleHead(bytes) {
      _ = try readPickle(bytes, isCertain: true, &decoding)
      return
    }
    if let format = CompressionFormat.announced(by: bytes) {
      return try openCompressed(bytes, format, &decoding)
    }
    if "{[\"".utf8.contains(first), try readAnyJSON(bytes, &decoding) { return }
    if try readOldPickle(bytes, &decoding) { return }
    if try openDjangoSigned(bytes, &decoding) { return }
    if try openBase64Pickle(bytes, &decoding) { return }
    if Self.isText(bytes) { return finish(text: bytes, &decoding) }
    if try readMessagePack(bytes, &decoding) { return }
    finish(binary: bytes, &decoding)
  }

  /// 0x80, a protocol from 2 to 5, and more.
  static func hasModernPickleHead(_ bytes: [UInt8]) -> Bool {
    guard bytes.count > 2, bytes[0] == 0x80 else { return false }
    return (2...5).contains(bytes[1])
  }

  /// UTF-8 without control characters other than tab, line breaks and escape.
  static func isText(_ bytes: [UInt8]) -> Bool {
    bytes.allSatisfy(ValueForm.isTextual)
      && UTF8Check.isValid(bytes, bytes.indices, allowsSurrogates: false)
  }

  func finish(text bytes: [UInt8], _ decoding: inout Decoding) {
    decoding.codecs.append(ValueCodec.text.rawValue)
    decoding.value = DecodedValue(text: bytes)
  }

  func finish(binary bytes: [UInt8], _ decoding: inout Decoding) {
    decoding.codecs.append(ValueCodec.binary.rawValue)
    decoding.value = DecodedValue(binary: bytes)
  }

  func finish(_ tree: DecodedValue, _ codec: String, _ decoding: inout Decoding) {
    decoding.codecs.append(codec)
    decoding.value = tree
  }

  func readInteger(_ bytes: [UInt8], _ decoding: inout Decoding) -> Bool {
    guard ValueForm.isInteger(bytes) else { return false }
    var tree = DecodedValue(source: bytes)
    guard let node = tree.integer(decimal: bytes[...]) else { return false }
    tree.root = tree.add(node)
    finish(tree, ValueCodec.integer.rawValue, &decoding)
    return true
  }

  /// JSON of any kind, bare numbers and words too.
  func readAnyJSON(
    _ bytes: [UInt8], _ decoding: inout Decoding
  ) throws(DecodingFailure) -> Bool {
    do throws(DecodingFailure) {
      guard let tree = try JSONTreeReader.read(bytes, within: budget) else { return false }
      finish(tree, ValueCodec.json.rawValue, &decoding)
      return true
    } catch {
      decoding.codecs.append(ValueCodec.json.rawValue)
      throw error
    }
  }

  func readMessagePack(
    _ bytes: [UInt8], _ decoding: inout Decoding
  ) throws(DecodingFailure) -> Bool {
    guard let first = bytes.first, (0x80...0xBF).contains(first) || (0xD9...0xDF).contains(first),
      let tree = try MessagePackReader.read(bytes, within: budget)
    else { return false }
    finish(tree, ValueCodec.msgpack.rawValue, &decoding)
    return true
  }
}
