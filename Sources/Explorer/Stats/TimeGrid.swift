package import CacheModel

/// A stretch of time in equal parts, one for each sample of a graph.
///
/// The edges are multiples of the length, so that a graph scrolls part by part and never shimmers.
package struct TimeGrid: Sendable, Hashable {
  /// Milliseconds of a part.
  package let length: Int64
  package let count: Int
  /// The number of the first part: it begins so many lengths after the clock's zero.
  private let first: Int64

  /// So many parts over about `window` milliseconds, the last of which holds `end`; or ends before it
  /// (`isClosed`), so that nothing later is seen.
  package init(window: Int64, endingAt end: Moment, count: Int, isClosed: Bool = false) {
    self.count = max(1, count)
    length = max(1, window / Int64(self.count))
    let before = isClosed ? end.milliseconds &- length : end.milliseconds &- 1
    let (last, rest) = before.quotientAndRemainder(dividingBy: length)
    first = last - (rest < 0 ? 1 : 0) - Int64(self.count - 1)
  }

  package var start: Moment { Moment(milliseconds: first * length) }
  package var end: Moment { start.advanced(by: length * Int64(count)) }

  /// The end of a part.
  package func end(of part: Int) -> Moment { start.advanced(by: length * Int64(part + 1)) }

  /// The part that holds a moment; nil outside of the grid. A part holds its end.
  package func part(holding moment: Moment) -> Int? {
    let offset = moment.milliseconds(since: start)
    guard offset > 0, offset <= length * Int64(count) else { return nil }
    return Int((offset - 1) / length)
  }
}

/// One figure over a grid: a sample for each part, nil where nothing is known.
package struct StatsSeries: Sendable, Equatable {
  /// The mean of each part: of a counter by the second.
  package var means: [Double?]
  /// Of what is known in the whole stretch.
  package var lowest: Double?
  package var highest: Double?

  package init(means: [Double?], lowest: Double?, highest: Double?) {
    self.means = means
    self.lowest = lowest
    self.highest = highest
  }
}
