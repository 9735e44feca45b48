import CacheModel
import Explorer
import TerminalCanvas

/// The line of tabs, the line of hints, the line of news.
extension Rendering {
  mutating func paintTabs(_ state: ExplorerState, in area: Area) {
    var column = area.column + 1
    for screen in Screen.allCases {
      let style =
        screen == state.screen ? Style(.focus, on: .plain, [.bold, .underline]) : .muted
      let text = "\(screen.rawValue) \(screen.title)"
      let width = frame.put(text, row: area.row, column: column, style: style)
      regions.append(
        Region(
          area: Area(row: area.row, column: column, rows: 1, columns: width),
          target: .action(screen.action)))
      column += width + 2
    }
    paintAccess(state, in: area)
  }

  private mutating func paintAccess(_ state: ExplorerState, in area: Area) {
    var right = area.endColumn - 1
    func putLeftwards(_ text: String, _ style: Style) {
      let width = DisplayWidth.of(text)
      right -= width
      frame.put(text, row: area.row, column: right, style: style)
      right -= 2
    }
    if state.access.allowsChanges {
      putLeftwards("READ-WRITE", .muted)
    } else {
      putLeftwards("READ-ONLY", Style(.good).bold())
    }
    regions.append(
      Region(
        area: Area(row: area.row, column: right + 2, rows: 1, columns: area.endColumn - right - 3),
        target: .action(.toggleReadOnly)))
    if state.source.isProduction { putLeftwards("PRODUCTION", Style(.critical).bold()) }
    if let redo = undoCount(.redo, state) { putLeftwards("redo \(redo.text)", .muted) }
    if let undo = undoCount(.undo, state) {
      putLeftwards("undo \(undo.text)", undo.isOfThisRun ? .text : .muted)
    }
    let marked = state.keys.index.markedCount
    if marked > 0 { putLeftwards("\(FigureFormat.grouped(marked)) marked", Style(.marked)) }
    guard let plan = state.work.plan, plan.isRunning, !state.isPlanOpen else { return }
    let end = right
    putLeftwards("plan \(Int(plan.run.share * 100)) %", Style(.accent).bold())
    regions.append(
      Region(
        area: Area(row: area.row, column: right + 2, rows: 1, columns: end - right - 2),
        target: .action(.showPlan)))
  }

  /// How many changes of this run can be taken back, or how many of earlier ones when there is none.
  private func undoCount(
    _ direction: UndoDirection, _ state: ExplorerState
  ) -> (text: String, isOfThisRun: Bool)? {
    let source = state.source.description?.identity
    let own = state.undo.countOfThisRun(direction, on: source)
    if direction == .undo, state.undoLiesBehindLoss {
      return ("\(state.undo.count(direction, on: source)) earlier", false)
    }
    if own > 0 { return ("\(own)", true) }
    let all = state.undo.count(direction, on: source)
    return all > 0 ? ("\(all) earlier", false) : nil
  }

  mutating func paintHints(_ state: ExplorerState, _ keymap: Keymap, in area: Area) {
    var column = area.column + 1
    for action in hintedActions(state) {
      let key = keymap.shownKey(for: action)
      let title = hintTitle(action, state)
      let width = DisplayWidth.of(key) + 1 + DisplayWidth.of(title)
      guard column + width < area.endColumn else { break }
      let isAvailable = isAvailable(action, state)
      let start = column
      column += frame.put(
        key, row: area.row, column: column, style: isAvailable ? Style(.accent) : .muted)
      column += 1
      column += frame.put(
        title, row: area.row, column: column, style: isAvailable ? .text : .muted)
      regions.append(
        Region(
          area: Area(row: area.row, column: start, rows: 1, columns: column - start),
          target: .action(action)))
      column += 2
    }
  }

  /// Whether a hinted action does something: in an overlay it is the overlay that decides.
  private func isAvailable(_ action: Action, _ state: ExplorerState) -> Bool {
    guard let overlay = state.overlay else {
      if action == .open, state.focus == .list { return canOpen(state) }
      return state.availability(of: action).isAvailable
    }
    switch action {
    case .undo, .redo: return state.availability(of: action).isAvailable
    case .nextMatch, .previousMatch: return overlay.search?.rows.isEmpty == false
    case .open: return !state.rows(of: overlay).isEmpty
    case .invalidateTag:
      return state.canInvalidateTag
    default: return true
    }
  }

  /// Whether enter does something in the list: there is a row, or a login to be given.
  private func canOpen(_ state: ExplorerState) -> Bool {
    state.keys.rowCount > 0 || state.source.connection.asksForPassword
  }

  private func hintTitle(_ action: Action, _ state: ExplorerState) -> String {
    if action == .open, let overlay = state.overlay { return openTitle(overlay.kind) }
    if action == .open, state.source.connection.asksForPassword { return "log in" }
    if action == .nextSortField, state.screen == .stats {
      return "sort: \(state.stats.commandOrder.field.title)"
    }
    if action == .nextSortField { return "sort: \(state.keys.order.field.title)" }
    if action == .undo, state.overlay == nil, state.asksBefore(.undo) { return "undo …" }
    if action == .toggleScale { return state.expiry.isLogarithmic ? "plain scale" : "log scale" }
    if action == .toggleView { return state.keys.isTree ? "list" : "tree" }
    if action == .open, state.screen == .keys, let folder = state.keys.cursorFolder {
      return state.keys.isUnfolded(folder) ? "go in" : "unfold"
    }
    if action == .unmask { return state.masksSecrets ? "unmask" : "mask" }
    if action == .quit, state.screen == .keys, state.focus == .value { return "back" }
    if state.screen == .stats, state.stats.isEnlarged {
      if action == .quit { return "back" }
      if action == .enlarge { return "all graphs" }
    }
    return action.descriptor.title
  }

