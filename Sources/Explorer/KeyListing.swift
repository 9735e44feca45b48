/// What is listed: as a tree the rows of every unfolded folder, or else one flat list.
///
/// Each unfolded folder has two ordered sets, of the folders and of the keys directly in it; what is
/// folded has none and costs nothing. The sets are filled in slices by a pass over all folders and
/// all keys (`KeysState+Placing`), and from then on follow every change. Which row shows what is
/// worked out by `ListLayout` from the sizes of the sets alone.
struct KeyListing: Sendable {
  var isTree = true
  var open: [UInt32: OpenFolder] = [0: OpenFolder()]
  var flat = OrderedSlots()
  var pass = Pass()
  var layout = ListLayout()
  /// The sets have changed since the layout was made, and the layout since the cursor was looked for.
  var isStale = true
  var isCursorStale = true
  /// The key under the cursor has another figure to sort by than when its row was last looked for.
  var hasCursorFigureChanged = false
  /// How it was before the filter, and what the person has folded under it.
  var before: BeforeFilter?
  var foldedUnderFilter: Set<UInt32> = []
  /// How many folders were unfolded without being asked.
  var unfoldedByItself = 0

  /// Bytes that the sets take. O(n/512)
  var heldBytes: Int {
    open.values.reduce(flat.heldBytes) { $0 + $1.folders.heldBytes + $1.keys.heldBytes }
  }

  struct OpenFolder: Sendable {
    var folders = OrderedSlots()
    var keys = OrderedSlots()
  }

  struct BeforeFilter: Sendable {
    var open: Set<UInt32>
    var cursor: SelectedRow?
    var hasMoved: Bool
  }

  /// The pass that fills the sets; it begins anew whenever the order or the filter changes.
  struct Pass: Sendable {
    var isRunning = false
    var folder = 0
    var slot = 0
    /// Keys before this slot have been tested against the filter.
    var testedTo = Int.max
    /// Keys that the filter before did not let pass need no test.
    var isNarrowing = false
    /// Folders were unfolded meanwhile: one more pass.
    var isDueAgain = false
  }
}

/// A row of the list: what it is and how far it is indented.
package struct ListRow: Sendable, Hashable {
  package var item: ListItem
  package var depth: Int
}

package enum ListItem: Sendable, Hashable {
  case folder(KeyTree.Folder)
  case key(KeyIndex.Slot)
}

/// Where each row of the list is, as stretches of rows from one ordered set.
///
/// Made from the sets' sizes and the ranks of the unfolded folders, so its cost depends on how many
/// folders are unfolded and not on how many rows there are. Finding a row is a binary search.
struct ListLayout: Sendable {
  struct Stretch: Sendable {
    var start: Int
    var folder: UInt32
    var areFolders: Bool
    /// The rank of the first one in its set.
    var rank: Int
    var count: Int
    var depth: Int
  }

  private(set) var stretches: [Stretch] = []
  private(set) var rowCount = 0

  /// Of a flat list.
  init(flatCount: Int = 0) {
    append(folder: 0, areFolders: false, ranks: 0..<flatCount, depth: 0)
  }

  /// Of a tree, with the ranks of the unfolded folders within the folders that hold them.
  init(
    open: [UInt32: KeyListing.OpenFolder], children: [UInt32: [(rank: Int, folder: UInt32)]]
  ) {
    add(0, 0, open, children)
  }

  private mutating func add(
    _ folder: UInt32, _ depth: Int, _ open: [UInt32: KeyListing.OpenFolder],
    _ children: [UInt32: [(rank: Int, folder: UInt32)]]
  ) {
    guard let sets = open[folder] else { return }
    var rank = 0
    for child in (children[folder] ?? []).sorted(by: { $0.rank < $1.rank }) {
      append(folder: folder, areFolders: true, ranks: rank..<child.rank + 1, depth: depth)
      rank = child.rank + 1
      add(child.folder, depth + 1, open, children)
    }
    append(folder: folder, areFolders: true, ranks: rank..<sets.folders.count, depth: depth)
    append(folder: folder, areFolders: false, ranks: 0..<sets.keys.count, depth: depth)
  }

  private mutating func append(
    folder: UInt32, areFolders: Bool, ranks: Range<Int>, depth: Int
  ) {
    guard !ranks.isEmpty else { return }
    stretches.append(
      Stretch(
        start: rowCount, folder: folder, areFolders: areFolders, rank: ranks.lowerBound,
        count: ranks.count, depth: depth))
    rowCount += ranks.count
  }

  /// The stretch that holds a row.
  func stretch(at row: Int) -> Int? {
    guard row >= 0, row < rowCount else { return nil }
    var low = 0
    var high = stretches.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if stretches[middle].start <= row { low = middle } else { high = middle }
    }
    return low
  }

  /// The row of what has this rank in one of the sets of a folder.
  func row(folder: UInt32, areFolders: Bool, rank: Int) -> Int? {
    for stretch in stretches
    where stretch.folder == folder && stretch.areFolders == areFolders
      && stretch.rank <= rank && rank < stretch.rank + stretch.count
    {
      return stretch.start + rank - stretch.rank
    }
    return nil
  }
}
