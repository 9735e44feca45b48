import CacheModel
import KeyPattern
import RESP

/// Functions and regions of dogpile.cache.
///
/// The default key generator makes `MODULE:FUNCTION|ARGUMENTS`, with `|NAMESPACE` before the
/// arguments where one is given. A value begins with a JSON object of its age (`ct`) and its format
/// (`v`), then a bar and the pickle; older releases pickled a `CachedValue`.
///
/// `region.invalidate()` leaves nothing on the server: it notes the time in one process, for which
/// older values are void from then on. What is void for all processes is what has been deleted, so
/// that is done here: the values of one function, or, with `*` for the name, all values of a region,
/// which are told from others by their beginning, because a key mangler may have hashed the names.
///
/// Read in sqlalchemy/dogpile.cache: dogpile/cache/region.py (`DefaultInvalidationStrategy`,
/// `_serialize_cached_value_elements`) and dogpile/cache/util.py.
struct DogpileFunctions: TagConvention {
  let keeper = TagKeeper.dogpile
  private static let bar = UInt8(ascii: "|")
  private static let star = UInt8(ascii: "*")

  let look: ValueLook? = .string(
    beginnings: [Array(#"{"ct": "#.utf8), Array(#"{"v": "#.utf8)],
    holding: [Array("dogpile.cache.api".utf8)])

  func tag(shownBy key: [UInt8]) -> Tag? {
    guard let bar = key.firstIndex(of: Self.bar), let colon = key[..<bar].lastIndex(of: 0x3A),
      colon > 0, colon + 1 < bar, key[(colon + 1)..<bar].allSatisfy(isWordByte),
      isWordByte(key[colon - 1])
    else { return nil }
    return Tag(keeper: keeper, name: Array(key[..<bar]))
  }

  private func isWordByte(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
      UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), 0x80...:
      true
    default: false
    }
  }

  func place(of tag: Tag, _ answers: [RESPValue]) -> TagPlace? {
    let isRegion = tag.name.last == Self.star
    let beginning = isRegion ? Array(tag.name.dropLast()) : tag.name + [Self.bar]
    return TagPlace(
      source: .names(glob: GlobPattern.escape(beginning) + [Self.star], nil, look),
      invalidation: TagInvalidation(
        tag: tag, deletesKeys: true,
        words: isRegion
          ? "delete all values of the region" : "delete all values of the function",
        notes: ["region.invalidate() itself would leave no trace on the server"]))
  }
}
