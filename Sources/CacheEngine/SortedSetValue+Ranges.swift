/// An end of a range of scores.
package struct ScoreBound: Sendable, Equatable {
  package var score: Double
  package var isExclusive: Bool

  package init(_ score: Double, isExclusive: Bool = false) {
    self.score = score
    self.isExclusive = isExclusive
  }
}

/// An end of a range of members that share a score.
package enum MemberBound: Sendable, Equatable {
  case least
  case greatest
  case member([UInt8], isExclusive: Bool)
}

// Ranks and ranges. Logarithmic, and linear in what is visited.
extension SortedSetValue {
  /// The rank of a member from the lowest score on; nil when it is not there.
  package func rank(of member: [UInt8]) -> Int? {
    guard let slot = table.slot(of: member) else { return nil }
    let score = table[slot]
    return order.rank { item in
      guard item.score == score else { return item.score < score }
      return table.key(at: item.slot).lexicographicallyPrecedes(member)
    }
  }

  /// The ranks of the members with scores between two bounds; empty when there are none.
  package func ranks(from low: ScoreBound, to high: ScoreBound) -> Range<Int> {
    let start = order.rank { low.isExclusive ? $0.score <= low.score : $0.score < low.score }
    let end = order.rank { high.isExclusive ? $0.score < high.score : $0.score <= high.score }
    return start..<max(start, end)
  }

  /// The ranks of the members between two others; meaningful where all scores are equal.
  package func ranks(from low: MemberBound, to high: MemberBound) -> Range<Int> {
    let start = order.rank { item in low.isBehind(table.key(at: item.slot), orAt: true) }
    let end = order.rank { item in high.isBehind(table.key(at: item.slot), orAt: false) }
    return start..<max(start, end)
  }

  /// Visits the members of a range of ranks that exist, lowest first.
  package func forEach(
    in ranks: Range<Int>, _ visit: (_ member: [UInt8], _ score: Double) -> Void
  ) {
    order.forEach(in: ranks) { visit(table.key(at: $0.slot), $0.score) }
  }

  /// The members of a range of ranks that exist, lowest first or, with `reversed`, last.
  package func members(
    in ranks: Range<Int>, reversed: Bool = false
  ) -> [(member: [UInt8], score: Double)] {
    var found: [(member: [UInt8], score: Double)] = []
    found.reserveCapacity(ranks.count)
    forEach(in: ranks) { found.append(($0, $1)) }
    if reversed { found.reverse() }
    return found
  }

  /// One step of a walk with `ScanTable`'s guarantee; a packed set comes in one step, in its order.
  package func scan(
    from cursor: UInt64, count: Int, visit: (_ member: [UInt8], _ score: Double) -> Void
  ) -> UInt64 {
    guard !isPacked else {
      forEach(in: 0..<self.count, visit)
      return 0
    }
    return table.scan(from: cursor, count: count) { visit(table.key(at: $0), table[$0]) }
  }
}

extension MemberBound {
  /// Whether a member comes before this bound. `orAt` is the side: at a lower bound the member
  /// itself comes before it when the bound is exclusive, at an upper one when it is inclusive.
  fileprivate func isBehind(_ member: [UInt8], orAt isLower: Bool) -> Bool {
    switch self {
    case .least: false
    case .greatest: true
    case .member(let bound, let isExclusive):
      member == bound ? isLower == isExclusive : member.lexicographicallyPrecedes(bound)
    }
  }
}
