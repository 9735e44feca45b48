import CacheModel

/// What `keys --sort` sorts by. A key whose figure the source does not tell comes last either way;
/// keys that are equal in it are in the order of their bytes.
enum KeySortField: String, CaseIterable, Sendable {
  case key, ttl, size, idle, type

  func isOrdered(_ left: KeySummary, _ right: KeySummary, reversed: Bool) -> Bool {
    if self == .key { return reversed ? right.key < left.key : left.key < right.key }
    if self == .type {
      let names = (left.kind?.redisName ?? "", right.kind?.redisName ?? "")
      guard names.0 != names.1 else { return left.key < right.key }
      return reversed ? names.1 < names.0 : names.0 < names.1
    }
    switch (figure(of: left), figure(of: right)) {
    case (nil, nil): return left.key < right.key
    case (nil, _): return false
    case (_, nil): return true
    case (let one?, let other?):
      guard one != other else { return left.key < right.key }
      return reversed ? other < one : one < other
    }
  }

  /// A key without a TTL outlives all others.
  private func figure(of summary: KeySummary) -> Int64? {
    switch self {
    case .ttl: summary.lifetime.map { $0.ttl?.milliseconds ?? .max }
    case .size: summary.bytes?.bytes
    case .idle: summary.idleSeconds
    case .key, .type: nil
    }
  }
}
