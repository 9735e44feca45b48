package import CacheModel

/// What has happened to one key since it is watched, as far as it was seen: it is read twice a
/// second, and at once when the source tells of a change, so that what comes and goes in between is
/// not seen; of a large value only the beginning and the length are compared.
///
/// A deletion that was made here is waited for: the key is asked for every 50 ms for five seconds,
/// four times a second until half a minute, and twice a second from then on, and the time until it is
/// there again is told. What is measured is from the answer to the deletion to the first answer with a
/// value: as exact as the pause between two looks, and the way to the source and back.
package struct WatchState: Sendable, Equatable {
  package let key: CacheKey
  package private(set) var log = WatchLog()
  var request: RequestID?
  var askedAt: Moment?
  private var last: Sighting?
  /// The value before the key went, and when that was.
  private var lost: Loss?
  private var failure: String?
  private var trial: ReturnTrial?

  /// What of the value is compared.
  package static let bound = ValueBound(bytes: 32 << 10, elements: 200)
  /// Milliseconds between two looks.
  static let interval: Int64 = 500

  package init(_ key: CacheKey) {
    self.key = key
  }

  /// What a look saw.
  private struct Sighting: Equatable {
    var page: ValuePage?
    /// When it will expire, by the clock of `Moment`.
    var deadline: Moment?
  }

  private struct Loss: Equatable {
    var page: ValuePage
    var at: Moment
  }

  /// A deletion whose end is waited for: the number of its line.
  private struct ReturnTrial: Equatable {
    var deletedAt: Moment
    var line: Int
  }

  /// Milliseconds until the next look, counted from the last.
  func pause(at now: Moment) -> Int64 {
    guard let trial else { return Self.interval }
    switch now.milliseconds(since: trial.deletedAt) {
    case ..<5000: return 50
    case ..<30_000: return 250
    default: return Self.interval
    }
  }

  /// Whether it looks so often that the program must not wait for its usual beat.
  var isWaiting: Bool { trial != nil }

  // MARK: Deleting

  /// The person deleted the key: its time is taken from now on. What was asked before that is no
  /// longer of interest. `clock` is the time of day to the millisecond.
  mutating func beginTrial(at now: Moment, time: WallTime, clock: String) {
    request = nil
    askedAt = nil
    if let page = last?.page { lost = Loss(page: page, at: now) }
    last = Sighting(page: nil, deadline: nil)
    var line = WatchLine(at: time, "deleted at \(clock)", .warning)
    line.before = lost?.page
    line.waitsSince = now
    log.insert(line)
    trial = ReturnTrial(deletedAt: now, line: log.count)
  }

  /// What comes now is no longer the answer to the deletion: it is being taken back.
  mutating func endTrial() {
    guard let trial else { return }
    log.change(trial.line) { line in
      line.waitsSince = nil
      line.title += " · taken back"
    }
    self.trial = nil
  }

  // MARK: Looking

  mutating func see(_ page: ValuePage?, at now: Moment, time: WallTime) {
    request = nil
    failure = nil
    let sighting = Sighting(
      page: page, deadline: page?.lifetime?.ttl.map { now.advanced(by: $0.milliseconds) })
    let before = last
    last = sighting
    guard let page else { return miss(before, at: now, time) }
    guard let before else {
      var line = WatchLine(at: time, "watched: \(WatchText.state(page))", .muted)
      line.after = page
      return log.insert(line)
    }
    guard let old = before.page else { return comeBack(page, at: now, time) }
    guard !compare(old, page, time: time),
      let change = lifeChange(from: before, to: sighting, at: now)
    else { return }
    log.insert(WatchLine(at: time, change, .plain))
  }

  mutating func fail(_ sentence: String, time: WallTime) {
    request = nil
    guard failure != sentence else { return }
    failure = sentence
    log.insert(WatchLine(at: time, sentence, .warning))
  }

  private mutating func miss(_ before: Sighting?, at now: Moment, _ time: WallTime) {
    guard let before else {
      return log.insert(
        WatchLine(at: time, "there is no such key: it shows when it comes", .muted))
    }
    guard let page = before.page else { return }
    lost = Loss(page: page, at: now)
    let isOver = before.deadline.map { $0 <= now.advanced(by: Self.interval) } ?? false
    var line = WatchLine(at: time, isOver ? "expired" : "deleted", .warning)
    line.before = page
    log.insert(line)
  }

  private mutating func comeBack(_ page: ValuePage, at now: Moment, _ time: WallTime) {
    var title = "came"
    if let since = trial?.deletedAt ?? lost?.at {
      title = "came back after \(WatchText.duration(now.milliseconds(since: since)))"
    }
    if let trial {
      log.change(trial.line) { line in
        line.waitsSince = nil
        line.tone = .plain
        line.title += " · \(title)"
      }
    }
    trial = nil
    var line = WatchLine(
      at: time, "\(title.replacing("came back", with: "back")): \(WatchText.state(page))", .good)
    line.after = page
    if let old = lost?.page {
      line.before = old
      line.compare(old, page)
    }
    log.insert(line)
  }

  /// Whether the value is another one.
  private mutating func compare(_ old: ValuePage, _ page: ValuePage, time: WallTime) -> Bool {
    let isOtherKind = old.kind != page.kind
    guard isOtherKind || old.content != page.content || old.totalLength != page.totalLength else {
      return false
    }
    guard isOtherKind || !ValueDifference(from: old, to: page).isEmpty else { return false }
    let state = WatchText.state(page)
    let title =
      isOtherKind
      ? "became a \(page.kind.redisName): \(state)"
      : old.totalLength == page.totalLength ? state : "\(old.totalLength.grouped) → \(state)"
    var line = WatchLine(at: time, title, .good)
    line.compare(old, page)
    line.before = old
    line.after = page
    log.insert(line)
    return true
  }

  private func lifeChange(from old: Sighting, to new: Sighting, at now: Moment) -> String? {
    switch (old.deadline, new.deadline) {
    case (nil, nil): return nil
    case (nil, let deadline?):
      return "TTL set: \(WatchText.clock(deadline.milliseconds(since: now)))"
    case (_?, nil): return new.page?.lifetime == .unlimited ? "TTL removed" : nil
    case (let before?, let after?):
      // Round trips make a deadline jitter.
      guard abs(after.milliseconds(since: before)) > 250 else { return nil }
      return "TTL: \(WatchText.clock(before.milliseconds(since: now))) → "
        + WatchText.clock(after.milliseconds(since: now))
    }
  }
}
