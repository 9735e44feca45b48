package import CacheModel
package import KeyQuery
package import ValueDecoding

/// What values are recognised as: the words of `codec:` and `fw:`.
package enum KnownCodecs {
  package static let names: [String] = {
    let names = ValueCodec.allCases.map { $0 == .cachelib ? "cachelib" : $0.rawValue }
    return names.filter { ValueForm(rawValue: $0) != nil }
      + names.filter { ValueForm(rawValue: $0) == nil }
  }()

  package static let frameworks = EntryIdentity.frameworks

  /// What a value is and who wrote it; a collection has no codec of its own. A value that was not read
  /// whole is what its beginning looks like.
  package static func recognise(_ page: ValuePage) -> Recognition {
    let decoder = ValueDecoder(.forQueries())
    guard case .string(let bytes) = page.content else {
      return Recognition(
        codecs: [], framework: decoder.identity(ofKey: page.key.bytes).framework)
    }
    guard page.isComplete else {
      return Recognition(
        codecs: [ValueForm.of(bytes, isComplete: false).rawValue],
        framework: decoder.identity(ofKey: page.key.bytes).framework)
    }
    let entry = decoder.entry(bytes, key: page.key.bytes)
    let second = decoder.recognised(entry.decoding)?.codecs ?? []
    return Recognition(
      codecs: (entry.decoding.codecs + second).flatMap(words),
      framework: entry.identity.framework)
  }

  /// `pickle:4` answers to `pickle`, too.
  private static func words(_ name: String) -> [String] {
    let plain = ValueCodec.named(name).map { $0 == .cachelib ? "cachelib" : $0.rawValue }
    return plain == name ? [name] : [name] + (plain.map { [$0] } ?? [])
  }
}

extension DecodingBudget {
  /// For one of very many values: what takes longer is what its first layers are.
  static func forQueries() -> DecodingBudget {
    let end = ContinuousClock.now + .milliseconds(200)
    return DecodingBudget { ContinuousClock.now > end }
  }

  /// For a value that a person waits for.
  package static func forScreen(isCancelled: @escaping @Sendable () -> Bool) -> DecodingBudget {
    let end = ContinuousClock.now + .seconds(1)
    return DecodingBudget { ContinuousClock.now > end || isCancelled() }
  }
}
