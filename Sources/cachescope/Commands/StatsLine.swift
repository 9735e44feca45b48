import CacheModel

/// The figures of one moment beside those of an earlier one.
///
/// Counters fall when a server restarts; then there is no interval to speak of, and the line is as
/// the first one. A figure that the source does not tell is nil in every derived form too.
struct StatsLine: Sendable {
  let now: CacheStatistics
  private let earlier: CacheStatistics?

  init(_ now: CacheStatistics, since earlier: CacheStatistics?) {
    self.now = now
    self.earlier = earlier.flatMap { Self.isContinued(from: $0, to: now) ? $0 : nil }
  }

  private static func isContinued(from earlier: CacheStatistics, to now: CacheStatistics) -> Bool {
    guard now.moment > earlier.moment, now.runID == earlier.runID else { return false }
    let pairs = [(earlier.hits, now.hits), (earlier.misses, now.misses)]
    return pairs.allSatisfy { ($0 ?? 0) <= ($1 ?? .max) }
  }

  /// Seconds since the earlier line; nil on a first line.
  var interval: Double? {
    earlier.map { Double(now.moment.milliseconds(since: $0.moment)) / 1000 }
  }

  /// How much a counter grew over the interval; nil on a first line.
  func growth(_ counter: (CacheStatistics) -> Int64?) -> Int64? {
    guard let earlier, let after = counter(now), let before = counter(earlier) else { return nil }
    let (difference, overflow) = after.subtractingReportingOverflow(before)
    return overflow ? nil : max(0, difference)
  }

  /// The same each second.
  func rate(_ counter: (CacheStatistics) -> Int64?) -> Double? {
    guard let interval, interval > 0, let growth = growth(counter) else { return nil }
    return Double(growth) / interval
  }

  /// The share of hits over the interval, on a first line since the server's start; nil when there
  /// was no lookup or the source does not tell.
  var hitRatio: Double? {
    let hits = earlier == nil ? now.hits : growth(\.hits)
    let misses = earlier == nil ? now.misses : growth(\.misses)
    guard let hits, let misses else { return nil }
    let lookups = Double(hits) + Double(misses)
    return lookups > 0 ? Double(hits) / lookups : nil
  }
}
