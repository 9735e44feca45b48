import CacheModel

/// Keeping the list true: the walk over the keyspace, the figures of new keys, the round of asking
/// again for what is in view.
///
/// The walk asks for names alone. Figures of new keys are asked in batches behind it, two at a
/// time. Once a second the rows in view are asked again, with a few hundred others in turn while
/// other clients are at work. A key that a walk did not report is asked for before it is said to
/// have gone.
extension ExplorerState {
  static let walkPage = 1000
  static let describeBatch = 500
  /// A walk over so few keys costs the server next to nothing, however long it took; after a longer
  /// one the pause is ten times as long as the walk.
  static let shortWalk = 20_000
  static let refreshBatch = 200
  static let pollInterval: Int64 = 1000

  mutating func tick() -> [Effect] {
    fade()
    keys.place(at: now)
    askNextQuestion()
    if let message, now.milliseconds(since: message.shownAt) > 8000 { self.message = nil }
    guard source.description != nil else { return openIfDue() }
    guard case .connected = source.connection else { return [] }
    guard !isPaused else { return sampleIfDue() }
    return sampleIfDue() + walkIfDue() + describeQueued() + pollIfDue() + readPreviewIfDue()
      + lookAtWatched()
  }

  /// Keys that went leave the list when they have been shown as gone for a moment.
  private mutating func fade() {
    let faded = keys.fading.filter { slot in
      guard let since = keys.index[fate: slot].goneSince else { return true }
      return now.milliseconds(since: since) >= KeysState.fadeTime
    }
    keys.drop(faded, at: now)
  }

  mutating func walkIfDue() -> [Effect] {
    guard keys.walk.request == nil, keys.walk.isDue else { return [] }
    if let finished = keys.walk.finishedAt {
      let isShort = keys.walk.reported <= Self.shortWalk
      let rest = isShort ? Self.pollInterval : max(Self.pollInterval, keys.walk.duration * 10)
      guard now.milliseconds(since: finished) >= rest else { return [] }
    }
    let request = newRequest()
    keys.walk.request = request
    keys.walk.generation &+= 1
    keys.walk.startedAt = now
    keys.walk.reported = 0
    keys.walk.isDue = false
    return [.scan(request, from: .start, count: Self.walkPage)]
  }

  mutating func take(page: ScanPage, of request: RequestID) -> [Effect] {
    guard keys.walk.request == request else { return [] }
    keys.walk.failure = nil
    keys.walk.reported += page.keys.count
    for key in page.keys { notice(key) }
    guard let next = page.next else {
      finishWalk()
      return describeQueued()
    }
    let following = newRequest()
    keys.walk.request = following
    return [.scan(following, from: next, count: Self.walkPage)] + describeQueued()
  }

  /// A key has been reported by a walk, or made by the person.
  mutating func notice(_ key: CacheKey) {
    let (slot, isNew) = keys.index.insert(key)
    keys.index[generation: slot] = keys.walk.generation
    let isBack = keys.index[fate: slot].goneSince != nil
    guard isNew || isBack else { return }
    keys.fading.remove(slot)
    keys.index[fate: slot] = keys.walk.hasCompleted ? .appeared(now) : .present
    keys.unplaced.insert(slot)
    keys.undescribed.append(slot)
  }

  private mutating func finishWalk() {
    keys.walk.request = nil
    keys.walk.finishedAt = now
    keys.walk.duration = keys.walk.startedAt.map { now.milliseconds(since: $0) } ?? 0
    if keys.walk.hasCompleted {
      for slot in keys.index.slots
      where keys.index[generation: slot] != keys.walk.generation
        && keys.index[fate: slot].goneSince == nil
      {
        keys.undescribed.append(slot)
      }
    }
    keys.walk.hasCompleted = true
  }

  mutating func describeQueued() -> [Effect] {
    if let again = keys.describeAgainAt, again > now { return [] }
    var effects: [Effect] = []
    while keys.describing.count < 2, let names = nextToDescribe() {
      let request = newRequest()
      keys.describing[request] = names
      effects.append(.describe(request, names, .sizes))
    }
    return effects
  }

  private mutating func nextToDescribe() -> [CacheKey]? {
    if !keys.urgent.isEmpty {
      let batch = Array(keys.urgent.prefix(Self.describeBatch))
      keys.urgent.removeFirst(batch.count)
      return batch
    }
    while !keys.undescribed.isEmpty {
      let batch = keys.undescribed.prefix(Self.describeBatch)
      keys.undescribed.removeFirst(batch.count)
      let names = batch.filter { keys.index.isLive($0) }.map { keys.index.key($0) }
      if !names.isEmpty { return names }
    }
    return nil
  }

  /// Asks again for the rows in view, at once when one of them should have expired by now.
  mutating func pollIfDue() -> [Effect] {
    guard keys.polling == nil else { return [] }
    let slots = keys.visible.compactMap { keys.index.slot(of: $0) }
    let isOverdue = slots.contains { slot in
      guard keys.index[fate: slot].goneSince == nil else { return false }
      let figures = keys.index[figures: slot]
      if figures.describedAt == nil { return true }
      guard case .at(let deadline) = figures.expiry else { return false }
      return deadline <= now
    }
    let elapsed = keys.polledAt.map { now.milliseconds(since: $0) } ?? .max
    guard elapsed >= (isOverdue ? 50 : Self.pollInterval) else { return [] }
    let batch = (screen == .keys ? keys.visible : []) + othersToRefresh()
    keys.polledAt = now
    guard !batch.isEmpty else { return [] }
    let request = newRequest()
    keys.polling = request
    return [.describe(request, batch, .sizes)]
  }

  /// Some more keys in turn, while somebody else is changing things.
  private mutating func othersToRefresh() -> [CacheKey] {
    guard keys.isSourceActive, keys.undescribed.isEmpty else { return [] }
    let all = keys.order.slots
    guard !all.isEmpty else { return [] }
    let start = keys.refreshPosition % all.count
    let end = min(all.count, start + Self.refreshBatch)
    keys.refreshPosition = end
    return all[start..<end].map { keys.index.key($0) }
  }

  mutating func refreshNow() -> [Effect] {
    keys.walk.isDue = true
    keys.walk.finishedAt = nil
    keys.polledAt = nil
    preview.readAt = nil
    keys.undescribed = ArraySlice(keys.index.slots)
    stats.askedAt = nil
    say("loading again")
    return []
  }
}
