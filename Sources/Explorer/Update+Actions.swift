import CacheModel

extension ExplorerState {
  /// Does what one key stands for, or says why it cannot.
  mutating func perform(_ action: Action) -> [Effect] {
    if prompt != nil { return performInPrompt(action) }
    if overlay != nil { return performInOverlay(action) }
    if isTypedIntoNothing(action) { return [] }
    if action != .redraw { message = nil }
    keys.place(at: now)
    if case .disabled(let reason) = availability(of: action) {
      say("\(action.descriptor.title): \(reason)", .warning)
      if action.opensField { refusedAt = now }
      return []
    }
    return performAgain(action)
  }

  /// Whether somebody goes on typing into a field that was refused: letters that follow within a
  /// moment of each other mean no actions.
  private mutating func isTypedIntoNothing(_ action: Action) -> Bool {
    guard let refusedAt, now.milliseconds(since: refusedAt) < Prompt.guardTime,
      action.descriptor.group != .move, action != .cancel
    else {
      self.refusedAt = nil
      return false
    }
    self.refusedAt = now
    return true
  }

  /// Does an action that is known to be possible.
  mutating func performAgain(_ action: Action) -> [Effect] {
    performing = action
    return performAvailable(action)
  }

  private mutating func performAvailable(_ action: Action) -> [Effect] {
    switch action.descriptor.group {
    case .move: return move(action)
    case .change: return change(action)
    case .mark:
      action == .mark ? toggleMark() : toggleAllMarks()
      return []
    case .look, .program: return look(action)
    }
  }

  private mutating func look(_ action: Action) -> [Effect] {
    switch action {
    case .find where screen == .keys && focus == .value: openSearch()
    case .nextMatch: stepMatch(by: 1)
    case .previousMatch: stepMatch(by: -1)
    case .decodeAs: return chooseNextWay()
    case .unmask: toggleMasking()
    case .watchKey: openWatch()
    case .tags: return openTags()
    case .find: openFilter()
    case .nextSortField where screen == .stats, .reverseSort where screen == .stats:
      sortCommands(action)
    case .nextSortField: chooseNextSortField()
    case .reverseSort: sort(by: keys.order.field, isReversed: !keys.order.isReversed)
    case .toggleView: toggleView()
    case .refresh: return refreshNow()
    case .pause:
      isPaused.toggle()
      holdGraphs()
      say(isPaused ? "live updates paused: p goes on" : "live updates go on")
    case .zoomIn where screen == .expiry, .zoomOut where screen == .expiry, .toggleScale:
      lookAtExpiry(action)
    case .zoomIn, .zoomOut, .earlier, .later, .enlarge: lookAtStats(action)
    case .narrowList: split.step(by: -1)
    case .widenList: split.step(by: 1)
    case .showKeys: screen = .keys
    case .showStats: screen = .stats
    case .showExpiry: screen = .expiry
    case .help: show(Overlay(.help))
    case .palette: openPalette()
    case .journal: return openJournal()
    case .showPlan: showPlan()
    case .sentCommands: return openSent()
    case .connections: return openConnections(.turnTo)
    case .copyName: return copyNames()
    case .copyValue: return copyValue()
    case .toggleReadOnly: return toggleReadOnly()
    case .redraw: return [.redraw]
    case .suspend: return [.suspend]
    case .cancel: return cancel()
    case .quit: return leave()
    default: break
    }
    return []
  }

  private mutating func performInPrompt(_ action: Action) -> [Effect] {
    switch action {
    case .back, .cancel, .quit: closePrompt()
    case .focusNext where isFiltering: completeFilter(by: 1)
    case .focusPrevious where isFiltering: completeFilter(by: -1)
    case .focusNext, .moveDown: focusField(by: 1)
    case .focusPrevious, .moveUp: focusField(by: -1)
    case .redraw: return [.redraw]
    case .suspend: return [.suspend]
    case .showKeys, .showStats, .showExpiry:
      closePrompt()
      overlays.removeAll()
      return perform(action)
    default: break
    }
    return []
  }

  private mutating func leave() -> [Effect] {
    if screen == .keys, focus == .value {
      focus = .list
      return []
    }
    if screen == .stats, stats.isEnlarged {
      stats.isEnlarged = false
      return []
    }
    guard isChangeUnderWay, !work.leavesAfterJob else { return leaveEngine() }
    work.leavesAfterJob = true
    let rest = work.job == nil ? "batch of keys" : "key"
    say("leaving when the \(rest) under way is done; q again leaves at once", .warning)
    return cancelJob()
  }

  mutating func leaveIfWanted() -> [Effect] {
    work.leavesAfterJob && !isChangeUnderWay ? leaveEngine() : []
  }

  private mutating func cancel() -> [Effect] {
    if work.gatheringFor != nil {
      cancelGathering()
      say("cancelled: nothing was done", .warning)
      return []
    }
    if work.job == nil, work.plan?.isRunning == true {
      say("cancelling after the batch under way …", .warning)
      return cancelJob()
    }
    guard let job = work.job else { return leave() }
    say(
      job.total > 1 ? "cancelling after the key under way …" : "this cannot be stopped half-way",
      .warning)
    return cancelJob()
  }

  private mutating func cancelJob() -> [Effect] {
    stopPlan() + (work.job.map { [.cancel($0.request)] } ?? [])
  }

  private mutating func chooseNextSortField() {
    let all = SortField.allCases
    let place = all.firstIndex(of: keys.order.field) ?? 0
    sort(by: all[(place + 1) % all.count], isReversed: false)
  }

  private mutating func sort(by field: SortField, isReversed: Bool) {
    keys.order.field = field
    keys.order.isReversed = isReversed
    keys.rebuildOrder()
    keys.place(at: now)
    askForIdleTimes()
    if field == .idle, source.description?.countsLooks == true {
      say("on this server looking at a value counts as a use of its key", .plain)
    }
  }

  /// Sorts by a column, or the other way round when it is sorted by that already.
  mutating func sort(by field: SortField) -> [Effect] {
    guard !isCovered, screen == .keys else { return [] }
    sort(by: field, isReversed: keys.order.field == field ? !keys.order.isReversed : false)
    return []
  }

  private mutating func toggleReadOnly() -> [Effect] {
    switch access {
    case .readWrite:
      access = .readOnly
      say("read-only: no change is sent until ! allows it again", .good)
      return [.setReadOnly(true)]
    case .readOnly:
      let confirmation = Confirmation(
        title: "Allow changes again?",
        lines: ["Changes will be sent to \(source.address)."], held: .allowWriting, verb: "allow")
      openPrompt(.confirm(confirmation))
    case .readOnlyForGood:
      let reason =
        source.isReadOnlyByProfile
        ? "the profile \(source.profile) says so" : "start again without --read-only"
      say("read-only for this whole session: \(reason)", .warning)
    }
    return []
  }
}
