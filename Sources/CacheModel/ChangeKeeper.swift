/// Where the old states of changes are kept, so that they can be taken back: a journal on disk, or
/// the memory of one session.
///
/// A change (one thing that a person did, of one key or of a million) is begun, and its keys are
/// kept batch by batch: `keep` before a batch is sent, `settle` with what really came of it. What
/// `keep` has returned for survives a crash and a power loss; when it throws, nothing of that batch
/// may be sent. A change that was begun and never finished was interrupted: its batches that were
/// not settled may have been sent or not, and undo finds out by looking.
/// Taking a change back is a change too, begun with `reverts`; taking that back makes the first one
/// again.
///
/// Implementations may be called from any task and block none of them.
package protocol ChangeKeeper: Sendable {
  /// Begins a change.
  func begin(_ header: ChangeHeader) async throws(KeeperError) -> ChangeID

  /// Keeps what a batch is about to change; the states in `records` are as they were asked for just
  /// before. Returns once they are safe.
  func keep(
    _ records: [UndoRecord], of change: ChangeID
  ) async throws(KeeperError) -> BatchID

  /// Corrects a batch by what came of it: the records of the keys that were changed. The others
  /// were not, and are forgotten. Of a change that takes another back, `repeated` of them take back
  /// what an earlier one, perhaps interrupted, had taken back already: they count once.
  func settle(
    _ batch: BatchID, _ records: [UndoRecord], repeated: Int
  ) async throws(KeeperError)

  /// Ends a change. `lost` counts the keys that were changed and cannot be taken back. Of a change
  /// that takes another back, `passed` counts the keys of that one that were left as they are and
  /// need not be tried again: their time has come, somebody has written them since, or they were as
  /// before already. A change that changed nothing is forgotten.
  func finish(_ change: ChangeID, lost: Int, passed: Int) async throws(KeeperError)

  /// The newest changes first, of one source (by any of its ids) or of all, at most `limit`, older than `before` when
  /// that is given.
  func entries(
    of source: SourceIdentity?, limit: Int, before: ChangeID?
  ) async throws(KeeperError) -> [JournalEntry]

  func entry(_ change: ChangeID) async throws(KeeperError) -> JournalEntry?

  /// The batches of a change, newest first.
  func batches(of change: ChangeID) async throws(KeeperError) -> [BatchID]

  /// What a batch keeps, in the order in which it was sent.
  func records(in batch: BatchID) async throws(KeeperError) -> [KeptRecord]

  /// How much more can be kept, in bytes as they are before they are compressed; the oldest changes
  /// make room.
  func room() async throws(KeeperError) -> Int64

  /// Forgets all changes, or those of one source; answers how many.
  func purge(_ source: SourceIdentity?) async throws(KeeperError) -> Int
}

extension ChangeKeeper {
  /// Corrects a batch in which nothing is taken back for the second time.
  package func settle(_ batch: BatchID, _ records: [UndoRecord]) async throws(KeeperError) {
    try await settle(batch, records, repeated: 0)
  }

  /// Ends a change that takes none back, or one that tried each key.
  package func finish(_ change: ChangeID, lost: Int) async throws(KeeperError) {
    try await finish(change, lost: lost, passed: 0)
  }
}

/// One change of a journal; rises with time.
package struct ChangeID: Sendable, Hashable, Comparable {
  package var number: Int64

  package init(_ number: Int64) {
    self.number = number
  }

  package static func < (left: ChangeID, right: ChangeID) -> Bool {
    left.number < right.number
  }
}

/// One batch of keys of a change; rises with time.
package struct BatchID: Sendable, Hashable {
  package var number: Int64

  package init(_ number: Int64) {
    self.number = number
  }
}

/// What is known of a change when it begins.
package struct ChangeHeader: Sendable, Equatable {
  /// `delete app:user:7`, `set the TTL of 12 keys`.
  package var title: String
  package var at: WallTime
  /// The server and database that it belongs to.
  package var source: SourceIdentity
  /// As a person would type it, without a password.
  package var address: String
  /// The change that this one takes back.
  package var reverts: ChangeID?

  package init(
    title: String, at: WallTime, source: SourceIdentity, address: String,
    reverts: ChangeID? = nil
  ) {
    self.title = title
    self.at = at
    self.source = source
    self.address = address
    self.reverts = reverts
  }
}

/// A change as a journal lists it.
package struct JournalEntry: Sendable, Equatable {
  package enum Standing: Sendable, Hashable {
    /// Begun and not finished: under way, or interrupted when whoever made it has ended.
    case underWay, interrupted
    /// Finished.
    case done
    /// Taken back, and not made again.
    case takenBack
    /// Some of its keys are taken back.
    case takenBackInPart
  }

  package var id: ChangeID
  package var header: ChangeHeader
  /// How often it turns round: 0 for what a person did, 1 for taking that back, 2 for making it
  /// again, and so on.
  package var generation: Int
  package var standing: Standing
  /// Keys that it changed; of one that is not finished, that it may have changed.
  package var keyCount: Int
  /// Of them, those that can still be taken back.
  package var keptCount: Int
  /// Of them, those that were tried and left as they are, because somebody has written them since or
  /// their time has come.
  package var passedCount: Int
  /// Of them, those that others took back, less those that were made again since.
  package var undoneCount: Int
  /// What keeping it takes, in bytes.
  package var bytes: Int64

  package init(
    id: ChangeID, header: ChangeHeader, generation: Int = 0, standing: Standing, keyCount: Int,
    keptCount: Int, passedCount: Int = 0, undoneCount: Int = 0, bytes: Int64
  ) {
    self.id = id
    self.header = header
    self.generation = generation
    self.standing = standing
    self.keyCount = keyCount
    self.keptCount = keptCount
    self.passedCount = passedCount
    self.undoneCount = undoneCount
    self.bytes = bytes
  }

  /// Whether it takes another change back.
  package var isUndo: Bool { !generation.isMultiple(of: 2) }
}

/// A record and how sure it is.
package struct KeptRecord: Sendable, Equatable {
  package var record: UndoRecord
  /// False when nobody has noted what came of it: it may not have been sent at all.
  package var isSettled: Bool
  /// False when names and times alone were to be kept: values are empty, and nothing can be put
  /// back.
  package var holdsValues: Bool

  package init(record: UndoRecord, isSettled: Bool, holdsValues: Bool = true) {
    self.record = record
    self.isSettled = isSettled
    self.holdsValues = holdsValues
  }
}

/// Why an old state cannot be kept or found. Closed: each case has one sentence with a next step.
package enum KeeperError: Error, Sendable, Equatable {
  /// A batch alone is larger than all that may be kept; both in bytes.
  case tooLarge(needed: Int64, bound: Int64)
  /// The disk has no room.
  case diskFull
  /// What is there cannot be read as a journal.
  case damaged(String)
  /// Another program holds the journal for longer than is worth waiting.
  case locked
  /// The folder or file is not the user's own, or others may write it.
  case unsafe(String)
  /// There is no such change or batch (any more).
  case noSuchChange
  case io(String)
}
