/// Which keys stay loaded when not all of them fit into the memory that is allowed: one in 2, 4, 8, …,
/// chosen by a hash of the name.
///
/// The hash is seeded anew in each process, so whether a key is chosen has nothing to do with what it
/// is called, when it was found or how often: the sample is uniform, also of the keys in one folder,
/// and the same key is chosen again by the next walk. What is counted in it stands for as many more;
/// the error is that of a binomial count, with which 95 of 100 estimates are right.
package struct KeySampling: Sendable, Equatable {
  /// One in 2 to this power is loaded; 0 loads all.
  package private(set) var level = 0

  /// One in a million: below that a bound on memory is no longer obeyed.
  private static let highest = 20

  package init() {}

  /// All keys are loaded.
  package var isWhole: Bool { level == 0 }

  /// Of so many keys one is loaded.
  package var oneIn: Int { 1 << level }

  /// Keeps half of what is loaded; false when that is not possible any more.
  mutating func halve() -> Bool {
    guard level < Self.highest else { return false }
    level += 1
    return true
  }

  /// Keeps twice as much from now on; what is missing has to be walked for.
  mutating func double() {
    level = max(0, level - 1)
  }

  /// Whether a key of this name belongs to the sample. O(name)
  package func keeps(_ name: ArraySlice<UInt8>) -> Bool {
    // Other bits than those by which tables find the name.
    level == 0 || (hashOfBytes(name) &* 0x9E37_79B9_7F4A_7C15) >> (64 - UInt64(level)) == 0
  }

  /// What so many loaded keys stand for.
  package func estimate(of loaded: Int) -> KeyEstimate {
    guard level > 0 else { return KeyEstimate(count: loaded, error: 0) }
    let share = 1 / Double(oneIn)
    let deviation = (Double(max(1, loaded)) * (1 - share)).squareRoot() / share
    return KeyEstimate(count: loaded << level, error: Int((1.96 * deviation).rounded(.up)))
  }
}

/// About how many keys there are.
package struct KeyEstimate: Sendable, Equatable {
  package var count: Int
  /// In 95 of 100 cases there are no more than so many more or fewer; 0 where they were counted.
  package var error: Int

  package init(count: Int, error: Int) {
    self.count = count
    self.error = error
  }
}

extension KeysState {
  /// Bytes that the keys take, with their folders and the list. O(n/4096)
  package var heldBytes: Int { index.heldBytes + tree.heldBytes + listing.heldBytes }

  /// Bytes within which the keys are held.
  package static let standardMemoryBound = 1 << 30

  private static let checkedKeys = 1000
  private static let checkedBytes = 1 << 20

  /// Halves what is loaded when it takes more memory than is allowed, in slices; answers whether that
  /// was begun. Looks seldom: call after each page of a walk.
  mutating func thinOutIfFull() -> Bool {
    let isDue =
      abs(index.count - bound.countWhenChecked) >= Self.checkedKeys
      || abs(index.nameBytes - bound.nameBytesWhenChecked) >= Self.checkedBytes
    guard isDue else { return false }
    bound.countWhenChecked = index.count
    bound.nameBytesWhenChecked = index.nameBytes
    guard heldBytes > bound.bytes, !isThinningOut, sampling.halve() else { return false }
    begin(KeySweep(purpose: .thinOut))
    return true
  }

  var isThinningOut: Bool {
    sweeps.contains { sweep in
      switch sweep.purpose {
      case .thinOut, .tidy: true
      default: false
      }
    }
  }

  /// Whether so little is loaded that four times as much would fit.
  var isRoomy: Bool {
    !sampling.isWhole && (index.count * KeyIndex.usualBytes + index.nameBytes) * 4 < bound.bytes
  }

  /// Takes a key out that does not belong to the sample, unless the person has chosen it.
  mutating func thinOut(_ slot: KeyIndex.Slot) -> Int {
    guard !sampling.keeps(index.name(slot)), !index[isMarked: slot], cursor != slot else {
      return 2
    }
    remove(slot)
    return 40
  }
}

/// The bound on memory, and what was there when it was last looked at.
struct MemoryBound: Sendable {
  var bytes = KeysState.standardMemoryBound
  var countWhenChecked = 0
  var nameBytesWhenChecked = 0
}
