/// The walk with a cursor.
///
/// Every element that is present from the first call to the last is visited at least once, however
/// often the table grows and shrinks between the calls; an element may be visited more than once.
/// No state is kept between calls. This is the guarantee of Redis' SCAN, by the same idea
/// (P. Noordhuis, in the comment on `dictScan` of Redis' dict.c): the cursor counts in the order of
/// the reversed bits of the hash. One step visits all elements whose hash ends in the `level` low
/// bits of the cursor, which is one contiguous range in that order, and sets the cursor to the
/// start of the next range. A finer table continues at the same point, a coarser one at the start
/// of a range that holds it, so nothing is left out.
extension ScanTable {
  /// Visits at least one chain, and more until `count` elements were seen or ten times as many
  /// chains were visited. Returns the cursor for the next call, 0 when the walk is complete.
  package func scan(from cursor: UInt64, count: Int, visit: (UInt32) -> Void) -> UInt64 {
    var cursor = cursor
    var seen = 0
    var steps = 0
    let enough = max(1, count)
    repeat {
      seen += visitRange(at: cursor, visit)
      cursor = following(cursor)
      steps += 1
    } while cursor != 0 && seen < enough && steps / 10 < enough
    return cursor
  }

  /// Visits every element in the order of the slots: that of insertion while none was removed.
  package func forEach(_ visit: (_ key: [UInt8], _ value: Value) -> Void) {
    for slot in slots where slot.isLive { visit(slot.key, slot.value) }
  }

  /// The first live slot at or after `start`, going around once; nil when the table is empty.
  package func liveSlot(from start: Int) -> UInt32? {
    guard count > 0 else { return nil }
    for offset in 0..<slots.count {
      let slot = (start + offset) % slots.count
      if slots[slot].isLive { return UInt32(slot) }
    }
    return nil
  }

  /// A live slot chosen by `random`, which gives a number below its argument; nil when the table is
  /// empty. Constant time in the mean, however many elements were removed; elements that share a
  /// chain are a little less likely than others.
  package func anySlot(random: (Int) -> Int) -> UInt32? {
    guard count > 0 else { return nil }
    while true {
      let chain = random(chains.count)
      var length = 0
      _ = visitChain(chain) { _ in length += 1 }
      guard length > 0 else { continue }
      var chosen = chains[chain]
      for _ in 0..<random(length) { chosen = slots[Int(chosen)].next }
      return chosen
    }
  }

  private func visitRange(at cursor: UInt64, _ visit: (UInt32) -> Void) -> Int {
    let chain = Int(truncatingIfNeeded: cursor & (UInt64(1) << UInt64(level) - 1))
    let buddy = chain + 1 << level
    return visitChain(chain, visit) + (buddy < chains.count ? visitChain(buddy, visit) : 0)
  }

  private func visitChain(_ chain: Int, _ visit: (UInt32) -> Void) -> Int {
    var slot = chains[chain]
    var seen = 0
    while slot != Self.end {
      visit(slot)
      seen += 1
      slot = slots[Int(slot)].next
    }
    return seen
  }

  private func following(_ cursor: UInt64) -> UInt64 {
    let filled = cursor | ~(UInt64(1) << UInt64(level) - 1)
    return (filled.bitReversed &+ 1).bitReversed
  }
}

extension UInt64 {
  /// The bits in the opposite order.
  var bitReversed: UInt64 {
    var bits = byteSwapped
    bits = (bits & 0x0F0F_0F0F_0F0F_0F0F) << 4 | (bits >> 4) & 0x0F0F_0F0F_0F0F_0F0F
    bits = (bits & 0x3333_3333_3333_3333) << 2 | (bits >> 2) & 0x3333_3333_3333_3333
    return (bits & 0x5555_5555_5555_5555) << 1 | (bits >> 1) & 0x5555_5555_5555_5555
  }
}
