import CacheModel
import KeyQuery

/// What the filter has to know beyond what is loaded, and how far that has come.
///
/// The terms fall into two: what the index decides as soon as the figures are there, and what only
/// the source can tell of a key (its value, how often it is used). A key that passes everything that
/// is known so far and is not decided by it is put on a list: of those whose figures are to be asked,
/// once under a filter, or of those that the source is to judge. Values are read, and tags looked up,
/// only when the person has pressed enter. What was said of a key counts until the key is known to
/// have changed; then it is asked again, and the old word holds until the new one is there.
struct FilterQuestions: Sendable {
  /// The terms that the index decides, and those that it does not.
  private(set) var known = Query()
  private(set) var asked = Query()
  /// Keys that could not be decided yet.
  var undecidedCount = 0
  var toDescribe = SlotQueue()
  var toJudge = SlotQueue()
  /// What the source has said of keys that were put on the second list.
  var answers: [UInt32: Answer] = [:]
  /// The question to the source under way.
  var asking: (request: RequestID, slots: [UInt32])?
  var againAt: Moment?
  /// Keys that changed while the question about them was under way.
  var changedWhileAsked: Set<UInt32> = []
  /// The person wants values to be read and tags to be looked up.
  var isReadingAllowed = false
  /// What the names of tags in the filter mean; nil before they were looked up.
  var meanings: TagMeanings?
  /// The question for that under way.
  var lookingUp: RequestID?
  /// No key can be judged by the tags that were meant.
  var isRefused = false
  var judgedAgainAt: Moment?

  enum Answer: Sendable, Hashable {
    case waiting
    case told(Verdict)
    /// Told, and the key has changed since.
    case outdated(Verdict)
  }

  init() {}

  init(_ filter: Query) {
    (asked, known) = filter.split(by: [.frequency, .value, .codec, .framework, .tags])
  }

  /// Whether values would have to be read, or tags looked up, that the person has not asked for.
  var waitsForPerson: Bool {
    !isReadingAllowed && !asked.needs.isDisjoint(with: [.value, .codec, .framework, .tags])
  }

  var readsValues: Bool { !asked.needs.isDisjoint(with: .fromValue) }
}

/// Slots in the order in which they came.
struct SlotQueue: Sendable {
  private var slots: [UInt32] = []
  private var head = 0

  var count: Int { slots.count - head }

  mutating func append(_ slot: UInt32) {
    slots.append(slot)
  }

  mutating func popFirst() -> UInt32? {
    guard head < slots.count else { return nil }
    defer { head += 1 }
    if head > 4096, head * 2 > slots.count {
      slots.removeFirst(head)
      head = 0
    }
    return slots[head]
  }
}

extension KeysState {
  /// Keys of which it is not known yet whether they pass.
  package var undecidedCount: Int { filtering.undecidedCount }

  /// Whether more is still asked for the filter's sake.
  package var isAskingForFilter: Bool {
    filtering.toDescribe.count > 0 || filtering.asking != nil || filtering.lookingUp != nil
      || !questions.underWay.isEmpty
      || filtering.toJudge.count > 0 && !filtering.waitsForPerson && !filtering.isRefused
  }

  /// Keys whose values would be read when the person says so; nil when none need be.
  package var valuesToRead: Int? {
    filtering.waitsForPerson && filtering.readsValues ? filtering.toJudge.count : nil
  }

  /// Keys whose tags would be asked for when the person says so; nil when none need be.
  package var tagsToAsk: Int? {
    filtering.waitsForPerson && !filtering.readsValues ? filtering.toJudge.count : nil
  }

  /// Judges a key by what is known of it, and notes what else has to be asked.
  mutating func verdict(of slot: KeyIndex.Slot) -> Verdict {
    if filter.isByName { return filter.nameVerdict(index.name(slot)) }
    switch filtering.known.verdict(for: candidate(slot)) {
    case .fails: return .fails
    case .unknown:
      if !index[queued: slot] {
        index[queued: slot] = true
        filtering.toDescribe.append(slot.number)
      }
      return .unknown
    case .matches: return answer(for: slot)
    }
  }

