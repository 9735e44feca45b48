/// Why a key was not given a tag.
package enum TagRefusal: Error, Sendable, Equatable {
  /// A tag has at least one byte and at most `Keyspace.tagLengthLimit`.
  case wrongLength
  /// The key would have more than `Keyspace.tagsOfKeyLimit`.
  case tooMany
}

/// Tags belong to a key as its deadline does. They go with it when it is deleted, expires, is
/// evicted or flushed, they follow it when it is renamed and are copied with it. A change within
/// the value keeps them; what gives a key a new value and drops its deadline (SET without KEEPTTL,
/// and the commands that store a result) makes a new entry, which has none.
extension Keyspace {
  /// The most tags that one key can have.
  package static let tagsOfKeyLimit = 1024
  /// The most bytes of a tag.
  package static let tagLengthLimit = 1024

  /// Gives a key tags and answers how many of them are new to it; 0 when there is no such key.
  /// Refused, it gives none of them. Constant time for each tag in the mean.
  package mutating func tag(
    _ key: [UInt8], with tags: [[UInt8]], in database: Int, at now: Int64
  ) throws(TagRefusal) -> Int {
    guard tags.allSatisfy({ !$0.isEmpty && $0.count <= Self.tagLengthLimit }) else {
      throw .wrongLength
    }
    guard let slot = liveSlot(key, in: database, at: now) else { return 0 }
    let new = Set(tags.filter { !databases[database].tags.has($0, key: key) })
    guard databases[database].tags.tagCount(of: slot) + new.count <= Self.tagsOfKeyLimit else {
      throw .tooMany
    }
    guard !new.isEmpty else { return 0 }
    insertTags(tags, for: slot, in: database)
    note(.changed, key, in: database)
    return new.count
  }

  /// Takes tags from a key, or all with nil, and answers how many it had of them.
  package mutating func untag(
    _ key: [UInt8], _ tags: [[UInt8]]?, in database: Int, at now: Int64
  ) -> Int {
    guard let slot = liveSlot(key, in: database, at: now) else { return 0 }
    let had = tags ?? databases[database].tags.tags(of: slot)
    let removed = had.count { databases[database].tags.remove($0, of: slot, key: key) }
    guard removed > 0 else { return 0 }
    databases[database].table[slot].version = nextVersion()
    databases[database].recharge(slot)
    note(.changed, key, in: database)
    return removed
  }

  /// The tags of a key in the order in which they were given; nil when there is no such key.
  package mutating func tags(
    of key: [UInt8], in database: Int, at now: Int64
  ) -> [[UInt8]]? {
    liveSlot(key, in: database, at: now).map { databases[database].tags.tags(of: $0) }
  }

  /// One step of a walk over the keys of a tag, with the guarantee of `ScanTable.scan`: a key that
  /// has the tag throughout is told at least once. Keys whose time is over are left out.
  package mutating func keys(
    tagged tag: [UInt8], from cursor: UInt64, count: Int, in database: Int, at now: Int64
  ) -> (next: UInt64, keys: [[UInt8]]) {
    let (next, pairs) = databases[database].tags.scan(tag, from: cursor, count: count)
    return (next, pairs.map(\.key).filter { liveSlot($0, in: database, at: now) != nil })
  }

  /// One step of a walk over the tags with the numbers of their keys, which count what is due and
  /// not yet removed.
  package func tagNames(
    from cursor: UInt64, count: Int, in database: Int
  ) -> (next: UInt64, tags: [(tag: [UInt8], keys: Int)]) {
    let names = databases[database].tags.names
    var tags: [(tag: [UInt8], keys: Int)] = []
    let next = names.scan(from: cursor, count: count) {
      tags.append((names.key(at: $0), names[$0].count))
    }
    return (next, tags)
  }

  /// One step of the removal of the keys of a tag: of about `count` of them those that have had it
  /// since `stamp` or before, which is the value of `latestStamp` when the removal began. The keys
  /// that it removed, and where to go on; 0 when it is complete.
  package mutating func removeTagged(
    _ tag: [UInt8], since stamp: UInt64, from cursor: UInt64, count: Int, in database: Int,
    at now: Int64
  ) -> (next: UInt64, removed: [[UInt8]]) {
    let (next, pairs) = databases[database].tags.scan(tag, from: cursor, count: count)
    let old = pairs.filter { $0.stamp <= stamp }.map(\.key)
    return (next, old.filter { remove($0, in: database, at: now) != nil })
  }

  /// The stamp that the last change left; every later tagging has a higher one.
  package var latestStamp: UInt64 { lastVersion }

  /// How many tags, keys with tags and pairs of these a database has.
  package func tagCounts(in database: Int) -> (tags: Int, keys: Int, pairs: Int) {
    let tags = databases[database].tags
    return (tags.names.count, tags.tagsOfSlot.count, tags.pairCount)
  }

  /// Gives the entry in a slot tags, without a check or a note.
  mutating func insertTags(_ tags: [[UInt8]], for slot: UInt32, in database: Int) {
    guard !tags.isEmpty else { return }
    let stamp = nextVersion()
    let key = databases[database].table.key(at: slot)
    for tag in tags {
      _ = databases[database].tags.insert(tag, for: slot, key: key, stamp: stamp)
    }
    databases[database].table[slot].version = stamp
    databases[database].recharge(slot)
  }
}
