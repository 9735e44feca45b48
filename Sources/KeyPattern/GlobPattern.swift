/// A glob over the bytes of a key, with the meaning that Redis gives it in SCAN MATCH and KEYS.
///
/// `*` any bytes, `?` one byte, `[abc]`, `[a-z]` and `[^a]` one byte of a class, `\` takes the next
/// byte as it is. The odd corners are Redis' own, so that what is filtered here is what the server
/// would have filtered: a class without its `]` runs to the end of the pattern, `[a-]` is a range
/// that ends in `]`, `[]` matches nothing, ranges may stand the wrong way round and compare bytes
/// as signed, and the empty key matches only the pattern `*` and the empty pattern.
///
/// The pattern is compiled once. A match costs at most the product of both lengths, never more:
/// only the last `*` is ever tried again. Source of the meaning: `stringmatchlen` of Redis' util.c.
package struct GlobPattern: Sendable, Hashable {
  /// The pattern as written.
  package let source: [UInt8]
  private let elements: [Element]

  enum Element: Sendable, Hashable {
    case anyRun
    case anyByte
    case byte(UInt8)
    case byteOf(ByteClass)
  }

  package init(_ source: [UInt8]) {
    self.source = source
    elements = Self.compile(source)
  }

  package init(_ text: String) {
    self.init(Array(text.utf8))
  }

  /// A pattern that matches exactly these bytes: everything that has a meaning is escaped.
  package static func literal(_ bytes: [UInt8]) -> GlobPattern {
    GlobPattern(escape(bytes))
  }

  /// A pattern that matches every key that begins with these bytes.
  package static func prefix(_ bytes: [UInt8]) -> GlobPattern {
    GlobPattern(escape(bytes) + [UInt8(ascii: "*")])
  }

  /// The bytes with a `\` before each that means something in a pattern.
  package static func escape(_ bytes: [UInt8]) -> [UInt8] {
    bytes.flatMap { isSpecial($0) ? [UInt8(ascii: "\\"), $0] : [$0] }
  }

  /// Whether the bytes mean something else as a pattern than as text.
  package static func hasMeaning(_ bytes: [UInt8]) -> Bool {
    bytes.contains(where: isSpecial)
  }

  private static func isSpecial(_ byte: UInt8) -> Bool {
    switch byte {
    case UInt8(ascii: "*"), UInt8(ascii: "?"), UInt8(ascii: "["), UInt8(ascii: "]"),
      UInt8(ascii: "\\"):
      true
    default: false
    }
  }

  /// Whether the whole key matches.
  package func matches(_ key: [UInt8]) -> Bool {
    matches(key[...])
  }

  /// Whether the whole name matches.
  package func matches(_ name: ArraySlice<UInt8>) -> Bool {
    match(name) { _, _ in }
  }

  /// The positions of the name, in order, at which bytes stand that the pattern names one by one;
  /// nil when the name does not match. Of several ways to match, the first one counts.
  package func namedPositions(in name: ArraySlice<UInt8>) -> [Int]? {
    var positions: [Int] = []
    let isMatch = match(name) { position, isNamed in
      positions.removeAll { $0 >= position }
      if isNamed { positions.append(position) }
    }
    return isMatch ? positions : nil
  }

  /// `taking` hears of every byte that is taken by one element: its position, and whether the
  /// element names that byte alone. A position that is told again takes back itself and all later.
  private func match(
    _ name: ArraySlice<UInt8>, taking: (_ position: Int, _ isNamed: Bool) -> Void
  ) -> Bool {
    guard !name.isEmpty else { return source.isEmpty || source == [UInt8(ascii: "*")] }
    var element = 0
    var position = name.startIndex
    var lastRun: (element: Int, position: Int)?
    while position < name.endIndex {
      if element < elements.count, elements[element] == .anyRun {
        lastRun = (element, position)
        element += 1
      } else if element < elements.count, Self.accepts(elements[element], name[position]) {
        taking(position, Self.isNamed(elements[element]))
        element += 1
        position += 1
      } else if let run = lastRun {
        lastRun = (run.element, run.position + 1)
        element = run.element + 1
        position = run.position + 1
        taking(run.position, false)
      } else {
        return false
      }
    }
    return elements[element...].allSatisfy { $0 == .anyRun }
  }

  private static func isNamed(_ element: Element) -> Bool {
    if case .byte = element { true } else { false }
  }

  private static func accepts(_ element: Element, _ byte: UInt8) -> Bool {
    switch element {
    case .anyRun: false
    case .anyByte: true
    case .byte(let expected): expected == byte
    case .byteOf(let members): members.contains(byte)
    }
  }
}
