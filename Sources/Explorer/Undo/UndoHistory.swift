package import CacheModel

/// The changes of this session, oldest first: what was done, what takes it back, and what makes it
/// again once it has been taken back.
///
/// A change has records as long as it can be taken back. Taking back moves them, key by key, over to
/// the records that make it again, and the other way round; while that is under way the records are
/// with whoever does it. A new change of the same source ends making again. Kept in memory and
/// bounded: past `bound` bytes the oldest changes forget their records, and past `lineLimit` the
/// oldest lines go. Entries are plain values with a number, a time and a source.
package struct UndoHistory: Sendable {
  package private(set) var entries: [UndoEntry] = []
  private var cost = 0
  private var lastID = 0
  private var lastUndone = 0
  private let bound: Int

  /// All that is kept of a session, in bytes.
  package static let standardBound = 64 << 20
  /// Values above this are not kept.
  package static let valueLimit = 1 << 20
  /// Changes that the journal lists.
  package static let lineLimit = 1000

  package init(bound: Int = standardBound) {
    self.bound = bound
  }

  /// Notes a new change. What had been taken back before can no longer be made again.
  package mutating func record(_ entry: UndoEntry) {
    for place in entries.indices where entries[place].source == entry.source {
      cost -= Self.cost(of: entries[place].redo)
      entries[place].redo = []
    }
    lastID += 1
    var entry = entry
    entry.id = lastID
    entries.append(entry)
    cost += Self.cost(of: entry.records)
    trim()
  }

  /// The change to take back, or to make again, next on this source.
  package func next(_ direction: UndoDirection, on source: SourceIdentity?) -> UndoEntry? {
    switch direction {
    case .undo: entries.last { $0.source == source && !$0.records.isEmpty }
    case .redo:
      entries.filter { $0.source == source && !$0.redo.isEmpty }
        .max { $0.undoneOrder < $1.undoneOrder }
    }
  }

  package func count(_ direction: UndoDirection, on source: SourceIdentity?) -> Int {
    entries.count { entry in
      entry.source == source && !(direction == .undo ? entry.records : entry.redo).isEmpty
    }
  }

  package subscript(id: Int) -> UndoEntry? {
    place(of: id).map { entries[$0] }
  }

  /// Hands over the records of a change.
  package mutating func take(_ direction: UndoDirection, of id: Int) -> UndoGroup? {
    guard let place = place(of: id) else { return nil }
    var group = UndoGroup(
      id: id, direction: direction, title: entries[place].title, records: entries[place].records)
    if direction == .redo { group.records = entries[place].redo }
    guard !group.records.isEmpty else { return nil }
    if direction == .undo { entries[place].records = [] } else { entries[place].redo = [] }
    cost -= Self.cost(of: group.records)
    return group
  }

  /// Takes records back that were handed over and not used.
  package mutating func giveBack(_ group: UndoGroup) {
    guard let place = place(of: group.id) else { return }
    if group.direction == .undo {
      entries[place].records += group.records
    } else {
      entries[place].redo += group.records
    }
    cost += Self.cost(of: group.records)
    trim()
  }

  /// Notes that keys of a change have been taken back, or made again; `opposite` reverts that.
  package mutating func settle(
    _ direction: UndoDirection, of id: Int, count: Int, opposite: [UndoRecord]
  ) {
    guard count > 0, let place = place(of: id) else { return }
    entries[place].isUndone = direction == .undo
    if direction == .undo {
      lastUndone += 1
      entries[place].undoneOrder = lastUndone
      entries[place].redo += opposite
    } else {
      entries[place].records += opposite
    }
    cost += Self.cost(of: opposite)
    trim()
  }

  /// The newest change after this one that stands on a key of it and has not been taken back.
  package func blocker(of id: Int) -> UndoEntry? {
    guard let place = place(of: id) else { return nil }
    let entry = entries[place]
    let keys = Set(entry.records.flatMap(\.keys))
    return entries[(place + 1)...].last { newer in
      newer.source == entry.source && newer.records.contains { !keys.isDisjoint(with: $0.keys) }
    }
  }

  private func place(of id: Int) -> Int? {
    entries.lastIndex { $0.id == id }
  }

  private mutating func trim() {
    if entries.count > Self.lineLimit { cost -= Self.cost(of: entries.removeFirst()) }
    var place = 0
    while cost > bound, place < entries.count - 1 {
      cost -= Self.cost(of: entries[place])
      entries[place].records = []
      entries[place].redo = []
      place += 1
    }
  }

  private static func cost(of entry: UndoEntry) -> Int {
    cost(of: entry.records) + cost(of: entry.redo)
  }

  private static func cost(of records: [UndoRecord]) -> Int {
    records.reduce(0) { $0 + $1.cost }
  }
}
