/// What goes into an ordered set of the list, with keys that tell most names apart.
extension OrderedSlots {
  /// Adds a key of the index, in this order.
  mutating func add(_ slot: UInt32, _ key: UInt64, _ index: KeyIndex, _ order: KeyOrder) {
    insert(slot, key, index)
    guard wantsNewKeys, order.field == .key else { return }
    renewKeys(index) { order.sortKey($0, in: index, after: $1) }
  }

  /// Adds a folder of the tree, in this order.
  mutating func add(folder: UInt32, _ key: UInt64, _ tree: KeyTree, _ order: KeyOrder) {
    insert(folder, key, tree)
    guard wantsNewKeys, order.field != .size else { return }
    renewKeys(tree) { order.sortKey(folder: $0, in: tree, after: $1) }
  }

  /// Keys are renewed in sets of so many at most, within a few milliseconds.
  private static let renewedAtMost = 1 << 15

  /// Whether the set has become eight times as large since its keys were last renewed.
  private var wantsNewKeys: Bool {
    count >= 64 && count <= Self.renewedAtMost && count.nonzeroBitCount == 1
      && count.trailingZeroBitCount.isMultiple(of: 3)
  }

  /// Looks what all names share, and makes the keys of what follows that; only for a set in the order
  /// of its names. O(n), and nothing when they share what they did before.
  private mutating func renewKeys(_ names: some SlotNames, _ key: (UInt32, [UInt8]) -> UInt64) {
    guard let first = numbers(from: 0, count: 1).first,
      let last = numbers(from: count - 1, count: 1).first
    else { return }
    // In the order of the names, what the first and the last share is in all of them.
    let pairs = zip(names.nameBytes(first), names.nameBytes(last))
    let common = Array(pairs.prefix { $0 == $1 }.map { $0.0 })
    guard common != shared else { return }
    share(common) { key($0, common) }
  }
}
