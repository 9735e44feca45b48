import CacheModel

/// Counting what expires when, and spreading what expires together.
extension ExplorerState {
  /// Milliseconds between two counts at least; after a long one the pause is twenty times as long.
  private static let countPause: Int64 = 1000

  /// Whether slices of work are left to do.
  package var hasPendingWork: Bool { keys.hasPendingWork || expiry.isCounting }

  /// Begins a count when the screen is in view and the last one is old.
  mutating func countExpiryIfDue() {
    guard screen == .expiry, !isPaused, expiry.count == nil else { return }
    if let counted = expiry.countedAt {
      let pause = max(Self.countPause, expiry.duration * 20)
      guard now.milliseconds(since: counted) >= pause else { return }
    }
    expiry.count = ExpiryCount(keys, at: now)
    expiry.countBegan = now
    advanceExpiry()
  }

  /// Counts another slice.
  mutating func advanceExpiry() {
    guard expiry.count != nil else { return }
    guard expiry.count?.advance(keys, slots: ExpiryState.slice) == true else { return }
    let survey = expiry.count?.survey
    expiry.count = nil
    expiry.survey = survey
    expiry.spikes = survey?.spikes(at: now) ?? []
    expiry.duration = expiry.countBegan.map { now.milliseconds(since: $0) } ?? 0
    expiry.countedAt = now
  }

  mutating func lookAtExpiry(_ action: Action) {
    switch action {
    case .zoomIn: stepRange(by: -1)
    case .zoomOut: stepRange(by: 1)
    case .toggleScale: expiry.isLogarithmic.toggle()
    default: break
    }
  }

  private mutating func stepRange(by step: Int) {
    let all = ExpiryRange.allCases
    let place = (all.firstIndex(of: expiry.range) ?? 0) + step
    if all.indices.contains(place) { expiry.range = all[place] }
  }

  /// The next or the previous spike is the one that the remedy is for.
  mutating func moveInExpiry(_ action: Action) {
    let left = expiry.spikes.filter { $0.end > now }
    guard !left.isEmpty else { return }
    let chosen = expiry.chosenSpike(at: now).map { expiry.spikes[$0].start }
    let place = left.firstIndex { $0.start == chosen } ?? 0
    let next: Int
    switch action {
    case .moveUp: next = place - 1
    case .moveDown: next = place + 1
    case .moveToFirst: next = 0
    case .moveToLast: next = left.count - 1
    default: return
    }
    expiry.chosenStart = left[max(0, min(left.count - 1, next))].start
  }

  // MARK: The remedy

  /// Why the keys of a spike cannot be spread now; nil when they can.
  var reasonAgainstSpreading: String? {
    if screen != .expiry { return "this belongs to what expires: press 3" }
    if expiry.chosenSpike(at: now) == nil {
      return "nothing stands out: there is nothing to spread"
    }
    return keys.sampling.isWhole
      ? nil : "only 1 in \(keys.sampling.oneIn.grouped) keys is loaded: --memory allows more"
  }

  /// Marks the keys of the chosen spike alone; then their TTL is asked for.
  mutating func spreadSpike() {
    guard let place = expiry.chosenSpike(at: now) else { return }
    let spike = expiry.spikes[place]
    expiry.spreading = spike
    if keys.index.markedCount > 0 { keys.begin(KeySweep(purpose: .mark(false))) }
    var sweep = KeySweep(purpose: .markExpiring(spike.start..<spike.end))
    sweep.folder = spike.group.flatMap { expiry.survey?.groups[$0].folder } ?? 0
    keys.begin(sweep)
    takeSpreading()
  }

  /// Goes on when all keys of the spike are marked.
  mutating func takeSpreading() {
    guard let spike = expiry.spreading, !keys.isMarkingExpiring else { return }
    expiry.spreading = nil
    let count = keys.index.markedCount
    guard count > 1 else {
      return say("the keys of the spike have gone meanwhile: nothing was done", .warning)
    }
    let left = max(1, (spike.start.milliseconds(since: now) + 999) / 1000)
    askForTTL(.marks(count), proposing: "\(left)s~\(Self.proposedSpread)%")
  }

  /// Per cent that are proposed.
  private static let proposedSpread = 20
}

extension KeysState {
  /// Whether a sweep marks what expires at a time.
  fileprivate var isMarkingExpiring: Bool {
    sweeps.contains { sweep in
      if case .markExpiring = sweep.purpose { true } else { false }
    }
  }
}
