package import CacheModel

/// What happened at the source between two samples, a second or so apart.
package struct StatsPoint: Sendable, Equatable {
  package var moment: Moment
  package var time: WallTime
  /// Length of the interval that the counts belong to.
  package var milliseconds: Int64
  package var hits: Int64?
  package var misses: Int64?
  package var commands: Int64?
  package var expired: Int64?
  package var evicted: Int64?
  package var networkIn: Int64?
  package var networkOut: Int64?
  package var usedMemory: ByteCount?
  package var roundTripMicroseconds: Int64?
  package var ownCommands: Int64
  /// The server restarted or its counters were reset: the counts of this interval are unknown.
  package var isBreak: Bool

  /// Commands of everybody else.
  package var othersCommands: Int64? { commands.map { max(0, $0 &- ownCommands) } }

  /// When the interval began.
  package var start: Moment { moment.advanced(by: -milliseconds) }
}

/// The samples of the last hour, one a second, as differences of the server's counters.
///
/// A counter that fell, another run id or a shorter uptime means a restart or a reset: the point is
/// a break without counts, so it never shows as a spike. The memory is bounded by `capacity`.
package struct StatsHistory: Sendable {
  package private(set) var points: [StatsPoint] = []
  package private(set) var latest: CacheStatistics?
  private let capacity: Int

  package init(capacity: Int = 3600) {
    self.capacity = capacity
  }

  /// Takes one sample. The first only sets the starting point of the counters.
  package mutating func record(_ sample: CacheStatistics) {
    guard let before = latest else {
      latest = sample
      return
    }
    let milliseconds = sample.moment.milliseconds(since: before.moment)
    guard milliseconds > 0 else { return }
    let point = Self.difference(from: before, to: sample, milliseconds: milliseconds)
    points.append(point)
    if points.count > capacity + capacity / 8 { points.removeFirst(points.count - capacity) }
    latest = point.isBreak ? sample : Self.keepingHighest(of: before, in: sample)
  }

  /// Own lookups may be subtracted a moment before the server's counter shows them. The highest
  /// value seen stays the starting point, so that nothing is counted twice.
  private static func keepingHighest(
    of before: CacheStatistics, in sample: CacheStatistics
  ) -> CacheStatistics {
    var result = sample
    if let old = before.hits, let new = sample.hits { result.hits = max(old, new) }
    if let old = before.misses, let new = sample.misses { result.misses = max(old, new) }
    return result
  }

  /// Forgets the counters' starting point: after a pause in the connection the next difference
  /// would cover an unknown time.
  package mutating func interrupt() {
    latest = nil
  }

  /// Hits and misses of the last `milliseconds`, summed.
  package func lookups(within milliseconds: Int64) -> (hits: Int64, misses: Int64) {
    var sum = (hits: Int64(0), misses: Int64(0))
    guard let end = points.last?.moment else { return sum }
    for point in points.reversed() {
      guard end.milliseconds(since: point.moment) < milliseconds else { break }
      sum.hits &+= point.hits ?? 0
      sum.misses &+= point.misses ?? 0
    }
    return sum
  }

  private static func difference(
    from before: CacheStatistics, to after: CacheStatistics, milliseconds: Int64
  ) -> StatsPoint {
    let restarted =
      before.runID != after.runID
      || (after.uptimeSeconds ?? 0) < (before.uptimeSeconds ?? 0)
      || hasFallen(before.commands, after.commands)
    func delta(_ counter: KeyPath<CacheStatistics, Int64?>) -> Int64? {
      guard !restarted, let old = before[keyPath: counter], let new = after[keyPath: counter]
      else { return nil }
      return max(0, new &- old)
    }
    return StatsPoint(
      moment: after.moment, time: after.time, milliseconds: milliseconds,
      hits: delta(\.hits), misses: delta(\.misses), commands: delta(\.commands),
      expired: delta(\.expired), evicted: delta(\.evicted),
      networkIn: delta(\.networkIn), networkOut: delta(\.networkOut),
      usedMemory: after.usedMemory, roundTripMicroseconds: after.roundTripMicroseconds,
      ownCommands: max(0, after.ownCommands &- before.ownCommands), isBreak: restarted)
  }

  private static func hasFallen(_ old: Int64?, _ new: Int64?) -> Bool {
    guard let old, let new else { return false }
    return new < old
  }
}

/// A share of hits among lookups; nil while there was no lookup.
package struct HitRatio: Sendable, Hashable {
  package var value: Double

  package init?(hits: Int64, misses: Int64) {
    let lookups = Double(hits) + Double(misses)
    guard lookups > 0 else { return nil }
    value = Double(hits) / lookups
  }
}
