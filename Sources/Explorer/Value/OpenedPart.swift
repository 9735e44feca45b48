import CacheModel

/// A field or an element of a collection that was opened: it fills the pane, laid out as a string is.
package struct OpenedPart: Sendable, Equatable {
  package internal(set) var part: ViewedPart
  /// Where the cursor, the first row in view and the way were, to go back to.
  var row: Int
  var top: Int
  var way: ValueWay
  var search: ValueSearch?
}

extension PreviewState {
  /// Lays the part under the cursor out; false where there is none that could be.
  mutating func openPart() -> Bool {
    guard opened == nil, !isText, let part = viewedPart else { return false }
    opened = OpenedPart(part: part, row: row, top: top, way: way, search: search)
    (way, search, layout, folded) = (.found, nil, nil, [])
    layOut()
    move(to: 0)
    return true
  }

  /// Back to the collection, with the cursor on the part.
  mutating func closePart() {
    guard let opened else { return }
    self.opened = nil
    (way, search, top) = (opened.way, opened.search, opened.top)
    folded = []
    layOut()
    move(to: opened.row)
    lookAgain()
  }

  /// The page has been read anew: what is laid out follows. False when the part has gone.
  mutating func followPart() -> Bool {
    guard let opened else { return true }
    guard let row = page?.content.row(of: opened.part), let part = page?.content.viewed(at: row)
    else {
      closePart()
      return false
    }
    self.opened?.part = part
    self.opened?.row = row
    if part.bytes != opened.part.bytes { layOut() }
    return true
  }
}

extension PreviewState {
  /// What is under the cursor of the value, or was opened; nil where there is nothing.
  var viewedPart: ViewedPart? {
    if let opened { return opened.part }
    return part.map { .part($0) } ?? page?.content.viewed(at: row)
  }
}

extension ValueContent {
  /// Rows that it takes: its parts, and the groups of a stream.
  package var rowCount: Int {
    if case .stream(let entries, let groups) = self { groups.count + entries.count } else { count }
  }

  /// What stands in a row; nil where there is nothing.
  func viewed(at row: Int) -> ViewedPart? {
    guard case .stream(let entries, let groups) = self else {
      return part(at: row).map { .part($0) }
    }
    if groups.indices.contains(row) { return .group(groups[row]) }
    let place = row - groups.count
    return entries.indices.contains(place) ? .entry(entries[place]) : nil
  }

  /// The part in a row; nil where there is none that could be changed.
  func part(at row: Int) -> ValuePart? {
    switch self {
    case .hash(let fields): fields.indices.contains(row) ? .field(fields[row]) : nil
    case .list(let from, let elements):
      elements.indices.contains(row) ? .element(at: from + Int64(row), elements[row]) : nil
    case .set(let members): members.indices.contains(row) ? .member(members[row]) : nil
    case .sortedSet(let members): members.indices.contains(row) ? .scored(members[row]) : nil
    case .string, .stream, .unreadable: nil
    }
  }

  /// The row in which a part of the same name stands: the field, the position, the member.
  fileprivate func row(of viewed: ViewedPart) -> Int? {
    if case .stream(let entries, let groups) = self {
      return switch viewed {
      case .group(let group): groups.firstIndex { $0.name == group.name }
      case .entry(let entry):
        entries.firstIndex { $0.id == entry.id }.map { $0 + groups.count }
      case .part: nil
      }
    }
    guard let part = viewed.changeable else { return nil }
    return switch (self, part) {
    case (.hash(let fields), .field(let field)): fields.firstIndex { $0.field == field.field }
    case (.list(let from, let elements), .element(let place, _)):
      elements.indices.contains(Int(clamping: place - from)) ? Int(clamping: place - from) : nil
    case (.set(let members), .member(let member)): members.firstIndex(of: member)
    case (.sortedSet(let members), .scored(let scored)):
      members.firstIndex { $0.member == scored.member }
    default: nil
    }
  }
}
