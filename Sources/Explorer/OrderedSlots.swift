/// What an ordered set asks when two sort keys are equal, and to find what the names share.
package protocol SlotNames {
  /// The bytes of a name, without a copy.
  func nameBytes(_ number: UInt32) -> ArraySlice<UInt8>

  /// Whether the name of `left` comes before that of `right`, byte by byte.
  func namePrecedes(_ left: UInt32, _ right: UInt32) -> Bool
}

/// Numbers in the order of a 64-bit sort key, ties in the order of their names: a sorted array in
/// chunks.
///
/// The sort keys lie beside the numbers, so a search compares neighbours in memory and looks at a
/// name only to break a tie. Inserting, removing and finding a place take O(log n) comparisons and
/// the move of at most one chunk; `number(at:)` and `rank` add up the sizes of the chunks, n/512 of
/// them. The caller answers for the key: one that is inserted must be removed with the same.
///
/// A key has room for eight bytes of a name only. Names of one set often begin alike, so the caller
/// makes the keys of what comes after `shared`; while the set grows, `renewKeys` looks now and then
/// what the names share by now, and has all keys made anew.
package struct OrderedSlots: Sendable {
  private struct Chunk: Sendable {
    var keys: [UInt64] = []
    var numbers: [UInt32] = []
  }

  private var chunks: [Chunk] = []
  /// The last sort key and the size of each chunk, side by side for the searches.
  private var lastKeys: [UInt64] = []
  private var sizes: [Int32] = []
  package private(set) var count = 0
  /// Names break ties from the last to the first.
  var breaksTiesDescending = false
  /// The bytes that the keys leave out: most names begin with them.
  package private(set) var shared: [UInt8]

  private static let capacity = 512

  /// Bytes that the chunks take. O(n/512)
  var heldBytes: Int {
    chunks.reduce(chunks.capacity * (MemoryLayout<Chunk>.stride + 12)) { sum, chunk in
      sum + chunk.keys.capacity * 8 + chunk.numbers.capacity * 4
    }
  }

  package init(breaksTiesDescending: Bool = false, sharing shared: [UInt8] = []) {
    self.breaksTiesDescending = breaksTiesDescending
    self.shared = shared
  }

  private struct Place {
    var chunk: Int
    var offset: Int
  }

  /// Adds a number; false when it is here already.
  @discardableResult
  package mutating func insert(_ number: UInt32, _ key: UInt64, _ names: some SlotNames) -> Bool {
    guard !chunks.isEmpty else {
      chunks = [Chunk(keys: [key], numbers: [number])]
      lastKeys = [key]
      sizes = [1]
      count = 1
      return true
    }
    var place = lowerBound(number, key, names)
    if holds(number, at: place) { return false }
    if place.chunk == chunks.count {
      place = Place(chunk: chunks.count - 1, offset: chunks[chunks.count - 1].keys.count)
    }
    if chunks[place.chunk].keys.count >= Self.capacity { place = split(place) }
    chunks[place.chunk].keys.insert(key, at: place.offset)
    chunks[place.chunk].numbers.insert(number, at: place.offset)
    note(place.chunk)
    count += 1
    return true
  }

  /// Takes a number out that was inserted with this key; false when it is not here.
  @discardableResult
  package mutating func remove(_ number: UInt32, _ key: UInt64, _ names: some SlotNames) -> Bool {
    let place = lowerBound(number, key, names)
    guard holds(number, at: place) else { return false }
    chunks[place.chunk].keys.remove(at: place.offset)
    chunks[place.chunk].numbers.remove(at: place.offset)
    count -= 1
    if chunks[place.chunk].keys.isEmpty {
      drop(place.chunk)
    } else {
      note(place.chunk)
      mergeIfSmall(place.chunk)
    }
    return true
  }

  package mutating func removeAll() {
    self = OrderedSlots(breaksTiesDescending: breaksTiesDescending, sharing: shared)
  }

  /// How many come before it; nil when it is not here.
  package func rank(of number: UInt32, _ key: UInt64, _ names: some SlotNames) -> Int? {
    let place = lowerBound(number, key, names)
    guard holds(number, at: place) else { return nil }
    var rank = place.offset
    for chunk in 0..<place.chunk { rank += Int(sizes[chunk]) }
    return rank
  }

  /// The numbers from a rank on, as many as there are.
  package func numbers(from rank: Int, count wanted: Int) -> [UInt32] {
    var found: [UInt32] = []
    var offset = max(0, rank)
    for chunk in chunks.indices where found.count < wanted {
      let size = Int(sizes[chunk])
      if offset >= size {
        offset -= size
        continue
      }
      found += chunks[chunk].numbers[offset...].prefix(wanted - found.count)
      offset = 0
    }
    return found
  }

  // MARK: Searching

  private func holds(_ number: UInt32, at place: Place) -> Bool {
    place.chunk < chunks.count && place.offset < chunks[place.chunk].numbers.count
      && chunks[place.chunk].numbers[place.offset] == number
  }

  /// The first place whose entry does not come before this one.
  private func lowerBound(_ number: UInt32, _ key: UInt64, _ names: some SlotNames) -> Place {
    var low = 0
    var high = chunks.count
    while low < high {
      let middle = (low + high) / 2
      let isBefore =
        lastKeys[middle] != key
        ? lastKeys[middle] < key
        : tieIsBefore(chunks[middle].numbers[chunks[middle].numbers.count - 1], number, names)
      if isBefore { low = middle + 1 } else { high = middle }
    }
    guard low < chunks.count else { return Place(chunk: low, offset: 0) }
    return Place(chunk: low, offset: offset(in: chunks[low], number, key, names))
  }

  private func offset(
    in chunk: Chunk, _ number: UInt32, _ key: UInt64, _ names: some SlotNames
  ) -> Int {
    var low = 0
    var high = chunk.keys.count
    while low < high {
      let middle = (low + high) / 2
      let other = chunk.keys[middle]
      let isBefore = other != key ? other < key : tieIsBefore(chunk.numbers[middle], number, names)
      if isBefore { low = middle + 1 } else { high = middle }
    }
    return low
  }

  private func tieIsBefore(_ left: UInt32, _ right: UInt32, _ names: some SlotNames) -> Bool {
    guard left != right else { return false }
    return breaksTiesDescending
      ? names.namePrecedes(right, left) : names.namePrecedes(left, right)
  }

  /// Makes the keys anew, which must give the same order.
  mutating func share(_ bytes: [UInt8], _ key: (UInt32) -> UInt64) {
    shared = bytes
    for chunk in chunks.indices {
      for offset in chunks[chunk].numbers.indices {
        chunks[chunk].keys[offset] = key(chunks[chunk].numbers[offset])
      }
      note(chunk)
    }
  }

  // MARK: Chunks

  private mutating func note(_ chunk: Int) {
    lastKeys[chunk] = chunks[chunk].keys[chunks[chunk].keys.count - 1]
    sizes[chunk] = Int32(truncatingIfNeeded: chunks[chunk].keys.count)
  }

  private mutating func drop(_ chunk: Int) {
    chunks.remove(at: chunk)
    lastKeys.remove(at: chunk)
    sizes.remove(at: chunk)
  }

  /// Makes room in a full chunk: half of it moves to a new one. At the very end nothing moves, so
  /// that what comes in order fills its chunks.
  private mutating func split(_ place: Place) -> Place {
    let isAtEnd = place.chunk == chunks.count - 1 && place.offset == chunks[place.chunk].keys.count
    let half = isAtEnd ? place.offset : Self.capacity / 2
    var new = Chunk()
    new.keys.reserveCapacity(Self.capacity)
    new.numbers.reserveCapacity(Self.capacity)
    new.keys += chunks[place.chunk].keys[half...]
    new.numbers += chunks[place.chunk].numbers[half...]
    chunks[place.chunk].keys.removeSubrange(half...)
    chunks[place.chunk].numbers.removeSubrange(half...)
    chunks.insert(new, at: place.chunk + 1)
    lastKeys.insert(new.keys.last ?? 0, at: place.chunk + 1)
    sizes.insert(Int32(truncatingIfNeeded: new.keys.count), at: place.chunk + 1)
    note(place.chunk)
    let isInNew = isAtEnd || place.offset > half
    return isInNew ? Place(chunk: place.chunk + 1, offset: place.offset - half) : place
  }

  private mutating func mergeIfSmall(_ chunk: Int) {
    let next = chunk + 1
    guard next < chunks.count, sizes[chunk] + sizes[next] < Self.capacity / 2 else { return }
    chunks[chunk].keys += chunks[next].keys
    chunks[chunk].numbers += chunks[next].numbers
    drop(next)
    note(chunk)
  }
}

extension OrderedSlots {
  /// Whether all that the type guarantees holds; for tests. O(n)
  package func holdsInvariants(_ names: some SlotNames) -> Bool {
    guard lastKeys.count == chunks.count, sizes.count == chunks.count else { return false }
    var before: (key: UInt64, number: UInt32)?
    var total = 0
    for (chunk, lastKey) in zip(chunks, lastKeys) {
      guard chunk.keys.count == chunk.numbers.count, !chunk.keys.isEmpty,
        chunk.keys.count <= Self.capacity, chunk.keys.last == lastKey
      else { return false }
      for (key, number) in zip(chunk.keys, chunk.numbers) {
        if let before {
          let isAfter =
            before.key < key
            || (before.key == key && tieIsBefore(before.number, number, names))
          guard isAfter else { return false }
        }
        before = (key, number)
      }
      total += chunk.keys.count
    }
    return total == count && zip(chunks, sizes).allSatisfy { $0.keys.count == Int($1) }
  }
}
