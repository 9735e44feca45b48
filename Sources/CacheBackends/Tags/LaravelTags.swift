import CacheModel
import RESP

// Tags of Laravel's cache.
//
// Both forms put the prefix of the cache, and before it the one of the connection, in front of all
// names. A value that has tags lies under `sha1:key`, where the digest is of the names or ids of all
// its tags. Read in laravel/framework: src/Illuminate/Cache/RedisTagSet.php, RedisTaggedCache.php,
// TaggedCache.php, TagSet.php and RedisStore.php of versions 5 to 12.

/// From version 10: the sorted set `tag:NAME:entries` has the names of the values without the prefix
/// as members, and the second in which each expires, or -1, as score. Flushing a tag deletes the
/// values and the set; sets of other tags that name the same values are left to expire by their
/// scores.
struct LaravelEntries: TagConvention {
  let keeper = TagKeeper.laravel
  let ownKind = ValueKind.sortedSet
  private static let ending = Array(":entries".utf8)

  func tag(keptIn key: [UInt8]) -> Tag? {
    Tag(keeper: keeper, key, behind: LaravelReferences.mark, before: Self.ending)
  }

  func place(of tag: Tag, _ answers: [RESPValue]) -> TagPlace? {
    guard let own = tag.ownKey else { return nil }
    let list = MemberList(key: own.bytes, isSorted: true, naming: .behind(tag.prefix))
    return TagPlace(
      source: .members([list]),
      invalidation: TagInvalidation(
        tag: tag, deletesKeys: true, afterwards: [KeyedChange(key: own, change: .delete)],
        words: "delete its keys, then the sorted set that names them"))
  }
}

/// Up to version 9: the string `tag:NAME:key` holds an id, serialized by PHP; the sets
/// `ID:standard_ref` and `ID:forever_ref` name the values with the prefix of the cache, but without
/// that of the connection. Flushing deletes the values, the sets and the id.
struct LaravelReferences: TagConvention {
  let keeper = TagKeeper.laravel9
  static let mark = Array("tag:".utf8)
  private static let ending = Array(":key".utf8)

  func tag(keptIn key: [UInt8]) -> Tag? {
    Tag(keeper: keeper, key, behind: Self.mark, before: Self.ending)
  }

  func questions(of tag: Tag) -> [RESPCommand] {
    tag.ownKey.map { [RESPCommand("GET", [$0.bytes])] } ?? []
  }

  func place(of tag: Tag, _ answers: [RESPValue]) -> TagPlace? {
    guard let own = tag.ownKey, let id = answers.first?.bytes.flatMap(Self.unserialized) else {
      return nil
    }
    let lists = [":standard_ref", ":forever_ref"].map { ending in
      MemberList(
        key: tag.prefix + id + Array(ending.utf8), isSorted: false,
        naming: .completing(tag.prefix))
    }
    let changes = (lists.map { CacheKey($0.key) } + [own]).map {
      KeyedChange(key: $0, change: .delete)
    }
    return TagPlace(
      source: .members(lists),
      invalidation: TagInvalidation(
        tag: tag, deletesKeys: true, afterwards: changes,
        words: "delete its keys, then the two sets that name them and the id of the tag"))
  }

  /// `s:22:"5f1e…";`, or the bare id.
  static func unserialized(_ bytes: [UInt8]) -> [UInt8]? {
    guard bytes.starts(with: "s:".utf8) else { return bytes.isEmpty ? nil : bytes }
    let quote = UInt8(ascii: "\"")
    guard let first = bytes.firstIndex(of: quote), let last = bytes.lastIndex(of: quote),
      last > first + 1
    else { return nil }
    return Array(bytes[(first + 1)..<last])
  }
}

extension Tag {
  /// A tag whose name stands in that of its key between a mark and an ending. The mark stands at the
  /// beginning, or behind a byte that is no letter and no digit.
  fileprivate init?(
    keeper: TagKeeper, _ key: [UInt8], behind mark: [UInt8], before ending: [UInt8]
  ) {
    guard key.hasSuffix(ending) else { return nil }
    var start = 0
    while let found = key.range(of: mark, from: start) {
      let isWord = found.lowerBound > 0 && Self.isWordByte(key[found.lowerBound - 1])
      if !isWord, found.upperBound < key.count - ending.count {
        self.init(
          keeper: keeper, prefix: Array(key[..<found.lowerBound]),
          name: Array(key[found.upperBound..<(key.count - ending.count)]), ownKey: CacheKey(key))
        return
      }
      start = found.upperBound
    }
    return nil
  }

  private static func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"):
      true
    default: false
    }
  }
}
