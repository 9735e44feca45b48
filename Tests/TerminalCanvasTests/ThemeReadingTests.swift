import TerminalCanvas
import Testing

@Suite struct ThemeReadingTests {
  private func look(_ text: String, _ depth: ColorDepth) throws(ThemeError) -> Appearance {
    let theme = try Theme(name: "own", basedOn: .dark, looks: [("hit", text)])
    return theme.resolve(Style(.hit), depth: depth)
  }

  /// Each of the program's own names itself and has a look for every role and background.
  /// The names can be told without reading a theme, and are those of the themes.
  @Test func everyNameIsThatOfATheme() {
    #expect(Theme.all.map(\.name) == Theme.names)
    #expect(Theme.named("nonesuch") == nil)
  }

  @Test(arguments: Theme.all) func theCarriedThemesAreWhole(_ theme: Theme) throws {
    #expect(Theme.named(theme.name) == theme)
    #expect(theme != (try Theme(name: theme.name, basedOn: .dark, looks: [])) || theme == .dark)
    #expect(theme.missingLooks.isEmpty)
  }

  @Test func threeKindsOfTerminal() throws {
    let text = "75 bold / bright-blue underline / reverse"
    #expect(try look(text, .indexed256) == Appearance(foreground: 75, attributes: .bold))
    #expect(try look(text, .ansi16) == Appearance(foreground: 12, attributes: .underline))
    #expect(try look(text, .ansi8) == Appearance(foreground: 4, attributes: [.bold, .underline]))
    #expect(try look(text, .none) == Appearance(attributes: .reverse))
  }

  @Test func whatIsLeftOutFollows() throws {
    #expect(try look("#ff0000 bold", .indexed256) == Appearance(foreground: 196, attributes: .bold))
    #expect(try look("#ff0000 bold", .ansi16) == Appearance(foreground: 9, attributes: .bold))
    #expect(try look("#ff0000 bold", .none) == Appearance(attributes: .bold))
    #expect(try look("default", .ansi16) == Appearance())
    #expect(try look("bright-black / default dim", .indexed256) == Appearance(foreground: 8))
  }

  @Test func aGroundHasAFaintColour() throws {
    let theme = try Theme(
      name: "own", basedOn: .dark, looks: [("onSelection", "24 faint 250 / blue")])
    let style = Style(.muted, on: .selection)
    #expect(theme.resolve(style, depth: .indexed256).foreground == 250)
    #expect(theme.resolve(style, depth: .indexed256).background == 24)
    #expect(theme.resolve(style, depth: .ansi16).background == 4)
    #expect(theme.resolve(Style(.miss), depth: .indexed256).foreground == 208)
  }

  @Test(arguments: [
    ("hit", "blau", "hit: \"blau\" holds \"blau\", which is neither a colour"),
    ("hit", "256", "neither a colour"), ("hit", "-1", "neither a colour"),
    ("hit", "#12345", "neither a colour"), ("hit", "#ggggggg", "neither a colour"),
    ("hit", "99999999999999999999999", "neither a colour"),
    ("hit", "75 / 75", "gives 16 colours a number above 15"),
    ("hit", "1/2/plain/bold", "more than three parts"), ("hit", "", "has an empty part"),
    ("hit", "75 //", "has an empty part"), ("hit", "75 faint 3", "neither a colour"),
    ("onBar", "235 faint", "needs a colour after \"faint\""),
    ("hits", "75", "there is no such look; there are text, muted"),
    ("colours", "two", "is neither \"all\" nor \"none\""),
    ("hit", "\u{1B}[2J", "␛[2J"),
  ])
  func whatIsWrongIsSaid(_ name: String, _ text: String, _ sentence: String) {
    let error = #expect(throws: ThemeError.self) {
      try Theme(name: "own", basedOn: .dark, looks: [(name, text)])
    }
    #expect(error?.place == name)
    #expect(error?.sentence.contains(sentence) == true, "\(error?.sentence ?? "")")
    #expect(error?.sentence.contains("\u{1B}") == false)
  }

  @Test func theBackgroundChooses() {
    for dark in [0x000000, 0x1E1E2E, 0x002B36, 0x0000FF] as [UInt32] {
      #expect(Theme.suiting(background: dark) == .dark)
    }
    for light in [0xFFFFFF, 0xFDF6E3, 0xFAFAFA, 0xFFFF00] as [UInt32] {
      #expect(Theme.suiting(background: light) == .light)
    }
  }

  @Test func theBackgroundIsAssumed() {
    let xterm = TerminalDialect(type: "xterm", variable: { _ in nil })
    for (value, colour) in [
      ("0;15", 0xFFFFFF), ("0;default;15", 0xFFFFFF), ("15;0", 0), ("7;8", 0x7F7F7F), ("", nil),
      ("default;default", nil), ("0;99", nil),
    ] as [(String, UInt32?)] {
      #expect(xterm.assumedBackground(colourVariable: value) == colour, "\(value)")
    }
    let console = TerminalDialect(type: "linux", variable: { _ in nil })
    #expect(console.assumedBackground(colourVariable: nil) == 0)
  }

  /// A theme chosen by name is readable on the other kind of background too, at every depth.
  @Test(arguments: [(Theme.dark, UInt32(0xFDF6E3)), (.light, 0x1E1E2E)])
  func aThemeBringsItsPaper(_ theme: Theme, _ background: UInt32) {
    #expect(theme.shown(onBackground: ~background & 0xFFFFFF) == theme)
    let shown = theme.shown(onBackground: background)
    #expect(theme.onOwnPaper == shown)
    for depth in [ColorDepth.ansi8, .ansi16, .indexed256] {
      for role in StyleRole.allCases {
        for ground in Background.allCases {
          let look = shown.resolve(Style(role, on: ground), depth: depth)
          #expect(look.foreground != nil && look.background != nil)
          #expect(look.foreground != look.background, "\(role) on \(ground) at \(depth)")
        }
      }
    }
    #expect(Theme.mono.shown(onBackground: background) == .mono)
    #expect(Theme.highContrast.shown(onBackground: background) == .highContrast)
  }
}
