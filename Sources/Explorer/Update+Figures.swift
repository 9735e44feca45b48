import CacheModel

/// What the source says of single keys.
extension ExplorerState {
  /// How long a key that has just come stands out.
  package static let appearanceTime: Int64 = 1500
  /// Keys that leave the list in one tick, at most.
  private static let leavingAtOnce = 5000

  mutating func take(
    summaries: [KeySummary?], of names: [CacheKey], request: RequestID
  ) -> [Effect] {
    let isPoll = keys.polling == request
    let question = keys.questions.underWay.removeValue(forKey: request)
    let isWatched = takeWatched(summaries, of: names, request: request)
    let isPlanned = takePlanned(summaries, request: request)
    let isStrange = takeStrangers(summaries, of: names, request: request)
    guard isPoll || isWatched || isPlanned || isStrange || question != nil else { return [] }
    if isPoll { keys.polling = nil }
    let hasSizes = question?.detail.contains(.bytes) ?? true
    let slots = question?.slots ?? []
    for (place, (key, summary)) in zip(names, summaries).enumerated() {
      guard let slot = slot(of: key, perhapsIn: place < slots.count ? slots[place] : nil) else {
        continue
      }
      if let summary { apply(summary, to: slot, hasSizes: hasSizes) } else { markGone(slot) }
    }
    return describeQueued()
  }

  /// Where a key lies: mostly where it was when it was asked about, which needs no search.
  private func slot(of key: CacheKey, perhapsIn slot: KeyIndex.Slot?) -> KeyIndex.Slot? {
    if let slot, keys.index.holds(key, in: slot) { return slot }
    return keys.index.slot(of: key)
  }

  /// Takes over what is known now; the row moves to where it belongs.
  mutating func apply(_ summary: KeySummary, to slot: KeyIndex.Slot, hasSizes: Bool) {
    let before = keys.index[figures: slot]
    if hasChanged(summary, slot) { keys.forgetAnswer(of: slot) }
    if keys.index[fate: slot].goneSince != nil {
      keys.fadingCount -= 1
      keys.index[fate: slot] = .appeared(now)
      keys.appeared.append((slot, now))
    }
    var figures = before
    figures.bytes = summary.bytes ?? before.bytes
    if let idle = summary.idleSeconds { figures.lastUse = lastUse(idle, before: before.lastUse) }
    figures.expiry = expiry(of: summary, before: before.expiry)
    if let ttl = figures.ttl(at: now) {
      if figures.firstTTL == nil || wasRenewed(from: before.expiry, to: figures.expiry) {
        figures.firstTTL = ttl
      }
      if let life = keys.livesBefore[summary.key], isSame(life.expiry, figures.expiry) {
        figures.firstTTL = life.firstTTL
      }
    } else {
      figures.firstTTL = nil
    }
    keys.update(slot, figures, summary.kind)
    keys.index[hasLifetime: slot] = true
    if hasSizes { keys.index[hasSize: slot] = true }
  }

  /// Whether the figures tell that somebody has written the key since they were last told: it came
  /// back, or its kind, its size or the end of its life are others.
  private func hasChanged(_ summary: KeySummary, _ slot: KeyIndex.Slot) -> Bool {
    guard keys.index[hasLifetime: slot] else { return false }
    if keys.index[fate: slot].goneSince != nil { return true }
    let before = keys.index[figures: slot]
    if let kind = summary.kind, let known = keys.index.kind(slot), kind != known { return true }
    if let bytes = summary.bytes, let known = before.bytes, bytes != known { return true }
    return wasRenewed(from: before.expiry, to: expiry(of: summary, before: before.expiry))
  }

  /// Idle times are told in whole seconds: what differs by less than two is the same use.
  private func lastUse(_ idle: Int64, before: Moment?) -> Moment {
    let use = now.advanced(by: -min(max(0, idle), 1 << 40) * 1000)
    if let before, abs(use.milliseconds(since: before)) < 2000 { return before }
    return use
  }

  /// Deadlines that differ by less than the jitter of a round trip are the same.
  private func expiry(of summary: KeySummary, before: Expiry) -> Expiry {
    switch summary.lifetime {
    case nil: return .unknown
    case .unlimited: return .never
    case .remaining(let ttl):
      let deadline = now.advanced(by: ttl.milliseconds)
      if case .at(let old) = before, abs(deadline.milliseconds(since: old)) < 100 { return before }
      return .at(deadline)
    }
  }

  /// Remembers how long a life a key has, before it is changed here: taking the change back gives the
  /// key this life again, and its bar is measured by it as before.
  mutating func rememberLife(of key: CacheKey) {
    guard let slot = keys.index.slot(of: key), keys.livesBefore[key] == nil else { return }
    let figures = keys.index[figures: slot]
    guard let firstTTL = figures.firstTTL, case .at = figures.expiry else { return }
    if keys.livesBefore.count >= KeysState.livesKept { keys.livesBefore = [:] }
    keys.livesBefore[key] = KeysState.Life(firstTTL: firstTTL, expiry: figures.expiry)
  }

  private func isSame(_ one: Expiry, _ other: Expiry) -> Bool {
    guard case .at(let one) = one, case .at(let other) = other else { return false }
    return abs(one.milliseconds(since: other)) <= 1500
  }

  private func wasRenewed(from before: Expiry, to after: Expiry) -> Bool {
    guard case .at(let new) = after else { return false }
    guard case .at(let old) = before else { return true }
    return new.milliseconds(since: old) > 1500
  }

  /// The source no longer has this key: it fades.
  mutating func markGone(_ slot: KeyIndex.Slot) {
    guard keys.index.isLive(slot), keys.index[fate: slot].goneSince == nil else { return }
    var hasExpired = false
    if case .at(let deadline) = keys.index[figures: slot].expiry {
      hasExpired = deadline <= now.advanced(by: 1000)
    }
    keys.index[fate: slot] = hasExpired ? .expired(now) : .deleted(now)
    keys.mark(slot, false)
    keys.gone.append((slot, now))
    keys.fadingCount += 1
    if preview.key == keys.index.key(slot) { preview.phase = .gone }
  }

  /// Keys that went leave the list when they have been shown as gone for a moment; those that came
  /// no longer stand out.
  mutating func fade() {
    for _ in 0..<Self.leavingAtOnce {
      guard let (slot, since) = keys.gone.first,
        now.milliseconds(since: since) >= KeysState.fadeTime
      else { break }
      keys.gone.removeFirst()
      if keys.index.isLive(slot), keys.index[fate: slot].goneSince == since { keys.remove(slot) }
    }
    for _ in 0..<Self.leavingAtOnce {
      guard let (slot, since) = keys.appeared.first,
        now.milliseconds(since: since) >= Self.appearanceTime
      else { break }
      keys.appeared.removeFirst()
      let isStill = keys.index.isLive(slot) && keys.index[fate: slot] == .appeared(since)
      if isStill { keys.index[fate: slot] = .present }
    }
  }
}
