import CacheModel

/// The largest prefixes, as a sample of the keys shows them: those at the first level at which the
/// keys part, and in place of one of them those below it where there is room for them.
struct ExpiryGroups {
  private(set) var folders: [UInt32] = []

  private static let sampleSize = 4096
  static let mostGroups = 5

  /// Keys of the sample below each folder, and the folders in each folder.
  private var counts: [UInt32: Int] = [:]
  private var children: [UInt32: Set<UInt32>] = [:]

  /// O(sample)
  init(_ keys: KeysState) {
    let step = max(1, keys.index.slotCount / Self.sampleSize)
    for number in stride(from: 0, to: keys.index.slotCount, by: step) {
      let slot = KeyIndex.Slot(number: UInt32(number))
      if keys.index.isLive(slot) { add(keys.index[folder: slot], keys.tree) }
    }
    folders = chosen
  }

  private mutating func add(_ folder: UInt32, _ tree: KeyTree) {
    var number = folder
    counts[number, default: 0] += 1
    while number != 0 {
      let parent = tree.parent(KeyTree.Folder(number: number)).number
      children[parent, default: []].insert(number)
      number = parent
      counts[number, default: 0] += 1
    }
  }

  private var chosen: [UInt32] {
    var top: UInt32 = 0
    while let only = largest(in: top).first, count(only) * 10 >= count(top) * 9,
      !largest(in: only).isEmpty
    {
      top = only
    }
    var chosen = Array(largest(in: top).prefix(Self.mostGroups))
    // The largest that still parts into few gives way to its parts.
    for folder in chosen {
      let parts = largest(in: folder).filter { count($0) * 20 >= count(folder) }
      guard parts.count > 1, chosen.count - 1 + parts.count <= Self.mostGroups else { continue }
      chosen.removeAll { $0 == folder }
      chosen += parts
    }
    return chosen.sorted { (count($1), $0) < (count($0), $1) }
  }

  private func count(_ folder: UInt32) -> Int { counts[folder] ?? 0 }

  /// Folders in a folder that hold a hundredth of all keys at least, the largest first.
  private func largest(in folder: UInt32) -> [UInt32] {
    (children[folder] ?? []).filter { count($0) * 100 >= count(0) }
      .sorted { (count($1), $0) < (count($0), $1) }
  }
}
