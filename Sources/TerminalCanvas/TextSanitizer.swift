/// Makes any bytes safe to show. Keys, values, client names and error replies are written by
/// strangers; nothing of them may move the cursor, ring, retitle, reorder or hide text.
///
/// Guarantees: the result has no C0, DEL or C1 control, no bidirectional or other invisible
/// formatting scalar, and no scalar that the terminal library cannot place. Bytes that are not
/// UTF-8 are repaired. `Frame.put` applies the list form to all text, so that a view which forgets
/// is safe too. The raw, hex, edit and copy views keep exact bytes and do not pass here.
package enum TextSanitizer {
  /// For lists: one scalar of the same meaning for each that cannot be shown (`␛` for ESC, U+FFFD),
  /// and what makes widths differ between terminals is dropped (joiners, variation selectors, skin
  /// tones). Keeps columns aligned.
  package static func listText(_ bytes: some Sequence<UInt8>) -> String {
    listText(String(decoding: Array(bytes), as: UTF8.self))
  }

  /// The same for text.
  package static func listText(_ text: String) -> String {
    var shown = String.UnicodeScalarView()
    for raw in text.unicodeScalars {
      if let (scalar, _) = cellScalar(raw) { shown.append(scalar) }
    }
    return String(shown)
  }

  /// What a cell may hold for a scalar, with its columns; nil when it is dropped.
  static func cellScalar(_ scalar: Unicode.Scalar) -> (Unicode.Scalar, columns: Int)? {
    let value = scalar.value
    if value >= 0x20, value < 0x7F { return (scalar, 1) }
    if let picture = controlPicture(scalar) { return (picture, 1) }
    if isWidthModifier(scalar) { return nil }
    if isInvisible(scalar) { return ("\u{FFFD}", 1) }
    let columns = DisplayWidth.of(scalar)
    if columns < 0 || (columns == 0 && !isMark(scalar)) { return ("\u{FFFD}", 1) }
    return (scalar, columns)
  }

  /// U+2400 + n for C0 and DEL, U+FFFD for C1; nil for all that is no control.
  static func controlPicture(_ scalar: Unicode.Scalar) -> Unicode.Scalar? {
    switch scalar.value {
    case 0..<0x20: Unicode.Scalar(0x2400 + scalar.value)
    case 0x7F: "\u{2421}"
    case 0x80..<0xA0: "\u{FFFD}"
    default: nil
    }
  }

  /// Scalars that reorder or hide text, or have no shape at all.
  static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0xAD, 0x61C, 0x180E, 0x200B, 0x200E, 0x200F, 0x2028...0x202E, 0x2060...0x206F,
      0xFEFF, 0xFFF9...0xFFFB, 0x1D173...0x1D17A, 0xE0000...0xE0FFF:
      true
    default: false
    }
  }

  /// Scalars that some terminals melt into their neighbour and some show alone.
  static func isWidthModifier(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x200C, 0x200D, 0xFE00...0xFE0F, 0x1F3FB...0x1F3FF: true
    default: false
    }
  }

  private static func isMark(_ scalar: Unicode.Scalar) -> Bool {
    if (0x1160...0x11FF).contains(scalar.value) { return true }  // vowels and finals of Hangul
    switch scalar.properties.generalCategory {
    case .nonspacingMark, .enclosingMark, .spacingMark: return true
    default: return false
    }
  }
}
