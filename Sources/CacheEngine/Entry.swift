/// One key's value and what is kept beside it. Times are milliseconds since 1970.
package struct Entry: Sendable {
  package internal(set) var value: StoredValue
  /// When the entry ceases to exist; nil means never.
  package internal(set) var deadline: Int64?
  /// The last use that counted as one.
  package internal(set) var lastUse: Int64
  /// Unique among all states of all keys; it changes with every change of the entry.
  package internal(set) var version: UInt64
  /// What the entry is charged, in bytes.
  package internal(set) var charge = 0

  static let vacant = Entry(value: .string([]), deadline: nil, lastUse: 0, version: 0)
}

/// What to do with the deadline of an entry when its value is replaced.
package enum DeadlineChange: Sendable, Equatable {
  case keep
  case remove
  /// Milliseconds since 1970. A time in the past is allowed: the entry is gone at once.
  case set(Int64)
}

/// Which traces a lookup leaves.
package struct LookupTraces: OptionSet, Sendable {
  package let rawValue: Int
  package init(rawValue: Int) { self.rawValue = rawValue }

  /// The entry becomes the most recently used.
  package static let use = LookupTraces(rawValue: 1)
  /// The lookup counts as a hit or a miss.
  package static let count = LookupTraces(rawValue: 2)
}

/// Counters since the start or the last reset.
package struct KeyspaceStatistics: Sendable, Equatable {
  package var hits: Int64 = 0
  package var misses: Int64 = 0
  package var expired: Int64 = 0
  package var evicted: Int64 = 0

  package init() {}
}

/// What happens when the memory bound is reached. Raw values are Redis' names.
package enum EvictionPolicy: String, Sendable, CaseIterable {
  /// Writes that need memory are refused.
  case noEviction = "noeviction"
  /// The entries not used for the longest time go, whether they have a TTL or not.
  case allKeysLRU = "allkeys-lru"
}
