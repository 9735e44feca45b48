package import CacheModel

/// What has happened to one key since it is watched, as far as it was seen: it is read twice a
/// second, so that what comes and goes in between is not seen, and of a large value only the
/// beginning and the length are compared.
package struct WatchState: Sendable, Equatable {
  package let key: CacheKey
  /// Newest first, bounded.
  package private(set) var lines: [WatchLine] = []
  var request: RequestID?
  var askedAt: Moment?
  private var last: Sighting?
  private var failure: String?

  /// Milliseconds between two looks, and lines that are kept.
  static let interval: Int64 = 500
  static let lineLimit = 500
  /// What of the value is compared.
  static let bound = ValueBound(bytes: 4096, elements: 50)

  package init(_ key: CacheKey) {
    self.key = key
  }

  /// What a look saw.
  private struct Sighting: Equatable {
    var page: ValuePage?
    /// When it will expire, by the clock of `Moment`.
    var deadline: Moment?
  }

  mutating func see(_ page: ValuePage?, at now: Moment, time: WallTime) {
    request = nil
    failure = nil
    let sighting = Sighting(
      page: page, deadline: page?.lifetime?.ttl.map { now.advanced(by: $0.milliseconds) })
    defer { last = sighting }
    for (text, tone) in news(from: last, to: sighting, at: now) {
      lines.insert(WatchLine(at: time, text: text, tone: tone), at: 0)
    }
    if lines.count > Self.lineLimit { lines.removeLast(lines.count - Self.lineLimit) }
  }

  mutating func fail(_ sentence: String, time: WallTime) {
    request = nil
    guard failure != sentence else { return }
    failure = sentence
    lines.insert(WatchLine(at: time, text: sentence, tone: .warning), at: 0)
  }

  private typealias News = (String, OverlayRow.Tone)

  private func news(from old: Sighting?, to new: Sighting, at now: Moment) -> [News] {
    guard let page = new.page else {
      guard let old else { return [("there is no such key: it shows when it comes", .muted)] }
      guard old.page != nil else { return [] }
      let isOver = old.deadline.map { $0 <= now.advanced(by: Self.interval) } ?? false
      return [(isOver ? "expired" : "deleted", .warning)]
    }
    let state = WatchText.state(page)
    guard let old else { return [("watched from now on: \(state)\(WatchText.life(page))", .muted)] }
    guard let before = old.page else {
      return [("came back: \(state)\(WatchText.life(page))", .good)]
    }
    if before.kind != page.kind {
      return [("became a \(page.kind.redisName), was a \(before.kind.redisName): \(state)", .good)]
    }
    var news: [News] = []
    if before.content != page.content || before.totalLength != page.totalLength {
      news.append(("value: \(WatchText.size(before)) → \(state)", .good))
    }
    if let change = lifeChange(from: old, to: new, at: now) { news.append((change, .plain)) }
    return news
  }

  private func lifeChange(from old: Sighting, to new: Sighting, at now: Moment) -> String? {
    switch (old.deadline, new.deadline) {
    case (nil, nil): return nil
    case (nil, let deadline?):
      return "TTL set: \(WatchText.seconds(deadline.milliseconds(since: now)))"
    case (_?, nil): return new.page?.lifetime == .unlimited ? "TTL removed" : nil
    case (let before?, let after?):
      // Round trips make a deadline jitter.
      guard abs(after.milliseconds(since: before)) > 250 else { return nil }
      return "TTL: \(WatchText.seconds(before.milliseconds(since: now))) → "
        + WatchText.seconds(after.milliseconds(since: now))
    }
  }
}

package struct WatchLine: Sendable, Equatable {
  package var at: WallTime
  package var text: String
  package var tone: OverlayRow.Tone
}

/// The words for what was seen.
private enum WatchText {
  /// `46 bytes {"id":7}`, `3 fields city=Paris`.
  static func state(_ page: ValuePage) -> String {
    "\(size(page)) \(beginning(page.content))"
  }

  static func size(_ page: ValuePage) -> String {
    page.kind.parts(page.totalLength)
  }

  static func life(_ page: ValuePage) -> String {
    switch page.lifetime {
    case .remaining(let ttl): ", TTL \(seconds(ttl.milliseconds))"
    case .unlimited: ", no TTL"
    case nil: ""
    }
  }

  static func seconds(_ milliseconds: Int64) -> String {
    let tenths = max(0, milliseconds) / 100
    guard tenths < 600 else { return ExplorerState.durationText(milliseconds) }
    return "\(tenths / 10).\(tenths % 10) s"
  }

  private static func beginning(_ content: ValueContent) -> String {
    func text(_ bytes: [UInt8]) -> String { SpelledName.of(bytes, limit: 50) }
    switch content {
    case .string(let bytes): return text(Array(bytes.prefix(400)))
    case .hash(let fields):
      return fields.first.map { text($0.field) + " = " + text($0.value) } ?? ""
    case .list(_, let elements): return elements.first.map(text) ?? ""
    case .set(let members): return members.first.map(text) ?? ""
    case .sortedSet(let members):
      return members.first.map { text($0.member) + " " + ScoreText.of($0.score) } ?? ""
    case .unreadable: return ""
    }
  }
}
