import CacheModel

/// The Stats screen: which stretch of time is shown, where it is read, which panel has the focus.
extension ExplorerState {
  mutating func lookAtStats(_ action: Action) {
    switch action {
    case .zoomIn: stepWindow(by: -1)
    case .zoomOut: stepWindow(by: 1)
    case .earlier: moveTimeCursor(by: -1)
    case .later: moveTimeCursor(by: 1)
    case .enlarge: stats.isEnlarged.toggle()
    default: break
    }
  }

  private mutating func stepWindow(by step: Int) {
    let all = StatsWindow.allCases
    let place = (all.firstIndex(of: stats.window) ?? 0) + step
    guard all.indices.contains(place) else { return }
    stats.chosenWindow = all[place]
  }

  // MARK: Time

  /// The cursor goes a column further; beyond an edge the graphs scroll, as far as there is a history.
  private mutating func moveTimeCursor(by columns: Int64) {
    guard let end = stats.end, let newest = stats.history.newest,
      let oldest = stats.history.oldest
    else { return }
    let step = stats.columnStep
    let before = stats.cursor ?? (columns < 0 ? end : newest)
    let next = min(newest, max(oldest, before.advanced(by: columns * step)))
    stats.cursor = next
    let start = end.advanced(by: -stats.window.milliseconds)
    if next < start.advanced(by: step), start > oldest {
      scrollGraphs(to: end.advanced(by: -stats.window.milliseconds / 4))
    } else if next > end {
      scrollGraphs(to: end.advanced(by: stats.window.milliseconds / 4))
    } else if columns > 0, next == newest {
      stats.cursor = nil
    }
  }

  /// Shows what ends at a time; at the newest the graphs follow the present again.
  private mutating func scrollGraphs(to end: Moment) {
    guard let newest = stats.history.newest, let oldest = stats.history.oldest else { return }
    let first = min(newest, oldest.advanced(by: stats.window.milliseconds))
    let end = max(first, end)
    stats.pinnedEnd = end < newest || isPaused ? min(end, newest) : nil
  }

  /// While live updates are paused the graphs stand still.
  mutating func holdGraphs() {
    stats.pinnedEnd = isPaused ? stats.pinnedEnd ?? stats.history.newest : nil
    if !isPaused { stats.cursor = nil }
  }

  /// A click in a graph reads it there; another one at the same place no longer does.
  mutating func choose(time: Moment, in panel: StatsPanel) {
    guard !isCovered, screen == .stats else { return }
    focus(on: panel)
    guard let newest = stats.history.newest, let oldest = stats.history.oldest else { return }
    stats.cursor = stats.cursor == time ? nil : min(newest, max(oldest, time))
  }

  /// Esc: from the cursor, the past and the enlarged graph back to all graphs now.
  mutating func leaveStatsView() {
    if stats.cursor != nil || stats.pinnedEnd != nil && !isPaused {
      stats.cursor = nil
      if !isPaused { stats.pinnedEnd = nil }
    } else {
      stats.isEnlarged = false
    }
  }

  // MARK: Panels

  mutating func focusPanel(by step: Int) {
    let all = StatsPanel.allCases
    let place = all.firstIndex(of: stats.focus) ?? 0
    focus(on: all[(place + step + all.count) % all.count])
  }

  mutating func focus(on panel: StatsPanel) {
    stats.focus = panel
    if panel != .lookups { stats.lower = panel }
  }

  /// Up and down go through the commands; a page is half of the stretch that is shown.
  mutating func moveInStats(_ action: Action) {
    guard screen == .stats else { return }
    let page = max(1, stats.commandFit.height - 1)
    let half = stats.window.milliseconds / 2
    switch action {
    case .moveUp: scrollCommands(by: -1)
    case .moveDown: scrollCommands(by: 1)
    case .halfPageUp: scrollCommands(by: -page)
    case .halfPageDown: scrollCommands(by: page)
    case .pageUp: if let end = stats.end { scrollGraphs(to: end.advanced(by: -half)) }
    case .pageDown: if let end = stats.end { scrollGraphs(to: end.advanced(by: half)) }
    case .moveToFirst:
      if let oldest = stats.history.oldest { scrollGraphs(to: oldest) }
    case .moveToLast:
      stats.cursor = nil
      if let newest = stats.history.newest { scrollGraphs(to: newest) }
    default: break
    }
  }

  mutating func scrollCommands(by rows: Int) {
    guard screen == .stats else { return }
    let last = max(0, stats.commandFit.count - stats.commandFit.height)
    stats.commandTop = max(0, min(last, stats.commandTop + rows))
  }

  mutating func sortCommands(_ action: Action) {
    if action == .reverseSort {
      stats.commandOrder.isReversed.toggle()
    } else {
      let all = CommandOrder.Field.allCases
      let place = all.firstIndex(of: stats.commandOrder.field) ?? 0
      stats.commandOrder = CommandOrder(field: all[(place + 1) % all.count])
    }
    stats.commandTop = 0
  }

  /// A click on a head of the table: sort by it, or the other way round.
  mutating func sortCommands(by field: CommandOrder.Field) {
    guard !isCovered, screen == .stats else { return }
    if stats.commandOrder.field == field {
      stats.commandOrder.isReversed.toggle()
    } else {
      stats.commandOrder = CommandOrder(field: field)
    }
    stats.commandTop = 0
  }

  mutating func take(statsShown presentation: Presentation) {
    if presentation.columnStep > 0 { stats.columnStep = presentation.columnStep }
    guard let fit = presentation.commands else { return }
    stats.commandFit = fit
    stats.commandTop = max(0, min(stats.commandTop, fit.count - fit.height))
  }
}
