/// A name or an element within a sentence or a title, so that two that differ never look alike.
///
/// What has no shape of its own, or the shape of something else, is spelled: `‹U+200B›` for an
/// invisible scalar or a blank that is not a plain one, `\n` and `\x1b` for controls, `\xff` for a
/// byte that is not UTF-8. A long name keeps its beginning and its end. Bounded work: of a name of
/// any length only some hundred bytes at each end are looked at.
package enum SpelledName {
  /// At most about `limit` columns.
  package static func of(_ bytes: [UInt8], limit: Int = 60) -> String {
    if bytes.isEmpty { return "\"\"" }
    let reach = max(limit, 8) * 4
    guard bytes.count > reach * 2 else {
      return clipped(pieces(of: bytes[...], isWhole: true), limit)
    }
    // The cut may fall within a character: what is left of it is at most three bytes.
    let tail = bytes.suffix(reach).drop { $0 & 0xC0 == 0x80 }
    let head = pieces(of: bytes.prefix(reach), isWhole: false).prefix(limit * 3 / 5)
    return clipped(head + ["…"] + pieces(of: tail, isWhole: false).suffix(limit), limit)
  }

  private static func clipped(_ pieces: [String], _ limit: Int) -> String {
    var width = pieces.reduce(0) { $0 + $1.unicodeScalars.count }
    guard width > limit else { return pieces.joined() }
    var head = pieces.startIndex
    var used = 0
    while head < pieces.endIndex, used + pieces[head].unicodeScalars.count <= limit * 3 / 5 {
      used += pieces[head].unicodeScalars.count
      head += 1
    }
    var tail = pieces.endIndex
    width = used + 1
    while tail > head, width + pieces[tail - 1].unicodeScalars.count <= limit {
      tail -= 1
      width += pieces[tail].unicodeScalars.count
    }
    return (pieces[..<head] + ["…"] + pieces[tail...]).joined()
  }

  /// One for each character that is shown; marks stand with what they are on.
  private static func pieces(of bytes: ArraySlice<UInt8>, isWhole: Bool) -> [String] {
    var pieces: [String] = []
    var rest = bytes.makeIterator()
    var parser = UTF8.ForwardParser()
    var position = bytes.startIndex
    while true {
      switch parser.parseScalar(from: &rest) {
      case .valid(let encoded):
        position += encoded.count
        append(UTF8.decode(encoded), to: &pieces)
      case .error(let length):
        let end = min(position + length, bytes.endIndex)
        pieces += bytes[position..<end].map(escape)
        position = end
      case .emptyInput:
        if isWhole { spellEdges(&pieces) }
        return pieces
      }
    }
  }

  private static func append(_ scalar: Unicode.Scalar, to pieces: inout [String]) {
    switch spelling(of: scalar) {
    case .shown: pieces.append(String(Character(scalar)))
    case .mark:
      guard let last = pieces.last, last.unicodeScalars.count < 3, !last.hasPrefix("‹") else {
        pieces.append(codePoint(scalar))
        return
      }
      pieces[pieces.count - 1] = last + String(Character(scalar))
    case .escaped(let text): pieces.append(text)
    }
  }

  private enum Spelling {
    case shown, mark
    case escaped(String)
  }

  private static func spelling(of scalar: Unicode.Scalar) -> Spelling {
    switch scalar.value {
    case 0x20...0x7E: return .shown
    case 0x0A: return .escaped("\\n")
    case 0x0D: return .escaped("\\r")
    case 0x09: return .escaped("\\t")
    case 0..<0x20, 0x7F: return .escaped(escape(UInt8(truncatingIfNeeded: scalar.value)))
    // Selectors of shapes, fillers and a blank of Braille: letters and marks without a look.
    case 0xFE00...0xFE0F, 0xE0100...0xE01EF, 0x034F, 0x115F, 0x1160, 0x17B4, 0x17B5, 0x2800,
      0x3164, 0xFFA0:
      return .escaped(codePoint(scalar))
    default: break
    }
    switch scalar.properties.generalCategory {
    case .control, .format, .privateUse, .surrogate, .unassigned, .lineSeparator,
      .paragraphSeparator, .spaceSeparator:
      return .escaped(codePoint(scalar))
    case .nonspacingMark, .enclosingMark, .spacingMark: return .mark
    default: return .shown
    }
  }

  /// A blank at either end cannot be seen.
  private static func spellEdges(_ pieces: inout [String]) {
    let blank = codePoint(" ")
    if pieces.first == " " { pieces[0] = blank }
    if pieces.last == " " { pieces[pieces.count - 1] = blank }
  }

  private static func codePoint(_ scalar: Unicode.Scalar) -> String {
    let digits = String(scalar.value, radix: 16, uppercase: true)
    return "‹U+" + String(repeating: "0", count: max(0, 4 - digits.count)) + digits + "›"
  }

  private static func escape(_ byte: UInt8) -> String {
    "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
  }
}
