package import CacheModel

/// From a key press to the question that a change asks.
///
/// An action belongs to the key that the last frame showed under the cursor. When that key has
/// gone, or another row has taken its place a moment ago, the action says so and does nothing.
extension ExplorerState {
  mutating func change(_ action: Action) -> [Effect] {
    switch action {
    case .flush:
      askToFlush()
      return []
    case .undo: return startNext(.undo)
    case .redo: return startNext(.redo)
    case .edit, .editExternally: return startEdit(isExternal: action == .editExternally)
    case .add:
      if screen == .keys, focus == .value { askForPart() } else { askForKey() }
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
    guard let targets = targets() else { return [] }
    switch action {
    case .setTTL: askForTTL(targets)
    case .persist: return persist(targets)
    case .expire: askToConfirm(.expireNow, targets, verb: "expire")
    case .delete: askToConfirm(.delete, targets, verb: "delete")
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

  private mutating func persist(_ targets: [CacheKey]) -> [Effect] {
    guard targets.count == 1 else {
      askToConfirm(
        .setTTL(.persist), targets, verb: "remove the TTL of", button: "remove the TTL")
      return []
    }
    return release(
      .change(.setTTL(.persist), targets, title: "remove the TTL of \(subject(targets))"))
  }

  /// `button`: the verb where nothing follows it.
  mutating func askToConfirm(
    _ change: KeyChange, _ targets: [CacheKey], verb: String, button: String? = nil
  ) {
    let title = "\(verb) \(subject(targets))"
    var lines = [how(change, isMany: targets.count > 1)]
    if let hidden = hiddenLine(targets) { lines.append(hidden) }
    lines.append(undoLine(for: targets))
    let confirmation = Confirmation(
      title: "\(title.prefix(1).uppercased())\(title.dropFirst())?",
      lines: productionLine + lines, held: .change(change, targets, title: title),
      verb: button ?? verb)
    if source.isProduction, targets.count > 1 {
      openPrompt(.typeName(confirmation, name: databaseName), text: "")
    } else {
      openPrompt(.confirm(confirmation))
    }
  }

  private func how(_ change: KeyChange, isMany: Bool) -> String {
    switch (change, isMany) {
    case (.delete, false): "It is deleted at once."
    case (.delete, true): "They are deleted at once."
    case (.expireNow, false): "It expires now; applications that listen see an expired event."
    case (.expireNow, true): "They expire now; applications that listen see expired events."
    case (_, false): "It will never expire."
    case (_, true): "They will never expire."
    }
  }

  /// How many of the keys that an action is meant for are not in view; nil for a single key. Only
  /// the rows in view are looked at, however many keys there are.
  package func hiddenLine(_ targets: [CacheKey]) -> String? {
    guard targets.count > 1 else { return nil }
    let hidden = targets.count - keys.visible.count(where: isTarget)
    guard hidden > 0 else { return "All of them are in view." }
    return "\(hidden.grouped) of them \(hidden == 1 ? "is" : "are") not in view."
  }

  /// Whether a key in view is one of several that the action under way is meant for.
  private func isTarget(_ key: CacheKey) -> Bool {
    guard let slot = keys.index.slot(of: key), keys.index[fate: slot].goneSince == nil else {
      return false
    }
    if keys.index.markedCount > 0 { return keys.index[isMarked: slot] }
    return targetPrefix.map { key.bytes.starts(with: $0) } ?? false
  }

  /// Of more keys a question does not look at each.
  private static let targetsLookedAt = 10_000

  /// Whether `u` can take a change of these keys back, in words.
  func undoLine(for targets: [CacheKey]) -> String {
    guard source.description?.capabilities.contains(.undo) == true else {
      return "This source keeps no old state: it cannot be undone."
    }
    guard source.keepsOldValues else {
      return "The profile has names alone kept: it cannot be undone."
    }
    guard targets.count <= Self.targetsLookedAt else {
      return "u takes it back; what is larger than 64 MiB cannot be undone."
    }
    let sizes = targets.map { key in
      keys.index.slot(of: key).flatMap { keys.index[figures: $0].bytes?.bytes }
    }
    let tooLarge = sizes.count { ($0 ?? 0) > Int64(CapturedState.standardLimit) }
    if tooLarge > 0 {
      return targets.count == 1
        ? "It is larger than 64 MiB: it cannot be undone."
        : "\(tooLarge.grouped) of them are larger than 64 MiB: those cannot be undone."
    }
    return sizes.contains(nil)
      ? "u takes it back; what is larger than 64 MiB cannot be undone." : "u takes it back."
  }

  /// `app:user:7`, `12 keys`, or `12 keys in app:user:*`.
  package func subject(_ targets: [CacheKey]) -> String {
    if targets.count == 1 { return nameForMessage(targets[0]) }
    guard let targetPrefix else { return "\(targets.count.grouped) keys" }
    return "\(targets.count.grouped) keys in \(nameForMessage(CacheKey(targetPrefix)))*"
  }

  /// A key's name within a sentence; what cannot be seen in it is spelled.
  func nameForMessage(_ key: CacheKey) -> String {
    SpelledName.of(key.bytes, limit: 200)
  }

  private mutating func askToFlush() {
    let name = databaseName
    let count = stats.history.latest?.keys.map { $0.counted("key") } ?? "all keys"
    let confirmation = Confirmation(
      title: "Delete every key of \(name)?",
      lines: productionLine + [
        "\(source.description?.address ?? source.address): \(count) will be deleted.",
        "This cannot be undone.",
      ], held: .flush, verb: "flush")
    openPrompt(.typeName(confirmation, name: name), text: "")
  }

  /// `db0`: what a person types to confirm what concerns a whole database.
  package var databaseName: String { "db\(source.description?.database ?? 0)" }
}
