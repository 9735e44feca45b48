/// A bounded part of a value: what a reader asked for and never more.
package struct ValuePage: Sendable, Equatable {
  package var key: CacheKey
  package var kind: ValueKind
  /// Nil when the source does not tell.
  package var lifetime: Lifetime?
  package var content: ValueContent
  /// The true size: bytes of a string, elements of a collection.
  package var totalLength: Int64
  /// Memory as the source counts it, where it tells.
  package var bytes: ByteCount?
  package var encoding: String?
  /// Seconds for which nobody had used the key before this look, where the source tells.
  package var idleSeconds: Int64?
  /// The slot of a cluster that the key lies in.
  package var slot: Int?
  /// Of the fields of a hash that expire by themselves, what is left of their lives.
  package var fieldLives: [[UInt8]: TTL] = [:]
  /// Where the content begins.
  package var position = ValuePosition.start
  /// Where what follows the content begins; nil at the end.
  package var next: ValuePosition?

  package init(
    key: CacheKey, kind: ValueKind, lifetime: Lifetime?, content: ValueContent, totalLength: Int64,
    bytes: ByteCount? = nil, encoding: String? = nil
  ) {
    self.key = key
    self.kind = kind
    self.lifetime = lifetime
    self.content = content
    self.totalLength = totalLength
    self.bytes = bytes
    self.encoding = encoding
  }

  /// Whether the content is the whole value.
  package var isComplete: Bool {
    Int64(content.count) >= totalLength
  }
}

/// A place in a value where a page begins.
///
/// Strings, lists and sorted sets are paged by number, streams by the ids of their entries. Hashes and sets have no order: they are
/// walked, each page telling where the next one begins; a part that is there throughout the walk is
/// told at least once. A place that does not fit the kind counts as the start.
package enum ValuePosition: Sendable, Hashable {
  case start
  /// An offset in bytes, a position in a list, a rank in a sorted set; at least 0.
  case index(Int64)
  /// So many parts into the step of a walk that begins at the cursor.
  case walk(cursor: UInt64, skipping: Int)
  /// The first entry of a stream from this id on.
  case entry(StreamID)

  /// The number; 0 at the start and in a walk.
  package var index: Int64 {
    if case .index(let index) = self { max(0, index) } else { 0 }
  }
}

/// The bytes of a value by kind.
package enum ValueContent: Sendable, Equatable {
  case string([UInt8])
  case hash([HashField])
  /// Elements from the position `from` on.
  case list(from: Int64, [[UInt8]])
  case set([[UInt8]])
  case sortedSet([ScoredMember])
  /// Entries in their order, and the groups of consumers when the page is the first.
  case stream([StreamEntry], groups: [StreamGroup])
  /// A kind that has no reader: nothing was fetched.
  case unreadable

  /// Bytes of a string, elements of a collection.
  package var count: Int {
    switch self {
    case .string(let bytes): bytes.count
    case .hash(let fields): fields.count
    case .list(_, let elements): elements.count
    case .set(let members): members.count
    case .sortedSet(let members): members.count
    case .stream(let entries, _): entries.count
    case .unreadable: 0
    }
  }
}

package struct HashField: Sendable, Hashable {
  package var field: [UInt8]
  package var value: [UInt8]

  package init(field: [UInt8], value: [UInt8]) {
    self.field = field
    self.value = value
  }
}

package struct ScoredMember: Sendable, Hashable {
  package var member: [UInt8]
  package var score: Double

  package init(member: [UInt8], score: Double) {
    self.member = member
    self.score = score
  }
}

/// How much of a value to fetch at most.
package struct ValueBound: Sendable, Hashable {
  /// Of a string, and of a collection's elements taken together where the source can bound them.
  package var bytes: Int
  /// Elements of a collection.
  package var elements: Int

  package init(bytes: Int, elements: Int) {
    self.bytes = bytes
    self.elements = elements
  }

  /// What is fetched unasked.
  package static let standard = ValueBound(bytes: 1 << 20, elements: 500)
  /// A preview beside the list.
  package static let preview = ValueBound(bytes: 16 << 10, elements: 100)
}
