package import CacheModel

/// The folders that the separators make of the names: `app:` and `app:user:` for `app:user:7`.
///
/// A folder is its exact prefix, separator included; it exists while a key lies below it. Each keeps
/// its own segment, its parent and what lies below: how many keys, how many of them pass the filter,
/// are marked or have a known size, and how many bytes these are. A table over the whole prefixes
/// finds the folder of a key without walking down from the root, so that adding a key costs one
/// lookup and one step for each folder above it (32 at most). Which rows are listed is not known
/// here (`KeyListing`).
package struct KeyTree: Sendable {
  /// Names a folder for as long as it exists.
  package struct Folder: Sendable, Hashable {
    package let number: UInt32

    package init(number: UInt32) {
      self.number = number
    }

    /// The whole keyspace.
    package static let root = Folder(number: 0)
  }

  var nodes = ChunkedArray<KeyFolder>()
  private var segments = ByteArena()
  private var table = SlotTable()
  private var freeNumbers: [UInt32] = []
  package let separators: KeySeparators
  /// Filters are counted; what a node says of another one is stale.
  private(set) var filterEpoch: UInt32 = 0
  var isFiltered = false

  package private(set) var count = 0

  /// Bytes that all folders take. O(n/4096)
  var heldBytes: Int {
    nodes.heldBytes + segments.allocatedBytes + table.heldBytes
      + freeNumbers.capacity * MemoryLayout<UInt32>.stride
  }

  package init(separators: KeySeparators = KeySeparators()) {
    self.separators = separators
    var root = KeyFolder(parent: 0)
    root.phase = .placed
    nodes.append(root)
  }

  // MARK: Names

  /// The last segment of the prefix, separator included.
  package func segment(_ folder: Folder) -> ArraySlice<UInt8> {
    nodes[Int(folder.number)].segment.map { segments.slice($0) } ?? []
  }

  /// The whole prefix. O(its length)
  package func prefix(_ folder: Folder) -> [UInt8] {
    Self.prefix(of: folder.number, nodes, segments)
  }

  package func prefixLength(_ folder: Folder) -> Int {
    Int(nodes[Int(folder.number)].prefixLength)
  }

  package func parent(_ folder: Folder) -> Folder {
    Folder(number: nodes[Int(folder.number)].parent)
  }

  /// The folder with exactly this prefix. O(its length)
  package func folder(withPrefix prefix: [UInt8]) -> Folder? {
    find(prefix[...], hashOfBytes(prefix[...])).map { Folder(number: $0) }
  }

  private func find(_ prefix: ArraySlice<UInt8>, _ hash: UInt64) -> UInt32? {
    if prefix.isEmpty { return 0 }
    return table.find(hash) { hasPrefix($0, prefix) }
  }

  private func hasPrefix(_ number: UInt32, _ prefix: ArraySlice<UInt8>) -> Bool {
    guard Int(nodes[Int(number)].prefixLength) == prefix.count else { return false }
    var rest = prefix
    var number = number
    while number != 0 {
      let segment = segment(Folder(number: number))
      guard rest.suffix(segment.count) == segment else { return false }
      rest = rest.dropLast(segment.count)
      number = nodes[Int(number)].parent
    }
    return rest.isEmpty
  }

  // MARK: Coming and going

  /// So many folders are to be expected.
  mutating func expect(_ count: Int) {
    table.expect(count)
  }

  /// The folder in which a key of this name lies, made with those above it where it is missing.
  mutating func makeFolder(for name: ArraySlice<UInt8>) -> UInt32 {
    makeFolder(withPrefix: name.prefix(separators.folderLength(of: name)))
  }

  private mutating func makeFolder(withPrefix prefix: ArraySlice<UInt8>) -> UInt32 {
    let hash = hashOfBytes(prefix)
    if let number = find(prefix, hash) { return number }
    let parentLength = separators.parentLength(of: prefix)
    let parent = makeFolder(withPrefix: prefix.prefix(parentLength))
    var node = KeyFolder(parent: parent)
    node.prefixLength = UInt32(truncatingIfNeeded: prefix.count)
    node.segment = segments.append(prefix.dropFirst(parentLength))
    node.filterEpoch = filterEpoch
    let number = add(node)
    if table.isFull(for: hash) { growTable(for: hash) }
    table.insert(number, hash: hash)
    count += 1
    return number
  }

  private mutating func add(_ node: KeyFolder) -> UInt32 {
    if let number = freeNumbers.popLast() {
      nodes[Int(number)] = node
      return number
    }
    nodes.append(node)
    return UInt32(nodes.count - 1)
  }

  /// Forgets a folder below which no key is left.
  mutating func remove(_ number: UInt32) {
    guard number != 0, nodes[Int(number)].isLive else { return }
    let (nodes, segments) = (nodes, segments)
    let hash = Self.hash(of: number, nodes, segments)
    table.remove(number, hash: hash) { Self.hash(of: $0, nodes, segments) }
    forget(number)
  }

  private mutating func forget(_ number: UInt32) {
    if let segment = nodes[Int(number)].segment { segments.free(segment) }
    nodes[Int(number)].isLive = false
    nodes[Int(number)].phase = .folded
    freeNumbers.append(number)
    count -= 1
  }

  private mutating func growTable(for hash: UInt64) {
    // The two alone, so that the table is not shared and copied while it grows.
    let (nodes, segments) = (nodes, segments)
    table.grow(for: hash) { Self.hash(of: $0, nodes, segments) }
  }

  private static func hash(
    of number: UInt32, _ nodes: ChunkedArray<KeyFolder>, _ segments: ByteArena
  ) -> UInt64 {
    let node = nodes[Int(number)]
    // A folder that lies in no other needs no copy of its prefix.
    if node.parent == 0, let segment = node.segment { return hashOfBytes(segments.slice(segment)) }
    return hashOfBytes(prefix(of: number, nodes, segments)[...])
  }

  private static func prefix(
    of number: UInt32, _ nodes: ChunkedArray<KeyFolder>, _ segments: ByteArena
  ) -> [UInt8] {
    var parts: [ArraySlice<UInt8>] = []
    var number = number
    while number != 0, let place = nodes[Int(number)].segment {
      parts.append(segments.slice(place))
      number = nodes[Int(number)].parent
    }
    return Array(parts.reversed().joined())
  }
}

