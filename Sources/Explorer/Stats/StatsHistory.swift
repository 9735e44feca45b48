package import CacheModel

/// What happened at the source over the last day: each figure by the second for an hour and by the
/// minute for a day, in memory that is taken at once and never grows.
///
/// Counters are kept as differences of two samples, levels as they are. Where the counters begin anew
/// (the server was restarted, its counters were reset, another server took over) and where nobody
/// looked (the program was stopped, the machine slept, the connection was away) the counts of the
/// stretch are unknown: it is a break (`breaks`), and never shows as a spike. A figure that a
/// source does not tell is unknown in every row.
package struct StatsHistory: Sendable {
  /// The newest sample; nil before the first and after an interruption.
  package private(set) var latest: CacheStatistics?
  private(set) var seconds: FigureRing
  private(set) var minutes: FigureRing
  /// The newest breaks, the oldest first.
  package private(set) var breaks: [StatsBreak] = []
  /// How much the counters had grown by each of the last samples, for commands.
  package private(set) var commands = CommandHistory()
  /// The newest round trips, for their median.
  private var trips: [Int64] = []
  /// The last sample before an interruption, while it lasts.
  private var interrupted: CacheStatistics?

  /// A sample that comes later than so many milliseconds after the one before tells of no second.
  static let longestStretch: Int64 = 10_000
  private static let breaksKept = 200
  private static let tripsKept = 60

  package init(seconds: Int = 3600, minutes: Int = 1440) {
    self.seconds = FigureRing(columns: Self.figureCount, capacity: seconds)
    self.minutes = FigureRing(columns: Self.figureCount * Self.facets, capacity: minutes)
  }

  static let figureCount = StatsFigure.allCases.count
  /// Of a minute each figure is kept as its sum or mean, its lowest and its highest.
  static let facets = 3

  /// Bytes that it takes.
  package var heldBytes: Int {
    seconds.heldBytes + minutes.heldBytes + commands.heldBytes
      + breaks.capacity * MemoryLayout<StatsBreak>.stride
  }

  /// Takes one sample. The first only sets the starting point of the counters.
  package mutating func record(_ sample: CacheStatistics) {
    guard let before = latest else { return begin(with: sample) }
    let milliseconds = sample.moment.milliseconds(since: before.moment)
    guard milliseconds > 0 else { return }
    closeMinutes(before: sample.moment)
    let cause = StatsBreak.Cause(from: before, to: sample, milliseconds: milliseconds)
    if let cause { note(cause, sample) }
    addRow(sample, since: before, milliseconds, isBreak: cause != nil)
    commands.record(sample, beginsAnew: cause != nil && cause != .gap)
    latest = cause == nil ? Self.keepingHighest(of: before, in: sample) : sample
  }

  /// The first sample, or the first after an interruption.
  private mutating func begin(with sample: CacheStatistics) {
    var cause: StatsBreak.Cause?
    if let before = interrupted {
      let milliseconds = sample.moment.milliseconds(since: before.moment)
      cause = StatsBreak.Cause(from: before, to: sample, milliseconds: milliseconds) ?? .gap
    }
    if let cause { note(cause, sample) }
    commands.record(sample, beginsAnew: cause != nil && cause != .gap)
    interrupted = nil
    latest = sample
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
    interrupted = latest ?? interrupted
    latest = nil
  }

  private mutating func note(_ cause: StatsBreak.Cause, _ sample: CacheStatistics) {
    breaks.append(StatsBreak(cause: cause, moment: sample.moment, time: sample.time))
    if breaks.count > Self.breaksKept { breaks.removeFirst(breaks.count - Self.breaksKept) }
  }

  // MARK: Rows

  private mutating func addRow(
    _ sample: CacheStatistics, since before: CacheStatistics, _ milliseconds: Int64, isBreak: Bool
  ) {
    let trips = noteTrip(sample.roundTripMicroseconds)
    let stretch = FigureRing.Stretch(
      end: sample.moment.milliseconds, wall: sample.time.milliseconds, length: milliseconds,
      known: isBreak ? 0 : milliseconds)
    seconds.append(stretch) { column in
      guard let figure = StatsFigure(rawValue: UInt8(column)) else { return nil }
      switch figure {
      case .medianRoundTrip: return trips?.median
      case .longestRoundTrip: return trips?.longest
      case _ where figure.isCounter:
        guard !isBreak, let old = before[figure], let new = sample[figure] else { return nil }
        let (growth, overflow) = new.subtractingReportingOverflow(old)
        return overflow ? nil : Double(max(0, growth))
      default: return sample[figure].map(Double.init)
      }
    }
  }

  private mutating func noteTrip(_ trip: Int64?) -> (median: Double, longest: Double)? {
    guard let trip else { return nil }
    trips.append(trip)
    if trips.count > Self.tripsKept { trips.removeFirst() }
    let sorted = trips.sorted()
    let rank = (sorted.count * 99 + 99) / 100 - 1
    return (Double(sorted[sorted.count / 2]), Double(sorted[max(0, rank)]))
  }

  /// Sums the seconds of each minute that is over up into a row.
  private mutating func closeMinutes(before moment: Moment) {
    guard let last = seconds.last else { return }
    let minute = Self.minute(of: last.end)
    guard Self.minute(of: moment.milliseconds) > minute else { return }
    let rows = seconds.firstRow(endingAfter: minute * 60_000)..<seconds.count
    guard let first = rows.first else { return }
    let known = rows.reduce(Int64(0)) { $0 + seconds.stretch($1).known }
    let stretch = FigureRing.Stretch(
      end: last.end, wall: last.wall, length: last.end - seconds.stretch(first).start,
      known: known)
    let ring = seconds
    let summaries = (0..<Self.figureCount).map { FigureSummary($0, rows, of: ring) }
    minutes.append(stretch) { summaries[$0 / Self.facets]?[$0 % Self.facets] }
  }

  /// A stretch that ends with a minute belongs to it.
  private static func minute(of end: Int64) -> Int64 { (end - 1) / 60_000 }
}

