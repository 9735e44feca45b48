package import CacheModel

/// Every key that has been loaded, in compact form.
///
/// The names lie one after another in an arena, the figures of a key in an entry of 32 bytes beside
/// four bytes for its folder, and a table of slot numbers finds a name. What few keys have (that it
/// has just appeared or gone) lies in a dictionary aside. There is no object per key: beyond its
/// name a key costs 41 to 48 bytes. A key keeps its slot until it is removed; slots and name bytes
/// of removed keys are used again.
///
/// Finding, inserting and removing take O(1) in the mean, and no single one of them takes longer
/// than a fraction of a millisecond, however many keys there are.
package struct KeyIndex: Sendable {
  /// Names a key for as long as it stays in the index.
  package struct Slot: Sendable, Hashable {
    package let number: UInt32
  }

  var entries = ChunkedArray<KeyEntry>()
  /// The folder of each key.
  private var folders = ChunkedArray<UInt32>()
  private(set) var names = ByteArena()
  private var table = SlotTable()
  private var freeSlots: [UInt32] = []
  private var fates: [UInt32: KeyFate] = [:]
  var kinds = KindCodes()
  /// How far the names have been moved to make room, while they are.
  private var movingFrom: Int?

  package private(set) var count = 0
  package private(set) var markedCount = 0
  /// Keys of which the kind and lifetime, and the memory, are still to be asked.
  package internal(set) var withoutLifetime = 0
  package internal(set) var withoutSize = 0

  package init() {}

  /// Bytes that the names take, those of removed keys not yet given back included.
  package var nameBytes: Int { names.heldBytes }

  /// Bytes that all keys take beyond their names: entries, folders, the table, and what of the
  /// arena is not a name. O(n/4096)
  package var bytesBeyondNames: Int {
    entries.heldBytes + folders.heldBytes + table.heldBytes
      + names.allocatedBytes - names.liveBytes
      + freeSlots.capacity * MemoryLayout<UInt32>.stride
      + fates.capacity * MemoryLayout<(UInt32, KeyFate)>.stride
  }

  /// Bytes that all keys take. O(n/4096)
  package var heldBytes: Int { bytesBeyondNames + names.liveBytes }

  /// Bytes that a key takes beyond its name, about.
  static let usualBytes = 48

  /// One more than the highest slot number in use or free.
  package var slotCount: Int { entries.count }

  /// The key in this slot.
  package func key(_ slot: Slot) -> CacheKey {
    CacheKey(Array(name(slot)))
  }

  /// The bytes of the name in this slot, without a copy.
  package func name(_ slot: Slot) -> ArraySlice<UInt8> {
    names.slice(entries[Int(slot.number)].name)
  }

  /// Where a key lies, if it is here. O(1) in the mean.
  package func slot(of key: CacheKey) -> Slot? {
    find(key.bytes[...], hashOfBytes(key.bytes[...]))
  }

  private func find(_ bytes: ArraySlice<UInt8>, _ hash: UInt64) -> Slot? {
    table.find(hash) { names.slice(entries[Int($0)].name) == bytes }.map { Slot(number: $0) }
  }

  /// So many keys are to be expected: room for finding them is made as it is needed, at once.
  package mutating func expect(_ count: Int) {
    table.expect(count)
  }

  /// Whether the slot holds this key. O(name), without a search.
  func holds(_ key: CacheKey, in slot: Slot) -> Bool {
    isLive(slot) && name(slot) == key.bytes[...]
  }

  /// The slot of this key, which is added when it is new.
  package mutating func insert(_ key: CacheKey) -> (slot: Slot, isNew: Bool) {
    let bytes = key.bytes[...]
    let hash = hashOfBytes(bytes)
    if let slot = find(bytes, hash) { return (slot, false) }
    if table.isFull(for: hash) { growTable(for: hash) }
    let number = takeSlot(for: bytes)
    table.insert(number, hash: hash)
    count += 1
    withoutLifetime += 1
    withoutSize += 1
    return (Slot(number: number), true)
  }

  package mutating func remove(_ slot: Slot) {
    guard isLive(slot) else { return }
    let number = slot.number
    removeFromTable(number)
    self[fate: slot] = .present
    let entry = entries[Int(number)]
    if entry.flags.contains(.marked) { markedCount -= 1 }
    if !entry.flags.contains(.hasLifetime) { withoutLifetime -= 1 }
    if !entry.flags.contains(.hasSize) { withoutSize -= 1 }
    names.free(entry.name)
    entries[Int(number)].flags = []
    freeSlots.append(number)
    count -= 1
    makeRoom()
  }

  package mutating func removeAll() {
    self = KeyIndex()
  }

  /// All slots in use, in no particular order. O(n)
  package var slots: [Slot] {
    entries.indices.lazy.filter { entries[$0].flags.contains(.live) }
      .map { Slot(number: UInt32($0)) }
  }

  /// Whether this slot still holds a key.
  package func isLive(_ slot: Slot) -> Bool {
    Int(slot.number) < entries.count && entries[Int(slot.number)].flags.contains(.live)
  }

  /// The folder in which the key lies, as the tree numbers it.
  subscript(folder slot: Slot) -> UInt32 {
    get { folders[Int(slot.number)] }
    set { folders[Int(slot.number)] = newValue }
  }

  package subscript(fate slot: Slot) -> KeyFate {
    get {
      entries[Int(slot.number)].flags.contains(.hasFate)
        ? fates[slot.number] ?? .present : .present
    }
    set {
      let has = entries[Int(slot.number)].flags.contains(.hasFate)
      guard has || newValue != .present else { return }
      fates[slot.number] = newValue == .present ? nil : newValue
      entries[Int(slot.number)].flags.set(.hasFate, newValue != .present)
    }
  }

  /// Whether the person has marked the key. The tree counts marks too: see `KeysState.mark`.
  package internal(set) subscript(isMarked slot: Slot) -> Bool {
    get { entries[Int(slot.number)].flags.contains(.marked) }
    set {
      guard self[isMarked: slot] != newValue else { return }
      entries[Int(slot.number)].flags.set(.marked, newValue)
      markedCount += newValue ? 1 : -1
    }
  }
}

