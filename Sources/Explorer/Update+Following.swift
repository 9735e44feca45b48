import CacheModel

/// Keys in view whose changes the source tells as they happen. Where it cannot, or before it has
/// begun to, the rows in view are asked again once a second; where it does, seldom.
extension ExplorerState {
  /// Milliseconds that a view has to hold still before its keys are followed.
  static let followingPause: Int64 = 300
  /// Milliseconds between two rounds of asking for what the source tells by itself.
  static let toldPollInterval: Int64 = 5000

  mutating func followIfDue() -> [Effect] {
    guard screen == .keys else { return [] }
    let names = overlays.isEmpty ? keys.visible : keys.visible + watchedNames
    guard keys.followed != names else { return [] }
    let elapsed = keys.followedAt.map { now.milliseconds(since: $0) } ?? .max
    guard elapsed >= Self.followingPause else { return [] }
    keys.followed = names
    keys.followedAt = now
    return [.follow(names)]
  }

  /// Whether the rows in view are to be asked again, once a second or so; notes that they are.
  var isViewDue: Bool {
    mutating get {
      guard screen == .keys else { return false }
      let elapsed = keys.viewAskedAt.map { now.milliseconds(since: $0) } ?? .max
      guard !keys.isTold || elapsed >= Self.toldPollInterval else { return false }
      keys.viewAskedAt = now
      return true
    }
  }

  /// When it no longer tells, the keys have to be followed anew, and nobody knows what was missed.
  mutating func take(following isTold: Bool) -> [Effect] {
    keys.isTold = isTold
    guard !isTold else { return [] }
    keys.followed = []
    keys.followedAt = now.advanced(by: Self.toldPollInterval)
    keys.polledAt = nil
    return []
  }

  mutating func take(changedElsewhere names: [CacheKey]) -> [Effect] {
    noteTold(names)
    guard source.description != nil, !isPaused else { return [] }
    let known = names.filter { keys.index.slot(of: $0) != nil }
    let waiting = Set(keys.urgent)
    keys.urgent += known.filter { !waiting.contains($0) }
    for slot in known.compactMap({ keys.index.slot(of: $0) }) { keys.forgetAnswer(of: slot) }
    if let key = preview.key, known.contains(key) { preview.readAt = nil }
    guard case .connected = source.connection else { return [] }
    return describeQueued() + readPreviewIfDue()
  }
}
