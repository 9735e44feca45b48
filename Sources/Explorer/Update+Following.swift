import CacheModel
import KeyPattern

/// What is in view and whose changes the source tells as they happen: the keys, and the folders that
/// they lie in, where others may come. Where it cannot, or before it has begun to, the rows in view are
/// asked again once a second; where it does, seldom.
extension ExplorerState {
  /// Milliseconds that a view has to hold still before it is followed.
  static let followingPause: Int64 = 300
  /// Milliseconds between two rounds of asking for what the source tells by itself.
  static let toldPollInterval: Int64 = 5000
  /// Names told at once that are not loaded, of which more are left to the next walk.
  static let mostStrangers = 500

  mutating func followIfDue() -> [Effect] {
    guard screen == .keys else { return [] }
    let names = overlays.isEmpty ? keys.visible : keys.visible + watchedNames
    guard keys.followed.keys != names else { return [] }
    let elapsed = keys.followedAt.map { now.milliseconds(since: $0) } ?? .max
    guard elapsed >= Self.followingPause else { return [] }
    keys.followed = FollowedView(keys: names, prefixes: folders(of: names))
    keys.followedAt = now
    // What comes into view was perhaps looked at long ago.
    keys.viewAskedAt = nil
    return [.follow(keys.followed)]
  }

  /// The prefixes of the folders in which these keys lie, each once. A key at the root is followed by
  /// its name alone: its folder is everything.
  private func folders(of names: [CacheKey]) -> [[UInt8]] {
    var seen: Set<[UInt8]> = []
    return names.compactMap { key in
      let length = keys.tree.separators.folderLength(of: key.bytes[...])
      let prefix = Array(key.bytes.prefix(length))
      return length > 0 && seen.insert(prefix).inserted ? prefix : nil
    }
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

  /// When it begins to tell, nobody knows what was missed; when it no longer does, what is in view has
  /// to be followed anew, after a while.
  mutating func take(following isTold: Bool) -> [Effect] {
    keys.isTold = isTold
    keys.viewAskedAt = nil
    keys.polledAt = nil
    guard !isTold else { return [] }
    keys.followed = FollowedView()
    keys.followedAt = now.advanced(by: Self.toldPollInterval)
    return []
  }

  /// The connection that told was closed on purpose, and is wanted again.
  mutating func followAnew() {
    _ = take(following: false)
    keys.followedAt = nil
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
    return askAboutStrangers(among: names) + describeQueued() + readPreviewIfDue()
  }

  // MARK: Keys that are not loaded

  /// A name that is told and not loaded is that of a new key, or of one that came and went. Before the
  /// first walk is over it will be found anyway.
  private mutating func askAboutStrangers(among names: [CacheKey]) -> [Effect] {
    guard keys.walk.hasCompleted else { return [] }
    let glob = source.glob.map { GlobPattern($0) }
    let strangers = names.filter { name in
      keys.index.slot(of: name) == nil && glob?.matches(name.bytes) != false
    }
    guard !strangers.isEmpty else { return [] }
    if strangers.count > Self.mostStrangers { keys.walk.isDue = true }
    let request = newRequest()
    keys.strangers.insert(request)
    return [.describe(request, Array(strangers.prefix(Self.mostStrangers)), figuresInFull)]
  }

  /// Takes those in that are there; false when the question was another one.
  mutating func takeStrangers(
    _ summaries: [KeySummary?], of names: [CacheKey], request: RequestID
  ) -> Bool {
    guard keys.strangers.remove(request) != nil else { return false }
    for (key, summary) in zip(names, summaries) where summary != nil { notice(key) }
    return true
  }
}
