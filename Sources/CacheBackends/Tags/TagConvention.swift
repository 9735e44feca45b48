import CacheModel
import RESP

/// How one library keeps tags on a Redis server.
///
/// Pure: it looks at the names of keys and at what a few questions were answered, and says where the
/// keys of a tag are found and what invalidates it by the library's own rule. `RedisBackend+Tags`
/// asks and walks. A name alone may deceive, so every convention also says by what a tag that a name
/// shows is confirmed: the kind of the key that keeps it, or the look of a value.
protocol TagConvention: Sendable {
  var keeper: TagKeeper { get }

  /// The tag that a key of this name keeps, as its set, its counter or its version.
  func tag(keptIn key: [UInt8]) -> Tag?

  /// The tag that the name of a cached value shows.
  func tag(shownBy key: [UInt8]) -> Tag?

  /// The kind of the keys that keep tags.
  var ownKind: ValueKind { get }

  /// By what a value is known as the library's, for tags that names show.
  var look: ValueLook? { get }

  /// What has to be asked before the keys of a tag can be found.
  func questions(of tag: Tag) -> [RESPCommand]

  /// Where its keys are and what invalidates it; nil when the answers say that there is no such tag.
  func place(of tag: Tag, _ answers: [RESPValue]) -> TagPlace?
}

extension TagConvention {
  func tag(keptIn key: [UInt8]) -> Tag? { nil }
  func tag(shownBy key: [UInt8]) -> Tag? { nil }
  var ownKind: ValueKind { .string }
  var look: ValueLook? { nil }
  func questions(of tag: Tag) -> [RESPCommand] { [] }
}

/// Where the keys of a tag are, and what invalidates it.
struct TagPlace: Sendable, Equatable {
  var source: TagKeySource
  var invalidation: TagInvalidation
}

/// Where the keys of a tag are found.
enum TagKeySource: Sendable, Equatable {
  /// Nowhere: the library cannot tell either.
  case none
  /// In sets, one after the other; at most two.
  case members([MemberList])
  /// Among all keys: those that match the pattern, pass the check of their names, and look right.
  case names(glob: [UInt8], NameCheck?, ValueLook?)
}

/// A set, or a sorted set, whose members stand for keys.
struct MemberList: Sendable, Equatable {
  enum Naming: Sendable, Equatable {
    /// The key is these bytes and the member.
    case behind([UInt8])
    /// The member has the last part of these bytes already, as much of it as fits.
    case completing([UInt8])
  }

  var key: [UInt8]
  var isSorted: Bool
  var naming: Naming

  /// The key that a member stands for.
  func key(of member: [UInt8]) -> CacheKey {
    switch naming {
    case .behind(let prefix): return CacheKey(prefix + member)
    case .completing(let prefix):
      // The longest end of the prefix that the member begins with is what both have.
      for start in prefix.indices where member.starts(with: prefix[start...]) {
        return CacheKey(prefix[..<start] + member)
      }
      return CacheKey(prefix + member)
    }
  }

  /// The members that stand for a key, of which at most one is there; none when the key has another
  /// prefix.
  func members(for key: CacheKey) -> [[UInt8]] {
    switch naming {
    case .behind(let prefix):
      return key.bytes.starts(with: prefix) ? [Array(key.bytes.dropFirst(prefix.count))] : []
    case .completing(let prefix):
      guard key.bytes.starts(with: prefix) else { return [] }
      let cuts = prefix.indices + [prefix.count]
      return cuts.map { Array(key.bytes[$0...]) }.filter { self.key(of: $0) == key }
    }
  }
}

/// What a value begins with, or holds, when it is a library's.
enum ValueLook: Sendable, Equatable {
  /// A string that begins with one of these, or has one of those in its first bytes.
  case string(beginnings: [[UInt8]], holding: [[UInt8]])
  /// A hash whose field lists this word among others between blanks.
  case field([UInt8], listing: [UInt8])

  static let bytesLookedAt = 64

  func question(_ key: [UInt8]) -> RESPCommand {
    switch self {
    case .string:
      RESPCommand("GETRANGE", [key, Array("0".utf8), Array(String(Self.bytesLookedAt - 1).utf8)])
    case .field(let name, _): RESPCommand("HGET", [key, name])
    }
  }

  func fits(_ answer: RESPValue) -> Bool {
    guard answer.error == nil, let bytes = answer.bytes else { return false }
    switch self {
    case .string(let beginnings, let holding):
      return beginnings.contains { bytes.starts(with: $0) }
        || holding.contains { bytes.range(of: $0) != nil }
    case .field(_, let word):
      return bytes.split(separator: UInt8(ascii: " ")).contains { $0.elementsEqual(word) }
    }
  }
}

extension [UInt8] {
  /// Where the other bytes begin for the first time at or after `start`. Linear for the short needles
  /// that it is for.
  func range(of needle: [UInt8], from start: Int = 0) -> Range<Int>? {
    guard let first = needle.first, count >= needle.count + start else { return nil }
    for place in start...(count - needle.count) where self[place] == first {
      if self[place..<(place + needle.count)].elementsEqual(needle) {
        return place..<(place + needle.count)
      }
    }
    return nil
  }

  func hasSuffix(_ ending: [UInt8]) -> Bool { suffix(ending.count).elementsEqual(ending) }
}
