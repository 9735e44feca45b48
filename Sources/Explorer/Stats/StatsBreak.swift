package import CacheModel

/// Where the history does not go on from what was before.
package struct StatsBreak: Sendable, Equatable {
  package enum Cause: Sendable, Hashable {
    /// The server was started anew.
    case restart
    /// Its counters were set to nothing.
    case reset
    /// Another server has taken over.
    case failover
    /// Nobody looked.
    case gap
  }

  package var cause: Cause
  /// When the first sample after it was taken.
  package var moment: Moment
  package var time: WallTime
}

extension StatsBreak.Cause {
  /// Milliseconds that clocks and whole seconds of uptime may differ by.
  private static let tolerance: Int64 = 5000

  /// Nil when the second sample goes on from the first.
  init?(from before: CacheStatistics, to after: CacheStatistics, milliseconds: Int64) {
    if before.runID != after.runID {
      // Who has run for longer than nobody has looked is no newcomer.
      let uptime = (after.uptimeSeconds ?? 0) &* 1000
      self = uptime > milliseconds + Self.tolerance ? .failover : .restart
      return
    }
    if let old = before.uptimeSeconds, let new = after.uptimeSeconds, new < old {
      self = .restart
    } else if Self.hasFallen(before, after) {
      self = .reset
    } else if milliseconds > StatsHistory.longestStretch
      || Self.wallTime(before, after) - milliseconds > Self.tolerance
    {
      // The second happens when the machine has slept: its clock of moments stands still then.
      self = .gap
    } else {
      return nil
    }
  }

  private static func wallTime(_ before: CacheStatistics, _ after: CacheStatistics) -> Int64 {
    let (elapsed, overflow) = after.time.milliseconds.subtractingReportingOverflow(
      before.time.milliseconds)
    return overflow ? 0 : elapsed
  }

  /// Whether a counter of the server's went back. Hits and misses may do so without it: own lookups
  /// are subtracted from them.
  private static func hasFallen(_ before: CacheStatistics, _ after: CacheStatistics) -> Bool {
    let counters: [StatsFigure] = [
      .commands, .networkIn, .networkOut, .connections, .expired, .evicted, .errors,
    ]
    return counters.contains { figure in
      guard let old = before[figure], let new = after[figure] else { return false }
      return new < old
    }
  }
}
