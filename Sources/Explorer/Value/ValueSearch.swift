import CacheModel
import ValueDecoding

/// A text that is looked for in what is in view. Letter case is ignored when it is all lower case.
package struct ValueSearch: Sendable, Equatable {
  package let text: String
  /// The rows that hold it, rising.
  package internal(set) var rows: [Int] = []
  /// The place in `rows` of the match that was gone to.
  package internal(set) var current = 0

  package init(_ text: String) {
    self.text = text
  }

  /// Where the text stands in a line, as ranges of characters.
  package func ranges(in line: String) -> [Range<Int>] {
    let needle = Array(text)
    guard let first = needle.first else { return [] }
    let folds = !text.contains { $0.isUppercase }
    let characters = folds ? line.map { Character($0.lowercased()) } : Array(line)
    var ranges: [Range<Int>] = []
    var start = 0
    while start + needle.count <= characters.count {
      if characters[start] == first, characters[start...].starts(with: needle) {
        ranges.append(start..<start + needle.count)
        start += needle.count
      } else {
        start += 1
      }
    }
    return ranges
  }

  func isFound(in line: String) -> Bool {
    !text.isEmpty && (text.contains { $0.isUppercase } ? line : line.lowercased()).contains(text)
  }

  /// Looks through rows anew; the match in focus is the first from `row` on.
  mutating func look(through lines: some Sequence<String>, from row: Int) {
    rows = lines.enumerated().compactMap { isFound(in: $1) ? $0 : nil }
    current = rows.firstIndex { $0 >= row } ?? 0
  }

  /// The row of the next match, or of the one before; goes round at the ends.
  mutating func step(by step: Int) -> Int? {
    guard !rows.isEmpty else { return nil }
    current = (current + step + rows.count) % rows.count
    return rows[current]
  }
}

extension PreviewState {
  /// Each row as text, for looking through it.
  private var rowTexts: [String] {
    func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }
    if opened != nil { return layout?.lines.map(\.text) ?? [] }
    switch page?.content {
    case .string: return layout?.lines.map(\.text) ?? []
    case .hash(let fields): return fields.map { text($0.field) + " " + text($0.value) }
    case .list(_, let elements): return elements.map(text)
    case .set(let members): return members.map(text)
    case .sortedSet(let members):
      return members.map { ScoreText.of($0.score) + " " + text($0.member) }
    case .stream(let entries, let groups):
      return groups.map { "group " + text($0.name) }
        + entries.map { entry in
          entry.id.text + " "
            + entry.fields.map { text($0.field) + "=" + text($0.value) }.joined(separator: "  ")
        }
    case .unreadable, nil: return []
    }
  }

  /// Looks for a text in the page; an empty one ends the search.
  mutating func look(for text: String) {
    guard !text.isEmpty else {
      search = nil
      return
    }
    if !folded.isEmpty {
      folded = []
      layout?.unfoldAll()
    }
    var search = ValueSearch(text)
    search.look(through: rowTexts, from: row)
    self.search = search
  }

  /// The page has changed.
  mutating func lookAgain() {
    guard var search else { return }
    search.look(through: rowTexts, from: row)
    self.search = search
  }
}
