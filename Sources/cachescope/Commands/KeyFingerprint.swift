import CacheModel

/// 128 bits that stand for a key: two keyed hashes of this process.
struct KeyFingerprint: Hashable {
  private let first: Int
  private let second: Int

  init(_ key: CacheKey) {
    var hasher = Hasher()
    hasher.combine(0)
    hasher.combine(key)
    first = hasher.finalize()
    hasher = Hasher()
    hasher.combine(1)
    hasher.combine(key)
    second = hasher.finalize()
  }
}
