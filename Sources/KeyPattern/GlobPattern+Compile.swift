extension GlobPattern {
  /// Turns a pattern into elements, in the order in which Redis looks at it.
  static func compile(_ source: [UInt8]) -> [Element] {
    var elements: [Element] = []
    var rest = source[...]
    while let byte = rest.popFirst() {
      switch byte {
      case UInt8(ascii: "*"):
        if elements.last != .anyRun { elements.append(.anyRun) }
      case UInt8(ascii: "?"): elements.append(.anyByte)
      case UInt8(ascii: "["): elements.append(.byteOf(byteClass(&rest)))
      case UInt8(ascii: "\\"): elements.append(.byte(rest.popFirst() ?? byte))
      default: elements.append(.byte(byte))
      }
    }
    return elements
  }

  /// Reads a class behind its `[`, up to its `]` or, without one, to the end.
  private static func byteClass(_ rest: inout ArraySlice<UInt8>) -> ByteClass {
    var members = ByteClass()
    let isNegated = rest.first == UInt8(ascii: "^")
    if isNegated { rest.removeFirst() }
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "\\"), let escaped = rest.popFirst() {
        members.insert(escaped)
      } else if byte == UInt8(ascii: "]") {
        break
      } else if rest.count >= 2, rest.first == UInt8(ascii: "-") {
        rest.removeFirst()
        members.insert(from: byte, to: rest.removeFirst())
      } else {
        members.insert(byte)
      }
    }
    return isNegated ? members.inverted : members
  }
}

/// A set of bytes, as 256 bits.
package struct ByteClass: Sendable, Hashable {
  private var words: SIMD4<UInt64> = .zero

  /// Without any byte.
  package init() {}

  /// Adds a byte. O(1)
  package mutating func insert(_ byte: UInt8) {
    words[Int(byte >> 6)] |= 1 << UInt64(byte & 63)
  }

  /// All bytes of a range, in either order. Bytes compare as signed, as C's `char` does where
  /// Redis usually runs.
  mutating func insert(from first: UInt8, to last: UInt8) {
    let one = Int8(bitPattern: first)
    let other = Int8(bitPattern: last)
    for byte in min(one, other)...max(one, other) { insert(UInt8(bitPattern: byte)) }
  }

  /// Adds all bytes of another set. O(1)
  package mutating func formUnion(_ other: ByteClass) {
    words |= other.words
  }

  /// Whether the byte is in the set. O(1)
  package func contains(_ byte: UInt8) -> Bool {
    words[Int(byte >> 6)] >> UInt64(byte & 63) & 1 == 1
  }

  /// All bytes that are not in the set.
  package var inverted: ByteClass {
    var result = self
    result.words = ~words
    return result
  }
}
