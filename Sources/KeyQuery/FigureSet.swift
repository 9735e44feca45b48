/// A set of figures: numbers from 0 on, and perhaps `none`, which only a lifetime can be.
struct FigureSet: Sendable, Hashable {
  var holdsNone: Bool
  /// In order, apart from each other.
  private var ranges: [ClosedRange<Int64>]

  private init(holdsNone: Bool, ranges: [ClosedRange<Int64>]) {
    self.holdsNone = holdsNone
    self.ranges = ranges
  }

  /// The numbers of a range, as far as they are not negative.
  init(_ range: ClosedRange<Int64>?) {
    let clamped = range.flatMap { $0.upperBound < 0 ? nil : max(0, $0.lowerBound)...$0.upperBound }
    self.init(holdsNone: false, ranges: clamped.map { [$0] } ?? [])
  }

  static let none = FigureSet(holdsNone: true, ranges: [])
  static let everything = FigureSet(holdsNone: true, ranges: [0 ... .max])

  var isEmpty: Bool { !holdsNone && hasNoNumbers }

  var hasNoNumbers: Bool { ranges.isEmpty }

  var inverted: FigureSet {
    var result = FigureSet(holdsNone: !holdsNone, ranges: [])
    var start: Int64? = 0
    for range in ranges {
      if let start, start < range.lowerBound { result.ranges.append(start...range.lowerBound - 1) }
      start = range.upperBound == .max ? nil : range.upperBound + 1
    }
    if let start { result.ranges.append(start ... .max) }
    return result
  }

  func intersection(_ other: FigureSet) -> FigureSet {
    var result = FigureSet(holdsNone: holdsNone && other.holdsNone, ranges: [])
    for one in ranges {
      for another in other.ranges where one.overlaps(another) {
        result.ranges.append(one.clamped(to: another))
      }
    }
    return result
  }

  func isSubset(of other: FigureSet) -> Bool {
    intersection(other.inverted).isEmpty
  }
}
