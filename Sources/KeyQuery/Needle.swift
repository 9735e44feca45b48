/// Text that is looked for in names, or in values.
package struct Needle: Sendable, Hashable {
  package let bytes: [UInt8]
  /// The case of ASCII letters in the name does not matter; those of the text are lower case.
  package let ignoresCase: Bool

  /// Text as it was typed: case matters when there is a capital in it.
  package init(smart bytes: [UInt8]) {
    self.bytes = bytes
    let hasCapital = String(decoding: bytes, as: UTF8.self).contains { $0.isUppercase }
    ignoresCase = !hasCapital && bytes.contains { $0 >= 0x61 && $0 <= 0x7A }
  }

  /// Exactly this text.
  package init(exact bytes: [UInt8]) {
    self.bytes = bytes
    ignoresCase = false
  }

  /// Whether what holds this text holds the other too.
  func implies(_ short: Needle) -> Bool {
    guard !ignoresCase || short.ignoresCase || !short.hasLetters else { return false }
    return short.range(in: bytes[...]) != nil
  }

  private var hasLetters: Bool {
    bytes.contains { $0 | 0x20 >= 0x61 && $0 | 0x20 <= 0x7A }
  }

  /// The first place of the text. O(name x text) at worst.
  package func range(in name: ArraySlice<UInt8>) -> Range<Int>? {
    guard let first = bytes.first, name.count >= bytes.count else { return nil }
    for start in name.startIndex...(name.endIndex - bytes.count)
    where folded(name[start]) == first && stands(in: name, at: start) {
      return start..<start + bytes.count
    }
    return nil
  }

  /// All places of the text that do not overlap.
  func ranges(in name: ArraySlice<UInt8>) -> [Range<Int>] {
    var ranges: [Range<Int>] = []
    var rest = name
    while let range = range(in: rest), !range.isEmpty {
      ranges.append(range)
      rest = name[range.upperBound...]
    }
    return ranges
  }

  private func stands(in name: ArraySlice<UInt8>, at start: Int) -> Bool {
    for offset in bytes.indices where folded(name[start + offset]) != bytes[offset] {
      return false
    }
    return true
  }

  private func folded(_ byte: UInt8) -> UInt8 {
    ignoresCase && byte >= 0x41 && byte <= 0x5A ? byte + 0x20 : byte
  }
}
