extension Keyspace {
  /// Sets a key to a value. The entry becomes the most recently used one. With its deadline it
  /// keeps its tags, otherwise it loses them.
  package mutating func set(
    _ key: [UInt8], to value: StoredValue, deadline: DeadlineChange, in database: Int, at now: Int64
  ) {
    guard let slot = liveSlot(key, in: database, at: now) else {
      let limit: Int64? = if case .set(let limit) = deadline { limit } else { nil }
      let entry = Entry(value: value, deadline: limit, lastUse: now, version: nextVersion())
      databases[database].insert(key, entry, asOldest: false)
      return note([.new, .changed], key, in: database)
    }
    note(.changed, key, in: database)
    databases[database].table[slot].value = value
    databases[database].table[slot].version = nextVersion()
    if deadline != .keep { databases[database].tags.removeAll(of: slot, key: key) }
    noteUse(of: slot, in: database, at: now)
    switch deadline {
    case .keep: databases[database].recharge(slot)
    case .remove: databases[database].setDeadline(nil, of: slot)
    case .set(let limit): databases[database].setDeadline(limit, of: slot)
    }
  }

  /// Changes the value of a key that exists, in place; nil when there is no such key. A collection
  /// that is empty afterwards is removed. `changed` false leaves version and charge as they are.
  package mutating func update<Result>(
    _ key: [UInt8], in database: Int, at now: Int64,
    _ body: (inout StoredValue) -> (changed: Bool, result: Result)
  ) -> Result? {
    guard let slot = liveSlot(key, in: database, at: now) else { return nil }
    let (changed, result) = body(&databases[database].table[slot].value)
    noteUse(of: slot, in: database, at: now)
    guard changed else { return result }
    note(.changed, key, in: database)
    databases[database].table[slot].version = nextVersion()
    databases[database].recharge(slot)
    if databases[database].table[slot].value.isEmptyCollection {
      _ = databases[database].remove(slot)
    }
    return result
  }

  /// Sets or (nil) removes the deadline of a key and answers whether the key exists.
  @discardableResult
  package mutating func setDeadline(
    _ deadline: Int64?, of key: [UInt8], in database: Int, at now: Int64
  ) -> Bool {
    guard let slot = liveSlot(key, in: database, at: now) else { return false }
    databases[database].table[slot].version = nextVersion()
    databases[database].setDeadline(deadline, of: slot)
    note(.changed, key, in: database)
    return true
  }

  /// Removes a key and returns its entry; nil when there was none.
  @discardableResult
  package mutating func remove(_ key: [UInt8], in database: Int, at now: Int64) -> Entry? {
    guard let slot = liveSlot(key, in: database, at: now) else { return nil }
    note(.changed, key, in: database)
    return databases[database].remove(slot)
  }

  /// Puts an entry that was removed under a key, replacing what is there: for renaming, copying and
  /// restoring. `lastUse` keeps its age when it is given.
  mutating func put(
    _ entry: Entry, at key: [UInt8], in database: Int, at now: Int64, lastUse: Int64? = nil,
    tags: [[UInt8]] = []
  ) {
    remove(key, in: database, at: now)
    var entry = entry
    entry.version = nextVersion()
    entry.lastUse = lastUse ?? now
    entry.charge = 0
    let oldest = databases[database].recency.oldest
    let oldestUse = oldest.map { databases[database].table[$0].lastUse } ?? .min
    databases[database].insert(key, entry, asOldest: entry.lastUse < oldestUse)
    if !tags.isEmpty, let slot = databases[database].table.slot(of: key) {
      insertTags(tags, for: slot, in: database)
    }
    note([.new, .changed], key, in: database)
  }

  /// Puts a value with its deadline and the time of its last use under a key, replacing what is
  /// there with its tags.
  package mutating func restore(
    _ value: StoredValue, deadline: Int64?, at key: [UInt8], in database: Int, now: Int64,
    lastUse: Int64?
  ) {
    let entry = Entry(value: value, deadline: deadline, lastUse: now, version: 0)
    put(entry, at: key, in: database, at: now, lastUse: lastUse)
  }

  /// Removes all entries of a database. The memory is given back before the call returns.
  package mutating func removeAll(in database: Int) {
    databases[database] = Database()
    note(.flushed, [], in: database)
  }
}
