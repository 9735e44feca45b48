import CacheModel
import KeyQuery

/// Putting keys and folders into the sets that are listed, in slices.
extension KeysState {
  /// How much one slice does: a look at a key is one step, a test against the filter four, putting a
  /// row where it belongs sixteen. A few milliseconds.
  package static let slice = 60_000

  // MARK: One row

  func sortKey(_ slot: UInt32) -> UInt64 {
    let folder = index[folder: KeyIndex.Slot(number: slot)]
    let set = listing.isTree ? listing.open[folder]?.keys : listing.flat
    return order.sortKey(slot, in: index, after: set?.shared ?? [])
  }

  /// Sorts a folder among those beside it.
  func sortKey(folder: UInt32) -> UInt64 {
    let set = listing.open[tree.nodes[Int(folder)].parent]?.folders
    return order.sortKey(folder: folder, in: tree, after: set?.shared ?? [])
  }

  func isInOpenSet(_ slot: UInt32) -> Bool {
    guard listing.isTree else { return true }
    return tree.nodes[Int(index[folder: KeyIndex.Slot(number: slot)])].phase != .folded
  }

  /// Puts a key into the set that lists it, if one does; once is enough.
  mutating func list(_ slot: UInt32) {
    guard isInOpenSet(slot) else { return }
    insert(slot, sortKey(slot))
  }

  mutating func unlist(_ slot: UInt32) {
    guard isInOpenSet(slot) else { return }
    _ = takeOut(slot, sortKey(slot))
  }

  /// Moves a key that was listed under another sort key.
  mutating func relist(_ slot: UInt32, _ before: UInt64) {
    if takeOut(slot, before) { insert(slot, sortKey(slot)) }
  }

  private mutating func insert(_ slot: UInt32, _ key: UInt64) {
    listing.isStale = true
    if listing.isTree {
      let folder = index[folder: KeyIndex.Slot(number: slot)]
      listing.open[folder]?.keys.add(slot, key, index, order)
    } else {
      listing.flat.add(slot, key, index, order)
    }
  }

  private mutating func takeOut(_ slot: UInt32, _ key: UInt64) -> Bool {
    listing.isStale = true
    guard listing.isTree else { return listing.flat.remove(slot, key, index) }
    let folder = index[folder: KeyIndex.Slot(number: slot)]
    return listing.open[folder]?.keys.remove(slot, key, index) ?? false
  }

  /// Whether the folder around this one is unfolded.
  func isFolderListed(_ folder: UInt32) -> Bool {
    guard listing.isTree, folder != 0 else { return false }
    return tree.nodes[Int(tree.nodes[Int(folder)].parent)].phase != .folded
  }

  /// Puts a folder into the set that lists it, if one does and something in it passes.
  mutating func listFolder(_ folder: UInt32) {
    guard isFolderListed(folder), tree.shown(folder) > 0 else { return }
    let key = sortKey(folder: folder)
    listing.open[tree.nodes[Int(folder)].parent]?.folders.add(folder: folder, key, tree, order)
    listing.isStale = true
  }

  mutating func unlistFolder(_ folder: UInt32) {
    guard isFolderListed(folder) else { return }
    let key = sortKey(folder: folder)
    listing.open[tree.nodes[Int(folder)].parent]?.folders.remove(folder, key, tree)
    listing.isStale = true
  }

  /// The sets of a folder that is unfolded now. The names of its keys begin with its prefix.
  func emptySets(of folder: UInt32) -> KeyListing.OpenFolder {
    let isReversed = order.isNameReversed
    let prefix = tree.prefix(KeyTree.Folder(number: folder))
    return KeyListing.OpenFolder(
      folders: OrderedSlots(breaksTiesDescending: isReversed),
      keys: OrderedSlots(breaksTiesDescending: isReversed, sharing: prefix))
  }

  // MARK: The pass over everything

