/// A step from one sequence to another, by places in the old and the new one.
enum OrderedChange: Equatable {
  case removed(Int)
  case added(Int)
  case changed(Int, Int)

  /// Elements between what is the same at the beginning and at the end that are matched with one
  /// another (Myers, "An O(ND) Difference Algorithm"); of more, the elements at the same place are
  /// taken for changed.
  static let bound = 200

  /// The steps in order. When the sequences were read in part (`isWhole` false), what differs after
  /// the last element that both have is left out: it may be a matter of where the reading ended.
  static func between<Element: Hashable>(
    _ old: [Element], _ new: [Element], isWhole: Bool
  ) -> [OrderedChange] {
    let head = zip(old, new).prefix { $0 == $1 }.count
    let most = min(old.count, new.count) - head
    let tail = min(most, zip(old.reversed(), new.reversed()).prefix { $0 == $1 }.count)
    let before = old[head..<(old.count - tail)]
    let after = new[head..<(new.count - tail)]
    var changes: [OrderedChange]
    var matched = head + tail
    if max(before.count, after.count) <= bound {
      let steps = Array(after).difference(from: Array(before))
      let removed = Set(steps.removals.map { offset($0) })
      let added = Set(steps.insertions.map { offset($0) })
      matched += before.count - removed.count
      changes = merge(before.count, after.count, removed, added)
    } else {
      changes = paired(before.count, after.count)
    }
    if !isWhole, tail == 0, matched > 0 { dropEnd(&changes, before.count, after.count) }
    return changes.map { $0.shifted(by: head) }
  }

  private static func offset(_ step: CollectionDifference<some Any>.Change) -> Int {
    switch step {
    case .remove(let offset, _, _), .insert(let offset, _, _): offset
    }
  }

  /// What went and what came at the same place has changed.
  private static func merge(
    _ oldCount: Int, _ newCount: Int, _ removed: Set<Int>, _ added: Set<Int>
  ) -> [OrderedChange] {
    var changes: [OrderedChange] = []
    var (past, place) = (0, 0)
    while past < oldCount || place < newCount {
      let (goes, comes) = (removed.contains(past), added.contains(place))
      if goes, comes { changes.append(.changed(past, place)) }
      if goes, !comes { changes.append(.removed(past)) }
      if comes, !goes { changes.append(.added(place)) }
      if goes || !comes { past += 1 }
      if comes || !goes { place += 1 }
    }
    return changes
  }

  private static func paired(_ oldCount: Int, _ newCount: Int) -> [OrderedChange] {
    let both = min(oldCount, newCount)
    return (0..<both).map { .changed($0, $0) } + (both..<oldCount).map { .removed($0) }
      + (both..<newCount).map { .added($0) }
  }

  /// Takes off the steps that reach the end of one of the sequences without a gap.
  private static func dropEnd(_ changes: inout [OrderedChange], _ oldCount: Int, _ newCount: Int) {
    var (past, place) = (oldCount, newCount)
    while let last = changes.last {
      switch last {
      case .removed(past - 1): past -= 1
      case .added(place - 1): place -= 1
      case .changed(past - 1, place - 1): (past, place) = (past - 1, place - 1)
      default: return
      }
      changes.removeLast()
    }
  }

  private func shifted(by distance: Int) -> OrderedChange {
    switch self {
    case .removed(let place): .removed(place + distance)
    case .added(let place): .added(place + distance)
    case .changed(let past, let place): .changed(past + distance, place + distance)
    }
  }
}
