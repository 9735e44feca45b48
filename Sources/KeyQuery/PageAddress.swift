import KeyPattern

/// The address of a page, and what frameworks make of it in the names of their keys.
///
/// Django's `cache_page` writes the MD5 of the whole address into the name, Flask-Caching `view/` and the
/// path, and behind it with `query_string` the SHA-256, in older releases the MD5, of the arguments as
/// Python writes the sorted tuple of them. So an address with a host finds the entries of both, a path
/// alone those of Flask. A slash at the end counts, as it does for them.
package struct PageAddress: Sendable, Hashable {
  package let text: [UInt8]
  /// The parts of names, of which one has to be there.
  private let parts: [Part]

  private struct Part: Sendable, Hashable {
    var needle: Needle
    /// Whether the name has to end with it.
    var isEnd: Bool
  }

  package init(_ text: [UInt8]) {
    self.text = text
    let address = String(decoding: text, as: UTF8.self)
    let schemeEnd = address.range(of: "://")
    var parts: [Part] = []
    var path = address[...]
    if let schemeEnd {
      let digest = Digests.md5(Array(Self.encoded(text)))
      parts.append(Part(needle: Needle(exact: Array(".\(digest)".utf8)), isEnd: false))
      path = address[schemeEnd.upperBound...].drop { $0 != "/" }
    }
    let pieces = path.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    let head = "view/" + (pieces.first.flatMap { $0.isEmpty ? nil : String($0) } ?? "/")
    let ends: [String]
    if pieces.count > 1, let arguments = Self.arguments(pieces[1]) {
      ends = [Digests.sha256(arguments), Digests.md5(arguments)]
    } else {
      ends = [""]
    }
    parts += ends.map { Part(needle: Needle(exact: Array((head + $0).utf8)), isEnd: true) }
    self.parts = parts
  }

  /// Where a name holds it.
  package func range(in name: ArraySlice<UInt8>) -> Range<Int>? {
    parts.lazy.compactMap { part in
      part.needle.range(in: name).flatMap {
        part.isEnd && $0.upperBound != name.endIndex ? nil : $0
      }
    }.first
  }

  /// Characters beyond ASCII as Django writes them before it makes the digest.
  private static func encoded(_ text: [UInt8]) -> [UInt8] {
    let digits = Array("0123456789ABCDEF".utf8)
    return text.flatMap { byte -> [UInt8] in
      guard byte >= 0x80 || byte <= 0x20 else { return [byte] }
      return [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
    }
  }

  // MARK: Arguments

  /// `(('page', '2'), ('q', 'lamp'))`: the pairs of a query in order, as Python writes them. Nil where
  /// there are none, or characters that Python would spell in another way.
  private static func arguments(_ query: Substring) -> [UInt8]? {
    var pairs: [(name: String, value: String)] = []
    for piece in query.split(separator: "&") {
      let parts = piece.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard let name = parts.first.flatMap(decoded),
        let value = parts.count > 1 ? decoded(parts[1]) : ""
      else { return nil }
      pairs.append((name, value))
    }
    guard !pairs.isEmpty else { return nil }
    pairs.sort { ($0.name, $0.value) < ($1.name, $1.value) }
    let written = pairs.map { "('\($0.name)', '\($0.value)')" }
    let text = written.count == 1 ? "(\(written[0]),)" : "(\(written.joined(separator: ", ")))"
    return Array(text.utf8)
  }

  /// Without `+` and `%41`; nil for what has to be escaped between quotes.
  private static func decoded(_ text: Substring) -> String? {
    var bytes: [UInt8] = []
    var rest = Array(text.utf8)[...]
    while let byte = rest.popFirst() {
      if byte == UInt8(ascii: "+") {
        bytes.append(0x20)
      } else if byte == UInt8(ascii: "%"), rest.count >= 2,
        let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16)
      {
        bytes.append(value)
        rest = rest.dropFirst(2)
      } else {
        bytes.append(byte)
      }
    }
    guard let text = String(validating: bytes, as: UTF8.self),
      bytes.allSatisfy({ $0 >= 0x20 && $0 != 0x7F && $0 != 0x27 && $0 != 0x5C })
    else { return nil }
    return text
  }
}

extension String {
  /// The first place of another text.
  fileprivate func range(of other: String) -> Range<String.Index>? {
    var place = startIndex
    while place < endIndex {
      if self[place...].hasPrefix(other) {
        return place..<index(place, offsetBy: other.count)
      }
      place = index(after: place)
    }
    return nil
  }
}
