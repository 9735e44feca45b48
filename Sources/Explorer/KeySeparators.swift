/// The bytes that end a folder's name in a key: `:` unless told otherwise; several, or none.
package struct KeySeparators: Sendable, Hashable {
  package private(set) var bytes: [UInt8]

  package init(_ bytes: [UInt8] = [UInt8(ascii: ":")]) {
    self.bytes = Array(Set(bytes)).sorted()
  }

  /// With one separator only, folders can show a plain `/` in its place.
  package var isSingle: Bool { bytes.count == 1 }

  @inline(__always)
  func contains(_ byte: UInt8) -> Bool {
    if bytes.count == 1 { return bytes[0] == byte }
    return bytes.contains(byte)
  }

  /// Folders lie at most so deep in each other; what follows is one name.
  package static let deepest = 32

  /// How long the prefix of the folder is in which a key lies, separator included; 0 at the root.
  /// O(name)
  func folderLength(of name: ArraySlice<UInt8>) -> Int {
    var length = 0
    var depth = 0
    for place in name.indices where contains(name[place]) {
      length = place + 1 - name.startIndex
      depth += 1
      if depth == Self.deepest { break }
    }
    return length
  }

  /// The same for the folder around the one whose prefix this is.
  func parentLength(of prefix: ArraySlice<UInt8>) -> Int {
    let last = prefix.dropLast().lastIndex { contains($0) }
    return last.map { $0 + 1 - prefix.startIndex } ?? 0
  }
}
