extension Theme {
  /// What a style looks like at a depth. Two reverses cancel each other, so that a warning stands
  /// out of a reversed row too.
  package func resolve(_ style: Style, depth: ColorDepth) -> Appearance {
    switch isColourless ? .none : depth {
    case .indexed256: indexed(style)
    case .ansi16: basic(style, bright: true)
    case .ansi8: basic(style, bright: false)
    case .none: colourless(style)
    }
  }

  private func indexed(_ style: Style) -> Appearance {
    let (ink, ground) = (ink(style.role), ground(style.background))
    let foreground = style.role.isFaint ? ground.faint ?? ink.rich.colour : ink.rich.colour
    let attributes = ink.rich.attributes.crossed(with: ground.rich.attributes)
    return Appearance(
      foreground: foreground, background: ground.rich.colour,
      attributes: attributes.union(style.attributes))
  }

  private func basic(_ style: Style, bright: Bool) -> Appearance {
    let (ink, ground) = (ink(style.role).basic, ground(style.background).basic)
    var attributes = ink.attributes.crossed(with: ground.attributes).crossed(with: style.attributes)
    let isReversed = ground.attributes.contains(.reverse)
    var foreground = ink.colour
    if isReversed, !style.role.isSignal {
      attributes.remove(.dim)
      // Where the theme paints a ground, the terminal's own colour could be the same.
      foreground = ground.colour == nil ? nil : self.ink(.text).basic.colour
    }
    if let colour = foreground, colour >= 8, !bright {
      foreground = colour - 8
      if !isReversed || style.role.isSignal { attributes.insert(.bold) }
    }
    let background = ground.colour.map { bright ? $0 : $0 % 8 }
    return Appearance(foreground: foreground, background: background, attributes: attributes)
  }

  private func colourless(_ style: Style) -> Appearance {
    let ground = ground(style.background).mono
    var attributes = ink(style.role).mono.crossed(with: ground).crossed(with: style.attributes)
    // Dim on a reversed ground is grey on grey.
    if ground.contains(.reverse) { attributes.remove(.dim) }
    return Appearance(attributes: attributes)
  }
}

extension StyleRole {
  /// Roles that stand back.
  fileprivate var isFaint: Bool {
    switch self {
    case .muted, .border, .masked: true
    default: false
    }
  }

  /// Roles whose colour says something that must be seen on the selected row too.
  fileprivate var isSignal: Bool {
    switch self {
    case .good, .warn, .critical, .error, .hit, .miss, .marked: true
    default: false
    }
  }
}

extension Style.Attributes {
  /// The union, but reverse on reverse is none.
  fileprivate func crossed(with other: Style.Attributes) -> Style.Attributes {
    var both = union(other)
    if contains(.reverse), other.contains(.reverse) { both.remove(.reverse) }
    return both
  }
}
