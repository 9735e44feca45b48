import CacheModel
import RESP

// Tags of Symfony's cache component. Read in symfony/symfony: RedisTagAwareAdapter.php,
// AbstractTagAwareAdapter.php and TagAwareAdapter.php in src/Symfony/Component/Cache/Adapter, of
// versions 5 to 7. The word between the two control bytes was set off by zeros before.

private let marks: [[UInt8]] = [1, 0].map { [$0] + Array("tags".utf8) + [$0] }

/// The adapter for Redis: behind the namespace of the pool and the mark follows the name of the tag;
/// the key is a set of the names of the values, with the namespace, but without the prefix that the
/// connection adds. Invalidating deletes the values and takes them out of the set, which goes when it
/// is empty.
struct SymfonyTagSets: TagConvention {
  let keeper = TagKeeper.symfony
  let ownKind = ValueKind.set

  func tag(keptIn key: [UInt8]) -> Tag? {
    for mark in marks {
      guard let found = key.range(of: mark), found.upperBound < key.count else { continue }
      return Tag(
        keeper: keeper, prefix: Array(key[..<found.lowerBound]),
        name: Array(key[found.upperBound...]), ownKey: CacheKey(key))
    }
    return nil
  }

  func place(of tag: Tag, _ answers: [RESPValue]) -> TagPlace? {
    guard let own = tag.ownKey else { return nil }
    let list = MemberList(key: own.bytes, isSorted: false, naming: .completing(tag.prefix))
    return TagPlace(
      source: .members([list]),
      invalidation: TagInvalidation(
        tag: tag, deletesKeys: true, afterwards: [KeyedChange(key: own, change: .delete)],
        words: "delete its keys, then the set that names them"))
  }
}

/// The adapter for any cache: the mark stands behind the name of the tag; the key holds a version,
/// which every value with the tag remembers, and a value with another version than the present one is
/// a miss. Invalidating deletes the version; the next value that is saved makes a new one.
struct SymfonyTagVersions: TagConvention {
  let keeper = TagKeeper.symfonyVersion

  func tag(keptIn key: [UInt8]) -> Tag? {
    guard let mark = marks.first(where: key.hasSuffix), key.count > mark.count else { return nil }
    let rest = key.dropLast(mark.count)
    // A tag cannot have a colon, a namespace ends with one.
    let start = rest.lastIndex(of: UInt8(ascii: ":")).map { $0 + 1 } ?? 0
    guard start < rest.count else { return nil }
    return Tag(
      keeper: keeper, prefix: Array(rest[..<start]), name: Array(rest[start...]),
      ownKey: CacheKey(key))
  }

  func place(of tag: Tag, _ answers: [RESPValue]) -> TagPlace? {
    guard let own = tag.ownKey else { return nil }
    return TagPlace(
      source: .none,
      invalidation: TagInvalidation(
        tag: tag, deletesKeys: false, afterwards: [KeyedChange(key: own, change: .delete)],
        words: "delete its version, so that values with the old one count as misses",
        notes: [
          "the values stay until they expire",
          "an application may go on with a version that it remembers, by default for 0.15 s",
        ]))
  }
}
