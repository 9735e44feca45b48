/// Byte strings packed behind each other in one block, as the entries of Redis' listpack without
/// its head and its end: an encoding byte, the bytes (or an integer of the smallest width that
/// holds it), and the length of both, which is read backwards.
///
/// A short string costs two bytes beside its own, against the fifty or so of an array. Adding and
/// removing at either end moves at most the block, which its owner keeps small; a place is found by
/// walking from the nearer end. Equal strings have equal entries, so they are compared without
/// being unpacked. Everything in here was packed here, and is never bytes from outside.
/// Source: listpack.c of Redis 7.0.
package struct PackedElements: Sendable {
  /// The entries, without head and end.
  package private(set) var bytes: [UInt8] = []
  package private(set) var count = 0

  package init() {}

  package init(_ elements: some Sequence<[UInt8]>) {
    for element in elements { append(element) }
  }

  package mutating func append(_ element: [UInt8]) {
    Self.appendEntry(of: element, to: &bytes)
    count += 1
  }

  package mutating func prepend(_ element: [UInt8]) {
    insert(element, atOffset: 0)
  }

  /// Linear in the block.
  mutating func insert(_ element: [UInt8], atOffset offset: Int) {
    bytes.insert(contentsOf: Self.entry(of: element), at: offset)
    count += 1
  }

  mutating func replace(atOffset offset: Int, with element: [UInt8]) {
    bytes.replaceSubrange(offset..<end(ofEntryAt: offset), with: Self.entry(of: element))
  }

  mutating func remove(atOffset offset: Int) {
    bytes.removeSubrange(offset..<end(ofEntryAt: offset))
    count -= 1
  }

  mutating func popFirst() -> [UInt8]? {
    guard count > 0 else { return nil }
    let element = element(atOffset: 0)
    remove(atOffset: 0)
    return element
  }

  mutating func popLast() -> [UInt8]? {
    guard count > 0 else { return nil }
    let offset = start(ofEntryBefore: bytes.count)
    let element = element(atOffset: offset)
    bytes.removeSubrange(offset...)
    count -= 1
    return element
  }

  /// Keeps the elements of a range of places. Linear.
  mutating func keep(_ range: Range<Int>) {
    let start = offset(of: range.lowerBound)
    let end = offset(of: range.upperBound)
    bytes = Array(bytes[start..<end])
    count = range.count
  }
}

// Places.
extension PackedElements {
  /// Where the element of a place begins; the end of the block for `count`.
  func offset(of index: Int) -> Int {
    if index <= count / 2 {
      return (0..<index).reduce(0) { offset, _ in end(ofEntryAt: offset) }
    }
    return (index..<count).reduce(bytes.count) { offset, _ in start(ofEntryBefore: offset) }
  }

  /// Where the entry that begins at an offset ends.
  func end(ofEntryAt offset: Int) -> Int {
    let size = Self.head(of: bytes, at: offset).size
    return offset + size + Self.backLength(of: size)
  }

  func start(ofEntryBefore end: Int) -> Int {
    var size = 0
    var shift = 0
    var position = end - 1
    while bytes[position] & 0x80 != 0 {
      size |= Int(bytes[position] & 0x7F) << shift
      shift += 7
      position -= 1
    }
    size |= Int(bytes[position]) << shift
    return position - size
  }

  func element(atOffset offset: Int) -> [UInt8] {
    let head = Self.head(of: bytes, at: offset)
    if let number = head.number { return DecimalInteger.bytes(number) }
    return Array(bytes[offset + head.prefix..<offset + head.size])
  }

  /// Whether the entry at an offset is that of the element which `entry(of:)` packed.
  func holds(_ entry: [UInt8], atOffset offset: Int) -> Bool {
    guard bytes[offset] == entry[0], offset + entry.count <= bytes.count else { return false }
    return bytes[offset..<offset + entry.count].elementsEqual(entry)
  }

  /// Visits the elements from a place on until `visit` answers false, and answers whether it never
  /// did.
  func forEach(from index: Int = 0, _ visit: ([UInt8]) -> Bool) -> Bool {
    var offset = offset(of: index)
    while offset < bytes.count {
      guard visit(element(atOffset: offset)) else { return false }
      offset = end(ofEntryAt: offset)
    }
    return true
  }

  package var elements: [[UInt8]] {
    var elements: [[UInt8]] = []
    elements.reserveCapacity(count)
    _ = forEach { element in
      elements.append(element)
      return true
    }
    return elements
  }
}
