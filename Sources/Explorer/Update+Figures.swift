import CacheModel

/// What the source says of single keys.
extension ExplorerState {
  mutating func take(
    summaries: [KeySummary?], of names: [CacheKey], request: RequestID
  ) -> [Effect] {
    let isPoll = keys.polling == request
    guard isPoll || keys.describing.removeValue(forKey: request) != nil else { return [] }
    if isPoll { keys.polling = nil }
    for (key, summary) in zip(names, summaries) {
      guard let slot = keys.index.slot(of: key) else { continue }
      if let summary { apply(summary, to: slot) } else { markGone(slot) }
    }
    return describeQueued()
  }

  /// Takes over what is known now; the place in the list is checked later.
  mutating func apply(_ summary: KeySummary, to slot: KeyIndex.Slot) {
    let before = keys.index[figures: slot]
    if keys.index[fate: slot].goneSince != nil {
      keys.fading.remove(slot)
      keys.index[fate: slot] = .appeared(now)
    }
    var figures = before
    figures.bytes = summary.bytes ?? before.bytes
    figures.idleSeconds = summary.idleSeconds
    figures.describedAt = now
    figures.expiry = expiry(of: summary, before: before.expiry)
    if let ttl = figures.ttl(at: now) {
      if figures.firstTTL == nil || wasRenewed(from: before.expiry, to: figures.expiry) {
        figures.firstTTL = ttl
      }
    } else {
      figures.firstTTL = nil
    }
    keys.index[figures: slot] = figures
    let kindBefore = keys.index.kind(slot)
    if let kind = summary.kind, kind != kindBefore { keys.index.setKind(kind, slot) }
    let mayMove =
      switch keys.order.field {
      case .key: false
      case .ttl: figures.expiry != before.expiry
      case .size: figures.bytes != before.bytes
      case .kind: summary.kind != kindBefore
      }
    if mayMove { keys.unplaced.insert(slot) }
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
    keys.index[isMarked: slot] = false
    keys.fading.insert(slot)
    if preview.key == keys.index.key(slot) { preview.phase = .gone }
  }
}
