/// A change of one key, as a person means it. Every case keeps the write rules: an edit keeps the
/// TTL to the millisecond in one atomic step, never overwrites a value that is newer than the one
/// read, never revives a key that has gone, and a creation never overwrites.
package enum KeyChange: Sendable, Hashable {
  /// A new value for an existing string. `expected` is the value that was read; nil overwrites
  /// whatever string is there now.
  case setString([UInt8], expected: [UInt8]?)
  /// A new value for an existing field of a hash; `expected` as above.
  case setField([UInt8], value: [UInt8], expected: [UInt8]?)
  /// A new string under a key that does not exist.
  case createString([UInt8], TTLChange?)
  /// A string under a key whatever was there: it keeps the TTL of what it replaces unless one is
  /// given. A key of another kind is replaced only with `otherKinds`.
  case putString([UInt8], TTLChange?, otherKinds: Bool)
  case setTTL(TTLChange)
  /// The key expires now, as if its time had come, so that its `expired` event fires.
  case expireNow
  case delete
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

/// What became of a change.
package enum ChangeOutcome: Sendable, Equatable {
  /// Done. `undo` puts the old state back; nil when it was too large to keep.
  case done(undo: UndoRecord?)
  /// The key is no longer there; nothing was changed.
  case gone
  /// The value is not the one that was read; nothing was changed.
  case changedMeanwhile
  /// A key of this name exists; nothing was changed.
  case alreadyExists
  /// The key holds another kind of value; nothing was changed.
  case otherKind(ValueKind)
  /// The change would have changed nothing (adjusting the TTL of a key that has none).
  case nothingToDo
}

/// The old state of one key, and how to tell that nobody has changed it since.
package struct UndoRecord: Sendable, Equatable {
  package var key: CacheKey
  /// The value in the source's own exact form (a DUMP payload); nil when the key did not exist.
  package var payload: [UInt8]?
  /// When the key was to expire; nil when never.
  package var deadline: WallTime?
  /// The payload that the change left behind; nil when it left no key.
  package var payloadAfter: [UInt8]?
  package var deadlineAfter: WallTime?
  /// The server (its run or replication id) and database that the state belongs to.
  package var origin: SourceIdentity

  package init(
    key: CacheKey, payload: [UInt8]?, deadline: WallTime?, payloadAfter: [UInt8]?,
    deadlineAfter: WallTime?, origin: SourceIdentity
  ) {
    self.key = key
    self.payload = payload
    self.deadline = deadline
    self.payloadAfter = payloadAfter
    self.deadlineAfter = deadlineAfter
    self.origin = origin
  }

  /// Bytes that keeping this record takes, near enough.
  package var cost: Int {
    256 + key.bytes.count + (payload?.count ?? 0) + (payloadAfter?.count ?? 0)
  }
}

/// What became of putting an old state back.
package enum UndoOutcome: Sendable, Equatable {
  /// Put back. `redo` undoes the undo.
  case restored(redo: UndoRecord?)
  /// Its time has come meanwhile; it was not revived.
  case expiredMeanwhile
  /// Somebody has written the key since; nothing was changed.
  case changedMeanwhile
  /// The record belongs to another server or database; nothing was changed.
  case otherSource
}

/// Which data a record or a name belongs to: the server's own id and the database.
package struct SourceIdentity: Sendable, Hashable {
  package var serverID: String
  package var database: Int

  package init(serverID: String, database: Int) {
    self.serverID = serverID
    self.database = database
  }
}
