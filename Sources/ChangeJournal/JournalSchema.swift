import CacheModel

/// The tables of a journal, and whether a file has them.
enum JournalSchema {
  static let version: Int64 = 1
  /// `cscj`: tells a journal from other programs' databases.
  private static let applicationID: Int64 = 0x6373_636A

  static let pageSize: Int64 = 8192

  /// Looks whether a file is a journal before anything of it is changed, makes the tables of an empty
  /// one, and sets the connection up.
  static func establish(
    in database: SQLiteDatabase, _ bounds: JournalBounds
  ) throws(KeeperError) {
    let isEmpty = try isEmpty(database)
    if isEmpty {
      // What is deleted is given back to the disk by and by.
      try database.execute(
        "PRAGMA page_size = \(pageSize); PRAGMA auto_vacuum = INCREMENTAL;")
    }
    try configure(database, bounds)
    guard isEmpty else { return }
    try database.execute(
      "BEGIN IMMEDIATE; \(tablesText) PRAGMA application_id = \(applicationID);"
        + "PRAGMA user_version = \(version); COMMIT;")
  }

  /// Whether the file holds nothing yet; what is no journal of this version is refused.
  private static func isEmpty(_ database: SQLiteDatabase) throws(KeeperError) -> Bool {
    let id = try database.number("PRAGMA application_id") ?? 0
    let found = try database.number("PRAGMA user_version") ?? 0
    let tables = try database.number("SELECT count(*) FROM sqlite_schema") ?? 0
    if id == 0, found == 0, tables == 0 { return true }
    guard id == applicationID else { throw .damaged("it is no journal of cachescope") }
    guard found == version else {
      throw .damaged("it has version \(found), and this program reads \(version)")
    }
    return false
  }

  /// Settings of each connection. What is deleted is overwritten where that costs no writing of its
  /// own.
  private static func configure(
    _ database: SQLiteDatabase, _ bounds: JournalBounds
  ) throws(KeeperError) {
    try database.execute(
      """
      PRAGMA journal_mode = WAL;
      PRAGMA synchronous = FULL;
      PRAGMA secure_delete = FAST;
      PRAGMA temp_store = MEMORY;
      PRAGMA cell_size_check = ON;
      PRAGMA wal_autocheckpoint = 2000;
      PRAGMA journal_size_limit = 16777216;
      """)
    let page = max(try database.number("PRAGMA page_size") ?? pageSize, 512)
    _ = try database.number("PRAGMA max_page_count = \(max(1, bounds.fileBytes / page))")
  }

  private static let tablesText = """
    CREATE TABLE changes (
      id INTEGER PRIMARY KEY AUTOINCREMENT, title TEXT NOT NULL, at INTEGER NOT NULL,
      server TEXT NOT NULL, place INTEGER NOT NULL, address TEXT NOT NULL, reverts INTEGER,
      generation INTEGER NOT NULL, owner INTEGER NOT NULL, finished INTEGER NOT NULL DEFAULT 0,
      holds_values INTEGER NOT NULL, settled INTEGER NOT NULL DEFAULT 0,
      unsettled INTEGER NOT NULL DEFAULT 0, lost INTEGER NOT NULL DEFAULT 0,
      undone INTEGER NOT NULL DEFAULT 0, passed INTEGER NOT NULL DEFAULT 0,
      bytes INTEGER NOT NULL DEFAULT 0);
    CREATE INDEX changes_of_source ON changes (server, place, id);
    CREATE TABLE batches (
      id INTEGER PRIMARY KEY AUTOINCREMENT, change INTEGER NOT NULL, settled INTEGER NOT NULL,
      count INTEGER NOT NULL, size INTEGER NOT NULL, digest INTEGER NOT NULL,
      content BLOB NOT NULL);
    CREATE INDEX batches_of_change ON batches (change, id);
    """
}