extension KeyIndex {
  private mutating func takeSlot(for bytes: ArraySlice<UInt8>) -> UInt32 {
    let entry = KeyEntry(name: names.append(bytes))
    if let number = freeSlots.popLast() {
      entries[Int(number)] = entry
      folders[Int(number)] = 0
      return number
    }
    entries.append(entry)
    folders.append(0)
    return UInt32(entries.count - 1)
  }

  private mutating func growTable(for hash: UInt64) {
    let (entries, names) = (entries, names)
    table.grow(for: hash) { hashOfBytes(names.slice(entries[Int($0)].name)) }
  }

  private mutating func removeFromTable(_ number: UInt32) {
    let (entries, names) = (entries, names)
    let hash = hashOfBytes(names.slice(entries[Int(number)].name))
    table.remove(number, hash: hash) { hashOfBytes(names.slice(entries[Int($0)].name)) }
  }

  /// From now on `moveName` moves names together, so that what lies between them is given back.
  mutating func beginMovingNames() {
    names.beginMoving()
    movingFrom = nil
  }

  mutating func moveName(_ slot: Slot) {
    guard let place = names.moved(entries[Int(slot.number)].name) else { return }
    entries[Int(slot.number)].name = place
  }

  /// Moves a few names out of wasteful pieces with each removal, so that no removal moves them all.
  private mutating func makeRoom() {
    if movingFrom == nil, names.isWasteful {
      names.beginMoving()
      movingFrom = 0
    }
    guard let start = movingFrom else { return }
    let end = min(entries.count, start + 8)
    for number in start..<end where entries[number].flags.contains(.live) {
      if let place = names.moved(entries[number].name) { entries[number].name = place }
    }
    movingFrom = end < entries.count ? end : nil
  }
}

extension KeyIndex: SlotNames {
  package func nameBytes(_ number: UInt32) -> ArraySlice<UInt8> {
    names.slice(entries[Int(number)].name)
  }

  package func namePrecedes(_ left: UInt32, _ right: UInt32) -> Bool {
    names.slice(entries[Int(left)].name)
      .lexicographicallyPrecedes(names.slice(entries[Int(right)].name))
  }

  /// Eight bytes of the name from an offset on, in the order of the bytes; zeros after its end.
  func word(_ slot: Slot, from offset: Int) -> UInt64 {
    bigEndianWord(name(slot), from: offset)
  }
}

/// Eight bytes from an offset on as a number that compares as they do; zeros after the end.
func bigEndianWord(_ bytes: ArraySlice<UInt8>, from offset: Int) -> UInt64 {
  var word: UInt64 = 0
  let start = bytes.startIndex + offset
  guard start < bytes.endIndex else { return 0 }
  let end = min(bytes.endIndex, start + 8)
  for place in start..<end { word = word << 8 | UInt64(bytes[place]) }
  return word << (8 * UInt64(8 - (end - start)))
}

/// What a name has after bytes that most others share, as a number that never orders two names the
/// wrong way round: a name that does not begin with them comes before all others, or after them.
func orderedWord(_ name: ArraySlice<UInt8>, after shared: [UInt8]) -> UInt64 {
  if name.starts(with: shared) { return bigEndianWord(name, from: shared.count) }
  return name.lexicographicallyPrecedes(shared) ? 0 : .max
}
