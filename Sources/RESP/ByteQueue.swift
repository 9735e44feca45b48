/// Bytes that have arrived and are not yet consumed: a growing array with a moving head.
///
/// Consumed bytes are given back only when they are at least half of the storage, so that every
/// byte is moved a constant number of times however small the pieces are in which it arrives. The
/// search for the end of a line remembers how far it has looked: no byte is searched twice.
/// The storage changes in `append` and `releaseConsumed` alone, so a slice taken in between never
/// makes it copy.
struct ByteQueue: Sendable {
  private(set) var bytes: [UInt8] = []
  private(set) var head = 0
  private var searched = 0

  private static let capacityKept = 1 << 18

  /// Bytes not yet consumed.
  var count: Int { bytes.count - head }

  var first: UInt8? { head < bytes.count ? bytes[head] : nil }

  mutating func append(_ piece: [UInt8]) {
    releaseConsumed()
    bytes.append(contentsOf: piece)
  }

  mutating func append(_ piece: ArraySlice<UInt8>) {
    releaseConsumed()
    bytes.append(contentsOf: piece)
  }

  mutating func append(_ piece: UnsafeRawBufferPointer) {
    releaseConsumed()
    bytes.append(contentsOf: piece)
  }

  /// Consumes a line that ends in LF and returns it without its end; a CR before the LF belongs to
  /// the end. With `strictly`, only CR LF ends a line. Nil when the end has not arrived.
  mutating func takeLine(strictly: Bool) -> ArraySlice<UInt8>? {
    var index = max(searched, head)
    while index < bytes.count {
      guard bytes[index] == 0x0A else {
        index += 1
        continue
      }
      let hasReturn = index > head && bytes[index - 1] == 0x0D
      guard hasReturn || !strictly else {
        index += 1
        continue
      }
      let line = bytes[head..<(hasReturn ? index - 1 : index)]
      head = index + 1
      return line
    }
    searched = index
    return nil
  }

  /// Consumes `count` bytes; the caller has checked that they are there.
  mutating func take(_ count: Int) -> ArraySlice<UInt8> {
    let end = min(bytes.count, head + max(0, count))
    defer { head = end }
    return bytes[head..<end]
  }

  /// The byte so far from the head, if it has arrived.
  func byte(at offset: Int) -> UInt8? {
    offset >= 0 && offset < count ? bytes[head + offset] : nil
  }

  /// Gives consumed bytes back where that is cheap: when nothing else is left, or when at least
  /// half of the storage is consumed.
  mutating func releaseConsumed() {
    if head == bytes.count {
      bytes.removeAll(keepingCapacity: bytes.capacity <= Self.capacityKept)
    } else if head >= 4096, head >= bytes.count / 2 {
      bytes.removeSubrange(0..<head)
    } else {
      return
    }
    searched = max(0, searched - head)
    head = 0
  }

  mutating func removeAll() {
    self = ByteQueue()
  }
}
