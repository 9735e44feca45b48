package import CacheModel
import KeyQuery

/// Rows, and the cursor on them.
extension KeysState {
  package var rowCount: Int { listing.layout.rowCount }

  /// What is under the cursor, by name.
  package var selectedRow: SelectedRow? {
    switch cursorItem {
    case .key(let slot): .key(index.key(slot))
    case .folder(let folder): .folder(tree.prefix(folder))
    case nil: nil
    }
  }

  /// How many bytes of a key's name its folder says already.
  package func hiddenPrefixLength(of slot: KeyIndex.Slot) -> Int {
    listing.isTree ? Int(tree.nodes[Int(index[folder: slot])].prefixLength) : 0
  }

  /// The rows from one on, as many as there are.
  package func rows(from first: Int, count: Int) -> [ListRow] {
    var rows: [ListRow] = []
    var row = max(0, first)
    let end = min(row + max(0, count), listing.layout.rowCount)
    while row < end, let place = listing.layout.stretch(at: row) {
      let stretch = listing.layout.stretches[place]
      let offset = row - stretch.start
      let wanted = min(end - row, stretch.count - offset)
      let numbers = numbers(stretch, from: offset, count: wanted)
      guard !numbers.isEmpty else { break }
      for number in numbers {
        let item: ListItem =
          stretch.areFolders
          ? .folder(KeyTree.Folder(number: number)) : .key(KeyIndex.Slot(number: number))
        rows.append(ListRow(item: item, depth: stretch.depth))
      }
      row += numbers.count
    }
    return rows
  }

  private func numbers(
    _ stretch: ListLayout.Stretch, from offset: Int, count: Int
  ) -> [UInt32] {
    let sets = listing.open[stretch.folder]
    let set = listing.isTree ? (stretch.areFolders ? sets?.folders : sets?.keys) : listing.flat
    return set?.numbers(from: stretch.rank + offset, count: count) ?? []
  }

  package func item(at row: Int) -> ListItem? {
    rows(from: row, count: 1).first?.item
  }

  /// The row that shows a key or a folder, if one does.
  package func row(of item: ListItem) -> Int? {
    switch item {
    case .key(let slot):
      guard index.isLive(slot), isInOpenSet(slot.number) else { return nil }
      let key = sortKey(slot.number)
      let folder = listing.isTree ? index[folder: slot] : 0
      let set = listing.isTree ? listing.open[folder]?.keys : listing.flat
      return set?.rank(of: slot.number, key, index).flatMap {
        listing.layout.row(folder: folder, areFolders: false, rank: $0)
      }
    case .folder(let folder):
      guard let rank = rank(of: folder.number) else { return nil }
      let parent = tree.nodes[Int(folder.number)].parent
      return listing.layout.row(folder: parent, areFolders: true, rank: rank)
    }
  }

  private func rank(of folder: UInt32) -> Int? {
    guard isFolderListed(folder) else { return nil }
    let key = sortKey(folder: folder)
    return listing.open[tree.nodes[Int(folder)].parent]?.folders.rank(of: folder, key, tree)
  }

  /// Works out the rows anew when the sets have changed.
  mutating func relayout() {
    guard listing.isStale else { return }
    listing.isStale = false
    listing.isCursorStale = true
    guard listing.isTree else {
      listing.layout = ListLayout(flatCount: listing.flat.count)
      return
    }
    var children: [UInt32: [(rank: Int, folder: UInt32)]] = [:]
    for folder in listing.open.keys where folder != 0 {
      guard let rank = rank(of: folder) else { continue }
      children[tree.nodes[Int(folder)].parent, default: []].append((rank, folder))
    }
    listing.layout = ListLayout(open: listing.open, children: children)
  }

  /// Brings the rows up to date and keeps the cursor on its key and its key on its row of the
  /// screen.
  package mutating func place(at now: Moment? = nil) {
    guard listing.isStale || listing.isCursorStale || cursorItem == nil else { return }
    relayout()
    listing.isCursorStale = false
    followCursor(at: now)
  }

  /// The same, and at the start shows keys where only folders are.
  mutating func settle(at now: Moment) {
    let (isFirst, displacedBefore) = (cursorItem == nil && !hasLostCursor, displacedAt)
    place(at: now)
    unfoldUntilKeysShow()
    place(at: now)
    // Nothing was under the cursor that anybody could have meant.
    if isFirst { displacedAt = displacedBefore }
  }

  private mutating func followCursor(at now: Moment?) {
    let before = cursorItem
    let offset = cursorRow - top
    defer {
      if before != cursorItem, before != nil || hasLostCursor { displacedAt = now ?? displacedAt }
      hasLostCursor = false
      listing.hasCursorFigureChanged = false
    }
    if !hasMoved { cursorItem = firstItem }
    if staysBehind { cursorItem = nil }
    if let item = cursorItem, let row = row(of: item) ?? rowAround(item) {
      cursorRow = row
      cursorItem = self.item(at: row)
      // Before the person has moved, the list stands at its head.
      top = hasMoved ? max(0, row - offset) : 0
    } else {
      cursorRow = min(cursorRow, max(0, rowCount - 1))
      cursorItem = item(at: cursorRow)
    }
    clampTop()
  }

  /// Whether the key under the cursor has gone to where it is not in view because its TTL, size or use
  /// is another now: the view stays, and the cursor on its row.
  private var staysBehind: Bool {
    guard hasMoved, listing.hasCursorFigureChanged, let item = cursorItem, let row = row(of: item)
    else { return false }
    return row < top || row >= top + height
  }

  /// Where the cursor is before the person has moved it: on the first key in view, so that a value
  /// shows at once, or else on the first row.
  private var firstItem: ListItem? {
    let inView = rows(from: 0, count: height)
    let key = inView.first { if case .key = $0.item { true } else { false } }
    return (key ?? inView.first)?.item
  }

  /// The row of the folder that hides a key or a folder which is there and not listed.
  private func rowAround(_ item: ListItem) -> Int? {
    guard listing.isTree, filter.isEmpty else { return nil }
    if case .key(let slot) = item, !index.isLive(slot) { return nil }
    var folder = self.folder(around: item)?.number ?? 0
    while folder != 0 {
      if let row = row(of: .folder(KeyTree.Folder(number: folder))) { return row }
      folder = tree.nodes[Int(folder)].parent
    }
    return nil
  }

  mutating func moveCursor(to row: Int) {
    guard rowCount > 0 else { return }
    cursorRow = max(0, min(row, rowCount - 1))
    cursorItem = item(at: cursorRow)
    lostKey = nil
    displacedAt = nil
    clampTop()
  }

  /// Keeps the cursor in view and the last row at the foot.
  mutating func clampTop() {
    let last = max(0, rowCount - height)
    top = max(0, min(top, last, cursorRow))
    if cursorRow >= top + height { top = cursorRow - height + 1 }
  }
}
