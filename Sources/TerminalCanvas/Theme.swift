/// Colours and attributes for every role and background.
///
/// A theme speaks for four depths at once, because a nearest colour is often the wrong one: dark
/// grey on 8 colours is black on black. Each role names a colour of the 256 palette, one of the 16
/// (which on 8 colours becomes the plain colour in bold), and the attributes that stand for it where
/// there is no colour. With 16 colours or fewer the selection is reverse video, and only roles that
/// warn or count keep their colour on it.
package struct Theme: Sendable, Equatable {
  /// How a role is written.
  package struct Ink: Sendable, Equatable {
    /// Of the 256 palette; nil is the terminal's own foreground.
    package var indexed: UInt8?
    /// 0 to 15; nil is the terminal's own foreground.
    package var basic: UInt8?
    /// On every depth that has colours.
    package var attributes: Style.Attributes
    /// Where there are 16 colours or fewer, on top of the others.
    package var basicAttributes: Style.Attributes
    /// Where there is no colour, instead.
    package var mono: Style.Attributes

    package init(
      _ indexed: UInt8?, _ basic: UInt8?, _ attributes: Style.Attributes = [],
      basic basicAttributes: Style.Attributes = [], mono: Style.Attributes = []
    ) {
      self.indexed = indexed
      self.basic = basic.map { min($0, 15) }
      self.attributes = attributes
      self.basicAttributes = basicAttributes
      self.mono = mono
    }
  }

  /// What a background is painted with.
  package struct Ground: Sendable, Equatable {
    /// Of the 256 palette; nil is the terminal's own background.
    package var indexed: UInt8?
    /// Instead of `muted`, `border` and `masked`, which would drown on it.
    package var faint: UInt8?
    /// With 16 colours or fewer.
    package var attributes: Style.Attributes

    package init(_ indexed: UInt8?, faint: UInt8? = nil, _ attributes: Style.Attributes = []) {
      self.indexed = indexed
      self.faint = faint
      self.attributes = attributes
    }
  }

  package let name: String
  private let inks: [StyleRole: Ink]
  private let grounds: [Background: Ground]

  package init(name: String, inks: [StyleRole: Ink], grounds: [Background: Ground]) {
    self.name = name
    self.inks = inks
    self.grounds = grounds
  }

  /// The theme of a name, such as `dark`; nil when there is none.
  package static func named(_ name: String) -> Theme? {
    all.first { $0.name == name }
  }

  package static let all: [Theme] = [dark, light]

  package func ink(_ role: StyleRole) -> Ink { inks[role] ?? Ink(nil, nil) }
  package func ground(_ background: Background) -> Ground { grounds[background] ?? Ground(nil) }
}
