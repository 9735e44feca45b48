import CacheModel

/// Whether an action can be done now; a disabled one still shows and says why.
package enum Availability: Sendable, Hashable {
  case available
  case disabled(String)

  package var isAvailable: Bool { self == .available }
}

extension ExplorerState {
  /// Whether `action` can be done in this state, and if not, why.
  package func availability(of action: Action) -> Availability {
    if action.descriptor.isChange, let reason = reasonAgainstChanges(action) {
      return .disabled(reason)
    }
    switch action {
    case .add: return availabilityOfAdding
    case .edit, .editExternally, .rename, .copyKey, .copyOut, .setTTL, .persist, .expire, .delete,
      .deleteAndWatch:
      if screen != .keys { return .disabled("choose a key first: 1 shows the keys") }
      return availability(onCursor: action)
    case .nextMatch, .previousMatch:
      return screen == .keys && focus == .value
        ? .available : .disabled("this belongs to a value: enter goes into one")
    case .decodeAs where screen == .keys && preview.page == nil:
      return .disabled("no value is shown")
    case .copyName, .copyValue, .watchKey, .decodeAs:
      if screen != .keys { return .disabled("choose a key first: 1 shows the keys") }
      return availability(onCursor: action)
    case .tags, .invalidateTag:
      guard let description = source.description else { return .disabled("not connected yet") }
      return description.capabilities.contains(.tags)
        ? .available : .disabled("this source keeps no tags")
    case .showPlan:
      return work.plan == nil
        ? .disabled("nothing is done to many keys, and nothing was") : .available
    case .undo: return availability(of: UndoDirection.undo)
    case .redo: return availability(of: UndoDirection.redo)
    case .find, .toggleView, .mark, .markAll, .open:
      return screen == .keys ? .available : .disabled("this belongs to the keys: press 1")
    case .narrowList, .widenList:
      return screen == .keys ? .available : .disabled("this belongs to the keys: press 1")
    case .zoomIn, .zoomOut:
      return screen != .keys ? .available : .disabled("this belongs to the graphs: press 2")
    case .toggleScale:
      return screen == .expiry ? .available : .disabled("this belongs to what expires: press 3")
    case .spreadTTLs: return reasonAgainstSpreading.map { .disabled($0) } ?? .available
    case .nextSortField, .reverseSort:
      return screen != .expiry ? .available : .disabled("nothing is sorted here")
    case .earlier, .later, .enlarge:
      return screen == .stats ? .available : .disabled("this belongs to the graphs: press 2")
    default:
      return .available
    }
  }

  private var availabilityOfAdding: Availability {
    if screen != .keys { return .disabled("choose a place first: 1 shows the keys") }
    guard focus == .value else { return .available }
    guard let kind = preview.page?.kind else { return .disabled("no value is shown") }
    return Self.partFields(kind) == nil
      ? .disabled("a \(kind.redisName) has no parts: e edits it")
      : .available
  }

  private func availability(of direction: UndoDirection) -> Availability {
    let identity = source.description?.identity
    guard undo.next(direction, on: identity) == nil else { return .available }
    if direction == UndoDirection.undo, undo.leftAsWritten(on: identity) != nil {
      return .available
    }
    guard direction == UndoDirection.undo else { return .disabled("nothing to do again") }
    let strays = source.description.map { undo.newest.strays(of: $0).count } ?? 0
    guard strays > 0 else { return .disabled("nothing to undo") }
    return .disabled(
      "nothing to undo; \(strays.counted("change")) from before a restart, or of another server: "
        + "cachescope undo --restarted")
  }

  private func availability(onCursor action: Action) -> Availability {
    switch (keys.cursorItem, action) {
    case (nil, _): .disabled("there is no key under the cursor")
    case (.folder, .edit), (.folder, .editExternally), (.folder, .copyValue),
      (.folder, .copyKey), (.folder, .deleteAndWatch), (.folder, .decodeAs):
      .disabled("this is a folder: choose a key in it")
    default: .available
    }
  }

  func reasonAgainstChanges(_ action: Action) -> String? {
    if action == .copyOut { return reasonAgainstCopying }
    guard access.allowsChanges else {
      return access == .readOnly
        ? "read-only: ! asks to allow changes" : "read-only for this whole session"
    }
    if isChangeUnderWay { return "a change is under way: ctrl-c cancels it" }
    guard let description = source.description else { return "not connected yet" }
    guard case .connected = source.connection else { return "not connected: nothing was sent" }
    let needed: Capability? =
      switch action {
      case .flush: .flush
      case .setTTL, .persist, .expire, .spreadTTLs: .expire
      default: .write
      }
    guard let needed, !description.capabilities.contains(needed) else { return nil }
    return description.refusals[needed] ?? "this source cannot do that"
  }
}
