/// A change of one key, as a person means it. Every case keeps the write rules: an edit keeps the
/// TTL to the millisecond in one atomic step, never overwrites a value that is newer than the one
/// read, never revives a key that has gone, and a creation never overwrites.
///
/// A change of a part (a field, an element, a member) is made only where the key is there and of
/// that kind: adding to a collection that has gone is `.gone` and makes no key. `expected` is what
/// was read; with nil whatever is there now is overwritten or removed. Taking the last part away
/// takes the key away, as the source itself does.
package enum KeyChange: Sendable, Hashable {
  // MARK: Strings

  /// A new value for an existing string.
  case setString([UInt8], expected: [UInt8]?)

  // MARK: Hashes

  /// A new value for an existing field.
  case setField([UInt8], value: [UInt8], expected: [UInt8]?)
  /// A field that is not there yet.
  case addField([UInt8], value: [UInt8])
  case removeField([UInt8], expected: [UInt8]?)

  // MARK: Lists
  // Positions count from 0 at the head; negative ones from -1 at the tail, which stay true while
  // another client pushes at the head.

  /// A new element in place of the one at the position.
  case setElement(at: Int64, value: [UInt8], expected: [UInt8]?)
  /// Removes the element at the position if it is the expected one, and never another that has
  /// the same bytes.
  case removeElement(at: Int64, expected: [UInt8])
  /// A new element before the one at the position, if that is the expected one.
  case insertElement([UInt8], before: Int64, expected: [UInt8])
  case pushElement([UInt8], ListEnd)

  // MARK: Sets

  case addMember([UInt8])
  case removeMember([UInt8])
  /// One member in place of another; `.elementExists` when the new one is there already.
  case replaceMember([UInt8], with: [UInt8])

  // MARK: Sorted sets

  /// A member that is not there yet.
  case addScoredMember([UInt8], score: Double)
  /// A new score of an existing member.
  case setScore([UInt8], score: Double, expected: Double?)
  case removeScoredMember([UInt8], expected: Double?)
  /// Another name for a member, which keeps its score; `.elementExists` when the new name is taken.
  case replaceScoredMember([UInt8], with: [UInt8], expected: Double?)

  // MARK: Whole keys

  /// A new value under a key that does not exist.
  case create(NewValue, TTLChange?)
  /// A value under a key whatever was there: it keeps the TTL of what it replaces unless one is
  /// given. A key of another kind is replaced only with `otherKinds`.
  case put(NewValue, TTLChange?, otherKinds: Bool)
  /// Another name; the TTL goes along. A key that has that name already is `.alreadyExists`, unless
  /// it is to be replaced: then it and its TTL are lost.
  case rename(to: CacheKey, replacing: Bool)
  /// The same value with the same deadline under another name; `replacing` as above.
  case copy(to: CacheKey, replacing: Bool)
  case setTTL(TTLChange)
  /// The key expires now, as if its time had come, so that its `expired` event fires.
  case expireNow
  case delete

  /// `create` of a string.
  package static func createString(_ value: [UInt8], _ ttl: TTLChange?) -> KeyChange {
    .create(.string(value), ttl)
  }

  /// `put` of a string.
  package static func putString(
    _ value: [UInt8], _ ttl: TTLChange?, otherKinds: Bool
  ) -> KeyChange {
    .put(.string(value), ttl, otherKinds: otherKinds)
  }
}

/// Where a list grows.
package enum ListEnd: Sendable, Hashable, CaseIterable {
  case head, tail
}

/// A whole value to create. A collection has at least one element: no source keeps an empty one.
/// Of a field or member that is told twice the later counts.
package enum NewValue: Sendable, Hashable {
  case string([UInt8])
  case hash([HashField])
  case list([[UInt8]])
  case set([[UInt8]])
  case sortedSet([ScoredMember])

  package var kind: ValueKind {
    switch self {
    case .string: .string
    case .hash: .hash
    case .list: .list
    case .set: .set
    case .sortedSet: .sortedSet
    }
  }

  /// A collection without elements.
  package var isEmptyCollection: Bool {
    switch self {
    case .string: false
    case .hash(let fields): fields.isEmpty
    case .list(let elements), .set(let elements): elements.isEmpty
    case .sortedSet(let members): members.isEmpty
    }
  }

  /// The bytes of all that a person gave.
  package var byteCount: Int {
    switch self {
    case .string(let bytes): bytes.count
    case .hash(let fields): fields.reduce(0) { $0 + $1.field.count + $1.value.count }
    case .list(let elements), .set(let elements): elements.reduce(0) { $0 + $1.count }
    case .sortedSet(let members): members.reduce(0) { $0 + $1.member.count + 8 }
    }
  }
}

/// A new lifetime. Deadlines are computed on the clock of the source.
package enum TTLChange: Sendable, Hashable {
  /// So many milliseconds from now.
  case fromNow(milliseconds: Int64)
  /// Longer (or, negative, shorter) than what is left; a key without a TTL is left alone.
  case adjust(milliseconds: Int64)
  case until(WallTime)
  case persist
  case now
}

/// What became of a change. In all cases but `.done` nothing was changed.
package enum ChangeOutcome: Sendable, Equatable {
  /// Done. `undo` puts the old state back; nil when it was too large to keep.
  case done(undo: UndoRecord?)
  /// The key is no longer there.
  case gone
  /// The key is there, but the field, the member or the position is not.
  case elementGone
  /// The value, or the part that was to change, is not the one that was read.
  case changedMeanwhile
  /// A key of this name (of the new name) exists.
  case alreadyExists
  /// The field or member to be added, or the new name of one, is there already.
  case elementExists
  /// The key holds another kind of value.
  case otherKind(ValueKind)
  /// The change would have changed nothing (adjusting the TTL of a key that has none).
  case nothingToDo
}
