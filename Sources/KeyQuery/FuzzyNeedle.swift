/// Letters that stand in a name in this order, near to each other.
///
/// Between the first and the last of them at most `reach` bytes are left out, so that a long name
/// does not match every short word. Case matters when there is a capital among them.
package struct FuzzyNeedle: Sendable, Hashable {
  package let bytes: [UInt8]
  private let ignoresCase: Bool

  /// Longer words are refused.
  package static let longest = 64

  package init(_ bytes: [UInt8]) {
    self.bytes = bytes
    ignoresCase = Needle(smart: bytes).ignoresCase
  }

  /// Bytes that may be left out.
  var reach: Int { max(24, 4 * bytes.count) }

  func matches(_ name: ArraySlice<UInt8>) -> Bool {
    positions(in: name) != nil
  }

  /// Where the letters stand: the closest together from the leftmost beginning that reaches.
  /// O(name x (text + reach)) at worst.
  func positions(in name: ArraySlice<UInt8>) -> [Int]? {
    guard let first = bytes.first, name.count >= bytes.count else { return nil }
    for start in name.indices where folded(name[start]) == first {
      if let positions = positions(from: start, in: name) { return positions }
    }
    return nil
  }

  private func positions(from start: Int, in name: ArraySlice<UInt8>) -> [Int]? {
    var positions: [Int] = []
    let end = min(name.endIndex, start + bytes.count + reach)
    for place in start..<end where folded(name[place]) == bytes[positions.count] {
      positions.append(place)
      if positions.count == bytes.count { return positions }
    }
    return nil
  }

  private func folded(_ byte: UInt8) -> UInt8 {
    ignoresCase && byte >= 0x41 && byte <= 0x5A ? byte + 0x20 : byte
  }
}
