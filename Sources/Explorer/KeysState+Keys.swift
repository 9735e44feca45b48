package import CacheModel
import KeyQuery

/// Keys that come, change and go: the index, the counts of the folders above and the rows follow.
extension KeysState {
  /// The slot of this key, which is added when it is new.
  package mutating func insert(_ key: CacheKey) -> (slot: KeyIndex.Slot, isNew: Bool) {
    let (slot, isNew) = index.insert(key)
    guard isNew else { return (slot, false) }
    let folder = tree.makeFolder(for: key.bytes[...])
    index[folder: slot] = folder
    countUp(from: folder)
    if filter.isEmpty {
      list(slot.number)
    } else {
      // For a narrowing pass that is still to come by: it must be tested.
      let isAhead = Int(slot.number) >= listing.pass.testedTo
      index[passes: slot] = isAhead
      if !isAhead { test(slot.number) }
    }
    if lostKey == key { returnCursor(to: slot) }
    return (slot, true)
  }

  /// So many keys are to be expected, and as many folders for them as there are for those that are
  /// here.
  mutating func expect(_ count: Int) {
    index.expect(count)
    guard index.count >= Self.keysThatTellOfFolders else { return }
    tree.expect(Int(Double(count) * Double(tree.count) / Double(index.count)))
  }

  private static let keysThatTellOfFolders = 1000

  /// Takes a key out of everything.
  package mutating func remove(_ slot: KeyIndex.Slot) {
    guard index.isLive(slot) else { return }
    if index[fate: slot].goneSince != nil { fadingCount -= 1 }
    mark(slot, false)
    let (key, passed) = (index.key(slot), passes(slot.number))
    unlist(slot.number)
    forgetQuestions(of: slot)
    countDown(slot, passed)
    index.remove(slot)
    if cursorItem == .key(slot) {
      lostKey = key
      loseCursor()
    }
  }

  /// A key that went under the cursor and comes back, fresh from its application, has it again.
  private mutating func returnCursor(to slot: KeyIndex.Slot) {
    lostKey = nil
    guard passes(slot.number), isInOpenSet(slot.number) else { return }
    cursorItem = .key(slot)
    hasLostCursor = true
  }

  /// Nothing is loaded any more.
  mutating func removeAll() {
    loseCursor()
    let (separators, isTree) = (tree.separators, listing.isTree)
    index = KeyIndex()
    tree = KeyTree(separators: separators)
    listing = KeyListing()
    listing.isTree = isTree
    gone = []
    appeared = []
    fadingCount = 0
    sweeps = []
    questions.restart()
    strangers = []
    sampling = KeySampling()
    bound = MemoryBound(bytes: bound.bytes)
    show(filter)
  }

  mutating func loseCursor() {
    if cursorItem != nil { hasLostCursor = true }
    cursorItem = nil
    listing.isStale = true
  }

  /// Whether a key passes the filter, as far as it has been tested.
  func passes(_ slot: UInt32) -> Bool {
    if filter.isEmpty { return true }
    return Int(slot) < listing.pass.testedTo && index[passes: KeyIndex.Slot(number: slot)]
  }

  /// Tests a key against the filter for the first time, or again.
  mutating func test(_ number: UInt32) {
    let slot = KeyIndex.Slot(number: number)
    let verdict = verdict(of: slot)
    note(verdict, of: slot)
    let passes = verdict == .matches
    guard passes != index[passes: slot] else { return }
    if !passes { unlist(number) }
    index[passes: slot] = passes
    let bytes = index[figures: slot].bytes
    var folder = index[folder: slot]
    while true {
      let before = tree.countPassing(folder, by: passes ? 1 : -1, bytes)
      if passes, before == 0 { listFolder(folder) }
      if !passes, before == 1 { unlistFolder(folder) }
      if folder == 0 { break }
      folder = tree.nodes[Int(folder)].parent
    }
    if passes { list(number) }
  }

