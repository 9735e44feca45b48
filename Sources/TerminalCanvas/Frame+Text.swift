extension Frame {
  /// The frame as text, a line for each row. Without trailing blanks unless asked to keep them.
  package func text(trimmed: Bool = true) -> String {
    (0..<size.rows).map { rowText($0, trimmed: trimmed) }.joined(separator: "\n")
  }

  /// One row as text.
  package func rowText(_ row: Int, trimmed: Bool = true) -> String {
    var line = ""
    var cells = self.row(row)
    if trimmed { while cells.last?.isBlank == true { cells.removeLast() } }
    for cell in cells { cell.append(to: &line) }
    return line
  }

  /// What a style map shows.
  package enum StyleFacet: Sendable {
    case roles
    case backgrounds
    case attributes
  }

  /// A picture of the styles for tests: a letter for each cell (see `StyleRole.letter`), a blank
  /// where nothing shows; one line for each row, without trailing blanks.
  package func styleMap(_ facet: StyleFacet = .roles) -> String {
    (0..<size.rows).map { row in
      var line = ""
      for cell in self.row(row) { line.append(Self.letter(of: cell, facet)) }
      while line.last == " " { line.removeLast() }
      return line
    }.joined(separator: "\n")
  }

  private static func letter(of cell: Cell, _ facet: StyleFacet) -> Character {
    switch facet {
    case .roles: cell.isBlank && !cell.isContinuation ? " " : cell.style.role.letter
    case .backgrounds: cell.style.background.letter
    case .attributes: cell.style.attributes.letter
    }
  }
}

extension StyleRole {
  /// The letter that stands for a role in a style map.
  package var letter: Character {
    switch self {
    case .text: "."
    case .muted: "u"
    case .border: "b"
    case .title: "t"
    case .focus: "f"
    case .selection: "s"
    case .marked: "m"
    case .accent: "a"
    case .hit: "h"
    case .miss: "i"
    case .good: "g"
    case .warn: "w"
    case .critical: "c"
    case .string: "S"
    case .hash: "H"
    case .list: "L"
    case .set: "E"
    case .sortedSet: "Z"
    case .stream: "R"
    case .keyName: "n"
    case .number: "#"
    case .error: "e"
    case .masked: "x"
    }
  }
}

extension Background {
  /// The letter that stands for a background in a style map; a blank for the plain one.
  package var letter: Character {
    switch self {
    case .plain: " "
    case .selection: "s"
    case .trail: "t"
    case .marked: "m"
    case .bar: "b"
    case .field: "f"
    }
  }
}

extension Style.Attributes {
  /// `b`, `d`, `u`, `r` for one attribute, `+` for several, a blank for none.
  var letter: Character {
    switch self {
    case []: " "
    case .bold: "b"
    case .dim: "d"
    case .underline: "u"
    case .reverse: "r"
    default: "+"
    }
  }
}
