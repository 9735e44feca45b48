import TerminalCanvas
import Testing

@Suite struct ThemeTests {
  private func look(
    _ theme: Theme, _ depth: ColorDepth, _ role: StyleRole, on background: Background = .plain
  ) -> Appearance {
    theme.resolve(Style(role, on: background), depth: depth)
  }

  @Test(arguments: Theme.all, ColorDepth.allCases)
  func coloursExistAtTheirDepth(_ theme: Theme, _ depth: ColorDepth) {
    let limit = [ColorDepth.none: 0, .ansi8: 8, .ansi16: 16, .indexed256: 256][depth] ?? 0
    for role in StyleRole.allCases {
      for background in Background.allCases {
        let look = look(theme, depth, role, on: background)
        #expect(Int(look.foreground ?? 0) < max(limit, 1))
        #expect(Int(look.background ?? 0) < max(limit, 1))
        #expect(look.foreground == nil || look.foreground != look.background)
      }
    }
  }

  /// What must be told apart is told apart everywhere, without colour by attributes.
  @Test(arguments: Theme.all, ColorDepth.allCases)
  func nothingIsLost(_ theme: Theme, _ depth: ColorDepth) {
    for background in [Background.plain, .selection] {
      let ladder = [StyleRole.text, .warn, .critical].map { look(theme, depth, $0, on: background) }
      #expect(Set(ladder).count == 3)
      #expect(
        look(theme, depth, .hit, on: background) != look(theme, depth, .miss, on: background))
    }
    #expect(look(theme, depth, .border) != look(theme, depth, .focus))
    #expect(look(theme, depth, .text) != look(theme, depth, .marked))
    #expect(look(theme, depth, .text) != look(theme, depth, .text, on: .selection))
    #expect(look(theme, depth, .text) != look(theme, depth, .text, on: .trail))
    #expect(look(theme, depth, .text) != look(theme, depth, .text, on: .marked))
    #expect(look(theme, depth, .text) != look(theme, depth, .text, on: .field))
  }

  @Test func eightColoursHaveNoBrightOnes() {
    let look = look(.dark, .ansi8, .hit)
    #expect(look.foreground == 4 && look.attributes.contains(.bold))
  }

  /// By the formula of WCAG 2: data at least 4.5, what stands back at least 3, borders visible.
  @Test(arguments: [
    (Theme.dark, UInt32(0x000000), UInt32(0xE5E5E5), 0.0), (.light, 0xFFFFFF, 0x000000, 0.0),
    (.highContrast, 0x888888, 0x888888, 7.0),
  ])
  func contrast(_ theme: Theme, _ ground: UInt32, _ text: UInt32, _ floor: Double) {
    for role in StyleRole.allCases {
      for background in Background.allCases {
        let look = look(theme, .indexed256, role, on: background)
        let ratio = Self.contrast(
          look.foreground.map(ColorDepth.rgb) ?? text, look.background.map(ColorDepth.rgb) ?? ground
        )
        let least =
          switch role {
          case .border, .masked: background == .plain ? 1.5 : 3.0
          case .muted: 4.0
          default: background == .plain ? 4.5 : 3.0
          }
        #expect(ratio >= max(least, floor), "\(theme.name) \(role) on \(background): \(ratio)")
      }
    }
  }

  /// On a white terminal with its own sixteen colours, nothing is written in one of the pale ones.
  @Test func theLightThemeIsReadableOnWhite() {
    let pale: Set<UInt8> = [2, 3, 6, 7, 9, 10, 11, 12, 13, 14, 15]
    for role in StyleRole.allCases {
      for depth in [ColorDepth.ansi8, .ansi16] {
        let look = look(.light, depth, role)
        #expect(!pale.contains(look.foreground ?? 0), "\(role)")
      }
    }
  }

  @Test func theMonoThemeHasNoColour() {
    for role in StyleRole.allCases {
      for background in Background.allCases {
        let look = look(.mono, .indexed256, role, on: background)
        #expect(look.foreground == nil && look.background == nil)
      }
    }
  }

  private static func contrast(_ one: UInt32, _ other: UInt32) -> Double {
    let (light, dark) = (
      max(luminance(one), luminance(other)), min(luminance(one), luminance(other))
    )
    return (light + 0.05) / (dark + 0.05)
  }

  /// Relative luminance, with the exponent 2.2 for sRGB's curve.
  private static func luminance(_ rgb: UInt32) -> Double {
    let weights = [(16, 0.2126), (8, 0.7152), (0, 0.0722)]
    return weights.reduce(0) { sum, channel in
      let part = Double(rgb >> UInt32(channel.0) & 0xFF) / 255
      return sum + channel.1 * (part * part * 0.8 + part * part * part * 0.2)
    }
  }

  @Test func framesBecomeSequences() {
    var frame = Frame(size: ScreenSize(columns: 8, rows: 2))
    frame.put("ab", row: 0, column: 0, style: Style(.hit))
    frame.put("c", row: 0, column: 2)
    frame.put("x", row: 1, column: 0, style: Style(.critical, on: .selection))
    #expect(
      frame.ansi(theme: .dark, depth: .indexed256)
        == "\u{1B}[0;38;5;75mab\u{1B}[0mc\n\u{1B}[0;1;38;5;203;48;5;238mx\u{1B}[0m")
    #expect(
      frame.ansi(theme: .dark, depth: .ansi16)
        == "\u{1B}[0;94mab\u{1B}[0mc\n\u{1B}[0;1;7;91mx\u{1B}[0m")
    #expect(frame.ansi(theme: .dark, depth: .none) == "abc\n\u{1B}[0;1;4;7mx\u{1B}[0m")
  }
}
