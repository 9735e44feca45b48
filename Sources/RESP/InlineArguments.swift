/// Splits a line into words with the quoting of Redis' inline commands and of redis-cli:
/// `"…"` with `\n`, `\r`, `\t`, `\b`, `\a`, `\xHH` and `\` before anything else, `'…'` with `\'`.
/// A closing quote must be followed by a blank or the end. Source: `sdssplitargs` of sds.c.
package enum InlineArguments {
  /// The words; nil when a quote is not closed or is followed by more text. Linear.
  package static func split(_ line: ArraySlice<UInt8>) -> [[UInt8]]? {
    var scanner = Scanner(rest: line.prefix { $0 != 0 })
    var words: [[UInt8]] = []
    while scanner.skipBlanks() {
      guard let word = scanner.word() else { return nil }
      words.append(word)
    }
    return words
  }

  private struct Scanner {
    var rest: ArraySlice<UInt8>

    /// Whether anything is left behind the blanks.
    mutating func skipBlanks() -> Bool {
      rest = rest.drop(while: isBlank)
      return !rest.isEmpty
    }

    mutating func word() -> [UInt8]? {
      var word: [UInt8] = []
      while let byte = rest.popFirst() {
        switch byte {
        case 0x20, 0x09, 0x0A, 0x0D: return word
        case UInt8(ascii: "\""):
          guard doubleQuoted(&word) else { return nil }
          return word
        case UInt8(ascii: "'"):
          guard singleQuoted(&word) else { return nil }
          return word
        default: word.append(byte)
        }
      }
      return word
    }

    private mutating func doubleQuoted(_ word: inout [UInt8]) -> Bool {
      while let byte = rest.popFirst() {
        switch byte {
        case UInt8(ascii: "\""): return isAtWordEnd
        case UInt8(ascii: "\\"): word.append(escaped())
        default: word.append(byte)
        }
      }
      return false
    }

    private mutating func singleQuoted(_ word: inout [UInt8]) -> Bool {
      while let byte = rest.popFirst() {
        if byte == UInt8(ascii: "'") { return isAtWordEnd }
        if byte == UInt8(ascii: "\\"), rest.first == UInt8(ascii: "'") {
          _ = rest.popFirst()
          word.append(UInt8(ascii: "'"))
        } else {
          word.append(byte)
        }
      }
      return false
    }

    private mutating func escaped() -> UInt8 {
      let digits = rest.dropFirst().prefix(2).compactMap(hexadecimal)
      if rest.first == UInt8(ascii: "x"), digits.count == 2 {
        rest = rest.dropFirst(3)
        return digits[0] << 4 | digits[1]
      }
      switch rest.popFirst() {
      case UInt8(ascii: "n")?: return 0x0A
      case UInt8(ascii: "r")?: return 0x0D
      case UInt8(ascii: "t")?: return 0x09
      case UInt8(ascii: "b")?: return 0x08
      case UInt8(ascii: "a")?: return 0x07
      case let other?: return other
      case nil: return UInt8(ascii: "\\")
      }
    }

    private var isAtWordEnd: Bool {
      rest.first.map(isBlank) ?? true
    }

    private func isBlank(_ byte: UInt8) -> Bool {
      byte == 0x20 || (byte >= 0x09 && byte <= 0x0D)
    }

    private func hexadecimal(_ byte: UInt8) -> UInt8? {
      switch byte {
      case 0x30...0x39: byte - 0x30
      case 0x41...0x46: byte - 0x37
      case 0x61...0x66: byte - 0x57
      default: nil
      }
    }
  }
}
