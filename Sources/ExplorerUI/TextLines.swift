import TerminalCanvas

/// A text in lines of at most so many columns. Lines end at blanks; a word that is longer than a
/// line, as names of keys are, goes on in the next one, or with `breaksWords` false sticks out.
func wrapped(_ text: String, columns: Int, breaksWords: Bool = true) -> [String] {
  guard columns > 0 else { return [] }
  func pieces(of word: Substring) -> [String] {
    breaksWords ? broken(word, columns: columns) : [String(word)]
  }
  var lines: [String] = []
  for word in text.split(separator: " ", omittingEmptySubsequences: false) {
    guard let last = lines.last else {
      lines += pieces(of: word)
      continue
    }
    let room = columns - DisplayWidth.of(last) - 1
    let width = DisplayWidth.of(String(word))
    if width <= room {
      lines[lines.count - 1] = last + " " + word
    } else if width <= columns || room < columns / 3 || !breaksWords {
      lines += pieces(of: word)
    } else {
      let head = beginning(of: word, within: room)
      lines[lines.count - 1] = last + " " + String(head)
      lines += pieces(of: word.dropFirst(head.count))
    }
  }
  return lines
}

/// At most so many lines; the last one tells when there would be more.
func wrapped(_ text: String, columns: Int, lines limit: Int) -> [String] {
  let lines = wrapped(text, columns: columns)
  guard lines.count > limit, let last = lines.prefix(limit).last else { return lines }
  let cut = String(beginning(of: last, within: columns - 1)) + "…"
  return lines.prefix(limit - 1) + [cut]
}

private func broken(_ word: Substring, columns: Int) -> [String] {
  var pieces: [String] = []
  var rest = word
  while DisplayWidth.of(String(rest)) > columns {
    let piece = beginning(of: rest, within: columns)
    // A character that is wider than the line.
    guard !piece.isEmpty else { break }
    pieces.append(String(piece))
    rest = rest.dropFirst(piece.count)
  }
  return pieces + [String(rest)]
}

/// As many characters as fit.
func beginning(of characters: some Sequence<Character>, within columns: Int) -> [Character] {
  var width = 0
  return characters.prefix { character in
    width += DisplayWidth.of(String(character))
    return width <= columns
  }
}

/// `1 key`, `12,331 keys`.
func counted(_ count: Int, _ noun: String) -> String {
  "\(FigureFormat.grouped(count)) \(noun)\(count == 1 ? "" : "s")"
}
