package import CacheModel
import Synchronization
package import SystemIO

/// The undo journal on the disk: `journal.sqlite3` in a folder of the user's own.
///
/// It guarantees that what `keep` has returned for is on the disk: SQLite writes ahead and is waited
/// for until the disk has it. A change carries by whom it is made; when that program has ended
/// without finishing it, it counts as interrupted, and what it has kept can be taken back. Several
/// programs may use one journal at the same time. It stays within its bounds: the oldest finished
/// changes go. Taking a change back and making it again are changes of their own.
///
/// Records are compressed where the call comes from; SQLite has a thread of its own. A batch that is
/// settled as it was kept, as deletions are, is not written a second time. It keeps values as they
/// are: whoever can read the file can read them, and only its owner can.
package final class Journal: ChangeKeeper {
  private let store: JournalStore
  private let keepsValues: Bool
  /// Digests of the batches that this program has kept and not settled.
  private let kept = Mutex<[BatchID: UInt64]>([:])

  private init(_ store: JournalStore, keepsValues: Bool) {
    self.store = store
    self.keepsValues = keepsValues
  }

  /// Opens the journal in a folder, making both when they are missing. With `replacingDamaged` the
  /// whole file is looked through, and one that is damaged is put aside under a name with the date.
  /// Its thread is that of `loop` when one is given.
  package static func open(
    in folder: String, _ options: JournalOptions, replacingDamaged: Bool = false,
    on loop: EventLoop? = nil
  ) async throws(KeeperError) -> Journal {
    let loop = if let loop { loop } else { try ownLoop() }
    let store = JournalStore(
      place: JournalPlace(folder: folder), options: options, loop: loop)
    try await store.open(replacingDamaged: replacingDamaged)
    return Journal(store, keepsValues: options.keepsValues)
  }

  private static func ownLoop() throws(KeeperError) -> EventLoop {
    do throws(Errno) {
      return try EventLoop(name: "journal")
    } catch {
      throw .io(error.text)
    }
  }

  /// Lets go of the file; what comes later fails.
  package func close() async {
    await store.close()
  }

  // MARK: Making changes

  package func begin(_ header: ChangeHeader) async throws(KeeperError) -> ChangeID {
    try await store.begin(header)
  }

  package func keep(
    _ records: [UndoRecord], of change: ChangeID
  ) async throws(KeeperError) -> BatchID {
    let packed = try await Self.pack(records, keepsValues: keepsValues)
    let batch = BatchID(
      try await store.write(isDurable: true) { (database) throws(KeeperError) in
        try database.keep(packed, of: change).number
      })
    kept.withLock { $0[batch] = packed.digest }
    return batch
  }

  package func settle(
    _ batch: BatchID, _ records: [UndoRecord], repeated: Int
  ) async throws(KeeperError) {
    let digest = kept.withLock { $0[batch] }
    let settlement = try await Self.settlement(records, digest, keepsValues: keepsValues)
    try await store.write(isDurable: false) { (database) throws(KeeperError) in
      try database.settle(batch, settlement, repeated: repeated)
      return 0
    }
    kept.withLock { _ = $0.removeValue(forKey: batch) }
  }

  package func finish(
    _ change: ChangeID, lost: Int, passed: Int
  ) async throws(KeeperError) {
    try await store.write(isDurable: false) { (database) throws(KeeperError) in
      try database.finish(change, lost: lost, passed: passed)
      return 0
    }
    // The change is finished, whether the file becomes smaller or not.
    try? await store.read { (database) throws(KeeperError) in try database.shrink() }
  }

  // MARK: Looking

  package func entries(
    of source: SourceIdentity?, limit: Int, before: ChangeID?
  ) async throws(KeeperError) -> [JournalEntry] {
    try await store.read { (database) throws(KeeperError) in
      try database.entries(of: source, limit: limit, before: before)
    }
  }

  package func entry(_ change: ChangeID) async throws(KeeperError) -> JournalEntry? {
    try await store.read { (database) throws(KeeperError) in try database.entry(change) }
  }

  package func batches(of change: ChangeID) async throws(KeeperError) -> [BatchID] {
    try await store.read { (database) throws(KeeperError) in try database.batches(of: change) }
  }

  package func records(in batch: BatchID) async throws(KeeperError) -> [KeptRecord] {
    let stored = try await store.read { (database) throws(KeeperError) in
      try database.batch(batch)
    }
    return try await Self.unpack(stored)
  }

  package func room() async throws(KeeperError) -> Int64 {
    try await store.read { (database) throws(KeeperError) in try database.room() }
  }

  package func purge(_ source: SourceIdentity?) async throws(KeeperError) -> Int {
    try await store.read { (database) throws(KeeperError) in try database.purge(source) }
  }

  // MARK: Packing, away from the journal's thread and from whoever calls

  @concurrent private static func pack(
    _ records: [UndoRecord], keepsValues: Bool
  ) async throws(KeeperError) -> UndoRecordCodec.Packed {
    let records = keepsValues ? records : records.map(\.withoutValues)
    return try UndoRecordCodec.pack(UndoRecordCodec.encode(records), count: records.count)
  }

  @concurrent private static func settlement(
    _ records: [UndoRecord], _ digest: UInt64?, keepsValues: Bool
  ) async throws(KeeperError) -> JournalDatabase.Settlement {
    guard !records.isEmpty else { return .nothing }
    let records = keepsValues ? records : records.map(\.withoutValues)
    let raw = UndoRecordCodec.encode(records)
    guard digest != UndoRecordCodec.digest(raw) else { return .asKept }
    return .corrected(try UndoRecordCodec.pack(raw, count: records.count))
  }

  @concurrent private static func unpack(
    _ stored: JournalDatabase.StoredBatch
  ) async throws(KeeperError) -> [KeptRecord] {
    let records = try UndoRecordCodec.decode(UndoRecordCodec.unpack(stored.packed))
    guard records.count == stored.packed.count else {
      throw .damaged("a batch has another count than it should")
    }
    return records.map {
      KeptRecord(record: $0, isSettled: stored.isSettled, holdsValues: stored.holdsValues)
    }
  }
}
