package import CacheModel

/// One change that a person made, as the records that take it back.
package struct UndoGroup: Sendable, Equatable {
  /// `delete app:user:7`, `set the TTL of 12 keys`.
  package var title: String
  package var records: [UndoRecord]
}

/// The changes of this session, newest last, in memory and bounded: past `bound` bytes the oldest
/// are forgotten.
package struct UndoHistory: Sendable {
  package private(set) var groups: [UndoGroup] = []
  private var cost = 0
  private let bound: Int

  /// All that is kept of a session, in bytes.
  package static let standardBound = 64 << 20
  /// Values above this are not kept.
  package static let valueLimit = 1 << 20

  package init(bound: Int = standardBound) {
    self.bound = bound
  }

  package mutating func push(_ group: UndoGroup) {
    guard !group.records.isEmpty else { return }
    groups.append(group)
    cost += Self.cost(of: group)
    while cost > bound, groups.count > 1 {
      cost -= Self.cost(of: groups.removeFirst())
    }
  }

  package mutating func pop() -> UndoGroup? {
    guard let group = groups.popLast() else { return nil }
    cost -= Self.cost(of: group)
    return group
  }

  private static func cost(of group: UndoGroup) -> Int {
    group.records.reduce(0) { $0 + $1.cost }
  }
}
