/// Finds numbers by the hash of what they stand for: open addressing with linear probing, five bytes
/// a cell (the number and eight bits of the hash, so that hardly any comparison is in vain).
///
/// The table is cut into 1024 segments by the upper bits of the hash, each of which grows by itself.
/// However many numbers there are, one insertion moves those of one segment at most, so no key press
/// waits for a table of millions to be rebuilt. Removing moves the followers up and leaves no
/// tombstone. What the numbers stand for is the owner's; it must give the same hash each time.
struct SlotTable: Sendable {
  private struct Segment: Sendable {
    /// Number + 1; 0 is empty.
    var cells: [UInt32] = []
    var tags: [UInt8] = []
    var count = 0

    var mask: Int { cells.count - 1 }
  }

  private var segments = [Segment](repeating: Segment(), count: 1 << 10)
  /// Cells that a segment gets at once when it grows.
  private var expectedCells = 8

  /// So many numbers are to be expected in all: what has to grow gets room for its share of them, and
  /// is not moved again and again on the way there.
  mutating func expect(_ count: Int) {
    let share = max(0, min(count, 1 << 31)) / segments.count * 5 / 4
    while expectedCells <= share { expectedCells *= 2 }
  }

  /// Bytes that the cells take.
  var heldBytes: Int {
    segments.reduce(segments.capacity * MemoryLayout<Segment>.stride) { sum, segment in
      sum + segment.cells.capacity * MemoryLayout<UInt32>.stride + segment.tags.capacity
    }
  }

  /// The number with this hash for which `matches` holds. O(1) in the mean.
  func find(_ hash: UInt64, where matches: (UInt32) -> Bool) -> UInt32? {
    let place = Self.segment(hash)
    let mask = segments[place].mask
    guard mask >= 0 else { return nil }
    let tag = Self.tag(hash)
    var cell = Int(truncatingIfNeeded: hash) & mask
    while true {
      let content = segments[place].cells[cell]
      if content == 0 { return nil }
      if segments[place].tags[cell] == tag, matches(content - 1) { return content - 1 }
      cell = (cell + 1) & mask
    }
  }

  /// Whether the next insertion with this hash needs `grow` first.
  func isFull(for hash: UInt64) -> Bool {
    let segment = segments[Self.segment(hash)]
    return (segment.count + 1) * 5 > segment.cells.count * 4
  }

  /// Doubles the segment of a hash. O(its size)
  mutating func grow(for hash: UInt64, hashOf: (UInt32) -> UInt64) {
    let place = Self.segment(hash)
    let old = segments[place].cells
    let size = max(expectedCells, old.count * 2)
    segments[place].cells = Array(repeating: 0, count: size)
    segments[place].tags = Array(repeating: 0, count: size)
    for content in old where content != 0 { put(content, hashOf(content - 1), in: place) }
  }

  /// Adds a number that is not here; the segment must have room (`isFull`).
  mutating func insert(_ number: UInt32, hash: UInt64) {
    let place = Self.segment(hash)
    put(number + 1, hash, in: place)
    segments[place].count += 1
  }

  /// Takes a number out, if it is here.
  mutating func remove(_ number: UInt32, hash: UInt64, hashOf: (UInt32) -> UInt64) {
    let place = Self.segment(hash)
    let mask = segments[place].mask
    guard mask >= 0 else { return }
    var hole = Int(truncatingIfNeeded: hash) & mask
    while segments[place].cells[hole] != number + 1 {
      if segments[place].cells[hole] == 0 { return }
      hole = (hole + 1) & mask
    }
    segments[place].count -= 1
    closeHole(hole, in: place, hashOf)
  }

  /// Moves up what would no longer be found behind an empty cell.
  private mutating func closeHole(_ start: Int, in place: Int, _ hashOf: (UInt32) -> UInt64) {
    let mask = segments[place].mask
    var hole = start
    var cell = (hole + 1) & mask
    while segments[place].cells[cell] != 0 {
      let home = Int(truncatingIfNeeded: hashOf(segments[place].cells[cell] - 1)) & mask
      if (cell &- home) & mask >= (cell &- hole) & mask {
        segments[place].cells[hole] = segments[place].cells[cell]
        segments[place].tags[hole] = segments[place].tags[cell]
        hole = cell
      }
      cell = (cell + 1) & mask
    }
    segments[place].cells[hole] = 0
  }

  private mutating func put(_ content: UInt32, _ hash: UInt64, in place: Int) {
    let mask = segments[place].mask
    var cell = Int(truncatingIfNeeded: hash) & mask
    while segments[place].cells[cell] != 0 { cell = (cell + 1) & mask }
    segments[place].cells[cell] = content
    segments[place].tags[cell] = Self.tag(hash)
  }

  private static func segment(_ hash: UInt64) -> Int { Int(hash >> 54) }
  private static func tag(_ hash: UInt64) -> UInt8 { UInt8(truncatingIfNeeded: hash >> 40) }
}

/// The hash of a byte string, seeded anew in each process: names come from strangers, who must not
/// be able to choose names that collide.
func hashOfBytes(_ bytes: ArraySlice<UInt8>) -> UInt64 {
  var hasher = Hasher()
  bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
  return UInt64(bitPattern: Int64(hasher.finalize()))
}
