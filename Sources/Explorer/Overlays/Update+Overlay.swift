import CacheModel

/// Keys while an overlay is open: each overlay has its rows, and what enter does on one of them.
extension ExplorerState {
  /// The uppermost overlay.
  package var overlay: Overlay? {
    get { overlays.last }
    set {
      if !overlays.isEmpty { overlays.removeLast() }
      if let newValue { overlays.append(newValue) }
    }
  }

  /// Whether something lies over the screen and takes the keys.
  package var isCovered: Bool { prompt != nil || !overlays.isEmpty }

  mutating func show(_ overlay: Overlay) {
    var overlay = overlay
    overlay.list.count = rows(of: overlay).count
    overlays.append(overlay)
    message = nil
  }

  /// The rows of an overlay that lists something. The painter shows them, enter acts on them.
  package func rows(of overlay: Overlay) -> [OverlayRow] {
    switch overlay.kind {
    case .help, .plan: []
    case .palette: paletteEntries(overlay).map(row(of:))
    case .journal: journalRows(overlay)
    case .connections: connectionRows(overlay)
    case .tags: tagRows(overlay)
    case .sent(let sent): sentRows(sent)
    case .watch(let watch): watchRows(watch.log)
    case .watchPrefix(let watch): prefixRows(watch)
    case .details(_, let lines): lines
    }
  }

  /// The rows as they are before anything is typed to narrow them down.
  package func unfilteredRows(of overlay: Overlay) -> [OverlayRow] {
    guard overlay.field?.text.isEmpty == false else { return rows(of: overlay) }
    return rows(of: Overlay(overlay.kind, field: TextField("")))
  }

  mutating func performInOverlay(_ action: Action) -> [Effect] {
    switch action {
    case .redraw: return [.redraw]
    case .suspend: return [.suspend]
    case .back where overlay?.kind == .journal && overlay?.isNarrowed == true:
      endNarrowingJournal(keeping: false)
    case .cancel where isPlanOpen && work.plan?.isRunning == true: return stopPlan()
    case .back where isPlanOpen, .quit where isPlanOpen, .cancel where isPlanOpen: leavePlanView()
    case .back, .quit, .cancel: overlay = nil
    case .showKeys, .showStats, .showExpiry:
      overlays.removeAll()
      return perform(action)
    case .help where overlay?.kind == .help: overlay = nil
    case .palette where overlay?.kind != .palette:
      overlays.removeAll()
      return perform(action)
    case .open: return submitOverlay()
    case _ where action.descriptor.group == .move:
      moveInOverlay(action)
      return listMoreOfJournal()
    default: return performSpecial(action)
    }
    return []
  }

  /// What a key does in one overlay alone.
  private mutating func performSpecial(_ action: Action) -> [Effect] {
    switch (overlay?.kind, action) {
    case (.tags, .invalidateTag): invalidateChosenTag()
    case (.journal, .undo): return undoInJournal()
    case (.journal, .redo): return redoInJournal()
    case (.watch, .delete), (.watch, .deleteAndWatch): return deleteInWatch()
    case (.watch, .undo), (.watchPrefix, .undo): return undoInWatch()
    case (.watchPrefix, .watchKey): return watchKeyOfLine(deleting: false)
    case (.watchPrefix, .delete), (.watchPrefix, .deleteAndWatch):
      return watchKeyOfLine(deleting: true)
    case (.watch, .unmask), (.watchPrefix, .unmask): toggleMasking()
    case (.journal, .find): narrowJournal()
    case (.help, .find): openSearch()
    case (.help, .nextMatch): stepMatch(by: 1)
    case (.help, .previousMatch): stepMatch(by: -1)
    default: break
    }
    return []
  }

  private mutating func moveInOverlay(_ action: Action) {
    guard var overlay, action != .focusNext, action != .focusPrevious else { return }
    overlay.list.move(action, hasFocus: overlay.kind.hasFocus)
    self.overlay = overlay
  }

  mutating func editOverlay(_ edit: TextField.Edit) {
    guard var overlay, var field = overlay.field, field.apply(edit) else { return }
    overlay.field = field
    overlay.list = OverlayList(keepingHeightOf: overlay.list)
    overlay.list.count = rows(of: overlay).count
    self.overlay = overlay
  }

  /// Enter, or a double click.
  mutating func submitOverlay() -> [Effect] {
    guard let overlay else { return [] }
    switch overlay.kind {
    case .help, .details, .sent:
      self.overlay = nil
      return []
    case .plan:
      submitPlan()
      return []
    case .watch(let watch):
      showDetailsOfLine(overlay, watch.log, nameForMessage(watch.key))
      return []
    case .watchPrefix(let watch):
      showDetailsOfLine(overlay, watch.log, nameForMessage(CacheKey(watch.prefix)))
      return []
    case .palette: return runPaletteEntry(overlay)
    case .connections: return chooseConnection(overlay)
    case .tags: return chooseTag(overlay)
    case .journal:
      guard overlay.field == nil else {
        endNarrowingJournal(keeping: true)
        return []
      }
      return showDetailsOfChange()
    }
  }

  /// A click on a row.
  mutating func chooseOverlayRow(_ row: Int, open: Bool) -> [Effect] {
    guard var overlay, prompt == nil else { return [] }
    overlay.list.move(to: row, hasFocus: overlay.kind.hasFocus)
    self.overlay = overlay
    return open ? submitOverlay() : []
  }

  mutating func scrollOverlay(by rows: Int) {
    guard var overlay, prompt == nil else { return }
    let hasFocus = overlay.kind.hasFocus
    overlay.list.move(
      to: (hasFocus ? overlay.list.row : overlay.list.top) + rows, hasFocus: hasFocus)
    self.overlay = overlay
  }
}

extension OverlayList {
  init(keepingHeightOf other: OverlayList) {
    height = other.height
  }
}
