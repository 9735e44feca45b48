import CacheModel

/// What is asked about keys beyond those in view, and how far that has come.
///
/// Kind and lifetime of all keys come first, their memory after that, each in a round over the slots
/// that goes on where it stopped; what the person asked to load again comes before both.
struct FigureQuestions: Sendable {
  struct Question: Sendable {
    var names: [CacheKey]
    var detail: SummaryDetail
    /// Where the names lay when they were asked about, in their order; empty where that is not known.
    var slots: [KeyIndex.Slot] = []
  }

  /// A round over all keys, or those below a folder, that asks everything anew.
  struct Round: Sendable {
    var position = 0
    var end: Int
    var folder: UInt32 = 0
  }

  var underWay: [RequestID: Question] = [:]
  var round: Round?
  /// When questions may be asked again after a failure.
  var againAt: Moment?
  private var lifetimePosition = 0
  private var sizePosition = 0

  /// Whether questions wait until something has been mended.
  func isPausing(at now: Moment) -> Bool { againAt.map { $0 > now } ?? false }

  mutating func restart() {
    round = nil
    lifetimePosition = 0
    sizePosition = 0
  }

  /// As many of the first names as are asked about at once.
  static func batch(_ names: [CacheKey], count: Int) -> [CacheKey] {
    var bytes = 0
    return Array(
      names.prefix(count).prefix { name in
        defer { bytes += name.bytes.count }
        return bytes < WalkState.bytesAtOnce
      })
  }

  /// Names that are asked about at the moment.
  var namesUnderWay: Int { underWay.values.reduce(0) { $0 + $1.names.count } }

  /// The next keys of the round that the person asked for.
  mutating func nextOfRound(_ index: KeyIndex, _ tree: KeyTree, count: Int) -> [CacheKey] {
    guard var round else { return [] }
    var names: [CacheKey] = []
    var bytes = 0
    while names.count < count, bytes < WalkState.bytesAtOnce,
      round.position < min(round.end, index.slotCount)
    {
      let slot = KeyIndex.Slot(number: UInt32(round.position))
      round.position += 1
      guard index.isLive(slot), index[fate: slot].goneSince == nil else { continue }
      if round.folder == 0 || tree.isBelow(index[folder: slot], round.folder) {
        names.append(index.key(slot))
        bytes += index.name(slot).count
      }
    }
    self.round = round.position < min(round.end, index.slotCount) ? round : nil
    return names
  }

  /// The next keys of which kind and lifetime have not been told.
  mutating func nextWithoutLifetime(_ index: KeyIndex, count: Int) -> [KeyIndex.Slot] {
    guard index.withoutLifetime > namesUnderWay else { return [] }
    return next(&lifetimePosition, index, count) { !index[hasLifetime: $0] }
  }

  /// The next keys of which the memory has not been asked.
  mutating func nextWithoutSize(_ index: KeyIndex, count: Int) -> [KeyIndex.Slot] {
    guard index.withoutSize > namesUnderWay else { return [] }
    return next(&sizePosition, index, count) { !index[hasSize: $0] && index[hasLifetime: $0] }
  }

  /// Goes on from the position and, when nothing is under way that it could meet, round the end.
  private func next(
    _ position: inout Int, _ index: KeyIndex, _ count: Int,
    where isMissing: (KeyIndex.Slot) -> Bool
  ) -> [KeyIndex.Slot] {
    if position >= index.slotCount {
      guard underWay.isEmpty else { return [] }
      position = 0
    }
    var slots: [KeyIndex.Slot] = []
    var bytes = 0
    while slots.count < count, bytes < WalkState.bytesAtOnce, position < index.slotCount {
      let slot = KeyIndex.Slot(number: UInt32(position))
      position += 1
      if index.isLive(slot), index[fate: slot].goneSince == nil, isMissing(slot) {
        slots.append(slot)
        bytes += index.name(slot).count
      }
    }
    return slots
  }
}
