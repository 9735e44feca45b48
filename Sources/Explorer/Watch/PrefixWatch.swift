import CacheModel

/// What has happened to the keys below a prefix since it is watched: which came, changed, expired,
/// were deleted.
///
/// The first thousand keys are followed. Those whose changes the source tells are asked for when it
/// does, those whose time has come then, and all of them in turn: some each half second where the
/// source tells, and enough for a round in two and a half seconds where it does not. Compared are
/// kind, memory and end of life: without being told, a value that is replaced by one of the same size
/// is not seen. New keys are those that the walk over all keys finds, at its pace.
package struct PrefixWatch: Sendable, Equatable {
  package let prefix: [UInt8]
  package private(set) var log = WatchLog()
  /// All keys below the prefix when the watch began.
  package private(set) var total = 0
  private var sightings: [CacheKey: Sighting] = [:]
  /// The keys that are followed, in the order in which they are asked for in turn.
  private(set) var names: [CacheKey] = []
  private var position = 0
  /// Keys that are to be asked for at once, and those of them that the source has told of.
  private var urgent: [CacheKey] = []
  private var told: Set<CacheKey> = []
  /// When the last change of a key was put in: what the source tells of it soon after is no news.
  private var changedAt: [CacheKey: Moment] = [:]
  private var failure: String?
  var request: RequestID?
  var askedAt: Moment?

  static let limit = 1000
  static let interval: Int64 = 500
  private static let portion = 200
  private static let toldPortion = 50

  package init(_ prefix: [UInt8]) {
    self.prefix = prefix
  }

  /// What was last seen of a key.
  private enum Sighting: Equatable {
    /// It was there when the watch began, or a walk has found it since.
    case known, new
    case present(KeySummary, deadline: Moment?)
    case gone(Moment)
  }

  /// How many of how many.
  package var scope: String {
    total > names.count
      ? "the first \(names.count.grouped) of \(total.grouped) keys"
      : names.count == 1 ? "1 key" : "\(names.count) keys"
  }

  // MARK: Names

  mutating func begin(_ keys: [CacheKey], of total: Int, time: WallTime) {
    names = Array(keys.prefix(Self.limit))
    self.total = max(total, names.count)
    for key in names { sightings[key] = .known }
    log.insert(WatchLine(at: time, "watched: \(scope), asked for in turn", .muted))
  }

  /// A walk has found a key that was not there.
  mutating func appear(_ key: CacheKey, at time: WallTime) {
    guard key.bytes.starts(with: prefix) else { return }
    if case .present = sightings[key] { return }
    if sightings[key] == nil {
      guard names.count < Self.limit || forgetOneThatWent() else {
        log.insert(WatchLine(at: time, "came; not followed, there are too many", .muted, key: key))
        return
      }
      names.append(key)
      sightings[key] = .new
    }
    urgent.append(key)
  }

  private mutating func forgetOneThatWent() -> Bool {
    let place = names.firstIndex { if case .gone = sightings[$0] { true } else { false } }
    guard let place else { return false }
    let name = names.remove(at: place)
    sightings[name] = nil
    changedAt[name] = nil
    return true
  }

  mutating func take(told keys: [CacheKey]) {
    for key in keys where sightings[key] != nil && told.insert(key).inserted { urgent.append(key) }
  }

  // MARK: Asking

  /// What is to be asked for now.
  mutating func nextBatch(isTold: Bool, at now: Moment) -> [CacheKey] {
    let due = Array(urgent.prefix(Self.portion))
    urgent.removeFirst(due.count)
    var batch = due + names.filter { isOverdue($0, at: now) }.prefix(Self.portion)
    if position >= names.count { position = 0 }
    let end = min(names.count, position + (isTold ? Self.toldPortion : Self.portion))
    batch += names[position..<end]
    position = end
    var seen: Set<CacheKey> = []
    return batch.filter { seen.insert($0).inserted }
  }

  /// Whether there is something that must not wait for its turn.
  var isUrgent: Bool { !urgent.isEmpty }

  private func isOverdue(_ key: CacheKey, at now: Moment) -> Bool {
    guard case .present(_, let deadline?) = sightings[key] else { return false }
    return deadline <= now
  }

  mutating func see(
    _ keys: [CacheKey], _ summaries: [KeySummary?], at now: Moment, time: WallTime
  ) {
    failure = nil
    for (key, summary) in zip(keys, summaries) {
      guard let before = sightings[key] else { continue }
      let isKnown = changedAt[key].map { now.milliseconds(since: $0) < 1000 } ?? false
      let wasTold = told.remove(key) != nil && !isKnown
      let deadline = summary?.lifetime?.ttl.map { now.advanced(by: $0.milliseconds) }
      if let summary {
        sightings[key] = .present(summary, deadline: deadline)
      } else if case .gone = before {
        continue
      } else {
        sightings[key] = .gone(now)
      }
      guard let (text, tone) = news(before, summary, deadline, wasTold, at: now) else { continue }
      changedAt[key] = now
      log.insert(WatchLine(at: time, text, tone, key: key))
    }
  }

  mutating func fail(_ sentence: String, time: WallTime) {
    request = nil
    guard failure != sentence else { return }
    failure = sentence
    log.insert(WatchLine(at: time, sentence, .warning))
  }

  // MARK: News

  private func news(
    _ before: Sighting, _ summary: KeySummary?, _ deadline: Moment?, _ wasTold: Bool, at now: Moment
  ) -> (String, OverlayRow.Tone)? {
    guard let summary else { return (Self.ending(of: before, at: now), .warning) }
    let state = Self.state(summary)
    switch before {
    case .known: return wasTold ? ("written: \(state)", .good) : nil
    case .new: return ("came: \(state)", .good)
    case .gone(let at):
      return ("came back after \(WatchText.duration(now.milliseconds(since: at))): \(state)", .good)
    case .present(let old, let end):
      if old.kind != summary.kind {
        return ("became a \(summary.kind?.redisName ?? "key"): \(state)", .good)
      }
      if old.bytes != summary.bytes {
        return ("\(old.bytes?.bytes.grouped ?? "?") → \(state)", .good)
      }
      if let change = Self.lifeChange(end, deadline, summary, at: now) { return (change, .plain) }
      return wasTold ? ("written, of the same size: \(state)", .good) : nil
    }
  }

  private static func ending(of before: Sighting, at now: Moment) -> String {
    guard case .present(_, let deadline?) = before else { return "deleted" }
    return deadline <= now.advanced(by: interval) ? "expired" : "deleted"
  }

  private static func state(_ summary: KeySummary) -> String {
    (summary.bytes.map { "\($0.bytes.grouped) bytes" } ?? summary.kind?.redisName ?? "a key")
      + WatchText.life(summary.lifetime)
  }

  private static func lifeChange(
    _ before: Moment?, _ after: Moment?, _ summary: KeySummary, at now: Moment
  ) -> String? {
    switch (before, after) {
    case (nil, nil): return nil
    case (nil, let deadline?):
      return "TTL set: \(WatchText.clock(deadline.milliseconds(since: now)))"
    case (_?, nil): return summary.lifetime == .unlimited ? "TTL removed" : nil
    case (let before?, let after?):
      guard abs(after.milliseconds(since: before)) > 250 else { return nil }
      return "TTL: \(WatchText.clock(before.milliseconds(since: now))) → "
        + WatchText.clock(after.milliseconds(since: now))
    }
  }
}
