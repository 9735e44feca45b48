/// A hash table from byte strings to values that can be walked while it changes.
///
/// The table is one of linear hashing (Litwin, "Linear Hashing: a new tool for file and table
/// addressing", VLDB 1980): it has `2^level + split` chains and grows or shrinks by one chain at a
/// time, so no insertion ever pays for a rehash of everything. A key lies in the chain that the low
/// `level + 1` bits of its hash name or, where that chain does not exist yet, the low `level` bits.
///
/// Elements live in numbered slots that stay where they are until their removal, so other
/// structures (deadlines, recency) can refer to an element by a 32-bit number. Freed slots are
/// used again. `scan` explains the guarantee of the walk.
///
/// Lookup, insertion and removal take constant time in the mean. Hashes are those of `Hasher`
/// (SipHash with a seed for each process), so that keys from outside cannot be chosen to collide.
package struct ScanTable<Value> {
  struct Slot {
    var key: [UInt8]
    var hash: UInt64
    /// The next slot of the same chain, or of the free list.
    var next: UInt32
    var isLive: Bool
    var value: Value
  }

  static var smallestLevel: Int { 2 }
  static var end: UInt32 { .max }

  var slots: [Slot] = []
  var chains: [UInt32]
  var level: Int
  var split = 0
  var firstFree: UInt32 = .max
  let vacant: Value

  /// The number of elements.
  package private(set) var count = 0

  /// `vacant` is what freed slots hold, so that they keep nothing else alive.
  package init(vacant: Value) {
    self.vacant = vacant
    level = Self.smallestLevel
    chains = Array(repeating: Self.end, count: 1 << Self.smallestLevel)
  }

  /// One more than the highest slot number in use so far.
  package var slotLimit: Int { slots.count }

  /// The slot of `key`, or nil. Constant time in the mean.
  package func slot(of key: [UInt8]) -> UInt32? {
    let hash = Self.hash(of: key)
    var slot = chains[chain(of: hash)]
    while slot != Self.end {
      if slots[Int(slot)].hash == hash, slots[Int(slot)].key == key { return slot }
      slot = slots[Int(slot)].next
    }
    return nil
  }

  package func key(at slot: UInt32) -> [UInt8] { slots[Int(slot)].key }

  /// Whether the slot holds an element.
  package func isLive(_ slot: UInt32) -> Bool {
    Int(slot) < slots.count && slots[Int(slot)].isLive
  }

  /// The value in a live slot.
  package subscript(slot: UInt32) -> Value {
    _read { yield slots[Int(slot)].value }
    _modify { yield &slots[Int(slot)].value }
  }

  /// Adds a key that is known to be absent and returns its slot.
  package mutating func insert(_ key: [UInt8], _ value: Value) -> UInt32 {
    let hash = Self.hash(of: key)
    let chain = chain(of: hash)
    let element = Slot(key: key, hash: hash, next: chains[chain], isLive: true, value: value)
    let slot = place(element)
    chains[chain] = slot
    count += 1
    if count > chains.count { splitOneChain() }
    return slot
  }

  /// Removes the element in a live slot and returns its value.
  @discardableResult
  package mutating func remove(at slot: UInt32) -> Value {
    let chain = chain(of: slots[Int(slot)].hash)
    unlink(slot, from: chain)
    let value = slots[Int(slot)].value
    slots[Int(slot)] = Slot(key: [], hash: 0, next: firstFree, isLive: false, value: vacant)
    firstFree = slot
    count -= 1
    if count < chains.count / 4 { mergeOneChain() }
    return value
  }

  /// Gives back the slots of removed elements when they are most of all. The elements get other
  /// slot numbers, so this is only for tables to which no other structure refers; walks keep their
  /// guarantee, which rests on hashes. Constant time in the mean. Answers whether it did.
  @discardableResult
  package mutating func compactIfSparse() -> Bool {
    guard slots.count > 64, count < slots.count / 8 else { return false }
    let old = slots
    self = ScanTable(vacant: vacant)
    for slot in old where slot.isLive { _ = insert(slot.key, slot.value) }
    return true
  }

  /// Removes everything and gives the memory back.
  package mutating func removeAll() {
    self = ScanTable(vacant: vacant)
  }
}

extension ScanTable {
  static func hash(of key: [UInt8]) -> UInt64 {
    var hasher = Hasher()
    // Raw bytes in one call: hashing an array element by element costs four times as much.
    key.withUnsafeBytes { hasher.combine(bytes: $0) }
    return UInt64(truncatingIfNeeded: hasher.finalize())
  }

  func chain(of hash: UInt64) -> Int {
    let wide = Int(truncatingIfNeeded: hash & (UInt64(2) << UInt64(level) - 1))
    return wide < chains.count ? wide : wide & (1 << level - 1)
  }

  private mutating func place(_ element: Slot) -> UInt32 {
    if firstFree == Self.end {
      slots.append(element)
      return UInt32(slots.count - 1)
    }
    let slot = firstFree
    firstFree = slots[Int(slot)].next
    slots[Int(slot)] = element
    return slot
  }

  private mutating func unlink(_ slot: UInt32, from chain: Int) {
    let next = slots[Int(slot)].next
    guard chains[chain] != slot else {
      chains[chain] = next
      return
    }
    var previous = chains[chain]
    while slots[Int(previous)].next != slot { previous = slots[Int(previous)].next }
    slots[Int(previous)].next = next
  }

  /// Adds one chain and moves to it what belongs there.
  private mutating func splitOneChain() {
    let old = split
    chains.append(Self.end)
    split += 1
    if split == 1 << level {
      level += 1
      split = 0
    }
    relink(old)
  }

  /// Takes the last chain away and joins it to the one that it was split from.
  private mutating func mergeOneChain() {
    guard chains.count > 1 << Self.smallestLevel else { return }
    if split == 0 {
      level -= 1
      split = 1 << level
    }
    split -= 1
    let last = chains.removeLast()
    prepend(last, to: split)
  }

  private mutating func relink(_ chain: Int) {
    var slot = chains[chain]
    chains[chain] = Self.end
    while slot != Self.end {
      let next = slots[Int(slot)].next
      let target = self.chain(of: slots[Int(slot)].hash)
      slots[Int(slot)].next = chains[target]
      chains[target] = slot
      slot = next
    }
  }

  private mutating func prepend(_ first: UInt32, to chain: Int) {
    guard first != Self.end else { return }
    var last = first
    while slots[Int(last)].next != Self.end { last = slots[Int(last)].next }
    slots[Int(last)].next = chains[chain]
    chains[chain] = first
  }
}

extension ScanTable: Sendable where Value: Sendable {}
extension ScanTable.Slot: Sendable where Value: Sendable {}
