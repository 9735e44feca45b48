import CacheModel

/// Watching what happens below a prefix.
extension ExplorerState {
  /// Opens a watch of the folder under the cursor; its keys are collected first.
  mutating func openPrefixWatch() {
    guard let folder = folderUnderCursor() else { return }
    show(Overlay(.watchPrefix(PrefixWatch(keys.tree.prefix(folder)))))
    keys.watchTotal = keys.tree.figures(folder).count
    keys.begin(KeySweep(purpose: .collect(limit: PrefixWatch.limit), folder: folder.number))
    takeCollected()
  }

  /// Begins the watch when its keys are known.
  mutating func takeCollected() {
    guard let collected = keys.collected else { return }
    keys.collected = nil
    let (total, time) = (keys.watchTotal, wallNow)
    changePrefixWatch { watch in
      if watch.total == 0 { watch.begin(collected, of: total, time: time) }
    }
  }

  /// Lets the watch of a prefix that is open take something in; there is one at most.
  private mutating func changePrefixWatch(_ body: (inout PrefixWatch) -> Void) {
    for place in overlays.indices {
      guard case .watchPrefix(var watch) = overlays[place].kind else { continue }
      let count = watch.log.count
      body(&watch)
      overlays[place].kind = .watchPrefix(watch)
      overlays[place].list.grow(by: watch.log.count - count, to: watch.log.lines.count)
    }
  }

  mutating func noteAppearance(_ key: CacheKey) {
    guard !overlays.isEmpty else { return }
    let time = wallNow
    changePrefixWatch { $0.appear(key, at: time) }
  }

  mutating func lookBelowPrefix() -> [Effect] {
    guard !overlays.isEmpty else { return [] }
    takeCollected()
    var effects: [Effect] = []
    let (now, isTold, request) = (now, keys.isTold, RequestID(lastRequest + 1))
    changePrefixWatch { watch in
      let elapsed = watch.askedAt.map { now.milliseconds(since: $0) } ?? .max
      guard watch.request == nil, watch.isUrgent || elapsed >= PrefixWatch.interval else { return }
      let batch = watch.nextBatch(isTold: isTold, at: now)
      guard !batch.isEmpty else { return }
      watch.request = request
      watch.askedAt = now
      effects.append(.describe(request, batch, .sizes))
    }
    if !effects.isEmpty { lastRequest += 1 }
    return effects
  }

  /// Whether the figures were asked for by the watch.
  mutating func takeWatched(
    _ summaries: [KeySummary?], of names: [CacheKey], request: RequestID
  ) -> Bool {
    guard !overlays.isEmpty else { return false }
    let (now, time) = (now, wallNow)
    var isTaken = false
    changePrefixWatch { watch in
      guard watch.request == request else { return }
      watch.request = nil
      watch.see(names, summaries, at: now, time: time)
      isTaken = true
    }
    return isTaken
  }

  mutating func takePrefixFailure(_ error: BackendError, of request: RequestID) -> Bool {
    let time = wallNow
    var isTaken = false
    changePrefixWatch { watch in
      guard watch.request == request else { return }
      watch.fail(error.sentence, time: time)
      isTaken = true
    }
    return isTaken
  }

  mutating func forgetPrefixQuestion() {
    changePrefixWatch { $0.request = nil }
  }

  mutating func takeTold(_ names: [CacheKey]) {
    changePrefixWatch { $0.take(told: names) }
  }

  /// Keys that are followed besides those in view.
  var watchedNames: [CacheKey] {
    overlays.flatMap { overlay -> [CacheKey] in
      switch overlay.kind {
      case .watch(let watch): [watch.key]
      case .watchPrefix(let watch): watch.names
      default: []
      }
    }
  }

  /// The key of the line in focus.
  private var keyOfLine: CacheKey? {
    guard let overlay, case .watchPrefix(let watch) = overlay.kind,
      watch.log.lines.indices.contains(overlay.list.row)
    else { return nil }
    return watch.log.lines[overlay.list.row].key
  }

  /// Watches the key of the line in focus by itself, or deletes it and waits for it.
  mutating func watchKeyOfLine(deleting: Bool) -> [Effect] {
    guard let key = keyOfLine else { return [] }
    if deleting, let reason = reasonAgainstChanges(.delete) {
      say("\(Action.delete.descriptor.title): \(reason)", .warning)
      return []
    }
    show(Overlay(.watch(WatchState(key))))
    if deleting { askToDelete(watched: key) }
    return []
  }

  func prefixRows(_ watch: PrefixWatch) -> [OverlayRow] {
    watch.log.lines.map { line in
      guard let key = line.key else {
        return OverlayRow(.text(clockText(line.at)), line.title, tone: line.tone)
      }
      return OverlayRow(
        .text(clockText(line.at)), nameForMessage(key), line.title, tone: line.tone)
    }
  }
}
