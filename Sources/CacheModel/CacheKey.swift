/// A key of a cache: any bytes. Equality, order and hash are those of the bytes.
package struct CacheKey: Sendable, Hashable, Comparable {
  package var bytes: [UInt8]

  package init(_ bytes: [UInt8]) {
    self.bytes = bytes
  }

  package init(_ text: String) {
    bytes = Array(text.utf8)
  }

  /// The key as text, or nil when its bytes are not UTF-8.
  package var text: String? {
    String(validating: bytes, as: UTF8.self)
  }

  package static func < (left: CacheKey, right: CacheKey) -> Bool {
    left.bytes.lexicographicallyPrecedes(right.bytes)
  }
}

/// What kind of value a key holds. `other` carries the name that the source gives it.
package enum ValueKind: Sendable, Hashable {
  case string
  case hash
  case list
  case set
  case sortedSet
  case stream
  case other(String)

  /// From the name that the Redis TYPE command uses.
  package init(redisName: String) {
    self =
      switch redisName {
      case "string": .string
      case "hash": .hash
      case "list": .list
      case "set": .set
      case "zset": .sortedSet
      case "stream": .stream
      default: .other(redisName)
      }
  }

  /// The name that the Redis TYPE command uses; also what JSON output says.
  package var redisName: String {
    switch self {
    case .string: "string"
    case .hash: "hash"
    case .list: "list"
    case .set: "set"
    case .sortedSet: "zset"
    case .stream: "stream"
    case .other(let name): name
    }
  }
}
