/// An array in pieces of a fixed size. Growing it moves nothing that is there, so an append takes
/// O(1) always and not only in the mean, and a copy shares the pieces that stay as they are.
struct ChunkedArray<Element: Sendable>: Sendable {
  private var pieces: [ContiguousArray<Element>] = []
  private(set) var count = 0

  private static var bits: Int { 12 }
  private static var mask: Int { (1 << bits) - 1 }

  var indices: Range<Int> { 0..<count }

  /// Bytes that the elements and the room kept for more of them take.
  var heldBytes: Int {
    pieces.reduce(0) { $0 + $1.capacity } * MemoryLayout<Element>.stride
      + pieces.capacity * MemoryLayout<ContiguousArray<Element>>.stride
  }

  subscript(place: Int) -> Element {
    get { pieces[place >> Self.bits][place & Self.mask] }
    _modify { yield &pieces[place >> Self.bits][place & Self.mask] }
  }

  mutating func append(_ element: Element) {
    if count & Self.mask == 0 {
      var piece = ContiguousArray<Element>()
      // The first piece grows by doubling: few keys should cost little.
      if count > 0 { piece.reserveCapacity(1 << Self.bits) }
      pieces.append(piece)
    }
    pieces[pieces.count - 1].append(element)
    count += 1
  }
}
