import CSQLite
import CacheModel
import ChangeJournal
import Glibc
import SystemIO
import TestSupport
import Testing

/// A folder for one test, which goes with it.
final class Scratch: Sendable {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder("journal")
  }

  var path: String { folder.path }
  var file: String { "\(path)/journal.sqlite3" }

  func journal(
    _ bounds: JournalBounds = JournalBounds(), at now: Int64 = 0, patience: Int32 = 5000,
    keepsValues: Bool = true, replacingDamaged: Bool = false
  ) async throws(KeeperError) -> Journal {
    var options = JournalOptions { WallTime(milliseconds: now) }
    options.bounds = bounds
    options.patienceMilliseconds = patience
    options.keepsValues = keepsValues
    return try await Journal.open(
      in: path, options, replacingDamaged: replacingDamaged, on: Self.loop)
  }

  /// One thread for all journals of the tests.
  static let loop: EventLoop? = try? EventLoop(name: "journals")

  /// Runs statements on the file, as another program would; the connection stays as long as the
  /// answer is kept.
  func execute(_ sql: String) throws -> Connection {
    try Connection(file, sql)
  }

  final class Connection {
    private let handle: OpaquePointer

    init(_ path: String, _ sql: String) throws {
      var opened: OpaquePointer?
      _ = sq_open(path, 1000, &opened)
      handle = try #require(opened)
      try #require(sq_execute(handle, sql) == SQ_DONE)
    }

    deinit {
      sq_close(handle)
    }
  }
}

/// What changes are told of in these tests.
enum Sample {
  static let source = SourceIdentity(serverID: "one", database: 0)
  static let other = SourceIdentity(serverID: "two", database: 3)

  static func header(
    _ title: String = "delete a", at: Int64 = 0, source: SourceIdentity = source,
    reverts: ChangeID? = nil
  ) -> ChangeHeader {
    ChangeHeader(
      title: title, at: WallTime(milliseconds: at), source: source, address: "redis://a",
      reverts: reverts)
  }

  /// A deletion of a key with a value of so many bytes that cannot be compressed.
  static func deletion(_ key: String, bytes: Int = 10) -> UndoRecord {
    var random = SeededRandom(seed: UInt64(key.utf8.count + bytes))
    return UndoRecord(
      KeyTransition(
        key: CacheKey(key),
        before: StoredState(
          payload: (0..<bytes).map { _ in UInt8.random(in: 0...255, using: &random) },
          deadline: WallTime(milliseconds: 77)),
        after: .absent),
      origin: source)
  }
}

extension ChangeKeeper {
  /// A whole change: kept, settled as it was kept, finished.
  @discardableResult
  func change(
    _ header: ChangeHeader, _ batches: [[UndoRecord]], passed: Int = 0
  ) async throws(KeeperError) -> ChangeID {
    let change = try await begin(header)
    for records in batches { try await settle(keep(records, of: change), records) }
    try await finish(change, lost: 0, passed: passed)
    return change
  }

  func entries() async throws(KeeperError) -> [JournalEntry] {
    try await entries(of: nil, limit: 1000, before: nil)
  }

  func allRecords(of change: ChangeID) async throws(KeeperError) -> [KeptRecord] {
    var result: [KeptRecord] = []
    for batch in try await batches(of: change) { result += try await records(in: batch) }
    return result
  }
}
