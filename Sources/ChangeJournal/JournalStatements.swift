import CacheModel

/// The statements of a journal, each prepared once.
struct JournalStatements {
  let begin, generation, reverts: SQLiteStatement
  let keep, countKept: SQLiteStatement
  let batchFigures, settle, correct, dropBatch, countSettled: SQLiteStatement
  let countUndone, pass, finish: SQLiteStatement
  let change, changes, changesOfSource, batches, batch: SQLiteStatement
  let unfinished, oldest, dropBatches, dropChange: SQLiteStatement
  let pages, freePages: SQLiteStatement

  static let columns = """
    id, title, at, server, place, address, reverts, generation, owner, finished, holds_values, \
    settled, unsettled, lost, undone, passed, bytes
    """

  init(_ file: SQLiteDatabase) throws(KeeperError) {
    begin = try file.prepare(
      """
      INSERT INTO changes
      (title, at, server, place, address, reverts, generation, owner, holds_values)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
      """)
    generation = try file.prepare("SELECT generation FROM changes WHERE id = ?")
    reverts = try file.prepare("SELECT reverts FROM changes WHERE id = ?")
    keep = try file.prepare(
      """
      INSERT INTO batches (change, settled, count, size, digest, content)
      VALUES (?, 0, ?, ?, ?, ?)
      """)
    countKept = try file.prepare(
      """
      UPDATE changes SET unsettled = unsettled + ?, bytes = bytes + ?
      WHERE id = ? AND finished = 0
      """)
    batchFigures = try file.prepare(
      "SELECT change, settled, count, length(content) FROM batches WHERE id = ?")
    settle = try file.prepare("UPDATE batches SET settled = 1 WHERE id = ?")
    correct = try file.prepare(
      """
      UPDATE batches SET settled = 1, count = ?, size = ?, digest = ?, content = ?
      WHERE id = ?
      """)
    dropBatch = try file.prepare("DELETE FROM batches WHERE id = ?")
    countSettled = try file.prepare(
      """
      UPDATE changes SET settled = settled + ?, unsettled = unsettled + ?, bytes = bytes + ?
      WHERE id = ?
      """)
    // What is made again can be taken back again, whatever was passed over before.
    countUndone = try file.prepare(
      """
      UPDATE changes SET undone = MAX(0, undone + ?), passed = CASE WHEN ? < 0 THEN 0 ELSE passed END
      WHERE id = ?
      """)
    pass = try file.prepare("UPDATE changes SET passed = ? WHERE id = ?")
    finish = try file.prepare("UPDATE changes SET finished = 1, lost = lost + ? WHERE id = ?")
    change = try file.prepare("SELECT \(Self.columns) FROM changes WHERE id = ?")
    changes = try file.prepare(
      "SELECT \(Self.columns) FROM changes WHERE id < ? ORDER BY id DESC LIMIT ?")
    changesOfSource = try file.prepare(
      """
      SELECT \(Self.columns) FROM changes
      WHERE server = ? AND place = ? AND id < ? ORDER BY id DESC LIMIT ?
      """)
    batches = try file.prepare("SELECT id FROM batches WHERE change = ? ORDER BY id DESC")
    batch = try file.prepare(
      """
      SELECT batches.settled, batches.count, batches.size, batches.digest, batches.content,
        changes.holds_values
      FROM batches JOIN changes ON changes.id = batches.change WHERE batches.id = ?
      """)
    unfinished = try file.prepare("SELECT id, owner, reverts FROM changes WHERE finished = 0")
    oldest = try file.prepare("SELECT id, at FROM changes WHERE id > ? ORDER BY id LIMIT 64")
    dropBatches = try file.prepare("DELETE FROM batches WHERE change = ?")
    dropChange = try file.prepare("DELETE FROM changes WHERE id = ?")
    pages = try file.prepare("PRAGMA page_count")
    freePages = try file.prepare("PRAGMA freelist_count")
  }
}
