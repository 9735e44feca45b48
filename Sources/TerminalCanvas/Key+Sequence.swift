/// A word of a sequence of keys that names no key.
package struct KeySpellingError: Error, Sendable, Equatable {
  /// The word.
  package let word: String

  /// A sentence with a next step.
  package var sentence: String {
    "\u{201C}\(TextSanitizer.listText(word))\u{201D} is not a key; write keys between blanks, such "
      + "as \u{201C}j j enter\u{201D}, ctrl-u, shift-tab, f2, click:10,5 or text:hello"
  }
}

extension Key {
  /// Keys between blanks, as in `"j j enter"`. `text:hello` is each of its characters; a blank in it
  /// is written `space` between two of them.
  package static func sequence(_ text: String) throws(KeySpellingError) -> [Key] {
    var keys: [Key] = []
    for word in text.split(whereSeparator: \.isWhitespace) {
      if word.hasPrefix("text:") {
        keys += word.dropFirst(5).map(Key.character)
      } else if let key = Key(word) {
        keys.append(key)
      } else {
        throw KeySpellingError(word: String(word))
      }
    }
    return keys
  }
}

extension MouseEvent: CustomStringConvertible {
  /// `click:COLUMN,ROW`, and so on; modifiers are not spelled.
  package var description: String {
    "\(name):\(position.column),\(position.row)"
  }

  /// The event of a spelling; nil when there is none.
  package init?(_ spelling: some StringProtocol) {
    let parts = spelling.split(separator: ":", maxSplits: 1)
    guard parts.count == 2, let kind = Self.names.first(where: { $0.name == parts[0] }) else {
      return nil
    }
    let places = parts[1].split(separator: ",").map { Int($0) }
    guard places.count == 2, let column = places[0], let row = places[1], column >= 0, row >= 0
    else { return nil }
    self.init(kind.kind, button: kind.button, at: Position(row: row, column: column))
  }

  private var name: String {
    let entry = Self.names.first { $0.kind == kind && $0.button == button }
    return entry?.name ?? "mouse"
  }

  private static let names: [(name: String, kind: Kind, button: Button)] = [
    ("click", .press, .left), ("middleclick", .press, .middle), ("rightclick", .press, .right),
    ("doubleclick", .doubleClick, .left), ("release", .release, .none),
    ("drag", .drag, .left), ("wheelup", .wheelUp, .none), ("wheeldown", .wheelDown, .none),
  ]
}
