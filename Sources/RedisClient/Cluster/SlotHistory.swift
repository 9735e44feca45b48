import RESP

/// What has changed in a cluster since it was first seen, as far as walks over its names care: when
/// the primaries are others than before, a walk begins anew (`generation`); when a slot goes from one
/// primary to another, its names are told once more at the end of the walks that were under way.
struct SlotHistory: Sendable {
  /// 1 to 15, in turn.
  private(set) var generation: UInt8 = 1
  /// The slots that changed hands, in their order; the last ones of many.
  private var moved: [HashSlot] = []
  private var movesEver = 0

  private static let movesKept = 255

  var moves: UInt8 { UInt8(truncatingIfNeeded: movesEver) }

  mutating func primariesChanged() {
    generation = generation % 15 + 1
    moved = []
  }

  mutating func moved(_ slot: HashSlot) {
    movesEver &+= 1
    moved.append(slot)
    if moved.count > 2 * Self.movesKept { moved.removeFirst(moved.count - Self.movesKept) }
  }

  /// The slots that changed hands since there had been so many moves, modulo 256. More than 255 moves
  /// are not told apart from fewer: of a large resharding the walk after it finds what one has missed.
  func moved(since moves: UInt8) -> Set<HashSlot> {
    Set(moved.suffix(Int(self.moves &- moves)))
  }
}
