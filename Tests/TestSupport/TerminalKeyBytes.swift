package import TerminalCanvas

extension Key {
  /// What a terminal of xterm's kind sends for the key, in the normal cursor mode.
  package var terminalBytes: [UInt8] {
    switch self {
    case .character(let character): Array(String(character).utf8)
    case .control(" "): [0]
    case .control(let character): [(character.asciiValue ?? 0x40) & 0x1F]
    case .alt(let character): [0x1B] + Array(String(character).utf8)
    case .enter: [0x0D]
    case .escape: [0x1B]
    case .tab: [0x09]
    case .backspace: [0x7F]
    case .backTab: Array("\u{1B}[Z".utf8)
    case .paste(let paste): Array("\u{1B}[200~".utf8) + paste.bytes + Array("\u{1B}[201~".utf8)
    case .mouse(let event): Array(event.report.utf8)
    case .modified(let modifiers, let key): key.sequence(modifiers: Int(modifiers.rawValue) + 1)
    default: sequence(modifiers: 1)
    }
  }

  private func sequence(modifiers: Int) -> [UInt8] {
    let letters: [Key: String] = [
      .up: "A", .down: "B", .right: "C", .left: "D", .home: "H", .end: "F",
    ]
    let numbers: [Key: Int] = [.insert: 2, .delete: 3, .pageUp: 5, .pageDown: 6]
    let functions = [11, 12, 13, 14, 15, 17, 18, 19, 20, 21, 23, 24]
    let suffix = modifiers > 1 ? ";\(modifiers)" : ""
    if let letter = letters[self] {
      return Array("\u{1B}[\(modifiers > 1 ? "1" : "")\(suffix)\(letter)".utf8)
    }
    if let number = numbers[self] { return Array("\u{1B}[\(number)\(suffix)~".utf8) }
    if case .function(let index) = self, functions.indices.contains(index - 1) {
      return Array("\u{1B}[\(functions[index - 1])\(suffix)~".utf8)
    }
    return modifiers > 1 ? [0x1B] + terminalBytes : []
  }
}

extension MouseEvent {
  /// The reports of mode 1006; a double click is two presses.
  fileprivate var report: String {
    let place = "\(position.column + 1);\(position.row + 1)"
    let code =
      switch button {
      case .left, .none: 0
      case .middle: 1
      case .right: 2
      }
    switch kind {
    case .press: return "\u{1B}[<\(code);\(place)M"
    case .release: return "\u{1B}[<\(code);\(place)m"
    case .drag: return "\u{1B}[<\(code + 32);\(place)M"
    case .wheelUp: return "\u{1B}[<64;\(place)M"
    case .wheelDown: return "\u{1B}[<65;\(place)M"
    case .doubleClick:
      return "\u{1B}[<\(code);\(place)M\u{1B}[<\(code);\(place)m\u{1B}[<\(code);\(place)M"
    }
  }
}
