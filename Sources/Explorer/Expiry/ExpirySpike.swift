package import CacheModel

/// Many keys that expire together, far more than before and after.
package struct ExpirySpike: Sendable, Equatable {
  /// From the first moment on, up to and without the second.
  package var start: Moment
  package var end: Moment
  /// Counted keys in it, and how many there would be if it were as before and after.
  package var count: Int
  package var usual: Double
  /// The group that most of them belong to; nil when they are of several.
  package var group: Int?
  /// How many times as dense as all that expires it is.
  package var score: Double

  /// How many times the usual it is.
  package var ratio: Double { Double(count) / max(usual, 0.5) }
  /// Whether it is dense enough to be a danger, and not only a surprise.
  package var isCritical: Bool { score > 20 }
}

/// Finds spikes in counts of keys by time.
///
/// What is usual at a bin is told by the thirty bins before it and the thirty after it, without the two
/// nearest on either side: for each side the mean, with each count cut at what chance explains beside
/// the side's median, so that another spike does not hide one. The higher of the two counts: where the
/// level rises or falls, as at the end of the longest TTL, there is no spike. A bin is one when chance
/// alone, counted as Poisson's distribution, exceeds the usual so far less than once in a thousand
/// histograms. Bins that touch are one spike, which is told when it has at least 50 keys and a
/// hundredth of all that expire.
package struct SpikeSearch {
  private let counts: [Int]
  /// How many keys a count stands for.
  private let scale: Double
  private let fewestKeys: Double
  private let leastShare: Double

  private static let reach = 30
  private static let nearest = 2
  /// How often all bins together may alarm by chance: a search by the second and one by the minute
  /// share one in a thousand.
  private static let tail = 0.0005

  package init(
    _ counts: [Int], scale: Double = 1, fewestKeys: Double = 50, leastShare: Double = 0.01
  ) {
    self.counts = counts
    self.scale = scale
    self.fewestKeys = fewestKeys
    self.leastShare = leastShare
  }

  /// Ranges of bins with the usual number of keys in them. O(bins)
  package func spikes() -> [(bins: Range<Int>, usual: Double)] {
    let total = counts.reduce(0, +)
    var limits = QuantileCache(tail: Self.tail / Double(max(1, counts.count)))
    var sides = SideMeans(counts: counts, length: Self.reach)
    // What does not exceed this is no spike, whatever is usual.
    let least = limits.limit(of: Self.leastUsual)
    var spikes: [(bins: Range<Int>, usual: Double)] = []
    for (bin, count) in counts.enumerated() where count > least {
      let usual = Self.usual(at: bin, &sides)
      guard count > limits.limit(of: max(usual, Self.leastUsual)) else { continue }
      if let last = spikes.last, bin - last.bins.upperBound < Self.nearest {
        let between = (last.bins.upperBound..<bin).reduce(usual) {
          $0 + Self.usual(at: $1, &sides)
        }
        spikes[spikes.count - 1] = (last.bins.lowerBound..<bin + 1, last.usual + between)
      } else {
        spikes.append((bin..<bin + 1, usual))
      }
    }
    return spikes.filter { spike in
      let count = Double(counts[spike.bins].reduce(0, +))
      return count * scale >= fewestKeys && count >= leastShare * Double(total)
    }
  }

  /// Where less is usual, so much is taken for it.
  private static let leastUsual = 0.5

  private static func usual(at bin: Int, _ sides: inout SideMeans) -> Double {
    let before = sides.mean(from: bin - nearest - reach, to: bin - nearest)
    let after = sides.mean(from: bin + nearest + 1, to: bin + nearest + 1 + reach)
    return max(before ?? 0, after ?? 0)
  }
}

/// Means of stretches of counts in which single high ones count for little. Each stretch is looked at
/// once: what is after one bin is before another.
private struct SideMeans {
  let counts: [Int]
  let length: Int
  /// By the bin that a stretch begins with; below 0 where there are too few, no number before it is
  /// looked at.
  private var known: [Double]
  private var caps = QuantileCache(tail: 0.001)

