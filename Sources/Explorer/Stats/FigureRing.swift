import CacheModel

/// Figures over time in bounded memory: rows that follow each other, the oldest of which give way
/// when there are as many as fit.
///
/// A row stands for the stretch of time that ends at its moment. Each figure has a column of its own,
/// so that a graph of one figure reads memory in one go. All room is taken with the first row and
/// never grows. What is not known is no number in its column.
struct FigureRing: Sendable {
  /// What a row stands for beside its figures.
  struct Stretch: Sendable, Equatable {
    /// Its end on the clock of the moments, in milliseconds, and on the wall clock.
    var end: Int64
    var wall: Int64
    /// Its length in milliseconds, and how much of that the counts belong to.
    var length: Int64
    var known: Int64

    var start: Int64 { end &- length }
  }

  let columns: Int
  let capacity: Int
  private(set) var count = 0
  private var first = 0
  private var stretches: [Stretch] = []
  private var cells: [Double] = []

  init(columns: Int, capacity: Int) {
    self.columns = columns
    self.capacity = max(1, capacity)
  }

  /// Bytes that the rows take.
  var heldBytes: Int {
    stretches.capacity * MemoryLayout<Stretch>.stride
      + cells.capacity * MemoryLayout<Double>.stride
  }

  /// Adds a row, of which `figure` tells each column. O(columns)
  mutating func append(_ stretch: Stretch, _ figure: (Int) -> Double?) {
    if stretches.isEmpty {
      let none = Stretch(end: 0, wall: 0, length: 0, known: 0)
      stretches = Array(repeating: none, count: capacity)
      cells = Array(repeating: .nan, count: columns * capacity)
    }
    let place = (first + count) % capacity
    if count == capacity { first = (first + 1) % capacity } else { count += 1 }
    stretches[place] = stretch
    for column in 0..<columns { cells[column * capacity + place] = figure(column) ?? .nan }
  }

  /// A row by its number, the oldest first.
  func stretch(_ row: Int) -> Stretch { stretches[(first + row) % capacity] }

  /// A figure of a row; nil when it is not known.
  func figure(_ column: Int, _ row: Int) -> Double? {
    let value = cells[column * capacity + (first + row) % capacity]
    return value.isNaN ? nil : value
  }

  var last: Stretch? { count > 0 ? stretch(count - 1) : nil }

  /// The first row that ends after a moment; `count` when there is none. O(log n)
  func firstRow(endingAfter end: Int64) -> Int {
    var (low, high) = (0, count)
    while low < high {
      let middle = (low + high) / 2
      if stretch(middle).end > end { high = middle } else { low = middle + 1 }
    }
    return low
  }

  mutating func removeAll() {
    self = FigureRing(columns: columns, capacity: capacity)
  }
}