  /// What enter does in an overlay.
  private func openTitle(_ kind: OverlayKind) -> String {
    switch kind {
    case .connections(.turnTo): "connect"
    case .connections(.copy): "copy there"
    case .tags: "show the keys"
    case .palette: "choose"
    default: "tell more"
    }
  }

  private func hintedActions(_ state: ExplorerState) -> [Action] {
    if state.prompt != nil { return [] }
    if let overlay = state.overlay { return hintedActions(of: overlay.kind) }
    let hasSecrets =
      state.screen == .keys && state.focus == .value && !state.preview.secrets.isEmpty
    return [.help, .palette] + (state.availability(of: .undo).isAvailable ? [.undo] : [])
      + (hasSecrets ? [.unmask] : []) + hintedActions(on: state.screen, in: state.focus)
  }

  private func hintedActions(on screen: Screen, in pane: Pane) -> [Action] {
    switch (screen, pane) {
    case (.stats, _):
      [
        .zoomIn, .zoomOut, .earlier, .later, .pause, .focusNext, .enlarge, .nextSortField,
        .showKeys, .quit,
      ]
    case (.expiry, _):
      [.zoomIn, .zoomOut, .toggleScale, .spreadTTLs, .moveUp, .moveDown, .pause, .showKeys, .quit]
    case (.keys, .value):
      [
        .back, .edit, .editExternally, .add, .delete, .find, .decodeAs, .copyValue, .setTTL,
        .watchKey, .quit,
      ]
    case (.keys, .list):
      [
        .open, .find, .edit, .setTTL, .expire, .delete, .quit, .mark, .add, .nextSortField,
        .toggleView, .persist, .flush, .pause, .showStats,
      ]
    }
  }

  private func hintedActions(of kind: OverlayKind) -> [Action] {
    switch kind {
    case .plan: []
    case .help: [.moveUp, .moveDown, .find, .nextMatch, .previousMatch, .back]
    case .details, .sent: [.moveUp, .moveDown, .back]
    case .watchPrefix: [.moveUp, .moveDown, .open, .watchKey, .delete, .undo, .back]
    case .watch: [.moveUp, .moveDown, .open, .delete, .undo, .back]
    case .palette, .connections: [.open, .back]
    case .tags: [.open, .invalidateTag, .back]
    case .journal: [.moveUp, .moveDown, .open, .undo, .redo, .find, .back]
    }
  }

  /// How many lines the news takes: a long sentence has the line of hints too, and a few of the
  /// screen's where that is not enough. What stands there all the time has one.
  func newsLines(_ state: ExplorerState, columns: Int) -> Int {
    guard state.prompt == nil, let news = news(state), news.style != .muted else { return 1 }
    // What goes on for long leaves the hints where they are.
    if case .waiting = state.source.connection, state.message == nil { return 1 }
    return min(wrapped(news.text, columns: columns - 2).count, 5)
  }

  mutating func paintNews(_ state: ExplorerState, in area: Area) {
    guard let news = news(state) else { return }
    var rest = area.inset(columns: 1)
    paint(
      wrapped(news.text, columns: rest.columns, lines: area.rows), style: news.style, in: &rest)
  }

  private func news(_ state: ExplorerState) -> (text: String, style: Style)? {
    if let message = state.message {
      let style: Style =
        switch message.tone {
        case .plain: .text
        case .good: Style(.good)
        case .warning: Style(.warn)
        case .failure: Style(.error)
        }
      return (message.text, style)
    }
    if let job = state.work.job {
      let progress =
        job.total > 1
        ? ": \(FigureFormat.grouped(job.done)) of \(FigureFormat.grouped(job.total))" : ""
      return ("… \(job.title)\(progress)", Style(.accent))
    }
    if let news = planNews(state) { return (news, Style(.accent)) }
    return standingNews(state)
  }

  /// What is so as long as it is so: trouble with the connection, a filter, how to connect.
  private func standingNews(_ state: ExplorerState) -> (String, Style)? {
    switch state.source.connection {
    case .refused(_, asksForPassword: true):
      return ("login refused: enter gives the password, c another source", Style(.error))
    case .refused(let reason, _):
      return ("\(reason) · r tries again, c chooses another source", Style(.error))
    case .waiting(let reason, _): return ("\(reason) · r tries now", Style(.error))
    case .busy:
      return ("the server takes commands and does not answer them: waiting", Style(.warn))
    case .connecting: return ("connecting to \(state.source.address) …", .muted)
    case .connected: break
    }
    if let failure = state.stats.failure, state.screen == .stats {
      return (failure.sentence, Style(.warn))
    }
    if let failure = state.keys.walk.failure { return (failure.sentence, Style(.warn)) }
    return state.source.hint.isEmpty ? nil : (state.source.hint, .muted)
  }
}

extension ConnectionState {
  /// Whether the source waits for a login.
  fileprivate var asksForPassword: Bool {
    if case .refused(_, asksForPassword: true) = self { true } else { false }
  }
}
