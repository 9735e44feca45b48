/// What a list shows of a key. A figure that the source did not tell is nil.
package struct KeySummary: Sendable, Hashable {
  package var key: CacheKey
  package var kind: ValueKind?
  package var lifetime: Lifetime?
  /// Memory as the source counts it.
  package var bytes: ByteCount?
  /// STRLEN, HLEN and their kin: bytes of a string, elements of a collection.
  package var length: Int64?
  package var idleSeconds: Int64?
  /// The source's internal representation, as OBJECT ENCODING names it.
  package var encoding: String?

  package init(
    key: CacheKey, kind: ValueKind? = nil, lifetime: Lifetime? = nil, bytes: ByteCount? = nil,
    length: Int64? = nil, idleSeconds: Int64? = nil, encoding: String? = nil
  ) {
    self.key = key
    self.kind = kind
    self.lifetime = lifetime
    self.bytes = bytes
    self.length = length
    self.idleSeconds = idleSeconds
    self.encoding = encoding
  }
}

/// How much `CacheBackend.describe` asks for; each level costs more commands for a key.
package enum SummaryDetail: Sendable, Hashable, Comparable {
  /// Kind and lifetime.
  case lifetimes
  /// And bytes.
  case sizes
  /// And for how long nobody has used the key.
  case idleTimes
  /// And length and encoding, which some sources take for a use of the key.
  case everything
}

/// Where a walk over the keyspace stands. Opaque; `start` begins, and a page without a next cursor
/// ends it.
package struct ScanCursor: Sendable, Hashable {
  package var position: UInt64

  package init(position: UInt64) {
    self.position = position
  }

  package static let start = ScanCursor(position: 0)
}

/// One step of a walk. A key that was there throughout the walk is reported at least once, and
/// perhaps more than once.
package struct ScanPage: Sendable, Equatable {
  package var keys: [CacheKey]
  /// Where to go on; nil when the walk is complete.
  package var next: ScanCursor?

  package init(keys: [CacheKey], next: ScanCursor?) {
    self.keys = keys
    self.next = next
  }
}
