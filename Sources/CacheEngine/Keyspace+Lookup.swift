extension Keyspace {
  /// The entry of a key, or nil when there is none or its time is over.
  package mutating func entry(
    _ key: [UInt8], in database: Int, at now: Int64, traces: LookupTraces = []
  ) -> Entry? {
    let slot = liveSlot(key, in: database, at: now)
    if traces.contains(.count) {
      if slot == nil { statistics.misses += 1 } else { statistics.hits += 1 }
    }
    guard let slot else { return nil }
    if traces.contains(.use) { noteUse(of: slot, in: database, at: now) }
    return databases[database].table[slot]
  }

  /// The version of a key's state for optimistic locking: 0 when there is no such key, otherwise a
  /// number that no other state of any key ever had.
  package mutating func version(_ key: [UInt8], in database: Int, at now: Int64) -> UInt64 {
    liveSlot(key, in: database, at: now).map { databases[database].table[$0].version } ?? 0
  }

  /// A key chosen by `random`, which gives a number below its argument; nil without keys. After
  /// many removals the choice is not quite even.
  package mutating func anyKey(
    in database: Int, at now: Int64, random: (Int) -> Int
  ) -> [UInt8]? {
    while databases[database].table.count > 0 {
      let start = random(databases[database].table.slotLimit)
      guard let slot = databases[database].table.liveSlot(from: start) else { return nil }
      if !removeIfDue(slot, in: database, at: now) {
        return databases[database].table.key(at: slot)
      }
    }
    return nil
  }

  /// One step of a walk over the keys; see `ScanTable.scan` for what it guarantees. Keys whose time
  /// is over are removed and left out.
  package mutating func scan(
    in database: Int, from cursor: UInt64, count: Int, at now: Int64
  ) -> (next: UInt64, keys: [[UInt8]]) {
    var slots: [UInt32] = []
    let next = databases[database].table.scan(from: cursor, count: count) { slots.append($0) }
    let keys = slots.compactMap { slot in
      let key = databases[database].table.key(at: slot)
      return removeIfDue(slot, in: database, at: now) ? nil : key
    }
    return (next, keys)
  }

  /// All keys. Linear; for small keyspaces and for tests.
  package mutating func keys(in database: Int, at now: Int64) -> [[UInt8]] {
    _ = expireDue(at: now, limit: .max)
    var keys: [[UInt8]] = []
    databases[database].table.forEach { key, _ in keys.append(key) }
    return keys
  }

  /// The slot of a key that exists; one whose time is over is removed.
  mutating func liveSlot(_ key: [UInt8], in database: Int, at now: Int64) -> UInt32? {
    guard let slot = databases[database].table.slot(of: key) else { return nil }
    return removeIfDue(slot, in: database, at: now) ? nil : slot
  }

  mutating func noteUse(of slot: UInt32, in database: Int, at now: Int64) {
    databases[database].table[slot].lastUse = now
    databases[database].recency.moveToNewest(slot)
  }
}