  /// Empties the sets and fills them again: after another order, view or filter.
  package mutating func rebuildOrder() {
    listing.hasCursorFigureChanged = false
    listing.flat = OrderedSlots(breaksTiesDescending: order.isNameReversed)
    for folder in listing.open.keys {
      listing.open[folder] = emptySets(of: folder)
      tree.nodes[Int(folder)].phase = .placing
    }
    listing.pass.isRunning = true
    listing.pass.folder = 0
    listing.pass.slot = 0
    listing.pass.isDueAgain = false
    listing.isStale = true
    placeCursorFirst()
    advance()
  }

  /// What is under the cursor stays in view while the rest is sorted.
  private mutating func placeCursorFirst() {
    guard filter.isEmpty else { return }
    var folder: UInt32
    switch cursorItem {
    case .key(let slot):
      list(slot.number)
      folder = index[folder: slot]
    case .folder(let item): folder = item.number
    case nil: return
    }
    while folder != 0 {
      listFolder(folder)
      folder = tree.nodes[Int(folder)].parent
    }
  }

  /// How much of the pass is done, in per cent; nil when none is under way.
  package var placingPercent: Int? {
    guard listing.pass.isRunning, index.slotCount > 0 else { return nil }
    return min(99, listing.pass.slot * 100 / index.slotCount)
  }

  /// Whether the pass tests keys against the filter.
  package var isFiltering: Bool {
    !filter.isEmpty && listing.pass.testedTo != .max
  }

  /// Does one slice of what is to be done.
  package mutating func advance() {
    var budget = Self.slice
    while listing.pass.isRunning, budget > 0 { advancePass(&budget) }
    if budget > 0, !sweeps.isEmpty { advanceSweep(&budget) }
  }

  private mutating func advancePass(_ budget: inout Int) {
    if listing.isTree { placeFolders(&budget) }
    while listing.pass.slot < index.slotCount, budget > 0 {
      budget -= visit(UInt32(listing.pass.slot))
      listing.pass.slot += 1
    }
    guard listing.pass.slot >= index.slotCount, budget > 0 else { return }
    finishPass()
  }

  private mutating func placeFolders(_ budget: inout Int) {
    while listing.pass.folder < tree.nodes.count, budget > 0 {
      let folder = listing.pass.folder
      listing.pass.folder += 1
      budget -= 1
      let node = tree.nodes[folder]
      guard folder != 0, node.isLive, tree.nodes[Int(node.parent)].phase == .placing else {
        continue
      }
      listFolder(UInt32(folder))
      budget -= 16
    }
  }

  /// Tests a key, if that is still to be done, and lists it; answers the steps.
  private mutating func visit(_ number: UInt32) -> Int {
    let slot = KeyIndex.Slot(number: number)
    guard index.isLive(slot) else { return noteTested(number, 1) }
    if Int(number) >= listing.pass.testedTo {
      if listing.pass.isNarrowing, !index[passes: slot], !index[undecided: slot] {
        return noteTested(number, 1)
      }
      clearVerdict(of: slot)
      listing.pass.testedTo = Int(number) + 1
      test(number)
      return (filter.isByName ? 0 : 4) + (index[passes: slot] ? 20 : 4)
    }
    guard passes(number) else { return 1 }
    if listing.isTree, tree.nodes[Int(index[folder: slot])].phase != .placing { return 1 }
    list(number)
    return 16
  }

  private mutating func noteTested(_ number: UInt32, _ steps: Int) -> Int {
    if Int(number) >= listing.pass.testedTo { listing.pass.testedTo = Int(number) + 1 }
    return steps
  }

  private mutating func finishPass() {
    listing.pass.testedTo = .max
    listing.pass.isNarrowing = false
    var areWaiting = false
    for folder in listing.open.keys {
      let isWaiting = tree.nodes[Int(folder)].phase == .waiting
      tree.nodes[Int(folder)].phase = isWaiting ? .placing : .placed
      areWaiting = areWaiting || isWaiting
    }
    listing.pass.isRunning = areWaiting
    listing.pass.folder = 0
    listing.pass.slot = 0
    listing.isStale = true
    if !areWaiting, !filter.isEmpty { unfoldMatches() }
  }
}