/// What a minute was: of a counter how much it grew, and how many a second at least and at most; of a
/// level its mean and its bounds.
private struct FigureSummary {
  private var value = 0.0
  private var low = Double.infinity
  private var high = -Double.infinity

  /// Nil when nothing is known in these rows.
  init?(_ column: Int, _ rows: Range<Int>, of ring: FigureRing) {
    let isCounter = StatsFigure(rawValue: UInt8(column))?.isCounter ?? false
    var count = 0
    for row in rows {
      guard let figure = ring.figure(column, row) else { continue }
      let length = Double(max(1, ring.stretch(row).length))
      let level = isCounter ? figure * 1000 / length : figure
      value += figure
      low = min(low, level)
      high = max(high, level)
      count += 1
    }
    guard count > 0 else { return nil }
    if !isCounter { value /= Double(count) }
  }

  subscript(facet: Int) -> Double { facet == 0 ? value : facet == 1 ? low : high }
}

/// A share of hits among lookups; nil while there was no lookup.
package struct HitRatio: Sendable, Hashable {
  package var value: Double
  /// How many lookups it is of.
  package var lookups: Double

  package init?(hits: Int64, misses: Int64) {
    self.init(hits: Double(hits), misses: Double(misses))
  }

  package init?(hits: Double, misses: Double) {
    lookups = hits + misses
    guard lookups > 0 else { return nil }
    value = hits / lookups
  }

  /// Lookups below which it is worth little.
  package static let few = 100.0

  package var isOfFew: Bool { lookups < Self.few }

  /// Where it lies in 95 of 100 cases: Wilson's interval (1927), which holds for few lookups and at
  /// the ends too.
  package var interval: ClosedRange<Double> {
    let (z, n) = (1.96, lookups)
    let scale = 1 + z * z / n
    let middle = (value + z * z / (2 * n)) / scale
    let reach = z * (value * (1 - value) / n + z * z / (4 * n * n)).squareRoot() / scale
    return max(0, middle - reach)...min(1, middle + reach)
  }
}
