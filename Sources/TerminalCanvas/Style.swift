/// How a cell looks, in words of meaning: a role, what it stands on, and attributes. Four bytes.
package struct Style: Sendable, Hashable {
  /// Attributes that come on top of what the theme gives a role.
  package struct Attributes: OptionSet, Sendable, Hashable {
    package let rawValue: UInt8

    package init(rawValue: UInt8) {
      self.rawValue = rawValue
    }

    package static let bold = Attributes(rawValue: 1)
    package static let dim = Attributes(rawValue: 2)
    package static let underline = Attributes(rawValue: 4)
    package static let reverse = Attributes(rawValue: 8)
  }

  package var role: StyleRole
  package var background: Background
  package var attributes: Attributes

  package init(
    _ role: StyleRole = .text, on background: Background = .plain, _ attributes: Attributes = []
  ) {
    self.role = role
    self.background = background
    self.attributes = attributes
  }

  /// Plain text.
  package static let text = Style(.text)
  /// Labels, units, what stands back.
  package static let muted = Style(.muted)

  package func bold() -> Style { adding(.bold) }
  package func dim() -> Style { adding(.dim) }
  package func underline() -> Style { adding(.underline) }
  package func reverse() -> Style { adding(.reverse) }

  /// The same on another background.
  package func on(_ background: Background) -> Style {
    Style(role, on: background, attributes)
  }

  private func adding(_ more: Attributes) -> Style {
    Style(role, on: background, attributes.union(more))
  }
}
