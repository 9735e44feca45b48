import CacheModel

/// Keeping the list true: the walk over the keyspace, the round of asking again for what is in view.
///
/// The walk asks for names alone; what is asked about them follows in `Update+Describing`. Once a
/// second the rows in view are asked again, with others in turn while other clients are at work: as
/// many as cost a tenth of what those send, so that two explorers do not keep each other busy. A key
/// that a walk did not report is asked for before it is said to have gone.
extension ExplorerState {
  /// A walk over so few keys costs the server next to nothing, however long it took; after a longer
  /// one the pause is a hundred times as long as the walk, but no more than ten minutes.
  static let shortWalk = 20_000
  static let longestRest: Int64 = 600_000
  static let refreshBatch = 200
  /// Commands of others for which one key may be asked about again: a tenth of them, as a key takes
  /// four.
  static let commandsOfOthersPerKey = 40.0
  static let pollInterval: Int64 = 1000
  /// The same while the source says that nobody else is at work.
  static let quietPollInterval: Int64 = 5000

  mutating func tick() -> [Effect] {
    fade()
    keys.settle(at: now)
    countExpiryIfDue()
    askNextQuestion()
    if let message, now.milliseconds(since: message.shownAt) > 8000 { self.message = nil }
    guard source.description != nil else { return openIfDue() }
    guard case .connected = source.connection else {
      showNoOtherValue()
      return []
    }
    guard !isPaused else {
      return sampleIfDue() + askAboutPlan() + lookAtWatched() + lookBelowPrefix()
    }
    judgeAgainIfDue()
    return sampleIfDue() + walkIfDue() + describeQueued() + judgeQueued() + pollIfDue()
      + askAboutPlan() + readPreviewIfDue() + labelIfDue() + listTagsIfDue() + lookAtWatched()
      + lookBelowPrefix() + lookAtSent() + followIfDue()
  }

  /// Does one slice of the work that is left (`hasPendingWork`).
  mutating func advance() -> [Effect] {
    if keys.hasPendingWork { keys.advance() }
    advanceExpiry()
    takeSpreading()
    tellMarks()
    takePlanned()
    let walking = goOnWalking()
    guard keys.gathered != nil, let action = work.gatheringFor else { return walking }
    keys.place(at: now)
    return walking + resume(action)
  }

  mutating func walkIfDue() -> [Effect] {
    guard keys.walk.request == nil, keys.walk.isDue else { return [] }
    if let finished = keys.walk.finishedAt {
      let isShort = keys.walk.reported <= Self.shortWalk
      let rest = isShort ? Self.pollInterval : min(Self.longestRest, keys.walk.duration * 100)
      guard now.milliseconds(since: finished) >= rest else { return [] }
    }
    let request = newRequest()
    keys.walk.request = request
    keys.walk.generation &+= 1
    keys.walk.startedAt = now
    keys.walk.reported = 0
    keys.walk.isDue = false
    return [.scan(request, from: .start, under: [], count: keys.walk.pageSize)]
  }

  mutating func take(page: ScanPage, of request: RequestID) -> [Effect] {
    if keys.walk.folder?.request == request { return take(folderPage: page) }
    guard keys.walk.request == request else { return [] }
    keys.walk.failure = nil
    expectKeys()
    keys.walk.reported += page.keys.count
    keys.walk.choosePageSize(after: page.keys)
    for key in page.keys { notice(key) }
    thinOutIfFull()
    guard let next = page.next else {
      finishWalk()
      return describeQueued()
    }
    let following = newRequest()
    keys.walk.request = following
    keys.walk.heldBack = next
    return goOnWalking() + describeQueued()
  }

  /// The next page, unless room has to be made for it first.
  private mutating func goOnWalking() -> [Effect] {
    guard let next = keys.walk.heldBack, let request = keys.walk.request, !keys.isThinningOut else {
      return []
    }
    keys.walk.heldBack = nil
    return [.scan(request, from: next, under: [], count: keys.walk.pageSize)]
  }

  private mutating func take(folderPage page: ScanPage) -> [Effect] {
    keys.walk.choosePageSize(after: page.keys)
    for key in page.keys { notice(key) }
    thinOutIfFull()
    keys.walk.folder?.found += page.keys.count
    guard let next = page.next else {
      finishFolderWalk()
      return describeQueued()
    }
    let following = newRequest()
    keys.walk.folder?.request = following
    let prefix = keys.walk.folder?.prefix ?? []
    return [.scan(following, from: next, under: prefix, count: keys.walk.pageSize)]
  }

  private mutating func finishFolderWalk() {
    guard let walk = keys.walk.folder else { return }
    keys.walk.folder = nil
    if let folder = keys.tree.folder(withPrefix: walk.prefix) {
      keys.questions.round = FigureQuestions.Round(
        end: keys.index.slotCount, folder: folder.number)
    }
    say("\(walk.found.counted("key")) loaded again below \(nameForMessage(CacheKey(walk.prefix)))")
  }

