import CLinux

/// How many columns text takes on the screen.
///
/// Terminals and ncurses lay out scalar by scalar with libc's `wcwidth`; so does this, with the
/// same tables, because a row whose parts disagree by one column drifts. Swift's `Character` count
/// is no substitute: a family emoji is one Character, 6 columns by scalars, and 2 on some terminals.
/// `TextSanitizer` drops what makes these differ, so that only scalars of undisputed width remain.
package enum DisplayWidth {
  /// Columns of one scalar: 0, 1, 2, or -1 when it cannot be printed.
  package static func of(_ scalar: Unicode.Scalar) -> Int {
    if scalar.value < 0x7F { return scalar.value >= 0x20 ? 1 : -1 }
    if (0x2500...0x259F).contains(scalar.value) || (0x2800...0x28FF).contains(scalar.value) {
      return 1  // boxes, blocks and braille, which graphs are made of
    }
    return Int(clinux_column_width(scalar.value))
  }

  /// Columns of text as `Frame.put` would show it: sanitised. Linear in the text, but stops beyond
  /// `bound` columns (and then returns more than `bound`).
  package static func of(_ text: String, bound: Int = .max) -> Int {
    var walk = ScalarWalk(text)
    var columns = 0
    while columns <= bound, let step = walk.next() {
      columns += step.columns
    }
    return columns
  }

  /// The longest beginning that fits into so many columns; when text is cut off, the last column
  /// shows `…`.
  package static func clipped(_ text: String, to columns: Int) -> String {
    guard columns > 0 else { return "" }
    guard of(text, bound: columns) > columns else { return text }
    var walk = ScalarWalk(text)
    var kept = String.UnicodeScalarView()
    var used = 0
    while let step = walk.next(), used + step.columns <= columns - 1 {
      kept.append(contentsOf: step.scalars)
      used += step.columns
    }
    kept.append("…")
    return String(kept)
  }
}
