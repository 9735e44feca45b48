/// How many changes a source tells in a second, by a clock that is handed in. Pure.
package struct PushRate: Sendable {
  /// Names told in one second above which they are more than a person can follow, and cost more than
  /// asking for what is in view.
  package static let most = 500
  private static let window: Int64 = 1_000_000

  private var since: Int64?
  private var count = 0

  package init() {}

  /// Counts names told at this many microseconds; true when there were too many within a second.
  package mutating func take(_ names: Int, at now: Int64) -> Bool {
    if let since, now - since < Self.window, now >= since {
      count += names
    } else {
      since = now
      count = names
    }
    return count > Self.most
  }
}
