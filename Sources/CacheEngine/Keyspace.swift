/// The built-in cache: numbered databases of keys with values of five kinds, deadlines, a memory
/// bound and counters.
///
/// It does no input or output and owns no clock: every call says what time it is, in milliseconds
/// since 1970, and the same calls with the same times leave the same state. An entry whose deadline
/// is reached (`now >= deadline`) does not exist for any call: it is removed where a call meets it,
/// and `expireDue` removes the rest in the order of their deadlines, so that counts and memory are
/// true and not, as with sampling, an upper bound.
///
/// Not safe for use from several threads; whoever owns it serialises the calls.
package struct Keyspace: Sendable {
  var databases: [Database]
  var lastVersion: UInt64 = 0

  /// The most bytes that all entries together may be charged; nil means no bound.
  package var memoryBound: Int?
  package var policy: EvictionPolicy
  package internal(set) var statistics = KeyspaceStatistics()

  /// Which kinds of notes are kept until they are taken; none costs nothing.
  package var notedKinds: NoteKinds = []
  package internal(set) var notes: [KeyspaceNote] = []

  package init(databases: Int = 16, memoryBound: Int? = nil, policy: EvictionPolicy = .noEviction) {
    self.databases = Array(repeating: Database(), count: max(1, databases))
    self.memoryBound = memoryBound
    self.policy = policy
  }

  package var databaseCount: Int { databases.count }

  /// What all entries and tags are charged, in bytes.
  package var usedMemory: Int { databases.reduce(0) { $0 + $1.charge + $1.tags.charge } }

  /// The number of entries. Those due but not yet removed are counted; `expireDue` makes it exact.
  package func count(in database: Int) -> Int { databases[database].table.count }

  /// The number of entries with a deadline.
  package func countWithDeadline(in database: Int) -> Int { databases[database].deadlines.count }

  /// The mean time left of the entries with a deadline, in milliseconds.
  package func meanTimeLeft(in database: Int, at now: Int64) -> Int64 {
    databases[database].deadlines.meanTimeLeft(at: now)
  }

  /// Sets all counters to zero.
  package mutating func resetStatistics() {
    statistics = KeyspaceStatistics()
  }

  mutating func nextVersion() -> UInt64 {
    lastVersion += 1
    return lastVersion
  }
}