/// What the tree keeps of one folder.
struct KeyFolder: Sendable {
  /// Whether the rows of the folder are listed.
  enum Phase: UInt8, Sendable {
    case folded
    /// Unfolded; its rows are collected when the pass under way is over.
    case waiting
    /// Unfolded; the pass under way collects its rows.
    case placing
    case placed
  }

  var parent: UInt32
  var prefixLength: UInt32 = 0
  var segment: ByteArena.Place?
  /// Keys below.
  var count: UInt32 = 0
  /// Of them those that pass the filter, as of `filterEpoch`.
  var passing: UInt32 = 0
  /// Of those, as of the same filter: whose memory is known, and the sum of it.
  var passingSized: UInt32 = 0
  var passingBytes: Int64 = 0
  var filterEpoch: UInt32 = 0
  var marked: UInt32 = 0
  /// Keys whose memory is known, and the sum of it.
  var sized: UInt32 = 0
  var bytes: Int64 = 0
  var phase = Phase.folded
  var isLive = true

  init(parent: UInt32) {
    self.parent = parent
  }
}

extension KeyTree {
  /// What stands in the row of a folder.
  package struct Figures: Sendable, Equatable {
    /// Keys below that pass the filter.
    package var shown: Int
    package var count: Int
    package var marked: Int
    /// The memory of the keys below that pass the filter; an estimate while not all of them have
    /// told it.
    package var bytes: ByteCount?
    package var isEstimate: Bool
  }

  package func figures(_ folder: Folder) -> Figures {
    let node = nodes[Int(folder.number)]
    let shown = shown(folder.number)
    let known = isFiltered ? passingSizes(node) : (count: node.sized, bytes: node.bytes)
    return Figures(
      shown: Int(shown), count: Int(node.count), marked: Int(node.marked),
      bytes: shown == 0 ? nil : bytes(known, of: shown), isEstimate: known.count < shown)
  }

  /// What is known, and for each of the other keys an average. Under a filter that is the average of
  /// all keys that pass it, the same in each folder: so no folder has less than one within it.
  private func bytes(_ known: (count: UInt32, bytes: Int64), of shown: UInt32) -> ByteCount? {
    guard known.count < shown else { return ByteCount(known.bytes) }
    var base = known
    if isFiltered {
      base = passingSizes(nodes[0])
      if base.count == 0 { base = (nodes[0].sized, nodes[0].bytes) }
    }
    guard base.count > 0 else { return nil }
    let others = Double(base.bytes) / Double(base.count) * Double(shown - known.count)
    return ByteCount(Int64(exactly: (Double(known.bytes) + others).rounded()) ?? .max)
  }

  private func passingSizes(_ node: KeyFolder) -> (count: UInt32, bytes: Int64) {
    node.filterEpoch == filterEpoch ? (node.passingSized, node.passingBytes) : (0, 0)
  }

  /// Keys below that pass the filter.
  func shown(_ number: UInt32) -> UInt32 {
    let node = nodes[Int(number)]
    guard isFiltered else { return node.count }
    return node.filterEpoch == filterEpoch ? node.passing : 0
  }

  /// Counts the passing keys anew, from none. O(1)
  mutating func beginFilter() {
    isFiltered = true
    filterEpoch &+= 1
  }

  /// Counts a key that begins or ceases to pass, and its size where that is known; answers how many
  /// passed before.
  mutating func countPassing(_ number: UInt32, by step: Int, _ bytes: ByteCount?) -> UInt32 {
    let place = Int(number)
    if nodes[place].filterEpoch != filterEpoch {
      nodes[place].filterEpoch = filterEpoch
      nodes[place].passing = 0
      nodes[place].passingSized = 0
      nodes[place].passingBytes = 0
    }
    if let bytes { countPassingBytes(number, by: step, Int64(step) * bytes.bytes) }
    let before = nodes[place].passing
    nodes[place].passing = UInt32(max(0, Int(before) + step))
    return before
  }

  /// Counts sizes of keys that pass.
  mutating func countPassingBytes(_ number: UInt32, by sized: Int, _ bytes: Int64) {
    let place = Int(number)
    guard nodes[place].filterEpoch == filterEpoch else { return }
    nodes[place].passingSized = UInt32(max(0, Int(nodes[place].passingSized) + sized))
    nodes[place].passingBytes += bytes
  }

  /// Whether a folder lies somewhere below another, or is it.
  func isBelow(_ number: UInt32, _ above: UInt32) -> Bool {
    var number = number
    while number != above {
      if number == 0 { return false }
      number = nodes[Int(number)].parent
    }
    return true
  }
}

extension KeyTree: SlotNames {
  package func nameBytes(_ number: UInt32) -> ArraySlice<UInt8> {
    segment(Folder(number: number))
  }

  /// Of two folders in the same folder.
  package func namePrecedes(_ left: UInt32, _ right: UInt32) -> Bool {
    segment(Folder(number: left)).lexicographicallyPrecedes(segment(Folder(number: right)))
  }
}
