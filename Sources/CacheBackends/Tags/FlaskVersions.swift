import CacheModel
import KeyPattern
import RESP

/// Memoized functions of Flask-Caching.
///
/// `PREFIX FUNCTION_memver` holds a version, six characters of base64, pickled behind an exclamation
/// mark; for a method there is one more for each instance. A value lies under the prefix, sixteen
/// characters of a digest, and the version, or both versions, so it cannot be found without it.
/// `delete_memoized_verhash` deletes the version; the next call makes another. The values that were
/// reached by it are left behind there; here they are deleted first.
///
/// Read in pallets-eco/flask-caching: src/flask_caching/__init__.py (`_memoize_version`,
/// `_memoize_make_cache_key`) and utils.py; in pallets-eco/cachelib: src/cachelib/serializers.py.
struct FlaskVersions: TagConvention {
  let keeper = TagKeeper.flask
  private static let ending = Array("_memver".utf8)
  private static let usualPrefix = Array("flask_cache_".utf8)
  static let versionLength = 6

  func tag(keptIn key: [UInt8]) -> Tag? {
    guard key.hasSuffix(Self.ending), key.count > Self.ending.count else { return nil }
    let whole = Array(key.dropLast(Self.ending.count))
    let prefix = whole.starts(with: Self.usualPrefix) ? Self.usualPrefix : []
    guard whole.count > prefix.count else { return nil }
    return Tag(
      keeper: keeper, prefix: prefix, name: Array(whole.dropFirst(prefix.count)),
      ownKey: CacheKey(key))
  }

  func questions(of tag: Tag) -> [RESPCommand] {
    tag.ownKey.map { [RESPCommand("GET", [$0.bytes])] } ?? []
  }

  func place(of tag: Tag, _ answers: [RESPValue]) -> TagPlace? {
    guard let own = tag.ownKey, let version = answers.first?.bytes.flatMap(Self.version) else {
      return nil
    }
    let star = [UInt8(ascii: "*")]
    return TagPlace(
      source: .names(
        glob: star + GlobPattern.escape(version) + star,
        NameCheck(version: version, ownKey: own.bytes), nil),
      invalidation: TagInvalidation(
        tag: tag, deletesKeys: true, afterwards: [KeyedChange(key: own, change: .delete)],
        words: "delete its values, then its version, so that the next call makes another"))
  }

  /// The version in a stored value: a pickle of a short string of protocol 4 or 5 (0x8C and the
  /// length) or of an older one (`X` and the length), or the bare version.
  static func version(_ stored: [UInt8]) -> [UInt8]? {
    if stored.count == versionLength { return stored }
    let length = UInt8(versionLength)
    for mark in [[0x8C, length], [UInt8(ascii: "X"), length, 0, 0, 0]] as [[UInt8]] {
      guard let found = stored.range(of: mark) else { continue }
      let version = stored[found.upperBound...].prefix(versionLength)
      if version.count == versionLength { return Array(version) }
    }
    return nil
  }
}

/// Whether a key is named as a value of a memoized function is.
struct NameCheck: Sendable, Equatable {
  let version: [UInt8]
  let ownKey: [UInt8]
  private static let digestLength = 16

  /// The version is the last one, or the last but one before that of an instance; before it stand
  /// the digest and something that the name of the version's own key begins with.
  func fits(_ key: [UInt8]) -> Bool {
    [0, version.count].contains { behind in
      let end = key.count - behind
      guard end >= version.count, key[..<end].suffix(version.count).elementsEqual(version) else {
        return false
      }
      return [0, version.count].contains { between in
        let start = end - version.count - (behind == 0 ? between : 0) - Self.digestLength
        return start >= 0 && key[start...].allSatisfy(isBase64)
          && ownKey.starts(with: key[..<start])
      }
    }
  }

  private func isBase64(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"),
      UInt8(ascii: "="):
      true
    default: false
    }
  }
}