  /// A key has been reported by a walk, or made by the person (`isOwn`). Where not all keys fit, only
  /// those of the sample are taken in.
  mutating func notice(_ key: CacheKey, isOwn: Bool = false) {
    guard isOwn || keys.sampling.keeps(key.bytes[...]) || keys.index.slot(of: key) != nil else {
      return
    }
    let (slot, isNew) = keys.insert(key)
    keys.index[generation: slot] = keys.walk.generation
    let isBack = keys.index[fate: slot].goneSince != nil
    guard isNew || isBack else { return }
    if isBack {
      keys.fadingCount -= 1
      keys.index[fate: slot] = .present
    }
    guard keys.walk.hasCompleted else { return }
    noteAppearance(key)
    keys.index[fate: slot] = .appeared(now)
    keys.appeared.append((slot, now))
    keys.urgent.append(key)
  }

  /// As many keys as the source has told, of those that stay loaded.
  private mutating func expectKeys() {
    guard source.glob == nil, let all = stats.history.latest?.keys else { return }
    let room = Int64(keys.bound.bytes / KeyIndex.usualBytes)
    keys.expect(Int(max(0, min(all >> Int64(keys.sampling.level), room))))
  }

  private static func sizeText(_ bytes: Int) -> String {
    bytes % (1 << 30) == 0 ? "\(bytes >> 30) GiB" : "\(bytes >> 20) MiB"
  }

  private mutating func thinOutIfFull() {
    guard keys.thinOutIfFull() else { return }
    let bound = Self.sizeText(keys.bound.bytes)
    say(
      "the keys do not fit into \(bound): 1 in \(keys.sampling.oneIn.grouped) stays loaded, counts "
        + "are estimates; --memory allows more", .warning)
  }

  private mutating func finishWalk() {
    keys.walk.request = nil
    keys.walk.finishedAt = now
    keys.walk.duration = keys.walk.startedAt.map { now.milliseconds(since: $0) } ?? 0
    if keys.walk.hasCompleted {
      keys.begin(KeySweep(purpose: .askUnreported(generation: keys.walk.generation)))
    }
    keys.walk.hasCompleted = true
    guard keys.isRoomy else { return }
    keys.sampling.double()
    keys.walk.isDue = true
  }

  /// Asks again for the rows in view, at once when one of them should have expired by now.
  mutating func pollIfDue() -> [Effect] {
    guard keys.polling == nil else { return [] }
    let slots = keys.visible.compactMap { keys.index.slot(of: $0) }
    let isOverdue = slots.contains { slot in
      guard keys.index[fate: slot].goneSince == nil else { return false }
      if !keys.index[hasLifetime: slot] { return true }
      guard case .at(let deadline) = keys.index[figures: slot].expiry else { return false }
      return deadline <= now
    }
    let elapsed = keys.polledAt.map { now.milliseconds(since: $0) } ?? .max
    guard elapsed >= (isOverdue ? 50 : pollPause) else { return [] }
    let asksView = isViewDue || isOverdue && screen == .keys
    let batch = (asksView ? keys.visible : []) + othersToRefresh()
    keys.polledAt = now
    guard !batch.isEmpty else { return [] }
    let request = newRequest()
    keys.polling = request
    return [.describe(request, batch, keys.showsIdle ? .idleTimes : figuresInFull)]
  }

  private var pollPause: Int64 {
    let isQuiet = stats.history.latest?.commands != nil && !keys.isSourceActive
    return isQuiet ? Self.quietPollInterval : Self.pollInterval
  }

  /// Lets the slow round go on for what others have sent since the last sample; nil where the source
  /// does not tell.
  mutating func allowRefreshing(_ commandsOfOthers: Int64?) {
    let keysAllowed = commandsOfOthers.map { Double($0) / Self.commandsOfOthersPerKey } ?? 5
    keys.refreshAllowance = min(Double(Self.refreshBatch), keys.refreshAllowance + keysAllowed)
  }

  /// Some more keys in turn, while somebody else is changing things.
  private mutating func othersToRefresh() -> [CacheKey] {
    guard keys.isSourceActive, keys.index.withoutLifetime == 0, keys.index.count > 0 else {
      return []
    }
    if keys.refreshPosition >= keys.index.slotCount { keys.refreshPosition = 0 }
    let start = keys.refreshPosition
    let end = min(keys.index.slotCount, start + Int(keys.refreshAllowance))
    keys.refreshAllowance -= Double(end - start)
    keys.refreshPosition = end
    return (start..<end).map { KeyIndex.Slot(number: UInt32($0)) }
      .filter { keys.index.isLive($0) }.map { keys.index.key($0) }
  }

  /// Loads again: below the folder under the cursor, or else everything.
  mutating func refreshNow() -> [Effect] {
    if case .refused = source.connection { return tryLoginAgain() }
    if case .waiting = source.connection { return reconnectNow() }
    keys.polledAt = nil
    preview.readAt = nil
    stats.askedAt = nil
    if screen == .keys, focus == .list, let folder = keys.cursorFolder {
      return refresh(keys.tree.prefix(folder))
    }
    keys.walk.isDue = true
    keys.walk.finishedAt = nil
    keys.questions.round = FigureQuestions.Round(end: keys.index.slotCount)
    say("loading again")
    return []
  }

  private mutating func refresh(_ prefix: [UInt8]) -> [Effect] {
    guard case .connected = source.connection, source.description != nil else {
      say("not connected: nothing can be loaded now", .warning)
      return []
    }
    let request = newRequest()
    keys.walk.folder = WalkState.FolderWalk(request: request, prefix: prefix)
    say("loading \(nameForMessage(CacheKey(prefix))) again")
    return [.scan(request, from: .start, under: prefix, count: keys.walk.pageSize)]
  }
}
