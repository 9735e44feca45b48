import CacheModel

/// What the list of keys is sorted by.
package enum SortField: String, Sendable, Hashable, CaseIterable {
  case key
  case ttl
  case size
  case kind

  package var title: String {
    switch self {
    case .key: "key"
    case .ttl: "TTL"
    case .size: "size"
    case .kind: "type"
    }
  }
}

/// The keys in the order of the sort, and those of them that pass the filter.
///
/// Kept sorted while keys come and go: a batch of b changes costs O(b log n) comparisons and one
/// pass over the slots; another filter is one pass without a comparison. Ties are broken by name,
/// so the order is total and rows never swap without a reason.
package struct KeyOrder: Sendable {
  package var field: SortField = .key
  package var isReversed = false
  private var all: [KeyIndex.Slot] = []
  /// Those that pass the filter; nil while every key does.
  private var passing: [KeyIndex.Slot]?

  package init() {}

  /// The rows of the list.
  package var slots: [KeyIndex.Slot] { passing ?? all }

  /// Sorts anew from all keys of the index. O(n log n)
  package mutating func rebuild(from index: KeyIndex, passing filter: KeyFilter) {
    let rules = self
    all = index.slots.sorted { rules.precedes($0, $1, in: index) }
    apply(filter, in: index)
  }

  /// Shows the keys that pass a filter. O(n)
  package mutating func apply(_ filter: KeyFilter, in index: KeyIndex) {
    passing = filter.isEmpty ? nil : all.filter { filter.matches(index.name($0)) }
  }

  /// Takes out the slots whose place may have changed or that have gone, and puts those that are to
  /// stay back where they belong.
  package mutating func update(
    _ changed: Set<KeyIndex.Slot>, in index: KeyIndex, passing filter: KeyFilter
  ) {
    guard !changed.isEmpty else { return }
    let rules = self
    remove(changed)
    let incoming = changed.filter { index.isLive($0) }
      .sorted { rules.precedes($0, $1, in: index) }
    all = merged(all, incoming, in: index)
    passing = passing.map { slots in
      merged(slots, incoming.filter { filter.matches(index.name($0)) }, in: index)
    }
  }

  /// Takes slots out of the list. O(n)
  package mutating func remove(_ gone: Set<KeyIndex.Slot>) {
    all.removeAll { gone.contains($0) }
    passing?.removeAll { gone.contains($0) }
  }

  /// Where a slot stands in the list. O(log n)
  package func position(of slot: KeyIndex.Slot, in index: KeyIndex) -> Int? {
    let slots = slots
    let position = lowerBound(of: slot, among: slots, in: index, from: 0)
    guard position < slots.count, slots[position] == slot else {
      return slots.firstIndex(of: slot)
    }
    return position
  }

  /// Two sorted lists as one.
  private func merged(
    _ slots: [KeyIndex.Slot], _ incoming: [KeyIndex.Slot], in index: KeyIndex
  ) -> [KeyIndex.Slot] {
    guard !incoming.isEmpty else { return slots }
    var merged: [KeyIndex.Slot] = []
    merged.reserveCapacity(slots.count + incoming.count)
    var rest = 0
    for slot in incoming {
      let place = lowerBound(of: slot, among: slots, in: index, from: rest)
      merged.append(contentsOf: slots[rest..<place])
      merged.append(slot)
      rest = place
    }
    merged.append(contentsOf: slots[rest...])
    return merged
  }

  private func lowerBound(
    of slot: KeyIndex.Slot, among slots: [KeyIndex.Slot], in index: KeyIndex, from start: Int
  ) -> Int {
    var low = start
    var high = slots.count
    while low < high {
      let middle = (low + high) / 2
      if precedes(slots[middle], slot, in: index) { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private func precedes(_ left: KeyIndex.Slot, _ right: KeyIndex.Slot, in index: KeyIndex) -> Bool {
    let order = compare(left, right, in: index)
    if order != 0 { return isReversed ? order > 0 : order < 0 }
    return index.name(left).lexicographicallyPrecedes(index.name(right))
  }

  /// Negative when `left` comes first, 0 when the sort field tells no difference.
  private func compare(_ left: KeyIndex.Slot, _ right: KeyIndex.Slot, in index: KeyIndex) -> Int {
    switch field {
    case .key:
      let (a, b) = (index.name(left), index.name(right))
      if a.lexicographicallyPrecedes(b) { return -1 }
      return a.elementsEqual(b) ? 0 : 1
    case .ttl:
      return sign(index[figures: left].expiry.rank, index[figures: right].expiry.rank)
    case .size:
      return sign(index[figures: right].bytes?.bytes ?? -1, index[figures: left].bytes?.bytes ?? -1)
    case .kind:
      let (a, b) = (index.kind(left)?.redisName ?? "~", index.kind(right)?.redisName ?? "~")
      return a == b ? 0 : (a < b ? -1 : 1)
    }
  }

  private func sign(_ left: Int64, _ right: Int64) -> Int {
    left == right ? 0 : (left < right ? -1 : 1)
  }
}
