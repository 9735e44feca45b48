import Transport

/// Since when parts of a cluster have not done what was asked of them: nodes that do not answer or
/// call the cluster down, slots that nobody serves.
///
/// A failover passes in a moment, and right after one the nodes disagree about the slots for another
/// moment. So what is new is waited for; what has lasted longer than `patience` is answered with an
/// error at once, until it has been well again. Times are milliseconds of the monotonic clock.
struct ClusterTrouble: Sendable {
  enum Place: Sendable, Hashable {
    case node(Endpoint)
    case openSlots
  }

  /// How long a part is waited for.
  static let patience: Int64 = 3_000

  private var since: [Place: Int64] = [:]

  /// Something was not done there; true while that is worth waiting for.
  mutating func note(_ place: Place, at now: Int64) -> Bool {
    let first = since[place] ?? now
    since[place] = first
    return now - first < Self.patience
  }

  mutating func isOver(_ place: Place) {
    since[place] = nil
  }

  func concerns(_ endpoint: Endpoint) -> Bool {
    since[.node(endpoint)] != nil
  }

  /// Whether anything is still waited for.
  func isSettling(at now: Int64) -> Bool {
    since.values.contains { now - $0 < Self.patience }
  }

  /// What the cluster is made of now; everything else is forgotten.
  mutating func keep(_ isNode: (Endpoint) -> Bool, hasOpenSlots: Bool) {
    since = since.filter { place, _ in
      switch place {
      case .node(let endpoint): isNode(endpoint)
      case .openSlots: hasOpenSlots
      }
    }
  }
}
