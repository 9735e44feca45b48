extension ValueDecoder {
  /// The most envelopes around one another; more of them are no cache's.
  private static let envelopeLimit = 64

  func inflated(
    _ bytes: [UInt8], _ format: CompressionFormat, _ decoding: inout Decoding
  ) throws(DecodingFailure) -> [UInt8] {
    decoding.codecs.append(format.rawValue)
    guard decoding.openedLayers < budget.limits.layers else { throw .layerLimit }
    decoding.openedLayers += 1
    return try format.inflated(bytes, within: budget)
  }

  /// Compressed bytes, or text that only begins like such.
  func openCompressed(
    _ bytes: [UInt8], _ format: CompressionFormat, _ decoding: inout Decoding
  ) throws(DecodingFailure) {
    let content: [UInt8]
    do throws(DecodingFailure) {
      content = try inflated(bytes, format, &decoding)
    } catch {
      guard error == .compressCorrupt, Self.isText(bytes) else { throw error }
      decoding.codecs.removeLast()
      decoding.openedLayers -= 1
      return finish(text: bytes, &decoding)
    }
    try sniff(content, &decoding)
  }

  /// `{"ct": …, "v": …}|` before the value.
  func openDogpile(
    _ bytes: [UInt8], _ decoding: inout Decoding
  ) throws(DecodingFailure) -> Bool {
    guard let (metadata, content) = try dogpileParts(bytes) else { return false }
    try enter(.dogpile, .dogpile(json: metadata), &decoding)
    try sniff(content, isInDogpile: true, &decoding)
    return true
  }

  func dogpileParts(
    _ bytes: [UInt8]
  ) throws(DecodingFailure) -> (metadata: [UInt8], content: [UInt8])? {
    guard let bar = bytes.prefix(400).firstIndex(of: UInt8(ascii: "|")),
      let tree = try JSONTreeReader.read(Array(bytes[..<bar]), within: budget),
      tree.member("ct") != nil, tree.member("v") != nil
    else { return nil }
    return (try json(tree, tree.root), Array(bytes[(bar + 1)...]))
  }

  func enter(
    _ codec: ValueCodec, _ envelope: ValueEnvelope, _ decoding: inout Decoding
  ) throws(DecodingFailure) {
    guard decoding.codecs.count < Self.envelopeLimit else { throw .layerLimit }
    decoding.codecs.append(codec.rawValue)
    decoding.envelopes.append(envelope)
  }

  private static let digests = [
    "md5", "sha1", "sha256", "sum", "xxh32", "xxh64", "xxh3_64", "xxh3_128",
  ]

  /// `md5:0123abcd_` before the value.
  func openCashewsSignature(
    _ bytes: [UInt8], _ decoding: inout Decoding
  ) throws(DecodingFailure) -> Bool {
    guard let (envelope, content) = Self.cashewsParts(bytes) else { return false }
    try enter(.cashewsSignature, envelope, &decoding)
    try sniff(content, &decoding)
    return true
  }

  static func cashewsParts(_ bytes: [UInt8]) -> (envelope: ValueEnvelope, content: [UInt8])? {
    guard
      let digest = digests.first(where: {
        bytes.starts(with: $0.utf8) && bytes.element(at: $0.utf8.count) == UInt8(ascii: ":")
      })
    else { return nil }
    let rest = bytes.dropFirst(digest.utf8.count + 1)
    let signature = rest.prefix { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    guard !signature.isEmpty, bytes.element(at: signature.endIndex) == UInt8(ascii: "_") else {
      return nil
    }
    let envelope = ValueEnvelope.cashewsSignature(
      digest: digest, signature: String(decoding: signature, as: UTF8.self))
    return (envelope, Array(bytes[(signature.endIndex + 1)...]))
  }

  /// `[.]base64url:time:signature`, in which there is JSON, compressed when the dot is there.
  func openDjangoSigned(
    _ bytes: [UInt8], _ decoding: inout Decoding
  ) throws(DecodingFailure) -> Bool {
    guard let parts = DjangoSignedValue(bytes) else { return false }
    var attempt = decoding
    try enter(.djangoSigned, parts.envelope, &attempt)
    var content = parts.content
    do throws(DecodingFailure) {
      if parts.isCompressed { content = try inflated(content, .zlib, &attempt) }
      guard try readAnyJSON(content, &attempt) else { return false }
    } catch {
      guard error == .nodeLimit || error == .timeLimit else { return false }
      decoding = attempt
      throw error
    }
    decoding = attempt
    return true
  }
}

extension DecodedValue {
  /// The value under a name, when the root is a map that has it; of several the last.
  func member(_ name: String, of id: NodeID? = nil) -> NodeID? {
    guard case .dictionary(let children) = self[id ?? root] else { return nil }
    var found: NodeID?
    var pairs = self.children(of: children)
    while let key = pairs.next(), let value = pairs.next() {
      if case .text(let span) = self[key], bytes(of: span).elementsEqual(name.utf8) {
        found = value
      }
    }
    return found
  }
}
