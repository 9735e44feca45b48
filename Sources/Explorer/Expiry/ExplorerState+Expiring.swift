package import CacheModel

/// What the Expiry screen tells beside what was counted.
extension ExplorerState {
  /// The loaded keys that expire first, with what is left of their lives and what their bars are
  /// measured by, in milliseconds. Those that have gone since they were counted are left out.
  package func nextToExpire(_ most: Int) -> [(key: CacheKey, left: Int64, first: Int64)] {
    var next: [(key: CacheKey, left: Int64, first: Int64)] = []
    for key in expiry.survey?.soonest ?? [] where next.count < most {
      guard keys.index.isLive(key.slot), keys.index[fate: key.slot].goneSince == nil else {
        continue
      }
      let figures = keys.index[figures: key.slot]
      guard figures.expiry == .at(key.deadline), key.deadline > now else { continue }
      let left = key.deadline.milliseconds(since: now)
      next.append((keys.index.key(key.slot), left, figures.firstTTL?.milliseconds ?? left))
    }
    return next
  }

  /// How many of so many keys would be asked for in the minute after they have expired, if they are
  /// used as all keys were in the last minute: each of those is a miss. Nil where that is not known.
  package func missesAfterExpiry(of count: Double) -> Double? {
    guard let lookups = stats.history.lookups(within: 60_000),
      let keys = stats.history.latest?.keys,
      keys > 0
    else { return nil }
    let hitsPerKey = lookups.value * lookups.lookups / Double(keys)
    return count * (1 - Poisson.exponential(-hitsPerKey))
  }
}
