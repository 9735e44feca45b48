import CacheModel

extension DumpPayload {
  /// Whether two payloads hold the same value, however each is written: of hashes and sets the
  /// order does not count, of numbers both zeros are one. What is opaque is the same only byte for
  /// byte. False where a payload is not read and the bytes differ. Linear.
  package static func isSameValue(_ first: [UInt8], _ second: [UInt8]) -> Bool {
    if first == second { return true }
    guard let one = try? decode(first), let other = try? decode(second) else { return false }
    return isSame(one, other)
  }

  private static func isSame(_ one: DumpedValue, _ other: DumpedValue) -> Bool {
    switch (one, other) {
    case (.set(let one), .set(let other)): one.count == other.count && Set(one) == Set(other)
    case (.sortedSet(let one), .sortedSet(let other)): scores(one) == scores(other)
    case (.hash(let one, let ends), .hash(let other, let otherEnds)):
      ends == otherEnds && values(one) == values(other)
    case (.opaque(let one), .opaque(let other)): one.type == other.type && one.bytes == other.bytes
    default: one == other
    }
  }

  private static func scores(_ members: [ScoredMember]) -> [[UInt8]: Double] {
    Dictionary(members.map { ($0.member, $0.score) }) { $1 }
  }

  private static func values(_ fields: [HashField]) -> [[UInt8]: [UInt8]] {
    Dictionary(fields.map { ($0.field, $0.value) }) { $1 }
  }
}
