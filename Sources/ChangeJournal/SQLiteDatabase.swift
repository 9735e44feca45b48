import CSQLite
import CacheModel

/// A connection to an SQLite file, for one thread. Failures are those of a keeper: locked, full,
/// damaged, and everything else in SQLite's own words.
final class SQLiteDatabase {
  private let handle: OpaquePointer

  /// Opens an existing file.
  init(path: String, patienceMilliseconds: Int32) throws(KeeperError) {
    var opened: OpaquePointer?
    let code = sq_open(path, patienceMilliseconds, &opened)
    guard let opened else { throw .io("no memory for the journal") }
    handle = opened
    // From here on the handle is closed by deinit, also when this throws.
    guard code == SQ_DONE else { throw failure(code) }
  }

  deinit {
    sq_close(handle)
  }

  /// Runs statements whose answers do not matter.
  func execute(_ sql: String) throws(KeeperError) {
    let code = sq_execute(handle, sql)
    guard code == SQ_DONE else { throw failure(code) }
  }

  func prepare(_ sql: String) throws(KeeperError) -> SQLiteStatement {
    var statement: OpaquePointer?
    let code = sq_prepare(handle, sql, &statement)
    guard code == SQ_DONE, let statement else { throw failure(code) }
    return SQLiteStatement(statement, of: self)
  }

  /// The only number that a statement answers, such as a setting; nil when it answers none.
  func number(_ sql: String) throws(KeeperError) -> Int64? {
    try prepare(sql).first { $0.integer(0) }
  }

  var isInTransaction: Bool { sq_is_in_transaction(handle) != 0 }
  /// Rows that the last statement inserted, changed or deleted.
  var changes: Int64 { sq_changes(handle) }
  var lastRow: Int64 { sq_last_row(handle) }

  /// What a result that is no success means.
  func failure(_ code: CInt) -> KeeperError {
    let words = sq_message(handle).map { String(cString: $0) } ?? "no reason given"
    switch Int(code) {
    case Int(SQ_LOCKED): return .locked
    case Int(SQ_FULL): return .diskFull
    case Int(SQ_DAMAGED): return .damaged(words)
    default: return .io(words)
    }
  }
}