  // MARK: Figures

  /// Writes what is known of a key; its row and the folders above follow.
  package mutating func update(_ slot: KeyIndex.Slot, _ figures: KeyFigures, _ kind: ValueKind?) {
    let isListed = order.field != .key && passes(slot.number) && isInOpenSet(slot.number)
    let before = isListed ? sortKey(slot.number) : 0
    let bytesBefore = index[figures: slot].bytes
    index[figures: slot] = figures
    if let kind, kind != index.kind(slot) { index.setKind(kind, slot) }
    if isListed, sortKey(slot.number) != before {
      relist(slot.number, before)
      if cursor == slot { listing.hasCursorFigureChanged = true }
    }
    let bytes = index[figures: slot].bytes
    if bytes != bytesBefore { countBytes(slot, bytesBefore, bytes) }
    if !filter.isByName, Int(slot.number) < listing.pass.testedTo { test(slot.number) }
  }

  private mutating func countBytes(
    _ slot: KeyIndex.Slot, _ before: ByteCount?, _ after: ByteCount?
  ) {
    let difference = (after?.bytes ?? 0) - (before?.bytes ?? 0)
    let sized = (after == nil ? 0 : 1) - (before == nil ? 0 : 1)
    let isPassing = !filter.isEmpty && passes(slot.number)
    var folder = index[folder: slot]
    while true {
      let moves = order.field == .size && isFolderListed(folder)
      if moves { unlistFolder(folder) }
      tree.nodes[Int(folder)].bytes += difference
      tree.nodes[Int(folder)].sized = UInt32(
        max(0, Int(tree.nodes[Int(folder)].sized) + sized))
      if isPassing { tree.countPassingBytes(folder, by: sized, difference) }
      if moves { listFolder(folder) }
      if folder == 0 { break }
      folder = tree.nodes[Int(folder)].parent
    }
  }

  /// Marks a key, and counts it in the folders above.
  package mutating func mark(_ slot: KeyIndex.Slot, _ isMarked: Bool) {
    guard index.isLive(slot), index[isMarked: slot] != isMarked else { return }
    index[isMarked: slot] = isMarked
    var folder = index[folder: slot]
    while true {
      tree.nodes[Int(folder)].marked = UInt32(
        max(0, Int(tree.nodes[Int(folder)].marked) + (isMarked ? 1 : -1)))
      if folder == 0 { break }
      folder = tree.nodes[Int(folder)].parent
    }
  }

  // MARK: Counts

  private mutating func countUp(from start: UInt32) {
    var folder = start
    while true {
      tree.nodes[Int(folder)].count += 1
      if filter.isEmpty, tree.nodes[Int(folder)].count == 1 { listFolder(folder) }
      if folder == 0 { break }
      folder = tree.nodes[Int(folder)].parent
    }
  }

  private mutating func countDown(_ slot: KeyIndex.Slot, _ passed: Bool) {
    if index[figures: slot].bytes != nil { countBytes(slot, index[figures: slot].bytes, nil) }
    var folder = index[folder: slot]
    while true {
      let parent = tree.nodes[Int(folder)].parent
      tree.nodes[Int(folder)].count -= 1
      if !filter.isEmpty, passed, tree.countPassing(folder, by: -1, nil) == 1 {
        unlistFolder(folder)
      }
      if folder == 0 { break }
      if tree.nodes[Int(folder)].count == 0 { dropFolder(folder) }
      folder = parent
    }
  }

  private mutating func dropFolder(_ folder: UInt32) {
    unlistFolder(folder)
    listing.open[folder] = nil
    listing.before?.open.remove(folder)
    listing.foldedUnderFilter.remove(folder)
    sweeps.removeAll { $0.folder == folder }
    if questions.round?.folder == folder { questions.round = nil }
    tree.remove(folder)
    if cursorItem == .folder(KeyTree.Folder(number: folder)) { loseCursor() }
  }
}
