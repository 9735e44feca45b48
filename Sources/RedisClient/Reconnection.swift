/// When to try again: 0.5 s after the first failure, then twice as long each time up to 30 s, each
/// time up to a fifth more or less, so that many clients of one server do not return together. While
/// nobody is there at all a try costs nobody anything, and the pause stays at a second: what comes back
/// is found at once. A connection that held for less than a second counts as one more failure. No clock
/// of its own.
package struct Reconnection: Sendable {
  private var failures = 0
  private var connectedAt: Int64?

  package static let first: Int64 = 500
  package static let longest: Int64 = 30_000
  package static let longestWhileAbsent: Int64 = 1_000

  package init() {}

  /// A connection is ready, at `now` milliseconds.
  package mutating func succeeded(at now: Int64) {
    connectedAt = now
  }

  /// A try failed or a connection broke; answers the milliseconds to wait. `spread` is a random
  /// number from -1 to 1; `isAbsent` when there was no connection at all, or one that had logged in and
  /// broke, so that the server is most likely away.
  package mutating func failed(at now: Int64, spread: Double, isAbsent: Bool = false) -> Int64 {
    if let connectedAt, now - connectedAt >= 1_000 { failures = 0 }
    connectedAt = nil
    let longest = isAbsent ? Self.longestWhileAbsent : Self.longest
    let delay = min(longest, Self.first << min(failures, 10))
    failures += isAbsent && delay == longest ? 0 : 1
    let bounded = max(-1, min(1, spread))
    return min(Self.longest, delay + Int64(Double(delay) * bounded / 5))
  }
}
