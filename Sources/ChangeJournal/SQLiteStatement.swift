import CSQLite
import CacheModel

/// What a parameter of a statement is given.
enum SQLiteValue {
  case integer(Int64)
  case text(String)
  case bytes([UInt8])
  case null

  init(_ number: Int64?) {
    self = number.map { .integer($0) } ?? .null
  }
}

/// A statement, prepared once and run many times. It keeps its database open.
final class SQLiteStatement {
  private let handle: OpaquePointer
  private let database: SQLiteDatabase

  init(_ handle: OpaquePointer, of database: SQLiteDatabase) {
    self.handle = handle
    self.database = database
  }

  deinit {
    sq_finish(handle)
  }

  /// Runs it for what it does; answers how many rows that changed.
  @discardableResult
  func run(_ values: SQLiteValue...) throws(KeeperError) -> Int64 {
    defer { sq_reset(handle) }
    try bind(values)
    while try step() {}
    return database.changes
  }

  /// The rows that it answers, each made into a value.
  func rows<Value>(
    _ values: SQLiteValue..., of row: (SQLiteRow) -> Value
  ) throws(KeeperError) -> [Value] {
    defer { sq_reset(handle) }
    try bind(values)
    var result: [Value] = []
    while try step() { result.append(row(SQLiteRow(handle: handle))) }
    return result
  }

  /// The first row that it answers.
  func first<Value>(
    _ values: SQLiteValue..., of row: (SQLiteRow) -> Value
  ) throws(KeeperError) -> Value? {
    defer { sq_reset(handle) }
    try bind(values)
    return try step() ? row(SQLiteRow(handle: handle)) : nil
  }

  private func bind(_ values: [SQLiteValue]) throws(KeeperError) {
    for (place, value) in values.enumerated() {
      let code = bind(value, at: CInt(place + 1))
      guard code == SQ_DONE else { throw database.failure(code) }
    }
  }

  private func bind(_ value: SQLiteValue, at index: CInt) -> CInt {
    switch value {
    case .integer(let number): return sq_bind_integer(handle, index, number)
    case .null: return sq_bind_null(handle, index)
    case .bytes(let bytes):
      return bytes.withUnsafeBytes { sq_bind_bytes(handle, index, $0.baseAddress, $0.count) }
    case .text(var text):
      return text.withUTF8 { utf8 in
        let bytes = UnsafeRawBufferPointer(utf8)
        return sq_bind_text(
          handle, index, bytes.assumingMemoryBound(to: CChar.self).baseAddress, bytes.count)
      }
    }
  }

  /// Whether there is another row.
  private func step() throws(KeeperError) -> Bool {
    let code = sq_step(handle)
    switch Int(code) {
    case Int(SQ_ROW): return true
    case Int(SQ_DONE): return false
    default: throw database.failure(code)
    }
  }
}

/// A row that a statement stands on; only valid while it is looked at. A column of another kind than
/// is asked for reads as 0, or as nothing.
struct SQLiteRow {
  fileprivate let handle: OpaquePointer

  fileprivate init(handle: OpaquePointer) {
    self.handle = handle
  }

  func integer(_ column: CInt) -> Int64 { sq_integer(handle, column) }

  func optionalInteger(_ column: CInt) -> Int64? {
    sq_is_null(handle, column) != 0 ? nil : sq_integer(handle, column)
  }

  func bytes(_ column: CInt) -> [UInt8] {
    var count = 0
    guard let start = sq_bytes(handle, column, &count) else { return [] }
    return Array(UnsafeRawBufferPointer(start: start, count: count))
  }

  /// What is not UTF-8 is replaced.
  func text(_ column: CInt) -> String {
    String(decoding: bytes(column), as: UTF8.self)
  }
}
