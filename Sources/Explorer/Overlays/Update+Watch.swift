import CacheModel

/// Watching one key: an overlay that lists what happens to it, while it is open.
extension ExplorerState {
  mutating func openWatch() {
    guard let key = targetUnderCursor() else { return }
    show(Overlay(.watch(WatchState(key))))
  }

  /// The watch that is open, wherever it lies among the overlays.
  private var watchPlace: Int? {
    overlays.firstIndex { if case .watch = $0.kind { true } else { false } }
  }

  private mutating func withWatch<Result>(_ body: (inout WatchState) -> Result) -> Result? {
    guard let place = watchPlace, case .watch(var watch) = overlays[place].kind else { return nil }
    let result = body(&watch)
    overlays[place].kind = .watch(watch)
    return result
  }

  mutating func lookAtWatched() -> [Effect] {
    guard watchPlace != nil else { return [] }
    let (request, now) = (newRequest(), now)
    let key = withWatch { watch -> CacheKey? in
      let elapsed = watch.askedAt.map { now.milliseconds(since: $0) } ?? .max
      guard watch.request == nil, elapsed >= WatchState.interval else { return nil }
      watch.request = request
      watch.askedAt = now
      return watch.key
    }
    guard case .some(.some(let key)) = key else { return [] }
    return [.read(request, key, WatchState.bound)]
  }

  /// Whether the value was asked for by the watch.
  mutating func takeWatched(_ page: ValuePage?, of request: RequestID) -> Bool {
    let (now, time) = (now, wallNow)
    return withWatch { watch in
      guard watch.request == request else { return false }
      watch.see(page, at: now, time: time)
      return true
    } ?? false
  }

  mutating func takeWatchFailure(_ error: BackendError, of request: RequestID) -> Bool {
    let time = wallNow
    return withWatch { watch in
      guard watch.request == request else { return false }
      watch.fail(error.sentence, time: time)
      return true
    } ?? false
  }

  /// The connection broke: the question under way will not be answered.
  mutating func forgetWatchQuestion() {
    _ = withWatch { $0.request = nil }
  }

  func watchRows(_ watch: WatchState) -> [OverlayRow] {
    watch.lines.map { OverlayRow(.text(clockText($0.at)), $0.text, tone: $0.tone) }
  }
}
