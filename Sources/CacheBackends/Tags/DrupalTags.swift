import CacheModel
import KeyPattern
import RESP

/// Tags of Drupal's Redis module.
///
/// No set tells which values have a tag. `PREFIX:cachetags:TAG` counts how often the tag was
/// invalidated, and a value, a hash, has its tags in field `tags`, between blanks, and in field
/// `checksum` the sum of their counts when it was written; with another sum it is not valid any
/// more. Invalidating counts up by one and deletes nothing.
///
/// Read in md-systems/redis: src/Cache/RedisCacheTagsChecksum.php and src/Cache/CacheBase.php.
struct DrupalTags: TagConvention {
  let keeper = TagKeeper.drupal
  private static let mark = Array(":cachetags:".utf8)
  static let tagsField = Array("tags".utf8)

  func tag(keptIn key: [UInt8]) -> Tag? {
    guard let found = key.range(of: Self.mark), found.upperBound < key.count else { return nil }
    return tag(named: Array(key[found.upperBound...]), Array(key[..<found.lowerBound]))
  }

  /// A tag that was never invalidated has no count yet.
  func tag(named name: [UInt8], _ prefix: [UInt8]) -> Tag {
    Tag(keeper: keeper, prefix: prefix, name: name, ownKey: CacheKey(prefix + Self.mark + name))
  }

  /// `drupal:NAME@PREFIX`, which says all that there is to a tag.
  func tag(spelled spelling: [UInt8]) -> Tag? {
    let head = Array("\(keeper.rawValue):".utf8)
    guard spelling.starts(with: head), let at = spelling.lastIndex(of: UInt8(ascii: "@")),
      at > head.count, at + 1 < spelling.count
    else { return nil }
    return tag(named: Array(spelling[head.count..<at]), Array(spelling[(at + 1)...]))
  }

  /// What field `tags` of a value tells.
  func tags(listedIn answer: RESPValue, prefix: [UInt8]) -> [Tag] {
    (answer.bytes ?? []).split(separator: UInt8(ascii: " ")).map { tag(named: Array($0), prefix) }
  }

  func questions(of tag: Tag) -> [RESPCommand] {
    tag.ownKey.map { [RESPCommand("GET", [$0.bytes])] } ?? []
  }

  func place(of tag: Tag, _ answers: [RESPValue]) -> TagPlace? {
    guard let own = tag.ownKey, let change = counted(answers.first ?? .null) else { return nil }
    return TagPlace(
      source: .names(
        glob: GlobPattern.escape(tag.prefix) + Array(":*".utf8), nil,
        .field(Self.tagsField, listing: tag.name)),
      invalidation: TagInvalidation(
        tag: tag, deletesKeys: false, afterwards: [KeyedChange(key: own, change: change)],
        words: "count the invalidations of the tag up by one, so that its values are not valid",
        notes: ["the values stay until they are written anew or expire"]))
  }

  /// A count that is not there stands for 0; nil for one that is no number.
  private func counted(_ answer: RESPValue) -> KeyChange? {
    if answer.isNull { return .createString(Array("1".utf8), nil) }
    guard let bytes = answer.bytes, let count = Int64(String(decoding: bytes, as: UTF8.self)),
      count < .max
    else { return nil }
    return .setString(Array(String(count + 1).utf8), expected: bytes)
  }
}
