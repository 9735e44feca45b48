extension Keyspace {
  /// Removes at most `limit` entries whose time is over, those due first before the others, and
  /// returns how many. Logarithmic for each.
  @discardableResult
  package mutating func expireDue(at now: Int64, limit: Int) -> Int {
    var removed = 0
    for database in databases.indices {
      while removed < limit, let due = databases[database].deadlines.earliest, due.deadline <= now {
        note([.expired, .changed], slot: due.slot, in: database)
        _ = databases[database].remove(due.slot)
        removed += 1
      }
    }
    statistics.expired += Int64(removed)
    return removed
  }

  /// The earliest deadline of all databases.
  package var nextDeadline: Int64? {
    databases.compactMap { $0.deadlines.earliest?.deadline }.min()
  }

  /// Removes the entry in a slot if its time is over, and answers whether it did.
  mutating func removeIfDue(_ slot: UInt32, in database: Int, at now: Int64) -> Bool {
    guard let deadline = databases[database].table[slot].deadline, deadline <= now else {
      return false
    }
    note([.expired, .changed], slot: slot, in: database)
    _ = databases[database].remove(slot)
    statistics.expired += 1
    return true
  }
}

extension Keyspace {
  /// Brings the memory below its bound: first by what is due, then as the policy says. False when
  /// that is not possible: then writes that need memory are to be refused.
  package mutating func makeRoom(at now: Int64) -> Bool {
    guard let memoryBound else { return true }
    while usedMemory > memoryBound {
      if expireDue(at: now, limit: 64) > 0 { continue }
      guard policy == .allKeysLRU, evictOldest() else { return false }
    }
    return true
  }

  /// Evicts the entry that was not used for the longest time in any database.
  private mutating func evictOldest() -> Bool {
    var victim: (database: Int, slot: UInt32, lastUse: Int64)?
    for database in databases.indices {
      guard let slot = databases[database].recency.oldest else { continue }
      let lastUse = databases[database].table[slot].lastUse
      if lastUse < victim?.lastUse ?? .max { victim = (database, slot, lastUse) }
    }
    guard let victim else { return false }
    note([.evicted, .changed], slot: victim.slot, in: victim.database)
    _ = databases[victim.database].remove(victim.slot)
    statistics.evicted += 1
    return true
  }
}
