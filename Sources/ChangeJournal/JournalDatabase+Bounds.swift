import CacheModel
import SystemIO

/// Keeping within the bounds: what goes, and giving it back to the disk.
extension JournalDatabase {
  /// Beyond the bytes of a batch: its row, its share of pages and indexes.
  private static let overhead: Int64 = 2 * JournalSchema.pageSize

  /// Lets the oldest changes go until so many bytes more are within the bound.
  func makeRoom(for bytes: Int, of change: ChangeID) throws(KeeperError) {
    let bound = options.bounds.bytes
    let needed = Int64(bytes) + Self.overhead
    guard try usedBytes() + needed > bound else { return }
    let spared = try self.spared().union([change.number])
    var last: Int64 = 0
    while try usedBytes() + needed > bound {
      let candidates = try statements.oldest.rows(.integer(last)) { $0.integer(0) }
      guard let end = candidates.last else { throw .tooLarge(needed: needed, bound: bound) }
      for candidate in candidates where !spared.contains(candidate) {
        try drop(ChangeID(candidate))
        if try usedBytes() + needed <= bound { return }
      }
      last = end
    }
  }

  /// Lets changes go that are older than the bound; not too many at once.
  func dropOld() throws(KeeperError) {
    let (limit, overflow) = options.now().milliseconds
      .subtractingReportingOverflow(options.bounds.ageMilliseconds)
    guard !overflow else { return }
    let oldest = try statements.oldest.rows(.integer(0)) { (id: $0.integer(0), at: $0.integer(1)) }
    guard oldest.contains(where: { $0.at < limit }) else { return }
    let spared = try self.spared()
    for each in oldest where each.at < limit && !spared.contains(each.id) {
      try drop(ChangeID(each.id))
    }
  }

  func drop(_ change: ChangeID) throws(KeeperError) {
    try statements.dropBatches.run(.integer(change.number))
    try statements.dropChange.run(.integer(change.number))
  }

  /// Changes that are under way, and what they take back.
  func spared() throws(KeeperError) -> Set<Int64> {
    let unfinished = try statements.unfinished.rows {
      (id: $0.integer(0), owner: $0.integer(1), reverts: $0.optionalInteger(2))
    }
    var result: Set<Int64> = []
    for each in unfinished where isAlive(each.owner) {
      result.insert(each.id)
      if let reverts = each.reverts { result.insert(reverts) }
    }
    return result
  }

  func isAlive(_ owner: Int64) -> Bool {
    owner == self.owner || (owner > 0 && locks.isTakenElsewhere(owner))
  }

  /// Bytes of the file that hold something.
  private func usedBytes() throws(KeeperError) -> Int64 {
    let pages = try statements.pages.first { $0.integer(0) } ?? 0
    let free = try statements.freePages.first { $0.integer(0) } ?? 0
    return (pages - free) * JournalSchema.pageSize
  }

  /// How much more can be kept: of the bound, what changes under way do not hold, and no more than
  /// the disk has and what would go gives back.
  func room() throws(KeeperError) -> Int64 {
    let spared = try self.spared()
    var held: Int64 = 0
    for number in spared { held += try row(ChangeID(number))?.bytes ?? 0 }
    let bound = max(0, options.bounds.bytes - held - 8 * Self.overhead)
    guard let disk = DiskRoom.bytes(at: place.folder) else { return bound }
    let (most, overflow) = disk.addingReportingOverflow(try usedBytes() - held)
    return overflow ? bound : max(0, min(bound, most))
  }

  /// Gives free pages back to the disk, so many at most; not within a transaction.
  func shrink() throws(KeeperError) {
    let pages = try statements.pages.first { $0.integer(0) } ?? 0
    let free = try statements.freePages.first { $0.integer(0) } ?? 0
    guard free > 256, free > pages / 4 else { return }
    try file.execute("PRAGMA incremental_vacuum(1024)")
  }

  private func isOf(_ source: SourceIdentity, _ change: ChangeID) throws(KeeperError) -> Bool {
    try row(change).map { source.owns($0.header.source) } ?? false
  }

  /// Forgets changes; answers how many. Those under way stay.
  func purge(_ source: SourceIdentity?) throws(KeeperError) -> Int {
    try file.execute("PRAGMA secure_delete = ON")
    let count = try transaction(isDurable: true) { () throws(KeeperError) in
      let spared = try self.spared()
      var (count, last) = (0, Int64(0))
      while true {
        let candidates = try statements.oldest.rows(.integer(last)) { $0.integer(0) }
        guard let end = candidates.last else { return count }
        for candidate in candidates where !spared.contains(candidate) {
          if let source, try !isOf(source, ChangeID(candidate)) { continue }
          try drop(ChangeID(candidate))
          count += 1
        }
        last = end
      }
    }
    try file.execute(
      """
      PRAGMA secure_delete = FAST;
      PRAGMA incremental_vacuum;
      PRAGMA wal_checkpoint(TRUNCATE);
      """)
    if source == nil { place.removeSetAside() }
    return count
  }
}
