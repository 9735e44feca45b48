extension Key: CustomStringConvertible {
  /// How the key is written: `j`, `enter`, `ctrl-u`, `alt-1`, `shift-up`, `f5`, `click:10,5` (column
  /// and row from 0). A paste is shown by its size.
  package var description: String {
    switch self {
    case .character(" "): "space"
    case .character(let character): String(character)
    case .control(" "): "ctrl-space"
    case .control(let character): "ctrl-\(character)"
    case .alt(" "): "alt-space"
    case .alt(let character): "alt-\(character)"
    case .function(let number): "f\(number)"
    case .modified(let modifiers, let key): Self.spelling(of: modifiers) + key.description
    case .mouse(let event): event.description
    case .paste(let paste): "paste:\(paste.bytes.count)"
    default: Self.names.first { $0.key == self }?.name ?? "?"
    }
  }

  /// The key of a spelling; nil when there is none. Names are lower case.
  package init?(_ spelling: some StringProtocol) {
    if let key = Self.named(spelling) ?? Self.single(spelling) ?? Self.click(spelling) {
      self = key
    } else if let key = Self.modifiedKey(spelling) {
      self = key
    } else {
      return nil
    }
  }

  static let names: [(name: String, key: Key)] = [
    ("enter", .enter), ("esc", .escape), ("tab", .tab), ("shift-tab", .backTab),
    ("backspace", .backspace), ("delete", .delete), ("insert", .insert), ("up", .up),
    ("down", .down), ("left", .left), ("right", .right), ("home", .home), ("end", .end),
    ("pageup", .pageUp), ("pagedown", .pageDown), ("space", .character(" ")),
    // other spellings that people use
    ("escape", .escape), ("return", .enter), ("backtab", .backTab), ("pgup", .pageUp),
    ("pgdn", .pageDown), ("del", .delete), ("ins", .insert),
  ]

  private static func named(_ spelling: some StringProtocol) -> Key? {
    if let entry = names.first(where: { $0.name == spelling }) { return entry.key }
    guard spelling.first == "f", spelling.count <= 3, let number = Int(spelling.dropFirst()),
      (1...24).contains(number)
    else { return nil }
    return .function(number)
  }

  private static func single(_ spelling: some StringProtocol) -> Key? {
    guard let character = spelling.first, spelling.count == 1 else { return nil }
    return .character(character)
  }

  private static func click(_ spelling: some StringProtocol) -> Key? {
    MouseEvent(spelling).map(Key.mouse)
  }

  private static func modifiedKey(_ spelling: some StringProtocol) -> Key? {
    var rest = Substring(spelling)
    var modifiers: Modifiers = []
    for (prefix, modifier) in modifierNames where rest.hasPrefix(prefix) {
      modifiers.insert(modifier)
      rest = rest.dropFirst(prefix.count)
    }
    guard !modifiers.isEmpty, let key = named(rest) ?? single(rest) else { return nil }
    guard case .character(let character) = key else { return .with(modifiers, key) }
    switch modifiers {
    case .control: return controlKey(character)
    case .alt: return .alt(character)
    default: return nil
    }
  }

  private static func controlKey(_ character: Character) -> Key? {
    let letter = Character(character.lowercased())
    return "abcdefghijklmnopqrstuvwxyz \\]^_".contains(letter) ? .control(letter) : nil
  }

  private static let modifierNames: [(String, Modifiers)] = [
    ("ctrl-", .control), ("alt-", .alt), ("shift-", .shift),
  ]

  private static func spelling(of modifiers: Modifiers) -> String {
    modifierNames.filter { modifiers.contains($0.1) }.map(\.0).joined()
  }
}
