package import CacheModel
import ValueDecoding

/// The codecs that `codec:` can ask for: what values are recognised as.
package enum KnownCodecs {
  package static let names = ValueForm.allCases.map(\.rawValue)

  /// What a string is; a collection has no codec of its own.
  package static func name(of page: ValuePage) -> String? {
    guard case .string(let bytes) = page.content else { return nil }
    return ValueForm.of(bytes, isComplete: page.isComplete).rawValue
  }
}
