/// Finds out what bytes are and decodes them, layer by layer.
///
/// The bytes alone decide, in a fixed order in which the first that fits wins; nothing of what they
/// describe is run. Whatever they are, they end as a value or as a failure with a code, within the
/// bounds of the budget.
package struct ValueDecoder: Sendable {
  let budget: DecodingBudget

  package init(_ budget: DecodingBudget = DecodingBudget()) {
    self.budget = budget
  }

  /// Decodes what stands in a place without flags: Redis, a file, a column.
  package func decode(_ bytes: [UInt8]) -> Decoding {
    finished { (decoding) throws(DecodingFailure) in try sniff(bytes, &decoding) }
  }

  /// Decodes a value of memcached, whose client wrote flags beside it.
  package func decode(_ bytes: [UInt8], flags: UInt32) -> Decoding {
    finished { (decoding) throws(DecodingFailure) in try read(bytes, flags: flags, &decoding) }
  }

  /// Decodes bytes as what somebody says that they are, the outermost first; what is inside the last
  /// layer that was named is found out.
  package func decode(_ bytes: [UInt8], as codecs: [ValueCodec]) -> Decoding {
    finished { (decoding) throws(DecodingFailure) in
      var rest = bytes
      for codec in codecs {
        guard let inside = try open(rest, as: codec, &decoding) else { return }
        rest = inside
      }
      try sniff(rest, &decoding)
    }
  }

  /// The JSON of a value with every number as it is, for people.
  package func exactJSON(of decoding: Decoding) -> [UInt8] {
    guard decoding.failure == nil else { return decoding.json }
    return (try? ValueRenderer.json(decoding.value, style: .exact, within: budget))
      ?? decoding.json
  }

  /// Runs a reading and puts its value, or its failure, into JSON.
  func finished(
    _ reading: (inout Decoding) throws(DecodingFailure) -> Void
  ) -> Decoding {
    var decoding = Decoding()
    do throws(DecodingFailure) {
      try reading(&decoding)
      switch decoding.value[decoding.value.root] {
      case .text, .bytes: break
      default: decoding.rendered = try ValueRenderer.json(decoding.value, within: budget)
      }
    } catch {
      decoding.failure = error
    }
    return decoding
  }

  /// The JSON of a part of a tree; a failure as such an object.
  func json(_ tree: DecodedValue, _ root: NodeID) throws(DecodingFailure) -> [UInt8] {
    try ValueRenderer.json(tree, root: root, within: budget)
  }
}

// Memcached.
extension ValueDecoder {
  private enum Flag {
    static let pickle: UInt32 = 1
    static let integer: UInt32 = 6
    static let zlib: UInt32 = 8
    static let known: UInt32 = 31
  }

  private func read(
    _ bytes: [UInt8], flags: UInt32, _ decoding: inout Decoding
  ) throws(DecodingFailure) {
    guard flags <= Flag.known else {
      decoding.hasUnknownFlags = true
      return try sniff(bytes, &decoding)
    }
    let isCompressed = flags & Flag.zlib != 0
    let content = isCompressed ? try inflated(bytes, .zlib, &decoding) : bytes
    if flags & Flag.pickle != 0 {
      if try readPickle(content, isCertain: Self.hasModernPickleHead(content), &decoding) { return }
      decoding.hasMismatchedFlags = true
    } else if flags & Flag.integer != 0 {
      if readInteger(content, &decoding) { return }
      decoding.hasMismatchedFlags = true
    }
    try sniff(content, &decoding)
  }
}
