/// Something that happened to a key, for those who want to be told.
package struct KeyspaceNote: Sendable, Equatable {
  package var kind: NoteKinds
  package var key: [UInt8]
  package var database: Int
}

/// The kinds of notes.
package struct NoteKinds: OptionSet, Sendable {
  package let rawValue: Int
  package init(rawValue: Int) { self.rawValue = rawValue }

  /// The key did not exist before.
  package static let new = NoteKinds(rawValue: 1)
  /// The key's value or deadline is another, or the key has gone.
  package static let changed = NoteKinds(rawValue: 2)
  /// The key's time was over.
  package static let expired = NoteKinds(rawValue: 4)
  /// The key gave way to others.
  package static let evicted = NoteKinds(rawValue: 8)
  /// All keys of the database have gone; the note names none.
  package static let flushed = NoteKinds(rawValue: 16)
}

extension Keyspace {
  /// Hands over the notes since the last call, in the order of what happened.
  package mutating func takeNotes() -> [KeyspaceNote] {
    let taken = notes
    notes = []
    return taken
  }

  /// Keeps a note of every kind that is wanted.
  mutating func note(_ kinds: NoteKinds, _ key: [UInt8], in database: Int) {
    guard !notedKinds.isDisjoint(with: kinds) else { return }
    for kind in [NoteKinds.expired, .evicted, .new, .changed, .flushed]
    where kinds.contains(kind) && notedKinds.contains(kind) {
      notes.append(KeyspaceNote(kind: kind, key: key, database: database))
    }
  }

  /// As `note`, of the key in a slot that is about to be removed.
  mutating func note(_ kinds: NoteKinds, slot: UInt32, in database: Int) {
    guard !notedKinds.isDisjoint(with: kinds) else { return }
    note(kinds, databases[database].table.key(at: slot), in: database)
  }
}
