import CacheModel

/// Looking at what is kept.
extension JournalDatabase {
  /// A change as it is stored.
  struct ChangeRow: Sendable {
    var id: ChangeID
    var header: ChangeHeader
    var generation: Int
    var owner: Int64
    var tally: ChangeTally
    var bytes: Int64

    init(_ row: SQLiteRow) {
      id = ChangeID(row.integer(0))
      header = ChangeHeader(
        title: row.text(1), at: WallTime(milliseconds: row.integer(2)),
        source: SourceIdentity(serverID: row.text(3), database: Int(row.integer(4))),
        address: row.text(5), reverts: row.optionalInteger(6).map { ChangeID($0) })
      generation = Int(row.integer(7))
      owner = row.integer(8)
      tally = ChangeTally(
        settled: Self.count(row, 11), unsettled: Self.count(row, 12), lost: Self.count(row, 13),
        undone: Self.count(row, 14), passed: Self.count(row, 15),
        isFinished: row.integer(9) != 0, holdsValues: row.integer(10) != 0)
      bytes = Self.count(row, 16)
    }

    /// What is in the file may be anything: sums of these do not overflow.
    private static func count(_ row: SQLiteRow, _ column: CInt) -> Int64 {
      min(max(row.integer(column), 0), 1 << 50)
    }
  }

  func row(_ change: ChangeID) throws(KeeperError) -> ChangeRow? {
    try statements.change.first(.integer(change.number)) { ChangeRow($0) }
  }

  func entry(_ change: ChangeID) throws(KeeperError) -> JournalEntry? {
    try row(change).map { entry($0) }
  }

  func entries(
    of source: SourceIdentity?, limit: Int, before: ChangeID?
  ) throws(KeeperError) -> [JournalEntry] {
    let before = SQLiteValue.integer(before?.number ?? .max)
    let count = max(0, limit)
    let limit = SQLiteValue.integer(Int64(count))
    let rows =
      if let source {
        try changes(of: source, limit: limit, before: before)
      } else {
        try statements.changes.rows(before, limit) { ChangeRow($0) }
      }
    return rows.prefix(count).map { entry($0) }
  }

  /// Of each of its ids as many as are wanted, and of them the newest.
  private func changes(
    of source: SourceIdentity, limit: SQLiteValue, before: SQLiteValue
  ) throws(KeeperError) -> [ChangeRow] {
    var rows: [ChangeRow] = []
    for id in source.allIDs {
      rows += try statements.changesOfSource.rows(
        .text(id), .integer(Int64(source.database)), before, limit
      ) { ChangeRow($0) }
    }
    guard source.allIDs.count > 1 else { return rows }
    return rows.sorted { $0.id > $1.id }
  }

  private func entry(_ row: ChangeRow) -> JournalEntry {
    var tally = row.tally
    tally.isOwned = tally.isFinished || isAlive(row.owner)
    return JournalEntry(
      id: row.id, header: row.header, generation: row.generation, standing: tally.standing,
      keyCount: Int(tally.keyCount), keptCount: Int(tally.keptCount),
      passedCount: Int(tally.passedCount), undoneCount: Int(tally.undone), bytes: row.bytes)
  }

  func batches(of change: ChangeID) throws(KeeperError) -> [BatchID] {
    guard try row(change) != nil else { throw .noSuchChange }
    return try statements.batches.rows(.integer(change.number)) { BatchID($0.integer(0)) }
  }

  /// A batch as it is stored.
  struct StoredBatch: Sendable {
    var packed: UndoRecordCodec.Packed
    var isSettled: Bool
    var holdsValues: Bool
  }

  func batch(_ batch: BatchID) throws(KeeperError) -> StoredBatch {
    let found = try statements.batch.first(.integer(batch.number)) {
      StoredBatch(
        packed: UndoRecordCodec.Packed(
          content: $0.bytes(4), size: Int($0.integer(2)),
          digest: UInt64(bitPattern: $0.integer(3)), count: Int($0.integer(1))),
        isSettled: $0.integer(0) != 0, holdsValues: $0.integer(5) != 0)
    }
    guard let found else { throw .noSuchChange }
    return found
  }
}
