/// The number of an entry of a stream: milliseconds, and a count of entries within them.
package struct StreamID: Sendable, Hashable, Comparable {
  package var milliseconds: UInt64
  package var sequence: UInt64

  package init(_ milliseconds: UInt64, _ sequence: UInt64) {
    self.milliseconds = milliseconds
    self.sequence = sequence
  }

  package static let least = StreamID(0, 0)
  package static let greatest = StreamID(.max, .max)

  package static func < (first: StreamID, second: StreamID) -> Bool {
    (first.milliseconds, first.sequence) < (second.milliseconds, second.sequence)
  }

  /// The one behind this; nil behind the greatest.
  package var next: StreamID? {
    if sequence < .max { return StreamID(milliseconds, sequence + 1) }
    return milliseconds < .max ? StreamID(milliseconds + 1, 0) : nil
  }

  /// The one before this; nil before the least.
  package var previous: StreamID? {
    if sequence > 0 { return StreamID(milliseconds, sequence - 1) }
    return milliseconds > 0 ? StreamID(milliseconds - 1, .max) : nil
  }
}

/// A log of entries with rising numbers, each a row of fields and values; entries are added at the
/// end and removed mostly at the start.
///
/// Entries lie in chunks of at most 100, as many as a node of Redis' streams has: an approximate
/// bound removes whole chunks alone. Adding takes constant time, a number is found in logarithmic
/// time. A stream lives on when its last entry goes, because it remembers its last number. Consumer
/// groups are not kept.
package struct StreamValue: CollectionValue {
  package struct Entry: Sendable {
    package var id: StreamID
    /// Fields and values in turn.
    package var fields: PackedElements
  }

  package static let chunkBound = 100

  package private(set) var chunks: [[Entry]] = []
  package private(set) var count = 0
  /// Charged memory of the entries, in bytes.
  package private(set) var charge = 0
  package private(set) var lastID = StreamID.least
  package private(set) var greatestRemovedID = StreamID.least
  /// How many entries were ever added.
  package private(set) var additions: UInt64 = 0

  package init() {}

  package init?(_ value: StoredValue) {
    guard case .stream(let stream) = value else { return nil }
    self = stream
  }

  package var stored: StoredValue { .stream(self) }
  package var firstID: StreamID { chunks.first?.first?.id ?? .least }

  /// Adds an entry and answers whether its number is above the last one; if not, nothing happens.
  package mutating func append(_ id: StreamID, _ fields: PackedElements) -> Bool {
    guard id > lastID else { return false }
    if chunks.last?.count ?? Self.chunkBound >= Self.chunkBound { chunks.append([]) }
    chunks[chunks.count - 1].append(Entry(id: id, fields: fields))
    charge += MemoryAccounting.streamEntry(fields)
    lastID = id
    count += 1
    additions += 1
    return true
  }

  /// Takes over what a stream remembers beside its entries. Numbers below those of the entries are
  /// raised to them.
  package mutating func remember(last: StreamID, removed: StreamID, additions: UInt64) {
    lastID = max(lastID, last)
    greatestRemovedID = removed
    self.additions = max(self.additions, additions)
  }

  /// Visits the entries from one number to another in their order, or in the opposite one, until
  /// `visit` answers false.
  package func forEach(
    from first: StreamID, to last: StreamID, reversed: Bool = false, _ visit: (Entry) -> Bool
  ) {
    guard first <= last else { return }
    var chunk = chunks.firstPart { ($0.last?.id ?? .least) < first }
    if reversed { chunk = chunks.firstPart { ($0.first?.id ?? .least) <= last } - 1 }
    while chunks.indices.contains(chunk) {
      let entries = chunks[chunk]
      let start = entries.firstPart { $0.id < first }
      let end = entries.firstPart { $0.id <= last }
      guard start < end else { return }
      for offset in 0..<end - start {
        guard visit(entries[reversed ? end - 1 - offset : start + offset]) else { return }
      }
      chunk += reversed ? -1 : 1
    }
  }

  /// Removes an entry and answers whether it was there.
  package mutating func remove(_ id: StreamID) -> Bool {
    let chunk = chunks.firstPart { ($0.last?.id ?? .least) < id }
    guard chunk < chunks.count else { return false }
    let place = chunks[chunk].firstPart { $0.id < id }
    guard place < chunks[chunk].count, chunks[chunk][place].id == id else { return false }
    discard(chunk, place..<place + 1)
    return true
  }

  /// Removes the first entries until at most `limit` are left; `approximate` removes whole chunks
  /// alone. Returns how many were removed.
  package mutating func trim(toCount limit: Int, approximate: Bool) -> Int {
    trim(approximate: approximate) { stream, first in max(0, min(first, stream.count - limit)) }
  }

  /// Removes the entries with numbers below one, as above.
  package mutating func trim(below id: StreamID, approximate: Bool) -> Int {
    trim(approximate: approximate) { stream, _ in stream.chunks[0].firstPart { $0.id < id } }
  }

  /// `excess` tells how many entries of the first chunk are too many.
  private mutating func trim(
    approximate: Bool, _ excess: (StreamValue, _ first: Int) -> Int
  ) -> Int {
    let before = count
    while let first = chunks.first {
      let number = excess(self, first.count)
      guard number == first.count || number > 0 && !approximate else { break }
      discard(0, 0..<number)
    }
    return before - count
  }

  private mutating func discard(_ chunk: Int, _ places: Range<Int>) {
    for entry in chunks[chunk][places] {
      charge -= MemoryAccounting.streamEntry(entry.fields)
      greatestRemovedID = max(greatestRemovedID, entry.id)
    }
    chunks[chunk].removeSubrange(places)
    count -= places.count
    if chunks[chunk].isEmpty { chunks.remove(at: chunk) }
  }
}
