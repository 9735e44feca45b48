/// What a person has in view and wants to see change: keys, and prefixes below which keys may come
/// and go.
package struct FollowedView: Sendable, Hashable {
  package var keys: [CacheKey]
  package var prefixes: [[UInt8]]

  package init(keys: [CacheKey] = [], prefixes: [[UInt8]] = []) {
    self.keys = keys
    self.prefixes = prefixes
  }
}

/// Why a source no longer tells of changes.
package enum WatchEnd: Sendable, Hashable {
  /// It cannot, or not to this user.
  case cannotTell
  /// There were more changes than are worth being told one by one.
  case tooManyChanges
  /// The caller wanted no more.
  case stopped
}
