/// Separators as people write them, in a configuration and on the command line: one after the other,
/// as in `:/`.
package enum KeySeparatorText {
  package static let rule =
    "is not right: separators are printable ASCII characters other than the blank"

  /// The bytes, each once; none for the empty text. Nil for a text with anything else in it.
  package static func bytes(_ text: String) -> [UInt8]? {
    var bytes: [UInt8] = []
    for byte in text.utf8 where !bytes.contains(byte) {
      guard (0x21...0x7E).contains(byte) else { return nil }
      bytes.append(byte)
    }
    return bytes
  }
}
