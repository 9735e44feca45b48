/// The text of a prompt and the place of the insertion point in it. One line; pure.
package struct TextField: Sendable, Hashable {
  package private(set) var characters: [Character]
  /// 0 (before the first character) to the number of characters.
  package private(set) var insertionPoint: Int
  /// Characters beyond this are not taken.
  package let limit: Int

  package init(_ text: String = "", limit: Int = 4096) {
    characters = Array(text)
    insertionPoint = characters.count
    self.limit = limit
  }

  package var text: String { String(characters) }

  /// What a key can do to a text field.
  package enum Edit: Sendable, Hashable {
    case insert(String)
    case deleteBackward
    case deleteForward
    case deleteWordBackward
    case deleteToStart
    case deleteToEnd
    case moveLeft
    case moveRight
    case moveToStart
    case moveToEnd
    /// Before the character of this number.
    case moveTo(Int)
  }

  /// Applies one edit; answers whether the text changed.
  @discardableResult
  package mutating func apply(_ edit: Edit) -> Bool {
    let before = characters
    switch edit {
    case .insert(let text): insert(text)
    case .deleteBackward: delete(from: insertionPoint - 1, to: insertionPoint)
    case .deleteForward: delete(from: insertionPoint, to: insertionPoint + 1)
    case .deleteWordBackward: delete(from: startOfWord, to: insertionPoint)
    case .deleteToStart: delete(from: 0, to: insertionPoint)
    case .deleteToEnd: delete(from: insertionPoint, to: characters.count)
    case .moveLeft: insertionPoint = max(0, insertionPoint - 1)
    case .moveRight: insertionPoint = min(characters.count, insertionPoint + 1)
    case .moveToStart: insertionPoint = 0
    case .moveToEnd: insertionPoint = characters.count
    case .moveTo(let place): insertionPoint = max(0, min(place, characters.count))
    }
    return characters != before
  }

  private mutating func insert(_ text: String) {
    let lineOnly = text.prefix { !$0.isNewline }
    let room = max(0, limit - characters.count)
    let taken = Array(lineOnly.prefix(room))
    characters.insert(contentsOf: taken, at: insertionPoint)
    insertionPoint += taken.count
  }

  private mutating func delete(from start: Int, to end: Int) {
    let range = max(0, start)..<min(characters.count, max(end, 0))
    guard !range.isEmpty else { return }
    characters.removeSubrange(range)
    insertionPoint = range.lowerBound
  }

  private var startOfWord: Int {
    var place = insertionPoint
    while place > 0, characters[place - 1] == " " { place -= 1 }
    while place > 0, characters[place - 1] != " " { place -= 1 }
    return place
  }
}