  private static let fewest = 5

  init(counts: [Int], length: Int) {
    self.counts = counts
    self.length = length
    known = Array(repeating: .nan, count: counts.count + 2 * length)
  }

  /// Nil where there are too few bins.
  mutating func mean(from: Int, to: Int) -> Double? {
    let place = from + length + 2
    guard known.indices.contains(place) else { return nil }
    if known[place] >= 0 { return known[place] }
    if known[place] < 0 { return nil }
    let first = min(max(0, from), counts.count)
    let bins = first..<max(first, min(counts.count, to))
    guard bins.count >= Self.fewest else {
      known[place] = -1
      return nil
    }
    let sorted = counts[bins].sorted()
    let cap = caps.limit(of: max(Double(sorted[sorted.count / 2]), 0.5))
    let mean = Double(sorted.reduce(0) { $0 + min($1, cap) }) / Double(sorted.count)
    known[place] = mean
    return mean
  }
}

/// Quantiles of means in steps of about three per cent, since there are many of nearly the same.
private struct QuantileCache {
  let tail: Double
  private var known: [Int: Int] = [:]

  init(tail: Double) {
    self.tail = tail
  }

  /// What is not exceeded by chance when so many are expected, or slightly more.
  mutating func limit(of mean: Double) -> Int {
    let step = max(0.0625, mean / 32)
    let rounded = (mean / step).rounded(.up) * step
    let place = Int(min(rounded * 16, 1e15))
    if let limit = known[place] { return limit }
    let limit = Poisson.quantile(mean: rounded, tail: tail)
    known[place] = limit
    return limit
  }
}

extension ExpirySurvey {
  /// The spikes from `now` on, the nearest first: by the second within the hour, by the minute within
  /// the day where the seconds do not show it.
  package func spikes(at now: Moment) -> [ExpirySpike] {
    let fine = spikes(in: seconds, binLength: 1000)
    let coarse = spikes(in: minutes, binLength: 60_000).filter { spike in
      !fine.contains { $0.start < spike.end && spike.start < $0.end }
    }
    return (fine + coarse).filter { $0.end > now }.sorted { $0.start < $1.start }
  }

  private func spikes(in table: [[UInt32]], binLength: Int64) -> [ExpirySpike] {
    guard let bins = table.first?.count else { return [] }
    var counts = Array(repeating: 0, count: bins)
    for group in table {
      for (bin, count) in group.enumerated() { counts[bin] += Int(count) }
    }
    let span = Self.span(of: counts)
    let total = Double(counts.reduce(0, +))
    return SpikeSearch(counts, scale: scale).spikes().map { found in
      let count = counts[found.bins].reduce(0, +)
      let density = total > 0 ? Double(count) / Double(found.bins.count) / (total / span) : 0
      return ExpirySpike(
        start: base.advanced(by: Int64(found.bins.lowerBound) * binLength),
        end: base.advanced(by: Int64(found.bins.upperBound) * binLength), count: count,
        usual: found.usual, group: culprit(in: table, found.bins, of: count), score: density)
    }
  }

  /// Bins from the first to the last with a key in it.
  private static func span(of counts: [Int]) -> Double {
    guard let first = counts.firstIndex(where: { $0 > 0 }),
      let last = counts.lastIndex(where: { $0 > 0 })
    else { return 1 }
    return Double(last - first + 1)
  }

  /// The group that more than two thirds of a spike belong to.
  private func culprit(in table: [[UInt32]], _ bins: Range<Int>, of count: Int) -> Int? {
    let shares = table.map { $0[bins].reduce(0) { $0 + Int($1) } }
    guard let most = shares.max(), most * 3 > count * 2, let group = shares.firstIndex(of: most),
      groups[group].prefix != nil
    else { return nil }
    return group
  }
}
