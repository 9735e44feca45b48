/// Whether a change is taken back or made again.
package enum UndoDirection: Sendable, Equatable {
  case undo, redo
}

/// What a list of changes, newest first, says of undo and redo.
///
/// Taking a change back is a change of its own, and so is making it again. Undo takes back the newest
/// change that stands and can be taken back; redo takes back the newest undo, unless a person has
/// made another change since.
extension [JournalEntry] {
  /// The change to take back, or the undo to take back, next on a source. Linear.
  package func next(_ direction: UndoDirection, on source: SourceIdentity?) -> JournalEntry? {
    guard let source else { return nil }
    for entry in self where source.owns(entry.header.source) {
      if direction == .undo, !entry.isUndo, entry.canBeTakenBack { return entry }
      guard direction == .redo else { continue }
      if entry.isUndo, entry.canBeTakenBack { return entry }
      if entry.generation == 0 { return nil }
    }
    return nil
  }

  /// The newest change that stands, where nothing is left of it but keys that were written since or
  /// would have expired: undo does not go on to an older one by itself then. Linear.
  package func leftAsWritten(on source: SourceIdentity?) -> JournalEntry? {
    guard let source else { return nil }
    let newest = first {
      source.owns($0.header.source) && !$0.isUndo && $0.canBeTakenBack(overwriting: true)
    }
    return newest.flatMap { $0.canBeTakenBack ? nil : $0 }
  }

  /// How many changes can be taken back, or made again, of those that are meant. What a person did
  /// counts once, however often it was taken back and made again. Linear, and once more for each
  /// change that was taken back.
  package func count(
    _ direction: UndoDirection, on source: SourceIdentity?,
    where isMeant: (JournalEntry) -> Bool = { _ in true }
  ) -> Int {
    guard let source else { return 0 }
    let own = filter { source.owns($0.header.source) }
    let asked = own.prefix { direction == .undo || $0.generation > 0 }
    let meant = asked.filter {
      $0.isUndo == (direction == .redo) && $0.canBeTakenBack && isMeant($0)
    }
    return Set(meant.map { root(of: $0).id }).count
  }

  /// The change that a chain of undo and redo goes back to, as far as it is in the list.
  package func root(of entry: JournalEntry) -> JournalEntry {
    var current = entry
    while let reverts = current.header.reverts, reverts < current.id,
      let known = first(where: { $0.id == reverts })
    {
      current = known
    }
    return current
  }
}

extension JournalEntry {
  /// Whether something of it can be taken back now.
  package var canBeTakenBack: Bool { canBeTakenBack(overwriting: false) }

  /// The same; with `overwriting` what was written since is no hindrance.
  package func canBeTakenBack(overwriting: Bool) -> Bool {
    restorableCount(overwriting: overwriting) > 0 && standing != .underWay
  }

  /// Keys that taking it back tries.
  package func restorableCount(overwriting: Bool) -> Int {
    overwriting ? keptCount + passedCount : keptCount
  }
}
