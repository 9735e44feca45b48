import RESP

/// Which primary says of itself that it serves which slot, and which slots are on their way. Each node
/// is asked for itself: of the others it may not have heard the latest.
struct SlotOwnership: Sendable, Equatable {
  /// For each slot the id of its node; nil where no one that answered serves it.
  private var owners: [String?] = Array(repeating: nil, count: HashSlot.count)
  private(set) var onTheirWay: Set<HashSlot> = []
  /// What a node goes by changes whenever it has taken a slot over.
  private var epochs: [String: String] = [:]

  /// From the answers of nodes to CLUSTER NODES.
  init(_ answers: [String]) {
    for answer in answers {
      for line in answer.split(whereSeparator: \.isNewline) {
        let words = line.split(separator: " ")
        if words.count >= 8, words[2].split(separator: ",").contains("myself") { take(words) }
      }
    }
  }

  private mutating func take(_ words: [Substring]) {
    let id = String(words[0])
    epochs[id] = String(words[6])
    for word in words[8...] {
      if let slot = ClusterMember.slotOnItsWay(word) { onTheirWay.insert(slot) }
      let ends = word.split(separator: "-").compactMap { Int($0) }
      guard word.first != "[", let first = ends.first, let last = ends.last,
        0 <= first, first <= last, last < HashSlot.count
      else { continue }
      for slot in first...last { owners[slot] = id }
    }
  }

  /// The slots that may have changed hands since an earlier moment; nil when it can be any: a node has
  /// taken over what went on to another one, or back.
  func slotsInDoubt(since earlier: SlotOwnership) -> Set<HashSlot>? {
    var slots = onTheirWay.union(earlier.onTheirWay)
    var takers: Set<String> = []
    for slot in owners.indices where owners[slot] != earlier.owners[slot] {
      slots.insert(HashSlot(UInt16(slot)))
      if let taker = owners[slot] { takers.insert(taker) }
    }
    let others = epochs.filter { !takers.contains($0.key) }
    let isPlain = others.allSatisfy {
      earlier.epochs[$0.key] == nil || earlier.epochs[$0.key] == $0.value
    }
    return isPlain ? slots : nil
  }
}

/// The walks over all names that are under way: what was true of the slots when each began.
struct ClusterWalks: Sendable {
  /// 1 to 15, in turn: changes whenever other nodes are primaries than before, and walks begin anew.
  private(set) var generation: UInt8 = 1
  private var beginnings: [(walk: UInt8, slots: SlotOwnership)] = []
  private var latest: (slots: SlotOwnership, at: Int64)?
  private var number: UInt8 = 0

  private static let mostWalks = 32
  /// What was known at the end of one walk serves the next one for so many milliseconds.
  private static let lifetime: Int64 = 10_000

  mutating func primariesChanged() {
    generation = generation % 15 + 1
    latest = nil
  }

  /// What serves as the beginning of a walk, if that is known.
  func known(at now: Int64) -> SlotOwnership? {
    latest.flatMap { now - $0.at < Self.lifetime ? $0.slots : nil }
  }

  mutating func learn(_ slots: SlotOwnership, at now: Int64) {
    latest = (slots, now)
  }

  /// Answers the number of the walk.
  mutating func begin(_ slots: SlotOwnership) -> UInt8 {
    number &+= 1
    beginnings.append((number, slots))
    if beginnings.count > Self.mostWalks { beginnings.removeFirst() }
    return number
  }

  func beginning(of walk: UInt8) -> SlotOwnership? {
    beginnings.last { $0.walk == walk }?.slots
  }

  mutating func end(_ walk: UInt8) {
    beginnings.removeAll { $0.walk == walk }
  }
}
