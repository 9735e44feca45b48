import CacheModel

/// The words with a colon that begin a term.
enum QueryHead: String, Sendable, CaseIterable {
  case type = "type:"
  case prefix = "prefix:"
  case codec = "codec:"
  case framework = "fw:"
  case database = "db:"
  case tag = "tag:"
  case value = "value:"
  case address = "url:"

  /// The names of kinds of values, as TYPE gives them and shorter.
  static let kinds: [String: ValueKind] = [
    "string": .string, "str": .string, "hash": .hash, "list": .list, "set": .set,
    "zset": .sortedSet, "stream": .stream, "strm": .stream,
  ]
}
