/// Something that the terminal said when it was asked. Anything else that it says is swallowed.
package enum TerminalAnswer: Sendable, Hashable {
  /// The colour of its background, 8 bits each for red, green and blue.
  case background(UInt32)

  /// Reads what stood between ESC and its end: `]11;rgb:1e1e/1e1e/2e2e`, with one to four digits
  /// for each, or `]11;#1e1e2e`.
  init?(_ bytes: [UInt8]) {
    let text = String(decoding: bytes, as: UTF8.self)
    guard text.hasPrefix("]11;") else { return nil }
    let colour = text.dropFirst(4)
    let digits: [Substring]
    if colour.hasPrefix("#"), colour.utf8.count == 7 {
      let all = colour.dropFirst()
      digits = [all.prefix(2), all.dropFirst(2).prefix(2), all.suffix(2)]
    } else if colour.hasPrefix("rgb:") || colour.hasPrefix("rgba:") {
      let parts = colour.drop { $0 != ":" }.dropFirst().split(
        separator: "/", omittingEmptySubsequences: false)
      digits = Array(parts.prefix(3))
    } else {
      return nil
    }
    var rgb: UInt32 = 0
    guard digits.count == 3 else { return nil }
    for part in digits {
      guard let share = Self.share(part) else { return nil }
      rgb = rgb << 8 | share
    }
    self = .background(rgb)
  }

  /// `f`, `ff`, `fff` and `ffff` are all 255.
  private static func share(_ digits: Substring) -> UInt32? {
    guard (1...4).contains(digits.utf8.count), digits.allSatisfy(\.isHexDigit),
      let value = UInt32(digits, radix: 16)
    else { return nil }
    let most = UInt32(1) << UInt32(4 * digits.utf8.count) - 1
    return value * 255 / most
  }
}

extension Theme {
  /// The theme whose text can be read on a background of this colour (8 bits each for red, green
  /// and blue).
  package static func suiting(background rgb: UInt32) -> Theme {
    isLight(rgb) ? .light : .dark
  }

  /// By the luma of ITU-R BT.601.
  static func isLight(_ rgb: UInt32) -> Bool {
    let (red, green, blue) = (rgb >> 16 & 0xFF, rgb >> 8 & 0xFF, rgb & 0xFF)
    return red * 299 + green * 587 + blue * 114 >= 128 * 1000
  }
}

extension TerminalDialect {
  /// The background as far as it is known without asking: by the variable COLORFGBG, in which some
  /// terminals say foreground and background as colours of the sixteen (`0;15`, `0;default;15`). A
  /// console is black. Nil when nothing is known.
  package func assumedBackground(colourVariable value: String?) -> UInt32? {
    if let last = value?.split(separator: ";").last, let colour = UInt8(last), colour < 16 {
      return ColorDepth.rgb(colour)
    }
    return takesCommands ? nil : 0
  }
}
