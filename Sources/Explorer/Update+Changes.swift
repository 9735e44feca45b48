import CacheModel
import Plans

/// From a key press to the question that a change asks.
///
/// An action belongs to the key that the last frame showed under the cursor. When that key has
/// gone, or another row has taken its place a moment ago, the action says so and does nothing.
extension ExplorerState {
  mutating func change(_ action: Action) -> [Effect] {
    switch action {
    case .flush:
      openFlush()
      return []
    case .invalidateTag: return openTags()
    case .spreadTTLs:
      spreadSpike()
      return []
    case .undo: return startNext(.undo)
    case .redo: return startNext(.redo)
    case .edit, .editExternally: return startEdit(isExternal: action == .editExternally)
    case .add:
      if screen == .keys, focus == .value { askForPart() } else { askForKey() }
      return []
    case .rename where keys.cursorFolder != nil:
      askForPrefix()
      return []
    case .rename, .copyKey:
      askForName(isCopy: action == .copyKey)
      return []
    case .deleteAndWatch:
      openReturnTrial()
      return []
    case .delete where askToRemovePart(): return []
    default: break
    }
    guard let scope = actionScope() else { return [] }
    if action == .copyOut { return openConnections(.copy(scope, subject: subject(scope))) }
    guard let key = scope.key else {
      changeMany(action, scope)
      return []
    }
    return change(action, key)
  }

  private mutating func changeMany(_ action: Action, _ scope: ActionScope) {
    switch action {
    case .setTTL: askForTTL(scope)
    case .persist: open(.persist, over: scope)
    case .expire: open(.expireNow, over: scope)
    case .delete: open(.delete, over: scope)
    default: break
    }
  }

  private mutating func change(_ action: Action, _ key: CacheKey) -> [Effect] {
    let name = nameForMessage(key)
    switch action {
    case .setTTL: askForTTL(.key(key))
    case .persist:
      return release(.change(.setTTL(.persist), key, title: "remove the TTL of \(name)"))
    case .expire: askToExpire(key)
    case .delete: ask(to: .delete, key, verb: "delete", ["It is deleted at once."])
    default: break
    }
    return []
  }

  mutating func targetUnderCursor() -> CacheKey? {
    guard let slot = keys.cursor else { return nil }
    let key = keys.index.key(slot)
    if let fate = goneText(slot) {
      say("\(nameForMessage(key)) \(fate): nothing was done", .warning)
      return nil
    }
    let wasDisplaced = keys.displacedAt.map { now.milliseconds(since: $0) < 500 } ?? false
    keys.displacedAt = nil
    keys.hasMoved = true
    guard painted?.selectedKey == key, !wasDisplaced else {
      say("the key under the cursor went just now: nothing was done, press again", .warning)
      return nil
    }
    return key
  }

  private func goneText(_ slot: KeyIndex.Slot) -> String? {
    switch keys.index[fate: slot] {
    case .expired: "has expired"
    case .deleted: "was deleted"
    case .present, .appeared: nil
    }
  }

  /// Asks before a change that is the end of a key; `reason` says why a TTL, under whose title it
  /// goes then, is such an end.
  mutating func askToExpire(
    _ key: CacheKey, by change: KeyChange = .expireNow, title: String? = nil,
    since reason: String? = nil
  ) {
    let consequence = "It expires now; applications that listen see an expired event."
    ask(to: change, key, verb: "expire", title: title, [reason, consequence].compactMap { $0 })
  }

  private mutating func ask(
    to change: KeyChange, _ key: CacheKey, verb: String, title: String? = nil,
    _ consequences: [String]
  ) {
    let title = title ?? "\(verb) \(nameForMessage(key))"
    openPrompt(
      .confirm(
        Confirmation(
          title: "\(title.prefix(1).uppercased())\(title.dropFirst())?",
          lines: consequences + [undoLine(for: key)],
          held: .change(change, key, title: title), verb: verb)))
  }

  /// Whether `u` can take a change of this key back, in words.
  func undoLine(for key: CacheKey) -> String {
    if let reason = reasonAgainstUndo {
      return "\(reason.prefix(1).uppercased())\(reason.dropFirst()): it cannot be undone."
    }
    let size = keys.index.slot(of: key).flatMap { keys.index[figures: $0].bytes?.bytes }
    guard let size else {
      return "u takes it back; what is larger than \(source.undoLimitText) cannot be undone."
    }
    return size > Int64(source.undoLimit)
      ? "It is larger than \(source.undoLimitText): it cannot be undone." : "u takes it back."
  }

  /// A key's name within a sentence; what cannot be seen in it is spelled.
  func nameForMessage(_ key: CacheKey) -> String {
    shownName(of: key.bytes, limit: 200)
  }

  /// `db0`: what a person types to confirm what concerns a whole database.
  package var databaseName: String { "db\(source.description?.database ?? 0)" }
}
