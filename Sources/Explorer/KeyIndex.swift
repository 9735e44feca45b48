package import CacheModel

/// Every key that has been loaded, in compact form.
///
/// The names lie one after another in one array of bytes, the figures of a key in one array of
/// fixed-size entries, and an open-addressing table of slot numbers finds a name. A key keeps its
/// slot until it is removed; slots and name bytes of removed keys are used again. There is no
/// object per key, so a million keys cost a few allocations.
///
/// Finding, inserting and removing take O(1) in the mean; `removeAll` is O(1).
package struct KeyIndex: Sendable {
  /// Names a key for as long as it stays in the index.
  package struct Slot: Sendable, Hashable {
    package let number: UInt32
  }

  struct Entry: Sendable {
    var nameStart: Int
    var nameLength: Int32
    var kindCode: UInt8
    var isLive: Bool
    var isMarked: Bool
    var fate: KeyFate
    var figures: KeyFigures
    var generation: UInt32
  }

  private(set) var names: [UInt8] = []
  private(set) var entries: [Entry] = []
  private var freeSlots: [UInt32] = []
  private var unusedNameBytes = 0
  /// Slot number + 1; 0 is empty, `tombstone` was removed. The size is a power of two.
  private var table: [UInt32] = Array(repeating: 0, count: 64)
  private var usedTableCells = 0
  private var kinds = KindCodes()

  private static let tombstone = UInt32.max

  /// Bytes that the names take, those of removed keys not yet given back included.
  package var nameBytes: Int { names.count }

  package private(set) var count = 0
  package private(set) var markedCount = 0

  package init() {}

  /// The key in this slot.
  package func key(_ slot: Slot) -> CacheKey {
    CacheKey(Array(name(slot)))
  }

  /// The bytes of the name in this slot, without a copy.
  package func name(_ slot: Slot) -> ArraySlice<UInt8> {
    let entry = entries[Int(slot.number)]
    return names[entry.nameStart..<entry.nameStart + Int(entry.nameLength)]
  }

  /// Where a key lies, if it is here. O(1) in the mean.
  package func slot(of key: CacheKey) -> Slot? {
    guard let cell = cell(of: key.bytes), table[cell] != 0 else { return nil }
    return Slot(number: table[cell] - 1)
  }

  /// The slot of this key, which is added when it is new.
  package mutating func insert(_ key: CacheKey) -> (slot: Slot, isNew: Bool) {
    if let slot = slot(of: key) { return (slot, false) }
    let number = takeSlot(for: key.bytes)
    placeInTable(number)
    count += 1
    return (Slot(number: number), true)
  }

  package mutating func remove(_ slot: Slot) {
    let index = Int(slot.number)
    guard index < entries.count, entries[index].isLive else { return }
    if let cell = cell(of: Array(name(slot))), table[cell] == slot.number + 1 {
      table[cell] = Self.tombstone
    }
    if entries[index].isMarked { markedCount -= 1 }
    unusedNameBytes += Int(entries[index].nameLength)
    entries[index].isLive = false
    freeSlots.append(slot.number)
    count -= 1
    if unusedNameBytes > 1 << 16, unusedNameBytes * 2 > names.count { compactNames() }
  }

  package mutating func removeAll() {
    self = KeyIndex()
  }

  /// All slots in use, in no particular order. O(n)
  package var slots: [Slot] {
    entries.indices.lazy.filter { entries[$0].isLive }.map { Slot(number: UInt32($0)) }
  }

  package func kind(_ slot: Slot) -> ValueKind? {
    kinds.kind(entries[Int(slot.number)].kindCode)
  }

  package mutating func setKind(_ kind: ValueKind?, _ slot: Slot) {
    entries[Int(slot.number)].kindCode = kinds.code(kind)
  }

  package subscript(figures slot: Slot) -> KeyFigures {
    get { entries[Int(slot.number)].figures }
    set { entries[Int(slot.number)].figures = newValue }
  }

  package subscript(fate slot: Slot) -> KeyFate {
    get { entries[Int(slot.number)].fate }
    set { entries[Int(slot.number)].fate = newValue }
  }

  /// The walk in which the key was last seen.
  package subscript(generation slot: Slot) -> UInt32 {
    get { entries[Int(slot.number)].generation }
    set { entries[Int(slot.number)].generation = newValue }
  }

  package subscript(isMarked slot: Slot) -> Bool {
    get { entries[Int(slot.number)].isMarked }
    set {
      guard entries[Int(slot.number)].isMarked != newValue else { return }
      entries[Int(slot.number)].isMarked = newValue
      markedCount += newValue ? 1 : -1
    }
  }

  /// Whether this slot still holds a key.
  package func isLive(_ slot: Slot) -> Bool {
    Int(slot.number) < entries.count && entries[Int(slot.number)].isLive
  }
}

extension KeyIndex {
  private func hash(_ bytes: [UInt8]) -> Int {
    var hasher = Hasher()
    bytes.withUnsafeBytes { hasher.combine(bytes: $0) }
    return hasher.finalize() & (table.count - 1)
  }

  /// The cell that holds these bytes, or the empty one that ends their chain.
  private func cell(of bytes: [UInt8]) -> Int? {
    var cell = hash(bytes)
    for _ in 0..<table.count {
      let content = table[cell]
      if content == 0 { return cell }
      if content != Self.tombstone, name(Slot(number: content - 1)).elementsEqual(bytes) {
        return cell
      }
      cell = (cell + 1) & (table.count - 1)
    }
    return nil
  }

  private mutating func takeSlot(for bytes: [UInt8]) -> UInt32 {
    let entry = Entry(
      nameStart: names.count, nameLength: Int32(clamping: bytes.count), kindCode: 0, isLive: true,
      isMarked: false, fate: .present, figures: KeyFigures(), generation: 0)
    names.append(contentsOf: bytes)
    if let number = freeSlots.popLast() {
      entries[Int(number)] = entry
      return number
    }
    entries.append(entry)
    return UInt32(entries.count - 1)
  }

  private mutating func placeInTable(_ number: UInt32) {
    if (usedTableCells + 1) * 4 > table.count * 3 { rebuildTable() }
    var cell = hash(Array(name(Slot(number: number))))
    while table[cell] != 0 { cell = (cell + 1) & (table.count - 1) }
    table[cell] = number + 1
    usedTableCells += 1
  }

  private mutating func rebuildTable() {
    var size = 64
    while size < (count + 1) * 2 { size *= 2 }
    let old = table
    table = Array(repeating: 0, count: size)
    usedTableCells = 0
    for content in old where content != 0 && content != Self.tombstone {
      placeInTable(content - 1)
    }
  }

  private mutating func compactNames() {
    var compact: [UInt8] = []
    compact.reserveCapacity(names.count - unusedNameBytes)
    for index in entries.indices where entries[index].isLive {
      let start = compact.count
      compact.append(contentsOf: name(Slot(number: UInt32(index))))
      entries[index].nameStart = start
    }
    names = compact
    unusedNameBytes = 0
  }
}
