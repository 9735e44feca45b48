/// Which keys of a database have which tags: a table beside that of the entries, so that a key
/// without tags occupies nothing here.
///
/// Two views of the same pairs are kept alike. From the tag: a table of names, each with the table
/// of its keys, both of the kind that can be walked by cursor while they change. From the key: the
/// numbers of its tags in the order in which they were given, found by the slot of its entry. The
/// bytes of a key are those of the entry's own array, not a copy of them.
///
/// A tag exists as long as a key has it. Each pair carries a stamp, the number of the change that
/// made it, so that a removal in several steps leaves alone what was tagged after it began.
///
/// Giving and finding a tag takes constant time in the mean; taking one away from a key, and a key
/// away, time in the number of the tags of that key, which `Keyspace.tagsOfKeyLimit` bounds.
struct TagIndex: Sendable {
  typealias Members = ScanTable<UInt64>

  private static let vacant = Members(vacant: 0)

  private(set) var names = ScanTable<Members>(vacant: Self.vacant)
  /// For the slot of an entry that has tags: the slots of these in `names`.
  private(set) var tagsOfSlot: [UInt32: [UInt32]] = [:]
  /// What the tags themselves are charged, in bytes; their pairs with keys are charged to those.
  private(set) var charge = 0
  /// The number of pairs of a key and a tag.
  private(set) var pairCount = 0

  var isEmpty: Bool { tagsOfSlot.isEmpty }

  /// The tags of an entry in the order in which they were given.
  func tags(of slot: UInt32) -> [[UInt8]] {
    guard !isEmpty else { return [] }
    return tagsOfSlot[slot, default: []].map { names.key(at: $0) }
  }

  func tagCount(of slot: UInt32) -> Int {
    isEmpty ? 0 : tagsOfSlot[slot]?.count ?? 0
  }

  /// One step of a walk over the keys of a tag and the stamps of their pairs. Nothing of the table
  /// is held afterwards, so that the caller can change it without a copy.
  func scan(
    _ tag: [UInt8], from cursor: UInt64, count: Int
  ) -> (next: UInt64, pairs: [(key: [UInt8], stamp: UInt64)]) {
    guard let number = names.slot(of: tag) else { return (0, []) }
    let members = names[number]
    var pairs: [(key: [UInt8], stamp: UInt64)] = []
    let next = members.scan(from: cursor, count: count) {
      pairs.append((members.key(at: $0), members[$0]))
    }
    return (next, pairs)
  }

  func has(_ tag: [UInt8], key: [UInt8]) -> Bool {
    guard let number = names.slot(of: tag) else { return false }
    return names[number].slot(of: key) != nil
  }

  /// Gives an entry a tag and answers whether it is new to it.
  mutating func insert(_ tag: [UInt8], for slot: UInt32, key: [UInt8], stamp: UInt64) -> Bool {
    let number = names.slot(of: tag) ?? insertName(tag)
    guard names[number].slot(of: key) == nil else { return false }
    _ = names[number].insert(key, stamp)
    tagsOfSlot[slot, default: []].append(number)
    pairCount += 1
    return true
  }

  /// Takes a tag from an entry and answers whether it had it.
  mutating func remove(_ tag: [UInt8], of slot: UInt32, key: [UInt8]) -> Bool {
    guard let number = names.slot(of: tag), removePair(number, key) else { return false }
    tagsOfSlot[slot]?.removeAll { $0 == number }
    if tagsOfSlot[slot]?.isEmpty == true { tagsOfSlot[slot] = nil }
    forgetNamesIfEmpty()
    return true
  }

  /// Takes all tags from an entry and answers how many there were.
  @discardableResult
  mutating func removeAll(of slot: UInt32, key: [UInt8]) -> Int {
    guard !isEmpty, let numbers = tagsOfSlot.removeValue(forKey: slot) else { return 0 }
    for number in numbers { _ = removePair(number, key) }
    forgetNamesIfEmpty()
    return numbers.count
  }

  private mutating func insertName(_ tag: [UInt8]) -> UInt32 {
    charge += MemoryAccounting.tag(tag)
    return names.insert(tag, Self.vacant)
  }

  /// Takes the key from a tag, and the tag away with its last key.
  private mutating func removePair(_ number: UInt32, _ key: [UInt8]) -> Bool {
    guard let place = names[number].slot(of: key) else { return false }
    names[number].remove(at: place)
    pairCount -= 1
    guard names[number].count > 0 else {
      charge -= MemoryAccounting.tag(names.key(at: number))
      names.remove(at: number)
      return true
    }
    names[number].compactIfSparse()
    return true
  }

  /// Gives back what the names once occupied; their numbers mean nothing any more.
  private mutating func forgetNamesIfEmpty() {
    if tagsOfSlot.isEmpty { self = TagIndex() }
  }
}
