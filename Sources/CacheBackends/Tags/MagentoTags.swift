import CacheModel
import RESP

/// Tags of Cm_Cache_Backend_Redis, the cache of Magento and OpenMage, also as Magento 2 carries it.
///
/// A value is the hash `zc:k:ID` with its tags in field `t`, separated by commas (compressed when
/// they are very long); the set `zc:ti:TAG` has the ids of the values with the tag, `zc:tags` the
/// names of all tags and, if so configured, `zc:ids` all ids. Cleaning by a tag deletes the values
/// and the set and takes the name out of `zc:tags`.
///
/// Read in colinmollenhour/Cm_Cache_Backend_Redis: Cm/Cache/Backend/Redis.php (`save`, `remove`,
/// `_removeByMatchingAnyTags`, `_collectGarbage`).
struct MagentoTags: TagConvention {
  let keeper = TagKeeper.magento
  let ownKind = ValueKind.set
  private static let mark = Array("zc:ti:".utf8)
  static let items = Array("zc:k:".utf8)
  static let tagsField = Array("t".utf8)

  func tag(keptIn key: [UInt8]) -> Tag? {
    guard let found = key.range(of: Self.mark), found.upperBound < key.count else { return nil }
    return tag(named: Array(key[found.upperBound...]), Array(key[..<found.lowerBound]))
  }

  private func tag(named name: [UInt8], _ prefix: [UInt8]) -> Tag {
    Tag(keeper: keeper, prefix: prefix, name: name, ownKey: CacheKey(prefix + Self.mark + name))
  }

  /// What field `t` of a value tells.
  func tags(listedIn answer: RESPValue, of key: [UInt8]) -> [Tag] {
    guard let bytes = answer.bytes, let found = key.range(of: Self.items),
      bytes.allSatisfy({ $0 >= 0x20 })
    else { return [] }
    return bytes.split(separator: UInt8(ascii: ",")).map {
      tag(named: Array($0), Array(key[..<found.lowerBound]))
    }
  }

  func place(of tag: Tag, _ answers: [RESPValue]) -> TagPlace? {
    guard let own = tag.ownKey else { return nil }
    let list = MemberList(
      key: own.bytes, isSorted: false, naming: .behind(tag.prefix + Self.items))
    let names = CacheKey(tag.prefix + Array("zc:tags".utf8))
    return TagPlace(
      source: .members([list]),
      invalidation: TagInvalidation(
        tag: tag, deletesKeys: true,
        afterwards: [
          KeyedChange(key: own, change: .delete),
          KeyedChange(key: names, change: .removeMember(tag.name)),
        ],
        words: "delete its keys, then the set of their ids, and take its name out of zc:tags",
        notes: ["where zc:ids is kept, the ids stay in it until Magento's own cleaning"]))
  }
}
