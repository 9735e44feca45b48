/// One numbered database: the table of entries, the two orders over them, and their tags.
struct Database: Sendable {
  var table = ScanTable<Entry>(vacant: .vacant)
  var deadlines = DeadlineHeap()
  var recency = RecencyList()
  var tags = TagIndex()
  /// The sum of the charges of all entries.
  private(set) var charge = 0

  mutating func insert(_ key: [UInt8], _ entry: Entry, asOldest: Bool) {
    let slot = table.insert(key, entry)
    deadlines.set(entry.deadline, for: slot)
    recency.insert(slot, asOldest: asOldest)
    recharge(slot)
  }

  mutating func remove(_ slot: UInt32) -> Entry {
    deadlines.set(nil, for: slot)
    recency.remove(slot)
    if !tags.isEmpty { tags.removeAll(of: slot, key: table.key(at: slot)) }
    let entry = table.remove(at: slot)
    charge -= entry.charge
    return entry
  }

  mutating func setDeadline(_ deadline: Int64?, of slot: UInt32) {
    table[slot].deadline = deadline
    deadlines.set(deadline, for: slot)
    recharge(slot)
  }

  /// Charges the entry anew after a change.
  mutating func recharge(_ slot: UInt32) {
    let hasDeadline = table[slot].deadline != nil
    let new = MemoryAccounting.entry(
      key: table.key(at: slot), value: table[slot].value, hasDeadline: hasDeadline,
      tagCount: tags.tagCount(of: slot))
    charge += new - table[slot].charge
    table[slot].charge = new
  }
}
