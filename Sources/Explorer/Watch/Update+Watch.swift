package import CacheModel

/// Watching: overlays that list what happens to a key while they are open.
extension ExplorerState {
  mutating func openWatch() {
    if keys.cursorFolder != nil { return openPrefixWatch() }
    guard let key = targetUnderCursor() else { return }
    show(Overlay(.watch(WatchState(key))))
  }

  /// Lets each watch of one key that is open take something in; its rows stay under the cursor.
  private mutating func changeWatches(_ body: (inout WatchState) -> Void) {
    for place in overlays.indices {
      guard case .watch(var watch) = overlays[place].kind else { continue }
      let count = watch.log.count
      body(&watch)
      overlays[place].kind = .watch(watch)
      overlays[place].list.grow(by: watch.log.count - count, to: watch.log.lines.count)
    }
  }

  /// The watch that is on top.
  private var watch: WatchState? {
    if case .watch(let watch) = overlay?.kind { watch } else { nil }
  }

  // MARK: Looking

  mutating func lookAtWatched() -> [Effect] {
    var effects: [Effect] = []
    let (now, isDeleting) = (now, isDeleting)
    var number = lastRequest
    changeWatches { watch in
      // What is seen while a deletion is under way is of before or after it: nobody knows.
      guard !isDeleting else { return watch.request = nil }
      let elapsed = watch.askedAt.map { now.milliseconds(since: $0) } ?? .max
      guard watch.request == nil, elapsed >= watch.pause(at: now) else { return }
      number += 1
      watch.request = RequestID(number)
      watch.askedAt = now
      effects.append(.read(RequestID(number), watch.key, WatchState.bound))
    }
    lastRequest = number
    return effects
  }

  private var isDeleting: Bool {
    work.job?.change == .delete
  }

  /// When the next look is due, where that is sooner than the beat of the program.
  package var nextLook: Moment? {
    guard case .connected = source.connection, !isDeleting else { return nil }
    return overlays.compactMap { overlay in
      guard case .watch(let watch) = overlay.kind, watch.isWaiting, watch.request == nil else {
        return nil
      }
      return watch.askedAt.map { $0.advanced(by: watch.pause(at: now)) } ?? now
    }.min()
  }

  /// Whether the value was asked for by a watch.
  mutating func takeWatched(_ page: ValuePage?, of request: RequestID) -> Bool {
    let (now, time) = (now, wallNow)
    var isTaken = false
    changeWatches { watch in
      guard watch.request == request else { return }
      watch.see(page, at: now, time: time)
      isTaken = true
    }
    return isTaken
  }

  mutating func takeWatchFailure(_ error: BackendError, of request: RequestID) -> Bool {
    let time = wallNow
    var isTaken = false
    changeWatches { watch in
      guard watch.request == request else { return }
      watch.fail(error.sentence, time: time)
      isTaken = true
    }
    return isTaken || takePrefixFailure(error, of: request)
  }

  /// The connection broke: the question under way will not be answered.
  mutating func forgetWatchQuestion() {
    changeWatches { $0.request = nil }
    forgetPrefixQuestion()
  }

  /// The source tells that keys have changed: those that are watched are looked at now.
  mutating func noteTold(_ names: [CacheKey]) {
    guard !overlays.isEmpty else { return }
    changeWatches { watch in
      if names.contains(watch.key) { watch.askedAt = nil }
    }
    takeTold(names)
  }

  // MARK: Deleting and waiting

  /// Opens a watch of the key under the cursor, and asks whether to delete it.
  mutating func openReturnTrial() {
    guard let key = targetUnderCursor() else { return }
    show(Overlay(.watch(WatchState(key))))
    askToDelete(watched: key)
  }

  mutating func askToDelete(watched key: CacheKey) {
    let title = "delete \(nameForMessage(key))"
    openPrompt(
      .confirm(
        Confirmation(
          title: "Delete \(nameForMessage(key)) and wait for it?",
          lines: [
            "Asked 20 times a second for 5 s, then 4 times.", undoLine(for: key),
          ], held: .change(.delete, key, title: title), verb: "delete")))
  }

  mutating func deleteInWatch() -> [Effect] {
    guard let watch else { return [] }
    if let reason = reasonAgainstChanges(.delete) {
      say("\(Action.delete.descriptor.title): \(reason)", .warning)
    } else {
      askToDelete(watched: watch.key)
    }
    return []
  }

  /// A key that is watched has been deleted here.
  mutating func noteDeletion(of key: CacheKey) {
    guard !overlays.isEmpty else { return }
    let (now, time, clock) = (now, wallNow, preciseClockText(wallNow))
    changeWatches { watch in
      if watch.key == key { watch.beginTrial(at: now, time: time, clock: clock) }
    }
  }

  mutating func undoInWatch() -> [Effect] {
    if case .disabled(let reason) = availability(of: .undo) {
      say("\(Action.undo.descriptor.title): \(reason)", .warning)
      return []
    }
    return startNext(.undo)
  }

  /// What is taken back may be what a trial waits for: it is over.
  mutating func endReturnTrials() {
    changeWatches { $0.endTrial() }
  }

  // MARK: Rows

  func watchRows(_ log: WatchLog) -> [OverlayRow] {
    log.lines.map { line in
      var title = line.title
      if let since = line.waitsSince {
        title += " · not back after \(WatchText.duration(now.milliseconds(since: since)))"
      }
      return OverlayRow(.text(clockText(line.at)), title, detail(of: line), tone: line.tone)
    }
  }

  private func detail(of line: WatchLine) -> String {
    if let difference = masksSecrets ? line.maskedDifference : line.difference {
      return difference.isEmpty ? "the same value as before" : difference.summary
    }
    return line.before == nil
      ? line.after.map { WatchText.beginning(of: $0, masksSecrets: masksSecrets) } ?? ""
      : ""
  }
}

extension OverlayList {
  /// New rows came at the top: the row in focus and what is in view stay, unless they are the first.
  mutating func grow(by added: Int, to total: Int) {
    guard added > 0 else { return }
    count = total
    if row > 0 { row = min(row + added, total - 1) }
    if top > 0 { top = min(top + added, max(0, total - height)) }
  }
}
