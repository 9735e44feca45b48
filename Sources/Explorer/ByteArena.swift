/// Many short byte strings, one after another in pieces of 64 KiB; each is named by its place, which
/// is eight bytes.
///
/// Nothing moves by itself: a piece whose strings have all been freed is used again, and when the
/// freed bytes outweigh the rest, `beginMoving` marks all pieces as old and the owner moves its
/// strings one by one to new ones (`moved`), at the pace that suits it. Longer strings than a piece
/// get a piece of their own.
struct ByteArena: Sendable {
  /// Where a string lies: 24 bits piece, 16 bits offset, 24 bits length, as two words so that what
  /// holds one needs no padding.
  struct Place: Sendable {
    fileprivate var low: UInt32
    fileprivate var high: UInt32

    fileprivate init(piece: Int, offset: Int, length: Int) {
      let length = UInt64(min(length, Place.wholePiece))
      let bits = UInt64(piece) << 40 | UInt64(offset) << 24 | length
      low = UInt32(truncatingIfNeeded: bits)
      high = UInt32(truncatingIfNeeded: bits >> 32)
    }

    fileprivate var piece: Int { Int(high >> 8) }
    fileprivate var offset: Int { Int(high & 0xFF) << 8 | Int(low >> 24) }
    fileprivate var length: Int { Int(low & 0xFF_FFFF) }
    /// The length of a string that fills its piece, however long.
    fileprivate static let wholePiece = 0xFF_FFFF
  }

  private struct Piece: Sendable {
    var bytes: [UInt8] = []
    var live = 0
    var isOld = false
  }

  private var pieces: [Piece] = []
  private var emptied: [Int] = []
  private var current: Int?
  private(set) var liveBytes = 0
  /// Bytes that are held, those of freed strings included.
  private(set) var heldBytes = 0

  private static let pieceSize = 1 << 16

  /// Bytes that are allocated for strings and for what is known of the pieces.
  var allocatedBytes: Int {
    pieces.reduce(pieces.capacity * MemoryLayout<Piece>.stride) { $0 + $1.bytes.capacity }
  }

  /// Whether freed strings take more room than the others.
  var isWasteful: Bool { heldBytes > 1 << 18 && heldBytes - liveBytes > liveBytes }

  mutating func append(_ bytes: ArraySlice<UInt8>) -> Place {
    guard !bytes.isEmpty else { return Place(piece: 0, offset: 0, length: 0) }
    let piece = room(for: bytes.count)
    let offset = pieces[piece].bytes.count
    reserve(offset + bytes.count, in: piece)
    pieces[piece].bytes.append(contentsOf: bytes)
    pieces[piece].live += bytes.count
    liveBytes += bytes.count
    heldBytes += bytes.count
    return Place(piece: piece, offset: offset, length: bytes.count)
  }

  mutating func free(_ place: Place) {
    guard place.length > 0 else { return }
    let piece = place.piece
    let count = count(place)
    pieces[piece].live -= count
    liveBytes -= count
    guard pieces[piece].live == 0 else { return }
    heldBytes -= pieces[piece].bytes.count
    pieces[piece].bytes.removeAll(keepingCapacity: piece == current)
    if piece != current { emptied.append(piece) }
  }

  func count(_ place: Place) -> Int {
    place.length == Place.wholePiece ? pieces[place.piece].bytes.count : place.length
  }

  /// The bytes, without a copy.
  func slice(_ place: Place) -> ArraySlice<UInt8> {
    guard place.length > 0 else { return [] }
    return pieces[place.piece].bytes[place.offset..<place.offset + count(place)]
  }

  // MARK: Moving

  mutating func beginMoving() {
    for piece in pieces.indices { pieces[piece].isOld = true }
    if let current, pieces[current].live == 0 { emptied.append(current) }
    current = nil
  }

  /// The new place of a string that lies in an old piece; nil when it lies well.
  mutating func moved(_ place: Place) -> Place? {
    guard place.length > 0, pieces[place.piece].isOld else { return nil }
    let new = append(slice(place))
    free(place)
    return new
  }

  // MARK: Room

  private mutating func room(for count: Int) -> Int {
    if let current, pieces[current].bytes.count + count <= Self.pieceSize { return current }
    let piece = emptied.popLast() ?? pieces.count
    if piece == pieces.count { pieces.append(Piece()) }
    pieces[piece].isOld = false
    if count <= Self.pieceSize { current = piece }
    return piece
  }

  /// A piece that is filled gets its whole size at once; grown by doubling it would end at twice
  /// that. The first strings of all begin with little.
  private mutating func reserve(_ count: Int, in piece: Int) {
    guard count > pieces[piece].bytes.capacity else { return }
    let isFirst = pieces.count == 1 && count <= Self.pieceSize / 4
    pieces[piece].bytes.reserveCapacity(isFirst ? count * 2 : max(count, Self.pieceSize))
  }
}
