// What the value alone says of its writer.
extension EntryIdentity {
  /// Dogpile's envelope, or its class as a client of memcached pickles it.
  static func isDogpile(_ decoding: inout Decoding) -> Bool {
    if decoding.codecs.contains(ValueCodec.dogpile.rawValue) { return true }
    let tree = decoding.value
    guard let record = tree.rootObject, tree.name(of: record) == "dogpile.cache.api.CachedValue"
    else { return false }
    let arguments = Array(tree.children(of: record.arguments))
    if let metadata = arguments.element(at: 1),
      let json = try? ValueRenderer.json(tree, root: metadata, within: DecodingBudget())
    {
      decoding.envelopes.append(.dogpile(json: json))
    }
    return true
  }

  private static let earliestBeakerTime = 1e9

  /// `(stored, expires or None, value)` in a pickle.
  static func isBeakerEntry(_ decoding: inout Decoding) -> Bool {
    let tree = decoding.value
    guard decoding.failure == nil, case .tuple(let children) = tree[tree.root],
      children.count == 3, !tree.nodes.isEmpty
    else { return false }
    let parts = Array(tree.children(of: children))
    guard case .double(let stored) = tree[parts[0]], stored > earliestBeakerTime else {
      return false
    }
    var writer = JSONWriter()
    writer.beginObject()
    writer.key("stored")
    writer.double(stored)
    writer.key("expiretime")
    switch tree[parts[1]] {
    case .none: writer.null()
    case .integer(let value): writer.integer(value)
    case .double(let value): writer.double(value)
    default: return false
    }
    writer.endObject()
    decoding.envelopes.append(.beaker(json: writer.bytes))
    return true
  }
}

extension DecodedValue {
  var rootObject: ObjectRecord? {
    guard !nodes.isEmpty, case .object(let index) = self[root] else { return nil }
    return object(index)
  }

  /// The name of what makes an object, when it has one.
  func name(of record: ObjectRecord) -> String? {
    guard case .global(let index) = self[record.callee] else { return nil }
    return global(index)?.full
  }
}

extension Decoding {
  /// Whether the value is a map.
  var isMap: Bool {
    guard failure == nil, !value.nodes.isEmpty, case .dictionary = value[value.root] else {
      return false
    }
    return true
  }

  func hasMembers(_ names: [String]) -> Bool {
    isMap && names.allSatisfy { value.member($0) != nil }
  }

  /// Whether the bytes are pickled, compressed or MessagePack: what a cache's library writes and
  /// people hardly ever.
  var isSerialized: Bool {
    codecs.contains { name in
      guard let codec = ValueCodec.named(name) else { return false }
      return codec == .pickle || codec == .msgpack || codec.compression != nil
    }
  }
}
