/// Which keys the list shows: those whose name holds the text. Letter case is ignored when the text
/// is all lower case. An empty text lets every key pass.
package struct KeyFilter: Sendable, Hashable {
  package private(set) var text: String = ""
  private var needle: [UInt8] = []
  private var ignoresCase = true

  package init(_ text: String = "") {
    self.text = text
    ignoresCase = !text.contains { $0.isUppercase }
    needle = Array(text.utf8)
  }

  package var isEmpty: Bool { needle.isEmpty }

  /// O(name x text) at worst, on names of some tens of bytes.
  package func matches(_ name: ArraySlice<UInt8>) -> Bool {
    range(in: name) != nil
  }

  /// Where the text stands first in a name, for highlighting.
  package func range(in name: ArraySlice<UInt8>) -> Range<Int>? {
    guard let first = needle.first else { return name.startIndex..<name.startIndex }
    guard name.count >= needle.count else { return nil }
    for start in name.startIndex...(name.endIndex - needle.count)
    where folded(name[start]) == first && matches(name, at: start) {
      return start..<start + needle.count
    }
    return nil
  }

  private func matches(_ name: ArraySlice<UInt8>, at start: Int) -> Bool {
    for offset in needle.indices where folded(name[start + offset]) != needle[offset] {
      return false
    }
    return true
  }

  private func folded(_ byte: UInt8) -> UInt8 {
    ignoresCase && byte >= 0x41 && byte <= 0x5A ? byte + 0x20 : byte
  }
}
