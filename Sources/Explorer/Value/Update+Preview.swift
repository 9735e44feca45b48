import CacheModel

/// The value beside the list follows the cursor; one question at a time, the latest cursor next.
extension ExplorerState {
  /// Milliseconds after which a value in view is read again although nothing says that it changed.
  static let rereadInterval: Int64 = 5000

  mutating func readPreviewIfDue() -> [Effect] {
    guard screen == .keys, preview.request == nil else { return [] }
    guard let slot = keys.cursor else {
      preview = PreviewState(emptyLike: preview)
      return []
    }
    let key = keys.index.key(slot)
    if preview.key != key { showNothing(of: key) }
    guard keys.index[fate: slot].goneSince == nil, isPreviewDue(slot) else { return [] }
    preview.figures = keys.index[figures: slot]
    return readPage()
  }

  /// Asks for the page that is to be in view.
  private mutating func readPage() -> [Effect] {
    guard let key = preview.key else { return [] }
    let request = newRequest()
    preview.request = request
    guard preview.position == .start else {
      return [.readPart(request, key, from: preview.position, valueBound)]
    }
    return [.read(request, key, preview.bound ?? valueBound)]
  }

  private mutating func showNothing(of key: CacheKey) {
    preview = PreviewState(of: key, inPaneOf: preview)
    if focus == .value, painted?.selectedKey != key { focus = .list }
  }

  /// While the source is away: the value that was read last stays beside its own key alone.
  mutating func showNoOtherValue() {
    guard screen == .keys, let key = keys.cursorKey else { return }
    if preview.key != key { showNothing(of: key) }
    guard preview.page == nil, case .waiting(let reason, _) = source.connection else { return }
    preview.phase = .failed(.connectionLost(reason: reason, outcomeUnknown: false))
  }

  private func isPreviewDue(_ slot: KeyIndex.Slot) -> Bool {
    guard let readAt = preview.readAt else { return true }
    let elapsed = now.milliseconds(since: readAt)
    if elapsed >= Self.rereadInterval { return true }
    let (old, new) = (preview.figures, keys.index[figures: slot])
    let differs = old?.bytes != new.bytes || old?.expiry != new.expiry
    return differs && elapsed >= 500
  }

  mutating func take(value page: ValuePage?, of request: RequestID) -> [Effect] {
    if work.pendingEdit?.request == request { return beginEdit(of: page) }
    if let asked = work.copyRequest, asked.request == request {
      work.copyRequest = nil
      return copy(page, of: asked)
    }
    if takeWatched(page, of: request) { return [] }
    guard preview.request == request else { return [] }
    preview.request = nil
    preview.readAt = now
    guard let slot = keys.cursor, keys.index.key(slot) == preview.key else {
      return readPreviewIfDue()
    }
    guard let page else {
      preview.phase = .gone
      markGone(slot)
      return []
    }
    return show(page)
  }

  private mutating func show(_ answer: ValuePage) -> [Effect] {
    var page = answer
    page.idleSeconds = nil
    // Where looking counts as a use, only the first look tells anything.
    let isTelling = preview.page == nil || source.description?.countsLooks == false
    if isTelling, let idle = answer.idleSeconds {
      if source.description?.countsLooks == true { preview.idleBefore = max(0, idle) }
      preview.usedBefore = now.advanced(by: -min(max(0, idle), 1 << 40) * 1000)
    }
    if page.content.count == 0, preview.position != .start { return turnToStart() }
    if isToBeWhole(page) {
      preview.bound = bound(whole: page.totalLength)
      return readPage()
    }
    preview.phase = .shown
    let isTurned = preview.isTurning
    preview.isTurning = false
    guard preview.page != page else { return [] }
    if preview.page?.kind != page.kind { preview.way = .found }
    let seen = preview.part
    preview.page = page
    if !preview.followPart() { sayPartHasGone() }
    preview.layOut()
    if isTurned {
      preview.top = 0
      preview.move(to: preview.landsAtEnd ? preview.rowCount - 1 : 0)
    } else {
      preview.move(to: preview.row)
      if seen != nil, seen != preview.part { preview.displacedAt = now }
    }
    preview.lookAgain()
    return []
  }

  private mutating func sayPartHasGone() {
    preview.displacedAt = now
    say("what was shown has gone from the value", .warning)
  }

  // MARK: Pages

  /// Enter in a value: lays the part under the cursor out, reads on at the end of a string.
  mutating func openInValue() -> [Effect] {
    if preview.unfold() { return [] }
    if preview.openPart() {
      say("esc goes back to the \(preview.page?.kind.redisName ?? "value")")
      return []
    }
    return preview.opened == nil ? turnPage(.pageDown) ?? [] : []
  }

  /// Goes on to the next page when the action leads out of this one; nil when it does not.
  mutating func turnPage(_ action: Action) -> [Effect]? {
    guard preview.phase == .shown, !preview.isTurning, preview.opened == nil,
      let page = preview.page
    else { return nil }
    switch action {
    case .moveDown, .pageDown, .halfPageDown:
      guard preview.isAtEnd, let next = page.next else { return nil }
      preview.trail.append(PagePlace(position: preview.position, passed: preview.passed))
      preview.passed += Int64(page.content.count)
      return turn(to: next, landsAtEnd: false)
    case .moveUp, .pageUp, .halfPageUp:
      guard preview.row == 0 else { return nil }
      guard let before = preview.trail.popLast() else { return turnBack(from: page) }
      preview.passed = before.passed
      return turn(to: before.position, landsAtEnd: true)
    case .moveToFirst: return preview.position == .start ? nil : turnToStart()
    case .moveToLast: return turnToEnd(of: page)
    default: return nil
    }
  }

  /// How many bytes or elements a page has, where the places of a value are counted; nil in a walk.
  private func pageSize(_ page: ValuePage) -> Int64? {
    switch page.content {
    case .string: Int64(valueBound.bytes)
    case .list, .sortedSet: Int64(valueBound.elements)
    case .hash, .set, .stream, .unreadable: nil
    }
  }

  /// The last page at once, where there is a way to it that does not lead through all the others.
  private mutating func turnToEnd(of page: ValuePage) -> [Effect]? {
    guard page.next != nil else { return nil }
    guard let size = pageSize(page) else {
      if preview.isAtEnd { say("there is no short way to its end: PgDn reads on", .warning) }
      return nil
    }
    let last = page.totalLength - size
    guard last > page.position.index else { return nil }
    preview.trail = []
    return turnTo(last, landsAtEnd: true)
  }

  /// The page before one that was jumped to.
  private mutating func turnBack(from page: ValuePage) -> [Effect]? {
    guard page.position.index > 0, let size = pageSize(page) else { return nil }
    return turnTo(max(0, page.position.index - size), landsAtEnd: true)
  }

  private mutating func turnTo(_ place: Int64, landsAtEnd: Bool) -> [Effect] {
    preview.passed = place
    return turn(to: place == 0 ? .start : .index(place), landsAtEnd: landsAtEnd)
  }

  private mutating func turnToStart() -> [Effect] {
    preview.trail = []
    preview.passed = 0
    return turn(to: .start, landsAtEnd: false)
  }

  private mutating func turn(to position: ValuePosition, landsAtEnd: Bool) -> [Effect] {
    preview.position = position
    preview.landsAtEnd = landsAtEnd
    preview.isTurning = true
    return readPage()
  }
}
