extension Theme {
  /// What a style looks like at a depth. Two reverses cancel each other, so that a warning stands
  /// out of a reversed row too.
  package func resolve(_ style: Style, depth: ColorDepth) -> Appearance {
    switch depth {
    case .indexed256: indexed(style)
    case .ansi16, .ansi8: basic(style, bright: depth == .ansi16)
    case .none: colourless(style)
    }
  }

  private func indexed(_ style: Style) -> Appearance {
    let (ink, ground) = (ink(style.role), ground(style.background))
    let foreground = style.role.isFaint ? ground.faint ?? ink.indexed : ink.indexed
    return Appearance(
      foreground: foreground, background: ground.indexed,
      attributes: ink.attributes.union(style.attributes))
  }

  private func basic(_ style: Style, bright: Bool) -> Appearance {
    let (ink, ground) = (ink(style.role), ground(style.background))
    let keepsColour = style.background != .selection || style.role.isSignal
    var attributes = ink.attributes.union(ink.basicAttributes).crossed(with: ground.attributes)
      .crossed(with: style.attributes)
    guard keepsColour, var colour = ink.basic else {
      if !keepsColour { attributes.remove(.dim) }
      return Appearance(attributes: attributes)
    }
    if colour >= 8, !bright {
      colour -= 8
      attributes.insert(.bold)
    }
    return Appearance(foreground: colour, attributes: attributes)
  }

  private func colourless(_ style: Style) -> Appearance {
    let ground = ground(style.background)
    let attributes = ink(style.role).mono.crossed(with: ground.attributes)
    return Appearance(attributes: attributes.crossed(with: style.attributes))
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
