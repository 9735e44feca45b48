import CacheModel

/// What the list of keys is sorted by.
package enum SortField: String, Sendable, Hashable, CaseIterable {
  case key
  case ttl
  case size
  case idle
  case kind

  package var title: String {
    switch self {
    case .key: "key"
    case .ttl: "TTL"
    case .size: "size"
    case .idle: "idle"
    case .kind: "type"
    }
  }
}

/// The order of the list, as a number for each row that sorts as the row does.
///
/// Ties are broken by name, so the order is total and rows never swap without a reason; keys whose
/// figure is not known come last either way round. What was used longest ago and what is largest
/// come first unless reversed. Folders come before the keys beside them, by name or, when the keys
/// are sorted by size, by the bytes below them.
package struct KeyOrder: Sendable, Equatable {
  package var field: SortField = .key
  package var isReversed = false

  package init() {}

  /// Whether the figures become smaller from row to row: what is largest, or was used longest ago,
  /// comes first unless reversed.
  package var isDescending: Bool {
    switch field {
    case .size, .idle: !isReversed
    case .key, .ttl, .kind: isReversed
    }
  }

  /// Whether names break ties, and folders stand, from last to first.
  var isNameReversed: Bool { field == .key && isReversed }

  /// Sorts a key among others, by what its name has after the bytes that most of them share.
  func sortKey(_ slot: UInt32, in index: KeyIndex, after shared: [UInt8]) -> UInt64 {
    let entry = index.entries[Int(slot)]
    let name = orderedWord(index.names.slice(entry.name), after: shared)
    switch field {
    case .key: return isReversed ? ~name : name
    case .ttl: return lifeKey(entry.expiry, name)
    case .size:
      guard entry.sizeRank != .max else { return Self.last(name) }
      return Self.joined(isReversed ? entry.sizeRank : .max - 1 - entry.sizeRank, name)
    case .idle:
      guard entry.useRank != .min else { return Self.last(name) }
      let rank = UInt32(truncatingIfNeeded: Int64(entry.useRank) + (1 << 31)) >> 1
      return Self.joined(isReversed ? .max / 2 - rank : rank, name)
    case .kind:
      guard entry.kindCode != 0 else { return .max << 56 | name >> 8 }
      let rank = UInt64(KindCodes.rank(entry.kindCode))
      return (isReversed ? 254 - rank : rank) << 56 | name >> 8
    }
  }

  /// Sorts a folder among those in the same folder.
  func sortKey(folder: UInt32, in tree: KeyTree, after shared: [UInt8]) -> UInt64 {
    let name = orderedWord(tree.segment(KeyTree.Folder(number: folder)), after: shared)
    switch field {
    case .key: return isReversed ? ~name : name
    case .size:
      let bytes = UInt64(max(0, tree.nodes[Int(folder)].bytes))
      return isReversed ? bytes : ~bytes
    case .ttl, .idle, .kind: return name
    }
  }

  /// A deadline is its own rank; those without one have the upper half, or all comes round.
  private func lifeKey(_ expiry: Expiry, _ name: UInt64) -> UInt64 {
    let highest: Int64 = 1 << 62 - 1
    switch expiry {
    case .unknown: return 3 << 62 | name >> 2
    case .never: return (isReversed ? 0 : 2 << 62) | name >> 2
    case .at(let deadline):
      let rank = max(0, min(deadline.milliseconds, highest))
      return isReversed ? 1 << 62 | UInt64(highest - rank) : UInt64(rank)
    }
  }

  private static func joined(_ figure: UInt32, _ name: UInt64) -> UInt64 {
    UInt64(figure) << 32 | name >> 32
  }

  private static func last(_ name: UInt64) -> UInt64 {
    joined(.max, name)
  }
}
