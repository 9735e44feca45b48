import CacheModel
import Explorer
import TerminalCanvas

/// The history over a window of time, as one sample for each half column of a graph.
///
/// Samples are stretches of time with fixed edges (multiples of their length), so that a graph
/// scrolls and never shimmers. A rate is the mean over the part of the stretch that is known.
struct StatsSeries {
  private let buckets: [ArraySlice<StatsPoint>]
  private let length: Int64

  init(_ stats: StatsState, columns: Int) {
    let count = max(1, BrailleGraph.sampleCount(columns: columns))
    let length = max(1, stats.window.milliseconds / Int64(count))
    self.length = length
    guard let last = stats.history.points.last else {
      buckets = Array(repeating: [], count: count)
      return
    }
    let end = (last.moment.milliseconds - 1) / length
    let points = stats.history.points
    var first = points.startIndex
    buckets = (0..<count).map { place in
      let start = Moment(milliseconds: (end - Int64(count - 1 - place)) * length)
      let stop = start.advanced(by: length)
      while first < points.endIndex, points[first].moment <= start { first += 1 }
      var next = first
      while next < points.endIndex, points[next].start < stop { next += 1 }
      return points[first..<max(first, next)]
    }
  }

  /// A counter as a rate a second; nil where nothing is known.
  func rates(_ counter: KeyPath<StatsPoint, Int64?>) -> [Double?] {
    buckets.map { bucket in
      var sum = 0.0
      var milliseconds = 0.0
      for point in bucket {
        guard let count = point[keyPath: counter] else { continue }
        sum += Double(count)
        milliseconds += Double(point.milliseconds)
      }
      return milliseconds > 0 ? sum * 1000 / milliseconds : nil
    }
  }

  var ratios: [Double?] {
    buckets.map { bucket in
      let hits = bucket.reduce(Int64(0)) { $0 &+ ($1.hits ?? 0) }
      let misses = bucket.reduce(Int64(0)) { $0 &+ ($1.misses ?? 0) }
      return HitRatio(hits: hits, misses: misses)?.value
    }
  }

  var memory: [Double?] {
    buckets.map { $0.last?.usedMemory.map { Double($0.bytes) } }
  }
}
