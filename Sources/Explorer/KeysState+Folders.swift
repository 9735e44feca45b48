package import KeyQuery

/// Unfolding and folding: by the person, and by itself where that shows at once what is looked for.
extension KeysState {
  /// While a filter is on, folders with matches are unfolded as long as so many rows result.
  static let unfoldedRows = 300
  /// Folders that are unfolded without being asked, at most, until keys are in view.
  static let unfoldedByItself = 40

  package func isUnfolded(_ folder: KeyTree.Folder) -> Bool {
    tree.nodes[Int(folder.number)].phase != .folded
  }

  package mutating func unfold(_ folder: KeyTree.Folder) {
    guard listing.isTree, tree.nodes[Int(folder.number)].phase == .folded else { return }
    listing.open[folder.number] = emptySets(of: folder.number)
    listing.foldedUnderFilter.remove(folder.number)
    listing.isStale = true
    if listing.pass.isRunning {
      tree.nodes[Int(folder.number)].phase = .waiting
    } else {
      tree.nodes[Int(folder.number)].phase = .placing
      listing.pass.isRunning = true
      listing.pass.folder = 0
      listing.pass.slot = 0
    }
  }

  package mutating func fold(_ folder: KeyTree.Folder) {
    guard folder != .root, tree.nodes[Int(folder.number)].phase != .folded else { return }
    tree.nodes[Int(folder.number)].phase = .folded
    listing.open[folder.number] = nil
    if !filter.isEmpty { listing.foldedUnderFilter.insert(folder.number) }
    listing.isStale = true
  }

  /// Lists the keys as a tree, or flat.
  package mutating func list(asTree isTree: Bool) {
    guard listing.isTree != isTree else { return }
    listing.isTree = isTree
    if isTree, let slot = cursor { reveal(slot) }
    rebuildOrder()
  }

  /// Unfolds what hides a key, and lists it before anything else.
  mutating func reveal(_ slot: KeyIndex.Slot) {
    guard listing.isTree else { return }
    var folders: [UInt32] = []
    var folder = index[folder: slot]
    while folder != 0 {
      folders.append(folder)
      folder = tree.nodes[Int(folder)].parent
    }
    for folder in folders.reversed() {
      listFolder(folder)
      unfold(KeyTree.Folder(number: folder))
    }
    if passes(slot.number) { list(slot.number) }
  }

  // MARK: By itself

  /// Unfolds folders with matches, the upper ones first, as long as few rows result.
  mutating func unfoldMatches() {
    guard listing.isTree else { return }
    relayout()
    var rows = listing.layout.rowCount
    guard rows < Self.unfoldedRows else { return }
    for row in self.rows(from: 0, count: rows) {
      guard case .folder(let folder) = row.item, !isUnfolded(folder),
        !listing.foldedUnderFilter.contains(folder.number)
      else { continue }
      rows += Int(tree.shown(folder.number))
      guard rows <= Self.unfoldedRows else { return }
      unfold(folder)
    }
  }

  /// At the start and under a new filter, before the person has moved: unfolds the largest folder in
  /// view, and so on, until half of the rows in view are keys.
  mutating func unfoldUntilKeysShow() {
    guard listing.isTree, !hasMoved else { return }
    while !listing.pass.isRunning, listing.unfoldedByItself < Self.unfoldedByItself,
      let folder = nextToUnfold()
    {
      listing.unfoldedByItself += 1
      unfold(folder)
      advance()
      relayout()
    }
  }

  private func nextToUnfold() -> KeyTree.Folder? {
    let inView = rows(from: 0, count: height)
    let folders = inView.compactMap { row -> KeyTree.Folder? in
      if case .folder(let folder) = row.item { folder } else { nil }
    }
    guard (inView.count - folders.count) * 2 < height else { return nil }
    let folded = folders.filter {
      !isUnfolded($0) && !listing.foldedUnderFilter.contains($0.number)
    }
    return folded.max { tree.shown($0.number) < tree.shown($1.number) }
  }

  // MARK: The filter

  /// Shows the keys that pass another filter.
  package mutating func show(_ newFilter: Query) {
    let old = filter
    filter = newFilter
    filtering = FilterQuestions(newFilter)
    if old.isEmpty, !newFilter.isEmpty {
      listing.before = KeyListing.BeforeFilter(
        open: Set(listing.open.keys), cursor: selectedRow, hasMoved: hasMoved)
    }
    restoreFolds()
    if newFilter.isEmpty { endFilter() } else { beginFilter(after: old) }
    rebuildOrder()
    place()
    unfoldUntilKeysShow()
    place()
    // The person has done this: what is under the cursor now is expected.
    displacedAt = nil
  }

  private mutating func beginFilter(after old: Query) {
    let wasTested = !old.isEmpty && listing.pass.testedTo == .max
    listing.pass.isNarrowing = wasTested && filter.narrows(old)
    listing.pass.testedTo = 0
    tree.beginFilter()
    hasMoved = false
    listing.unfoldedByItself = 0
  }

  /// The cursor stays on what was chosen under the filter, or else goes back to where it was.
  private mutating func endFilter() {
    tree.isFiltered = false
    listing.pass.testedTo = .max
    listing.foldedUnderFilter = []
    guard let before = listing.before else { return }
    listing.before = nil
    if hasMoved {
      if let slot = cursor { reveal(slot) }
    } else {
      hasMoved = before.hasMoved
      cursorItem = before.cursor.flatMap(item) ?? cursorItem
    }
  }

  private func item(_ row: SelectedRow) -> ListItem? {
    switch row {
    case .key(let key): index.slot(of: key).map { .key($0) }
    case .folder(let prefix): tree.folder(withPrefix: prefix).map { .folder($0) }
    }
  }

  /// What was folded and unfolded before the filter is so again, but for what the person has folded.
  private mutating func restoreFolds() {
    guard let before = listing.before else { return }
    for folder in listing.open.keys where !before.open.contains(folder) {
      tree.nodes[Int(folder)].phase = .folded
      listing.open[folder] = nil
    }
    for folder in before.open where listing.open[folder] == nil {
      let isFolded = listing.foldedUnderFilter.contains(folder) && !filter.isEmpty
      if !isFolded { listing.open[folder] = emptySets(of: folder) }
    }
  }
}
