/// The text of a prompt and the place of the insertion point in it. One line; pure.
package struct TextField: Sendable, Hashable {
  package private(set) var characters: [Character]
  /// 0 (before the first character) to the number of characters.
  package private(set) var insertionPoint: Int
  /// The whole text is taken for a proposal: the first character that is typed replaces it, and any
  /// other key keeps it.
  package private(set) var isSelected = false
  /// Characters beyond this are not taken.
  package let limit: Int

  package init(_ text: String = "", limit: Int = 4096) {
    characters = Array(text)
    insertionPoint = characters.count
    self.limit = limit
  }

  /// With a text that was there before.
  package init(selected text: String, limit: Int = 4096) {
    self.init(text, limit: limit)
    isSelected = !characters.isEmpty
  }

  package var text: String { String(characters) }

  /// The same with a dot for every character.
  package var masked: TextField {
    var field = self
    field.characters = characters.map { _ in "•" }
    return field
  }

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
    if isSelected, case .insert = edit { deleteAll() }
    isSelected = false
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

  private mutating func deleteAll() {
    characters = []
    insertionPoint = 0
  }

  /// Puts a text in place of some characters; the insertion point is behind it.
  package mutating func replace(_ range: Range<Int>, with text: String) {
    isSelected = false
    let clamped = range.clamped(to: 0..<characters.count)
    characters.removeSubrange(clamped)
    insertionPoint = clamped.lowerBound
    insert(text)
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
