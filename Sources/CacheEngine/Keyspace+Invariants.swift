extension Keyspace {
  /// What is wrong with the structure, in words; empty when every invariant holds. Linear: for
  /// tests, after each random step.
  package func violatedInvariants() -> [String] {
    databases.indices.flatMap { index in
      databases[index].violatedInvariants().map { "database \(index): \($0)" }
    }
  }
}

extension Database {
  func violatedInvariants() -> [String] {
    var faults =
      table.violatedInvariants() + deadlines.violatedInvariants()
      + tags.violatedInvariants(over: table)
    var charged = 0
    var withDeadline = 0
    for slot in 0..<UInt32(table.slotLimit) where table.isLive(slot) {
      charged += table[slot].charge
      withDeadline += table[slot].deadline == nil ? 0 : 1
      if table[slot].value.isEmptyCollection { faults.append("slot \(slot) is empty") }
      faults += table[slot].value.violatedInvariants().map { "slot \(slot): \($0)" }
      let fresh = MemoryAccounting.entry(
        key: table.key(at: slot), value: table[slot].value,
        hasDeadline: table[slot].deadline != nil, tagCount: tags.tagCount(of: slot))
      if fresh != table[slot].charge { faults.append("slot \(slot) has a stale charge") }
    }
    if charged != charge { faults.append("charge is \(charge), the entries sum to \(charged)") }
    if withDeadline != deadlines.count { faults.append("a deadline is missing or left over") }
    for item in deadlines.items where table[item.slot].deadline != item.deadline {
      faults.append("slot \(item.slot) has another deadline in the heap")
    }
    return faults + recency.violatedInvariants(count: table.count, isLive: table.isLive)
  }
}

extension TagIndex {
  /// Both views hold the same pairs, of live entries alone, and no tag is without a key.
  func violatedInvariants(over table: ScanTable<Entry>) -> [String] {
    var faults = names.violatedInvariants()
    var fromTags = 0
    var charged = 0
    for number in 0..<UInt32(names.slotLimit) where names.isLive(number) {
      charged += MemoryAccounting.tag(names.key(at: number))
      if names[number].count == 0 { faults.append("tag \(number) has no key") }
      faults += names[number].violatedInvariants()
      names[number].forEach { key, _ in
        fromTags += 1
        let numbers = table.slot(of: key).flatMap { tagsOfSlot[$0] } ?? []
        if !numbers.contains(number) { faults.append("tag \(number) has a key without it") }
      }
    }
    for (slot, numbers) in tagsOfSlot {
      if !table.isLive(slot) { faults.append("free slot \(slot) has tags") }
      if numbers.isEmpty || Set(numbers).count != numbers.count {
        faults.append("slot \(slot) has no tag or one twice")
      }
    }
    let fromKeys = tagsOfSlot.values.reduce(0) { $0 + $1.count }
    if fromTags != fromKeys || fromTags != pairCount {
      faults.append("\(fromTags) pairs by tag, \(fromKeys) by key, \(pairCount) counted")
    }
    if charged != charge { faults.append("tags are charged \(charge), they sum to \(charged)") }
    return faults
  }
}

extension ScanTable {
  func violatedInvariants() -> [String] {
    var faults: [String] = []
    if chains.count != 1 << level + split { faults.append("chains do not match the level") }
    var reached = 0
    for chain in chains.indices {
      var slot = chains[chain]
      while slot != Self.end, reached <= slots.count {
        reached += 1
        let element = slots[Int(slot)]
        if !element.isLive { faults.append("free slot \(slot) in chain \(chain)") }
        if self.chain(of: element.hash) != chain { faults.append("slot \(slot) in a wrong chain") }
        slot = element.next
      }
    }
    if reached != count { faults.append("chains reach \(reached) of \(count) elements") }
    return faults
  }
}

extension DeadlineHeap {
  func violatedInvariants() -> [String] {
    var faults: [String] = []
    for place in items.indices {
      if items[(max(1, place) - 1) / 2].deadline > items[place].deadline {
        faults.append("heap order broken at \(place)")
      }
      if places[Int(items[place].slot)] != Int32(place) { faults.append("wrong place \(place)") }
    }
    if places.count(where: { $0 >= 0 }) != items.count { faults.append("places left over") }
    return faults
  }
}

extension RecencyList {
  func violatedInvariants(count: Int, isLive: (UInt32) -> Bool) -> [String] {
    var faults: [String] = []
    var reached = 0
    var newer = Self.none
    var slot = newest
    while slot != Self.none, reached <= count {
      reached += 1
      if !isLive(slot) { faults.append("free slot \(slot) in the recency list") }
      if links[Int(slot)].newer != newer { faults.append("broken link at slot \(slot)") }
      (newer, slot) = (slot, links[Int(slot)].older)
    }
    if reached != count || last != newer { faults.append("recency list reaches \(reached)") }
    return faults
  }
}