  private func candidate(_ slot: KeyIndex.Slot) -> Candidate {
    let figures = index[figures: slot]
    var candidate = Candidate(index.name(slot))
    candidate.kind = index.kind(slot)
    candidate.bytes = figures.bytes
    candidate.idleMilliseconds = figures.lastUse.map { max(0, now.milliseconds(since: $0)) }
    candidate.lifetime =
      switch figures.expiry {
      case .unknown: nil
      case .never: .unlimited
      case .at(let deadline): .remaining(TTL(milliseconds: deadline.milliseconds(since: now)))
      }
    return candidate
  }

  private mutating func answer(for slot: KeyIndex.Slot) -> Verdict {
    if filtering.asked.isEmpty { return .matches }
    switch filtering.answers[slot.number] {
    case .told(let verdict), .outdated(let verdict): return verdict
    case .waiting: return .unknown
    case nil:
      filtering.answers[slot.number] = .waiting
      filtering.toJudge.append(slot.number)
      return .unknown
    }
  }

  /// Keeps the count of keys that are not decided.
  mutating func note(_ verdict: Verdict, of slot: KeyIndex.Slot) {
    let isUndecided = verdict == .unknown
    guard index[undecided: slot] != isUndecided else { return }
    index[undecided: slot] = isUndecided
    filtering.undecidedCount += isUndecided ? 1 : -1
  }

  /// Before the first test under a filter.
  mutating func clearVerdict(of slot: KeyIndex.Slot) {
    index[passes: slot] = false
    index[undecided: slot] = false
    index[queued: slot] = false
  }

  /// The key leaves.
  mutating func forgetQuestions(of slot: KeyIndex.Slot) {
    guard !filter.isEmpty, Int(slot.number) < listing.pass.testedTo else { return }
    note(.fails, of: slot)
    filtering.answers[slot.number] = nil
  }

  /// The key has changed: what was said of it is asked again, and counts until then.
  mutating func forgetAnswer(of slot: KeyIndex.Slot) {
    switch filtering.answers[slot.number] {
    case nil: break
    case .told(let verdict)?:
      filtering.answers[slot.number] = .outdated(verdict)
      filtering.toJudge.append(slot.number)
    case .waiting?, .outdated?:
      guard filtering.asking?.slots.contains(slot.number) == true else { return }
      filtering.changedWhileAsked.insert(slot.number)
    }
  }

  /// What the source said of a key; once more if the key has changed meanwhile.
  mutating func take(_ verdict: Verdict, of slot: KeyIndex.Slot) {
    let isOutdated = filtering.changedWhileAsked.contains(slot.number)
    filtering.answers[slot.number] = isOutdated ? .outdated(verdict) : .told(verdict)
    if isOutdated { filtering.toJudge.append(slot.number) }
    test(slot.number)
  }

  /// The next keys whose figures the filter needs.
  mutating func nextForFilter(count: Int) -> [CacheKey] {
    var names: [CacheKey] = []
    while names.count < count, let number = filtering.toDescribe.popFirst() {
      let slot = KeyIndex.Slot(number: number)
      if isOpen(slot) { names.append(index.key(slot)) }
    }
    return names
  }

  /// The next keys that the source is to judge.
  mutating func nextToJudge(count: Int) -> [KeyIndex.Slot] {
    var slots: [KeyIndex.Slot] = []
    while slots.count < count, let number = filtering.toJudge.popFirst() {
      let slot = KeyIndex.Slot(number: number)
      switch filtering.answers[number] {
      case .waiting? where isOpen(slot): slots.append(slot)
      case .outdated? where isThere(slot): slots.append(slot)
      default: continue
      }
    }
    return slots
  }

  private func isOpen(_ slot: KeyIndex.Slot) -> Bool {
    isThere(slot) && index[undecided: slot]
  }

  private func isThere(_ slot: KeyIndex.Slot) -> Bool {
    index.isLive(slot) && index[fate: slot].goneSince == nil
  }
}
