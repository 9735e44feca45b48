extension ValueDecoder {
  /// Opens one layer that was asked for and answers what is in it; nil after a form, with which the
  /// chain is at its end. Fails when the bytes are not of that kind.
  func open(
    _ bytes: [UInt8], as codec: ValueCodec, _ decoding: inout Decoding
  ) throws(DecodingFailure) -> [UInt8]? {
    if let format = codec.compression { return try inflated(bytes, format, &decoding) }
    if codec.isLayer { return try openLayer(bytes, codec, &decoding) }
    try readForm(bytes, codec, &decoding)
    return nil
  }

  private func openLayer(
    _ bytes: [UInt8], _ codec: ValueCodec, _ decoding: inout Decoding
  ) throws(DecodingFailure) -> [UInt8] {
    switch codec {
    case .dogpile:
      if let (metadata, content) = try dogpileParts(bytes) {
        try enter(.dogpile, .dogpile(json: metadata), &decoding)
        return content
      }
    case .cachelib:
      if bytes.first == UInt8(ascii: "!") {
        decoding.codecs.append(codec.rawValue)
        return Array(bytes.dropFirst())
      }
    case .cashewsSignature:
      if let (envelope, content) = Self.cashewsParts(bytes) {
        try enter(codec, envelope, &decoding)
        return content
      }
    case .djangoFile: return try openDjangoFile(bytes, &decoding)
    case .cachelibFile: return try openCachelibFile(bytes, &decoding)
    case .djangoSigned:
      if let parts = DjangoSignedValue(bytes) {
        try enter(codec, parts.envelope, &decoding)
        return parts.isCompressed ? try inflated(parts.content, .zlib, &decoding) : parts.content
      }
    default:
      if let content = Base64.bytes(of: String(decoding: bytes, as: UTF8.self)) {
        decoding.codecs.append(codec.rawValue)
        return content
      }
    }
    decoding.codecs.append(codec.rawValue)
    throw .mismatch
  }

  /// Whether bytes can be read as JSON or as a pickle. Makes the tree and nothing of it, for measuring.
  package func isReadable(_ bytes: [UInt8], as codec: ValueCodec) -> Bool {
    var decoding = Decoding()
    return (try? readForm(bytes, codec, &decoding)) != nil
  }

  private func readForm(
    _ bytes: [UInt8], _ codec: ValueCodec, _ decoding: inout Decoding
  ) throws(DecodingFailure) {
    var isRight = true
    switch codec {
    case .pickle:
      _ = try readPickle(bytes, isCertain: true, &decoding)
      return
    case .json: isRight = try readAnyJSON(bytes, &decoding)
    case .integer: isRight = readInteger(bytes, &decoding)
    case .msgpack:
      if let tree = try MessagePackReader.read(bytes, within: budget) {
        return finish(tree, codec.rawValue, &decoding)
      }
      isRight = false
    case .php, .cbor, .bson, .java, .protobuf, .hyperLogLog, .bits:
      if let tree = try tree(bytes, as: codec) {
        return finish(tree, codec.rawValue, &decoding)
      }
      isRight = false
    case .text where UTF8Check.isValid(bytes, bytes.indices, allowsSurrogates: false):
      finish(text: bytes, &decoding)
    case .text: isRight = false
    default: finish(binary: bytes, &decoding)
    }
    guard isRight else {
      decoding.codecs.append(codec.rawValue)
      throw .mismatch
    }
  }
}

// Files.
extension ValueDecoder {
  /// Django's file: a pickle of when it expires, then the value.
  func openDjangoFile(
    _ bytes: [UInt8], _ decoding: inout Decoding
  ) throws(DecodingFailure) -> [UInt8] {
    decoding.codecs.append(ValueCodec.djangoFile.rawValue)
    var reader = PickleReader(bytes, within: budget)
    try reader.read()
    decoding.envelopes.append(.expires(json: try json(reader.tree, reader.tree.root)))
    return Array(bytes.suffix(reader.trailing))
  }

  /// Cachelib's file: four bytes of when it expires, 0 for never, then the value.
  func openCachelibFile(
    _ bytes: [UInt8], _ decoding: inout Decoding
  ) throws(DecodingFailure) -> [UInt8] {
    decoding.codecs.append(ValueCodec.cachelibFile.rawValue)
    guard bytes.count >= 4 else { throw .mismatch }
    let expiry = SnappyFrames.littleEndian(bytes[..<4])
    decoding.envelopes.append(.expires(json: Array((expiry == 0 ? "null" : String(expiry)).utf8)))
    return Array(bytes[4...])
  }
}
