import CacheModel
import SystemIO

/// The journal in SQLite, for one thread: every statement is here and in the files beside. What
/// changes something must run inside `transaction`.
///
/// One row for a change, one for a batch with its records in one piece. A change carries its counts,
/// and taking a change back moves the counts of the one it takes back, and of the one before that,
/// in the same transaction; so a list is read without looking at any batch.
final class JournalDatabase {
  let file: SQLiteDatabase
  let place: JournalPlace
  let options: JournalOptions
  let locks: ByteLocks
  /// The byte of the lock file that says that this one is alive.
  let owner: Int64
  /// The file that was opened.
  let identity: UInt64?
  let statements: JournalStatements
  private var isSyncing = true

  init(
    place: JournalPlace, options: JournalOptions, locks: ByteLocks, owner: Int64
  ) throws(KeeperError) {
    self.place = place
    self.options = options
    self.locks = locks
    self.owner = owner
    file = try SQLiteDatabase(
      path: place.file, patienceMilliseconds: options.patienceMilliseconds)
    identity = place.identity
    try JournalSchema.establish(in: file, options.bounds)
    do throws(KeeperError) {
      statements = try JournalStatements(file)
    } catch .io(let words) {
      throw .damaged(words)
    }
  }

  /// Looks through all pages; linear in the size of the file.
  func checkPages() throws(KeeperError) {
    let words = try file.prepare("PRAGMA quick_check(1)").first { $0.text(0) }
    guard words == "ok" else { throw .damaged(words ?? "its pages cannot be checked") }
  }

  /// Whether the file has been removed or replaced since.
  var isGone: Bool { place.identity != identity }

  /// Runs work as one step, which is on the disk afterwards when `isDurable`, and otherwise survives
  /// the end of the program. When the work throws, nothing of it is done.
  func transaction<Value>(
    isDurable: Bool, _ work: () throws(KeeperError) -> Value
  ) throws(KeeperError) -> Value {
    if isDurable != isSyncing {
      try file.execute("PRAGMA synchronous = \(isDurable ? "FULL" : "NORMAL")")
      isSyncing = isDurable
    }
    try file.execute("BEGIN IMMEDIATE")
    do throws(KeeperError) {
      let value = try work()
      try file.execute("COMMIT")
      return value
    } catch {
      if file.isInTransaction { try? file.execute("ROLLBACK") }
      throw error
    }
  }

  // MARK: Making changes

  func begin(_ header: ChangeHeader, holdsValues: Bool) throws(KeeperError) -> ChangeID {
    try dropOld()
    var generation: Int64 = 0
    if let reverts = header.reverts {
      guard
        let known = try statements.generation.first(.integer(reverts.number), of: { $0.integer(0) })
      else { throw .noSuchChange }
      generation = known + 1
    }
    try statements.begin.run(
      .text(header.title), .integer(header.at.milliseconds), .text(header.source.serverID),
      .integer(Int64(header.source.database)), .text(header.address),
      SQLiteValue(header.reverts?.number), .integer(generation), .integer(owner),
      .integer(holdsValues ? 1 : 0))
    return ChangeID(file.lastRow)
  }

  func keep(_ batch: UndoRecordCodec.Packed, of change: ChangeID) throws(KeeperError) -> BatchID {
    try makeRoom(for: batch.content.count, of: change)
    let changed = try statements.countKept.run(
      .integer(Int64(batch.count)), .integer(Int64(batch.content.count)), .integer(change.number))
    guard changed == 1 else { throw .noSuchChange }
    try statements.keep.run(
      .integer(change.number), .integer(Int64(batch.count)), .integer(Int64(batch.size)),
      .integer(Int64(bitPattern: batch.digest)), .bytes(batch.content))
    return BatchID(file.lastRow)
  }

  /// What a batch that stays as it was, is corrected or falls away does to its change.
  enum Settlement: Sendable {
    case asKept
    case corrected(UndoRecordCodec.Packed)
    case nothing
  }

  func settle(
    _ batch: BatchID, _ settlement: Settlement, repeated: Int
  ) throws(KeeperError) {
    let found = try statements.batchFigures.first(.integer(batch.number)) {
      BatchFigures(
        change: $0.integer(0), isSettled: $0.integer(1) != 0, count: $0.integer(2),
        bytes: $0.integer(3))
    }
    guard let old = found else { throw .noSuchChange }
    var new = old
    new.isSettled = true
    switch settlement {
    case .asKept: try statements.settle.run(.integer(batch.number))
    case .nothing:
      try statements.dropBatch.run(.integer(batch.number))
      (new.count, new.bytes) = (0, 0)
    case .corrected(let packed):
      try makeRoom(for: packed.content.count, of: ChangeID(old.change))
      try statements.correct.run(
        .integer(Int64(packed.count)), .integer(Int64(packed.size)),
        .integer(Int64(bitPattern: packed.digest)), .bytes(packed.content),
        .integer(batch.number))
      (new.count, new.bytes) = (Int64(packed.count), Int64(packed.content.count))
    }
    let before = old.isSettled ? old.count : 0
    try statements.countSettled.run(
      .integer(new.count - before), .integer(old.isSettled ? 0 : -old.count),
      .integer(new.bytes - old.bytes), .integer(old.change))
    try tellReverted(by: old.change, new.count - before - Int64(repeated))
  }

  private struct BatchFigures {
    var change: Int64
    var isSettled: Bool
    var count: Int64
    var bytes: Int64
  }

  func finish(_ change: ChangeID, lost: Int, passed: Int) throws(KeeperError) {
    guard let entry = try row(change) else { throw .noSuchChange }
    try statements.finish.run(.integer(Int64(lost)), .integer(change.number))
    try tellReverted(by: change.number, Int64(lost))
    if let reverted = entry.header.reverts {
      try statements.pass.run(.integer(Int64(passed)), .integer(reverted.number))
    }
    if entry.tally.keyCount + Int64(lost) == 0 { try drop(change) }
  }

  /// Moves the counts of the change that this one takes back, of the one that that takes back, and
  /// so on, each the other way round.
  private func tellReverted(by change: Int64, _ keys: Int64) throws(KeeperError) {
    guard keys != 0 else { return }
    var keys = keys
    var current = change
    while let reverted = try statements.reverts.first(
      .integer(current), of: { $0.optionalInteger(0) }
    )
    .flatMap({ $0 }) {
      // A row that names itself or a later one is damaged; nothing goes round in circles.
      guard reverted < current else { throw .damaged("a change takes back a later one") }
      try statements.countUndone.run(.integer(keys), .integer(keys), .integer(reverted))
      keys = -keys
      current = reverted
    }
  }
}
