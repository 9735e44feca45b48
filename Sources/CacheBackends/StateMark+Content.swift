import CacheModel
import DumpPayload

extension StateMark {
  /// Of what a state holds, wherever that can be read: another server, and the same one after a
  /// restart, may write the same value in another form. Linear in its bytes, but for sorted sets,
  /// which are put in order.
  init(ofContent state: StoredState) {
    guard case .dump(let payload) = state.value, let value = try? DumpPayload.decode(payload),
      let content = value.contentInOrder
    else {
      self.init(of: state)
      return
    }
    self.init(of: StoredState(.typed(content), deadline: state.deadline))
  }
}

extension DumpedValue {
  /// The whole value as reading it tells it; nil for what no reading command tells.
  fileprivate var contentInOrder: NewValue? {
    switch self {
    case .hash(_, let deadlines) where !deadlines.isEmpty: nil
    case .sortedSet(let members): .sortedSet(members.sorted { $0.isBefore($1) })
    default: newValue
    }
  }
}

extension ScoredMember {
  /// The order of a sorted set: by score, and by bytes where scores are equal.
  fileprivate func isBefore(_ other: ScoredMember) -> Bool {
    score == other.score ? member.lexicographicallyPrecedes(other.member) : score < other.score
  }
}
