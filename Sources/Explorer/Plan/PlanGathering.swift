import CacheModel
package import Plans

/// The keys of a plan as a sweep comes by them: their names, packed, and what the list knows of them.
///
/// Of keys of which the list does not know enough a few are chosen, each with the same chance, to be
/// asked about. Bounded by the bytes of the names.
package struct PlanGathering: Sendable {
  package private(set) var names = KeyNameList(bound: PlanGathering.nameRoom)
  package internal(set) var preview: PlanPreview
  /// Keys that are marked and that the filter does not show.
  package private(set) var hidden = 0
  /// Keys that cannot be renamed, since the list has one of the new name.
  package private(set) var taken = 0
  /// Names that found no room.
  private(set) var isTooLarge = false
  /// Keys to ask about.
  private(set) var unknown: [CacheKey] = []
  private var unknownCount = 0
  private var choice: UInt64 = 0x2545_F491_4F6C_DD1D

  /// Bytes of all names.
  static let nameRoom = 1 << 30
  /// Keys that are asked about.
  static let sampleSize = 4000

  init(below prefix: [UInt8], separators: KeySeparators, undoLimit: Int) {
    preview = PlanPreview(separators: separators.bytes, below: prefix, limit: undoLimit)
  }

  mutating func add(_ key: CacheKey, _ summary: KeySummary?, isHidden: Bool, isTaken: Bool) {
    guard names.append(key) else {
      isTooLarge = true
      return
    }
    preview.add(key)
    if isHidden { hidden += 1 }
    if isTaken { taken += 1 }
    if let summary { preview.add(summary) } else { choose(key) }
  }

  private mutating func choose(_ key: CacheKey) {
    unknownCount += 1
    guard unknown.count >= Self.sampleSize else { return unknown.append(key) }
    // Marsaglia's xorshift.
    choice ^= choice << 13
    choice ^= choice >> 7
    choice ^= choice << 17
    let place = Int(choice % UInt64(unknownCount))
    if place < Self.sampleSize { unknown[place] = key }
  }

  /// The next keys to ask about; empty when there are no more.
  mutating func takeUnknown(_ most: Int) -> [CacheKey] {
    let some = Array(unknown.suffix(most))
    unknown.removeLast(some.count)
    return some
  }

  /// Takes what a walk has found in place of what was collected.
  mutating func take(_ surveyed: SurveyedPlan) {
    names = surveyed.names
    preview = surveyed.preview
  }

  /// The names are not needed any more.
  mutating func forgetNames() {
    names = KeyNameList(bound: 0)
    unknown = []
  }
}

extension KeysState {
  /// Takes a key into the plan whose keys the sweep under way collects.
  mutating func addToPlan(_ slot: KeyIndex.Slot) {
    let key = index.key(slot)
    var isTaken = false
    if case .plan(let change, _) = sweeps[0].purpose, case .renamePrefix = change,
      case .rename(let name, _) = change.change(of: key)?.change,
      let other = index.slot(of: name)
    {
      isTaken = index[fate: other].goneSince == nil
    }
    let (summary, isHidden) = (summary(of: slot, key), !passes(slot.number))
    sweeps[0].gathering?.add(key, summary, isHidden: isHidden, isTaken: isTaken)
  }

  /// What is known of a key; nil when something is still to be asked.
  func summary(of slot: KeyIndex.Slot, _ key: CacheKey) -> KeySummary? {
    guard index[hasLifetime: slot], index[hasSize: slot] else { return nil }
    let figures = index[figures: slot]
    let lifetime: Lifetime? =
      switch figures.expiry {
      case .unknown: nil
      case .never: .unlimited
      case .at: figures.ttl(at: now).map { .remaining($0) }
      }
    return KeySummary(key: key, kind: index.kind(slot), lifetime: lifetime, bytes: figures.bytes)
  }
}
