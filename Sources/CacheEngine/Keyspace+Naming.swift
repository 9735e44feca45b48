extension Keyspace {
  /// Gives a key another name, replacing what has it; deadline, last use and tags go along. False
  /// when there is no such key.
  package mutating func rename(
    _ key: [UInt8], to name: [UInt8], in database: Int, at now: Int64
  ) -> Bool {
    guard let slot = liveSlot(key, in: database, at: now) else { return false }
    guard key != name else { return true }
    let tags = databases[database].tags.tags(of: slot)
    guard let entry = remove(key, in: database, at: now) else { return false }
    put(entry, at: name, in: database, at: now, lastUse: entry.lastUse, tags: tags)
    return true
  }

  /// Puts a key's value with its deadline and tags under a name in the same or another database,
  /// replacing what has it. False when there is no such key.
  package mutating func copy(
    _ key: [UInt8], in database: Int, to name: [UInt8], in target: Int, at now: Int64
  ) -> Bool {
    guard let slot = liveSlot(key, in: database, at: now) else { return false }
    guard key != name || database != target else { return true }
    let tags = databases[database].tags.tags(of: slot)
    put(databases[database].table[slot], at: name, in: target, at: now, tags: tags)
    return true
  }
}
