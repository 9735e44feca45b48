/// A sorted set: a hash table from members to scores, which also answers walks with a cursor, and
/// beside it the order of the members by score and bytes, which refers to the table's slots.
///
/// A score is found in constant time; insertion, removal, ranks and the ends of ranges take
/// logarithmic time; see `ScoreOrder`. Scores are any number but NaN.
package struct SortedSetValue: CollectionValue {
  /// Redis packs sorted sets up to these bounds and reports another encoding beyond them.
  package static let packedMembers = 128
  package static let packedBytes = 64

  var table = ScanTable<Double>(vacant: 0)
  var order = ScoreOrder()
  /// Charged memory of the members, in bytes.
  package private(set) var charge = 0
  /// Whether the set ever passed the bounds of packing; it does not go back.
  package private(set) var isPacked = true

  package init() {}

  package init?(_ value: StoredValue) {
    guard case .sortedSet(let set) = value else { return nil }
    self = set
  }

  package var stored: StoredValue { .sortedSet(self) }
  package var count: Int { table.count }

  package func score(of member: [UInt8]) -> Double? {
    table.slot(of: member).map { table[$0] }
  }

  /// Gives a member its score and answers the one it had before; nil when it is new.
  @discardableResult
  package mutating func set(_ member: [UInt8], _ score: Double) -> Double? {
    let score = score == 0 ? 0 : score  // there is one zero
    guard let slot = table.slot(of: member) else {
      insert(member, score)
      return nil
    }
    let old = table[slot]
    guard old != score else { return old }
    changeOrder { order, before in order.remove(.init(score: old, slot: slot), before) }
    table[slot] = score
    changeOrder { order, before in order.insert(.init(score: score, slot: slot), before) }
    return old
  }

  /// Removes a member and answers whether it was there.
  @discardableResult
  package mutating func remove(_ member: [UInt8]) -> Bool {
    guard let slot = table.slot(of: member) else { return false }
    remove(at: slot)
    if table.compactIfSparse() { rebuildOrder() }
    return true
  }

  /// Removes the members of a range of ranks that exist.
  package mutating func remove(ranks: Range<Int>) {
    var slots: [UInt32] = []
    order.forEach(in: ranks) { slots.append($0.slot) }
    slots.forEach { remove(at: $0) }
    if table.compactIfSparse() { rebuildOrder() }
  }

  private mutating func insert(_ member: [UInt8], _ score: Double) {
    let slot = table.insert(member, score)
    changeOrder { order, before in order.insert(.init(score: score, slot: slot), before) }
    charge += MemoryAccounting.scored(member)
    if count > Self.packedMembers || member.count > Self.packedBytes { isPacked = false }
  }

  private mutating func remove(at slot: UInt32) {
    let item = ScoreOrder.Item(score: table[slot], slot: slot)
    changeOrder { order, before in order.remove(item, before) }
    charge -= MemoryAccounting.scored(table.key(at: slot))
    table.remove(at: slot)
  }

  private mutating func changeOrder(
    _ change: (inout ScoreOrder, (ScoreOrder.Item, ScoreOrder.Item) -> Bool) -> Void
  ) {
    let table = table
    change(&order) { first, second in
      guard first.score == second.score else { return first.score < second.score }
      return table.key(at: first.slot).lexicographicallyPrecedes(table.key(at: second.slot))
    }
  }

  /// After the slots were numbered anew.
  private mutating func rebuildOrder() {
    order = ScoreOrder()
    for slot in 0..<UInt32(table.slotLimit) where table.isLive(slot) {
      let item = ScoreOrder.Item(score: table[slot], slot: slot)
      changeOrder { order, before in order.insert(item, before) }
    }
  }
}
