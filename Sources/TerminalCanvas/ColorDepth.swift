/// How many colours a terminal can show.
package enum ColorDepth: Sendable, Hashable, CaseIterable {
  /// Attributes only.
  case none
  case ansi8
  case ansi16
  /// The palette of 256 that xterm made common; also what a direct-colour terminal is given.
  case indexed256

  /// From the number of colours that a terminal description tells.
  package init(colors: Int) {
    self =
      switch colors {
      case 256...: .indexed256
      case 16..<256: .ansi16
      case 8..<16: .ansi8
      default: .none
      }
  }

  /// Red, green and blue, 8 bits each, of a colour of the 256 palette; the first 16 as xterm has
  /// them.
  package static func rgb(_ index: UInt8) -> UInt32 {
    let basic: [UInt32] = [
      0x000000, 0xCD0000, 0x00CD00, 0xCDCD00, 0x0000EE, 0xCD00CD, 0x00CDCD, 0xE5E5E5,
      0x7F7F7F, 0xFF0000, 0x00FF00, 0xFFFF00, 0x5C5CFF, 0xFF00FF, 0x00FFFF, 0xFFFFFF,
    ]
    let index = Int(index)
    if index < basic.count { return basic[index] }
    if index >= 232 { return UInt32(8 + (index - 232) * 10) * 0x010101 }
    let levels: [UInt32] = [0, 95, 135, 175, 215, 255]
    let cube = index - 16
    return levels[cube / 36] << 16 | levels[cube / 6 % 6] << 8 | levels[cube % 6]
  }
}

/// What a style comes down to on a terminal of some depth: colour numbers of that depth (nil is the
/// terminal's own) and attributes.
package struct Appearance: Sendable, Hashable {
  package var foreground: UInt8?
  package var background: UInt8?
  package var attributes: Style.Attributes

  package init(
    foreground: UInt8? = nil, background: UInt8? = nil, attributes: Style.Attributes = []
  ) {
    self.foreground = foreground
    self.background = background
    self.attributes = attributes
  }
}
