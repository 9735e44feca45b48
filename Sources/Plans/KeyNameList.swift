package import CacheModel

/// Names of keys, packed: a million of usual length take some tens of megabytes. Written once, then
/// read from the beginning. Beyond its bound it takes nothing more, and says so.
package struct KeyNameList: Sendable, Equatable {
  /// Names one after the other, each behind its length in four bytes.
  private var blocks: [[UInt8]] = []
  package private(set) var count = 0
  private var bytes = 0
  private let bound: Int

  private static let blockSize = 1 << 20
  private static let headSize = 4

  /// `bound` in bytes.
  package init(bound: Int) {
    self.bound = bound
  }

  /// Adds a name; false when there is no room for it. Constant time, amortized.
  package mutating func append(_ key: CacheKey) -> Bool {
    let size = key.bytes.count + Self.headSize
    guard bytes + size <= bound, let length = UInt32(exactly: key.bytes.count) else { return false }
    if blocks.last.map({ $0.count + size > Self.blockSize }) ?? true {
      blocks.append([])
      // A short list stays short.
      if blocks.count > 1 {
        blocks[blocks.count - 1].reserveCapacity(max(Self.blockSize, size))
      }
    }
    let last = blocks.count - 1
    for shift in stride(from: 0, to: 32, by: 8) {
      blocks[last].append(UInt8(truncatingIfNeeded: length >> UInt32(shift)))
    }
    blocks[last].append(contentsOf: key.bytes)
    bytes += size
    count += 1
    return true
  }

  /// The names one after the other, a thousand at a time.
  package func forEach(_ body: (CacheKey) -> Void) {
    var place = Place()
    while let some = next(1000, from: &place) { some.forEach(body) }
  }

  /// Where reading stands.
  package struct Place: Sendable {
    fileprivate var block = 0
    fileprivate var offset = 0

    package init() {}
  }

  /// The next names from a place on, which it moves; nil at the end.
  package func next(_ most: Int, from place: inout Place) -> [CacheKey]? {
    var names: [CacheKey] = []
    while names.count < most, blocks.indices.contains(place.block) {
      let block = blocks[place.block]
      let start = place.offset + Self.headSize
      guard start <= block.count else {
        place.block += 1
        place.offset = 0
        continue
      }
      let length = block[place.offset..<start].reversed().reduce(0) { $0 << 8 | Int($1) }
      let end = min(block.count, start + length)
      names.append(CacheKey(Array(block[start..<end])))
      place.offset = end
    }
    return names.isEmpty ? nil : names
  }
}
