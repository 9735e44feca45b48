package import CacheModel

/// What a plan does to each of its keys.
package enum PlannedChange: Sendable, Hashable {
  case delete
  /// The server expires the keys, so that their `expired` events fire.
  case expireNow
  case setTTL(TTLChange)
  /// Each key's TTL differs by up to so many per cent, 1 to 100.
  case spreadTTL(milliseconds: Int64, percent: Int)
  case persist
  /// Another beginning for the names that have this one.
  case renamePrefix(from: [UInt8], to: [UInt8])
  /// The entries are put into another source; here the keys stay as they are.
  case copy(onConflict: ConflictChoice)

  /// What a person typed as a TTL.
  package init(_ input: TTLInput) {
    switch input.change {
    case .now: self = .expireNow
    case .persist: self = .persist
    case .fromNow(let milliseconds):
      self =
        input.spreadPercent.map { .spreadTTL(milliseconds: milliseconds, percent: $0) }
        ?? .setTTL(input.change)
    case .adjust, .until: self = .setTTL(input.change)
    }
  }

  /// What becomes of one key; nil for a key that the plan does not concern.
  package func change(of key: CacheKey) -> KeyedChange? {
    switch self {
    case .delete: KeyedChange(key: key, change: .delete)
    case .expireNow: KeyedChange(key: key, change: .expireNow)
    case .persist: KeyedChange(key: key, change: .setTTL(.persist))
    case .setTTL(let ttl): KeyedChange(key: key, change: .setTTL(ttl))
    case .spreadTTL(let milliseconds, let percent):
      KeyedChange(
        key: key, change: .setTTL(.fromNow(milliseconds: Self.spread(milliseconds, percent))))
    case .renamePrefix(let old, let new):
      key.bytes.starts(with: old)
        ? KeyedChange(
          key: key,
          change: .rename(to: CacheKey(new + key.bytes.dropFirst(old.count)), replacing: false))
        : nil
    case .copy: nil
    }
  }

  private static func spread(_ milliseconds: Int64, _ percent: Int) -> Int64 {
    let width = milliseconds / 100 * Int64(min(100, max(0, percent)))
    return max(1, milliseconds + Int64.random(in: -width...width))
  }

  /// What happens, within a sentence: `deletes`.
  package var verb: String {
    switch self {
    case .delete: "deletes"
    case .expireNow: "expires"
    case .persist: "removes the TTL of"
    case .setTTL, .spreadTTL: "sets the TTL of"
    case .renamePrefix: "renames"
    case .copy: "copies"
    }
  }

  /// The same as an order, for the title of a change: `delete`.
  package var order: String {
    switch self {
    case .delete: "delete"
    case .expireNow: "expire"
    case .persist: "remove the TTL of"
    case .setTTL, .spreadTTL: "set the TTL of"
    case .renamePrefix: "rename"
    case .copy: "copy"
    }
  }

  /// What the keys are, behind their number: `deleted`.
  package var outcome: String {
    switch self {
    case .delete: "deleted"
    case .expireNow: "expired"
    case .persist: "never expire now"
    case .setTTL, .spreadTTL: "have the new TTL"
    case .renamePrefix: "renamed"
    case .copy: "copied"
    }
  }

  /// What has happened, before the number of keys: `deleted`.
  package var doneWord: String {
    switch self {
    case .delete: "deleted"
    case .expireNow: "expired"
    case .persist: "removed the TTL of"
    case .setTTL, .spreadTTL: "gave a TTL to"
    case .renamePrefix: "renamed"
    case .copy: "copied"
    }
  }
}
