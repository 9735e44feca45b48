package import CacheModel

/// What a query may have to know of a key.
package struct QueryFacts: OptionSet, Sendable, Hashable {
  package let rawValue: UInt16

  package init(rawValue: UInt16) {
    self.rawValue = rawValue
  }

  package static let name = QueryFacts(rawValue: 1)
  package static let kind = QueryFacts(rawValue: 2)
  package static let lifetime = QueryFacts(rawValue: 4)
  package static let size = QueryFacts(rawValue: 8)
  package static let idle = QueryFacts(rawValue: 16)
  package static let frequency = QueryFacts(rawValue: 32)
  package static let value = QueryFacts(rawValue: 64)
  package static let codec = QueryFacts(rawValue: 128)
  package static let framework = QueryFacts(rawValue: 256)
  package static let tags = QueryFacts(rawValue: 512)

  /// What can only be told by reading the value.
  package static let fromValue: QueryFacts = [.value, .codec, .framework]
  /// What changes although nobody touches the key.
  package static let changing: QueryFacts = [.lifetime, .idle]
}

/// A key that is to be judged, with what is known of it. What is nil is not known (yet).
package struct Candidate: Sendable {
  package var name: ArraySlice<UInt8>
  package var kind: ValueKind?
  package var lifetime: Lifetime?
  package var bytes: ByteCount?
  /// Milliseconds for which nobody has used the key.
  package var idleMilliseconds: Int64?
  /// How often it is used, as OBJECT FREQ counts.
  package var frequency: Int64?
  package var value: CandidateValue?
  /// The names of the codecs of the value, outermost first.
  package var codecs: [String]?
  package var framework: String?
  /// Those names of tags, as the query writes them, that mean a tag of the key.
  package var tags: [[UInt8]]?

  package init(_ name: ArraySlice<UInt8>) {
    self.name = name
  }

  /// A key with what a list shows of it.
  package init(_ summary: KeySummary) {
    name = summary.key.bytes[...]
    kind = summary.kind
    lifetime = summary.lifetime
    bytes = summary.bytes
    idleMilliseconds = summary.idleSeconds.map { $0.multipliedReportingOverflow(by: 1000) }
      .map { $0.overflow ? .max : $0.partialValue }
    frequency = summary.frequency
  }
}

/// What was read of a value: the bytes of a string, the parts of a collection.
package struct CandidateValue: Sendable {
  package var parts: [[UInt8]]
  /// Whether nothing of the value is missing.
  package var isWhole: Bool

  package init(parts: [[UInt8]], isWhole: Bool) {
    self.parts = parts
    self.isWhole = isWhole
  }

  /// What a page holds. A part of a kind that has no reader counts as not whole.
  package init(_ page: ValuePage) {
    isWhole = page.isComplete && page.position == .start
    switch page.content {
    case .string(let bytes): parts = [bytes]
    case .hash(let fields): parts = fields.flatMap { [$0.field, $0.value] }
    case .list(_, let elements): parts = elements
    case .set(let members): parts = members
    case .sortedSet(let members): parts = members.map(\.member)
    case .stream(let entries, _):
      parts = entries.flatMap { $0.fields.flatMap { [$0.field, $0.value] } }
    case .unreadable: (parts, isWhole) = ([], false)
    }
  }
}

/// Whether a key is one of those that a query means.
package enum Verdict: Sendable, Hashable {
  case matches
  case fails
  /// What is known of the key does not tell. Counts as a match neither plain nor negated.
  case unknown

  init(_ holds: Bool?) {
    self = holds.map { $0 ? .matches : .fails } ?? .unknown
  }

  var negated: Verdict {
    switch self {
    case .matches: .fails
    case .fails: .matches
    case .unknown: .unknown
    }
  }
}
