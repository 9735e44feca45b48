/// Colours and attributes for every role and background.
///
/// A theme speaks for three kinds of terminal at once, because a nearest colour is often the wrong
/// one: dark grey on 8 colours is black on black. Each role has a look for 256 colours, one for 16
/// (of which a bright colour becomes the plain one in bold where there are 8), and attributes for
/// none. Themes are text (`Theme+Reading`): those of the program lie in `Resources/themes`, and a
/// person's own begins with one of them.
package struct Theme: Sendable, Equatable, CustomStringConvertible {
  /// A colour and attributes; a nil colour is the terminal's own.
  package struct Look: Sendable, Equatable {
    package var colour: UInt8?
    package var attributes: Style.Attributes

    package init(_ colour: UInt8? = nil, _ attributes: Style.Attributes = []) {
      self.colour = colour
      self.attributes = attributes
    }
  }

  /// How a role is written, or what a background is painted with.
  package struct Entry: Sendable, Equatable {
    /// Of the 256 palette.
    package var rich = Look()
    /// Of 0 to 15, where there are 16 colours or fewer.
    package var basic = Look()
    /// Where there is no colour.
    package var mono: Style.Attributes = []
    /// Of a background with 256 colours: instead of `muted`, `border` and `masked`, which would drown
    /// on it.
    package var faint: UInt8?

    package init() {}
  }

  package internal(set) var name: String
  package var description: String { name }
  /// Whether attributes alone are used, whatever the terminal can show.
  package internal(set) var isColourless = false
  /// What stands for the terminal's own colours where those do not suit; nil for a theme that
  /// suits everywhere.
  var ink: Entry?
  var paper: Entry?
  var inks: [StyleRole: Entry] = [:]
  var grounds: [Background: Entry] = [:]

  /// A theme without any look: everything is written as the terminal's own text.
  init(plain name: String) {
    self.name = name
  }

  /// Roles and backgrounds without a look of their own, by name.
  package var missingLooks: [String] {
    StyleRole.allCases.filter { inks[$0] == nil }.map { "\($0)" }
      + Background.allCases.filter { grounds[$0] == nil }.map { "\($0)" }
  }

  func ink(_ role: StyleRole) -> Entry { inks[role] ?? Entry() }
  func ground(_ background: Background) -> Entry { grounds[background] ?? Entry() }
}

extension Theme {
  /// For light text on a dark background.
  package static let dark = carried("dark", PackageResources.dark_json5)
  /// For dark text on a light background.
  package static let light = carried("light", PackageResources.light_json5)
  /// Bright colours on a black that it paints itself.
  package static let highContrast = carried(
    "high-contrast", PackageResources.high_contrast_json5)
  /// Attributes alone.
  package static let mono = carried("mono", PackageResources.mono_json5)

  package static var all: [Theme] { names.compactMap(named) }

  /// The names of all themes; none of them is read for that.
  package static let names = ["dark", "light", "high-contrast", "mono"]

  /// The theme of a name, such as `dark`; nil when there is none.
  package static func named(_ name: String) -> Theme? {
    switch name {
    case "dark": dark
    case "light": light
    case "high-contrast": highContrast
    case "mono": mono
    default: nil
    }
  }

  /// The same theme on a terminal with this background (8 bits each for red, green and blue): with
  /// ink and paper of its own where that would make its text hard to read.
  package func shown(onBackground rgb: UInt32) -> Theme {
    guard let colour = paper?.rich.colour,
      Self.isLight(rgb) != Self.isLight(ColorDepth.rgb(colour))
    else { return self }
    return onOwnPaper
  }

  /// The same theme with ink and paper of its own: it can be read on any terminal.
  package var onOwnPaper: Theme {
    guard let ink, let paper else { return self }
    var theme = self
    for role in StyleRole.allCases { theme.inks[role, default: Entry()].fill(from: ink) }
    for ground in Background.allCases { theme.grounds[ground, default: Entry()].fill(from: paper) }
    return theme
  }

  /// One of the program's own, which a test holds to be readable.
  private static func carried(_ name: String, _ text: [UInt8]) -> Theme {
    (try? Theme(ThemeText(text), name: name, basedOn: Theme(plain: name))) ?? Theme(plain: name)
  }
}

extension Theme.Entry {
  /// Takes another entry's colours where this one has none.
  fileprivate mutating func fill(from other: Theme.Entry) {
    rich.colour = rich.colour ?? other.rich.colour
    basic.colour = basic.colour ?? other.basic.colour
  }
}
