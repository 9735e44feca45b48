import ExplorerUI
import TerminalCanvas

/// What is wrong with the header of a painted frame, in words: what is never left out is there, the
/// items stand in their order, and they leave in theirs.
struct HeaderCheck {
  private let first: String
  private let second: String
  private let wide: String

  /// `wide`: the same state where there is room for all of it.
  init(_ frame: Frame, wide: Frame) {
    first = frame.rowText(0)
    second = frame.rowText(1)
    self.wide = wide.rowText(0)
  }

  var faults: [String] { missing + misplaced + leftTooEarly }

  // MARK: What is always there

  private var missing: [String] {
    let states = [
      "●", "◌ connecting", "◐ busy", "○ refused", "○ away, next try in ", "○ away, 12s ",
      "○ away, 1s",
    ]
    var missing = ["key", "hit "].filter { wide.contains($0) && !first.contains($0) }
    if !states.contains(where: first.contains) { missing.append("the state of the connection") }
    let left = first.prefix { !"●◌◐○".contains($0) }.drop { $0 == " " }
    let isSource = { (word: Substring) in
      word.count >= 8 && word.contains { ":/…".contains($0) }
    }
    if !left.split(separator: " ").contains(where: isSource) { missing.append("the source") }
    if !second.contains("READ-") { missing.append("whether changes are allowed") }
    return missing.map { "missing in the header: \($0)" }
  }

  // MARK: Their order

  /// An item by what only it holds; those that may be left out with their turn.
  private struct Item {
    var name: String
    var leaves: Int?
    var marks: [String]

    init(_ name: String, leaves: Int? = nil, _ marks: String...) {
      self.name = name
      self.leaves = leaves
      self.marks = marks
    }

    func place(in line: String) -> Int? {
      let characters = Array(line)
      return marks.compactMap { mark in
        let mark = Array(mark)
        return characters.indices.first { characters[$0...].starts(with: mark) }
      }.min()
    }
  }

  private static let items = [
    Item("the program", leaves: 9, "cachescope │"), Item("the version", leaves: 6, "7.0.15"),
    Item("the role", leaves: 3, "primary"), Item("the state", "●", "◌", "◐", "○"),
    Item("keys", " keys ", " key "), Item("memory", leaves: 8, "412M/"),
    Item("the bar", leaves: 5, "■■"),
    Item("hits", " hit "), Item("the sparkline", leaves: 7, "▁", "▂", "▃", "▄", "▅", "▆", "▇"),
    Item("operations", leaves: 4, "op/s"), Item("the round trip", leaves: 2, " ms"),
    Item("own commands", leaves: 1, " own "),
  ]

  private var misplaced: [String] {
    let found = Self.items.compactMap { item in
      item.place(in: first + " ").map { (item.name, $0) }
    }
    return zip(found, found.dropFirst()).filter { $0.1 >= $1.1 }.map {
      "in the header \($1.0) stands before \($0.0)"
    }
  }

  /// Nothing leaves before what is to leave earlier.
  private var leftTooEarly: [String] {
    let items = Self.items.filter { $0.leaves != nil && $0.place(in: wide) != nil }
    let gone = items.filter { $0.place(in: first + " ") == nil }
    return gone.flatMap { left in
      items.filter { other in
        (other.leaves ?? 0) < (left.leaves ?? 0) && other.place(in: first + " ") != nil
      }.map { "the header keeps \($0.name) and leaves out \(left.name)" }
    }
  }
}
