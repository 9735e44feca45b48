/// What takes one change back: the states of all keys that it touched, before and after it. They are
/// put back together in one atomic step, and only while all of them are as the change left them.
package struct UndoRecord: Sendable, Equatable {
  /// One for each key, the key that was changed first; never empty.
  package var transitions: [KeyTransition]
  /// The server (its run or replication id) and database that the states belong to.
  package var origin: SourceIdentity

  package init(_ first: KeyTransition, _ others: [KeyTransition] = [], origin: SourceIdentity) {
    transitions = [first] + others
    self.origin = origin
  }

  /// A record of one key.
  package init(
    key: CacheKey, payload: [UInt8]?, deadline: WallTime?, payloadAfter: [UInt8]?,
    deadlineAfter: WallTime?, origin: SourceIdentity
  ) {
    self.init(
      KeyTransition(
        key: key, before: payload.map { StoredState(payload: $0, deadline: deadline) },
        after: LeftState(
          payloadAfter.map {
            StateMark(basis: .payload, digest: StateDigest(of: $0), deadline: deadlineAfter)
          })),
      origin: origin)
  }

  /// The key that was changed; of a rename or a copy the one that it was made from.
  package var key: CacheKey {
    transitions.first?.key ?? CacheKey([])
  }

  /// Every key that putting back may change.
  package var keys: [CacheKey] { transitions.map(\.key) }

  /// Bytes that keeping this record takes, near enough.
  package var cost: Int {
    transitions.reduce(64) { $0 + $1.cost }
  }
}

/// One key before and after a change.
package struct KeyTransition: Sendable, Equatable {
  package var key: CacheKey
  /// Nil when the key did not exist.
  package var before: StoredState?
  /// By what the state that the change left is known again.
  package var after: LeftState

  package init(key: CacheKey, before: StoredState?, after: LeftState) {
    self.key = key
    self.before = before
    self.after = after
  }

  var cost: Int {
    192 + key.bytes.count + (before?.value.byteCount ?? 0)
      + (before?.tags ?? []).reduce(0) { $0 + $1.count + 32 }
  }
}

/// A whole value, when it expires, and its tags.
package struct StoredState: Sendable, Equatable {
  package var value: StoredValue
  /// Nil when the key never expires.
  package var deadline: WallTime?
  /// The tags of the key, on a source that keeps tags apart from values.
  package var tags: [[UInt8]]

  package init(_ value: StoredValue, deadline: WallTime?, tags: [[UInt8]] = []) {
    self.value = value
    self.deadline = deadline
    self.tags = tags
  }

  /// A state in the source's own exact form.
  package init(payload: [UInt8], deadline: WallTime?) {
    self.init(.dump(payload), deadline: deadline)
  }
}

/// A whole value as undo keeps it: in the source's own exact form wherever the source tells it,
/// otherwise by its content. The exact form also holds what has no other one here (streams, values
/// of modules).
package enum StoredValue: Sendable, Equatable {
  /// A DUMP payload.
  case dump([UInt8])
  /// What typed reads told.
  case typed(NewValue)

  /// Bytes that keeping it takes, but for what the program adds to each part.
  package var byteCount: Int {
    switch self {
    case .dump(let payload): payload.count
    case .typed(let value): value.byteCount
    }
  }

  /// The DUMP payload, where it is one.
  package var payload: [UInt8]? {
    if case .dump(let payload) = self { payload } else { nil }
  }
}

/// What became of putting an old state back.
package enum UndoOutcome: Sendable, Equatable {
  /// Put back, but for keys whose time has come meanwhile. `redo` undoes the undo.
  case restored(redo: UndoRecord?)
  /// The keys were as before already; nothing was changed. `redo` is what would undo the undo.
  case asBefore(redo: UndoRecord?)
  /// The time of all that was to be put back has come meanwhile; nothing was revived or changed.
  case expiredMeanwhile
  /// Somebody has written one of the keys since; nothing was changed.
  case changedMeanwhile
  /// The record belongs to another server or database; nothing was changed.
  case otherSource
}

/// What putting an old state back would meet.
package enum UndoForecast: Sendable, Hashable {
  /// It would be put back, or is as before already.
  case restored
  /// The time of all that was to be put back has come meanwhile.
  case expiredMeanwhile
  /// Somebody has written one of the keys since.
  case changedMeanwhile
  /// The record belongs to another server or database.
  case otherSource
}

extension UndoRecord {
  /// The same under the present identity, where it was noted under a former one of the same data.
  package func adopted(by identity: SourceIdentity) -> UndoRecord {
    guard identity.owns(origin) else { return self }
    var record = self
    record.origin = identity
    return record
  }
}
