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
  /// How often the key is used, from 0 to 255, as OBJECT FREQ tells it.
  package var frequency: Int64?
  /// The source's internal representation, as OBJECT ENCODING names it.
  package var encoding: String?

  package init(
    key: CacheKey, kind: ValueKind? = nil, lifetime: Lifetime? = nil, bytes: ByteCount? = nil,
    length: Int64? = nil, idleSeconds: Int64? = nil, frequency: Int64? = nil,
    encoding: String? = nil
  ) {
    self.key = key
    self.kind = kind
    self.lifetime = lifetime
    self.bytes = bytes
    self.length = length
    self.idleSeconds = idleSeconds
    self.frequency = frequency
    self.encoding = encoding
  }

  /// Takes over what the other tells and this does not.
  package mutating func fill(from other: KeySummary) {
    kind = kind ?? other.kind
    lifetime = lifetime ?? other.lifetime
    bytes = bytes ?? other.bytes
    length = length ?? other.length
    idleSeconds = idleSeconds ?? other.idleSeconds
    frequency = frequency ?? other.frequency
    encoding = encoding ?? other.encoding
  }
}

/// What `CacheBackend.describe` asks for; each figure costs a command for a key.
package struct SummaryDetail: OptionSet, Sendable, Hashable {
  package let rawValue: UInt8

  package init(rawValue: UInt8) {
    self.rawValue = rawValue
  }

  package static let kind = SummaryDetail(rawValue: 1)
  package static let lifetime = SummaryDetail(rawValue: 2)
  package static let bytes = SummaryDetail(rawValue: 4)
  /// For how long nobody has used the key.
  package static let idle = SummaryDetail(rawValue: 8)
  /// How often it is used; only where the source counts that, in place of the idle time.
  package static let frequency = SummaryDetail(rawValue: 16)
  /// Length and encoding, which some sources take for a use of the key.
  package static let shape = SummaryDetail(rawValue: 32)

  package static let lifetimes: SummaryDetail = [.kind, .lifetime]
  package static let sizes: SummaryDetail = [.lifetimes, .bytes]
  package static let idleTimes: SummaryDetail = [.sizes, .idle]
  /// All that a listing tells.
  package static let everything: SummaryDetail = [.idleTimes, .shape]
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
  /// The kind that all these keys have, when the source has left out those of others.
  package var kind: ValueKind?
  /// Why a part of the keyspace was passed by: a node of a cluster does not answer. Nil when nothing
  /// was.
  package var missing: String?

  package init(keys: [CacheKey], next: ScanCursor?, kind: ValueKind? = nil) {
    self.keys = keys
    self.next = next
    self.kind = kind
  }
}

extension ValueKind {
  /// Whether it is the type of the JSON module.
  package var isJSONDocument: Bool { redisName == "ReJSON-RL" }

  /// Why a value of a kind that is not read is not shown: `streams are listed but not shown yet`.
  package var unshownWords: String {
    switch self {
    case .stream: "this server does not tell what is in a stream"
    case .other where isJSONDocument:
      "a document of the JSON module, too large to be read or not to be had"
    case .other(let name): "a value of a module, of the type \(name): listed, but not shown"
    default: "values of this type are listed but not shown"
    }
  }
}
