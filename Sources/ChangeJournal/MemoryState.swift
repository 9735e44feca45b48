import CacheModel

/// What a `MemoryKeeper` holds.
struct MemoryState {
  struct Change {
    var id: ChangeID
    var header: ChangeHeader
    var generation: Int
    var tally = ChangeTally()
    var batches: [BatchID] = []
    var bytes: Int64

    var entry: JournalEntry {
      JournalEntry(
        id: id, header: header, generation: generation, standing: tally.standing,
        keyCount: Int(tally.keyCount), keptCount: Int(tally.keptCount),
        passedCount: Int(tally.passedCount), undoneCount: Int(tally.undone), bytes: bytes)
    }
  }

  struct Batch {
    var change: ChangeID
    var records: [UndoRecord]
    var isSettled = false

    var cost: Int64 { records.reduce(0) { $0 + Int64($1.cost) } }
  }

  private(set) var changes: [ChangeID: Change] = [:]
  private(set) var batches: [BatchID: Batch] = [:]
  private let bound: Int64
  private var used: Int64 = 0
  private var lastChange: Int64 = 0
  private var lastBatch: Int64 = 0
  /// From here on changes may be known; the ones before have gone.
  private var oldest: Int64 = 1

  init(bound: Int64) {
    self.bound = bound
  }

  mutating func begin(_ header: ChangeHeader) throws(KeeperError) -> ChangeID {
    var generation = 0
    if let reverts = header.reverts {
      guard let known = changes[reverts] else { throw .noSuchChange }
      generation = known.generation + 1
    }
    let bytes = Int64(128 + header.title.utf8.count + header.address.utf8.count)
    try makeRoom(for: bytes, sparing: header.reverts)
    lastChange += 1
    let id = ChangeID(lastChange)
    changes[id] = Change(id: id, header: header, generation: generation, bytes: bytes)
    used += bytes
    return id
  }

  mutating func keep(_ records: [UndoRecord], of change: ChangeID) throws(KeeperError) -> BatchID {
    guard changes[change]?.tally.isFinished == false else { throw .noSuchChange }
    let batch = Batch(change: change, records: records)
    try makeRoom(for: batch.cost)
    lastBatch += 1
    let id = BatchID(lastBatch)
    batches[id] = batch
    changes[change]?.batches.append(id)
    changes[change]?.tally.unsettled += Int64(records.count)
    count(batch.cost, of: change)
    return id
  }

  mutating func settle(
    _ batch: BatchID, _ records: [UndoRecord], repeated: Int
  ) throws(KeeperError) {
    guard let old = batches[batch] else { throw .noSuchChange }
    let new = Batch(change: old.change, records: records, isSettled: true)
    try makeRoom(for: new.cost - old.cost)
    batches[batch] = records.isEmpty ? nil : new
    if records.isEmpty { changes[old.change]?.batches.removeAll { $0 == batch } }
    count(new.cost - old.cost, of: old.change)
    let before = old.isSettled ? old.records.count : 0
    if !old.isSettled { changes[old.change]?.tally.unsettled -= Int64(old.records.count) }
    changes[old.change]?.tally.settled += Int64(records.count - before)
    tellReverted(by: old.change, Int64(records.count - before - repeated))
  }

  mutating func finish(_ change: ChangeID, lost: Int64, passed: Int64) throws(KeeperError) {
    guard let known = changes[change] else { throw .noSuchChange }
    changes[change]?.tally.isFinished = true
    changes[change]?.tally.lost += lost
    tellReverted(by: change, lost)
    if let reverted = known.header.reverts { changes[reverted]?.tally.passed = passed }
    if known.tally.keyCount + lost == 0 { drop(change) }
  }

  private mutating func tellReverted(by change: ChangeID, _ keys: Int64) {
    var keys = keys
    var current = change
    while keys != 0, let reverted = changes[current]?.header.reverts {
      let undone = changes[reverted]?.tally.undone ?? 0
      changes[reverted]?.tally.undone = max(0, undone + keys)
      if keys < 0 { changes[reverted]?.tally.passed = 0 }
      keys = -keys
      current = reverted
    }
  }

  func entries(of source: SourceIdentity?, limit: Int, before: ChangeID?) -> [JournalEntry] {
    var result: [JournalEntry] = []
    var number = min(before?.number ?? .max, lastChange + 1)
    while number > oldest, result.count < limit {
      number -= 1
      guard let change = changes[ChangeID(number)] else { continue }
      if source?.owns(change.header.source) ?? true { result.append(change.entry) }
    }
    return result
  }

  // MARK: The bound

  /// Changes that are under way, and what they take back.
  private var spared: Set<ChangeID> {
    var result: Set<ChangeID> = []
    for change in changes.values where !change.tally.isFinished {
      result.insert(change.id)
      if let reverts = change.header.reverts { result.insert(reverts) }
    }
    return result
  }

  private mutating func makeRoom(
    for bytes: Int64, sparing other: ChangeID? = nil
  ) throws(KeeperError) {
    guard bytes > 0, used + bytes > bound else { return }
    var spared = self.spared
    if let other { spared.insert(other) }
    let held = self.held(by: spared)
    guard held + bytes <= bound else { throw .tooLarge(needed: bytes, bound: bound) }
    for number in oldest..<(lastChange + 1) where !spared.contains(ChangeID(number)) {
      drop(ChangeID(number))
      if used + bytes <= bound { return }
    }
  }

  private func held(by spared: Set<ChangeID>) -> Int64 {
    spared.reduce(0) { $0 + (changes[$1]?.bytes ?? 0) }
  }

  private mutating func drop(_ id: ChangeID) {
    guard let change = changes.removeValue(forKey: id) else { return }
    for batch in change.batches { batches[batch] = nil }
    used -= change.bytes
    while oldest <= lastChange, changes[ChangeID(oldest)] == nil { oldest += 1 }
  }

  private mutating func count(_ bytes: Int64, of change: ChangeID) {
    changes[change]?.bytes += bytes
    used += bytes
  }

  var room: Int64 {
    max(0, bound - held(by: spared))
  }

  mutating func purge(_ source: SourceIdentity?) -> Int {
    let spared = self.spared
    let going = changes.values.filter {
      !spared.contains($0.id) && (source?.owns($0.header.source) ?? true)
    }
    for change in going { drop(change.id) }
    return going.count
  }
}
