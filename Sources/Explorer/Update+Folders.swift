import CacheModel
import KeyPattern

/// Folders under the cursor: unfolding and folding them, and what actions on them mean.
extension ExplorerState {
  /// Unfolds a folder, goes to the first row of one that is unfolded, enters the value of a key, or
  /// goes on within it.
  mutating func openRow() -> [Effect] {
    guard screen == .keys, let item = keys.cursorItem else { return [] }
    if focus == .value { return openInValue() }
    switch item {
    case .key: enterValue()
    case .folder(let folder):
      keys.hasMoved = true
      if keys.isUnfolded(folder) {
        keys.moveCursor(to: keys.cursorRow + 1)
      } else {
        keys.unfold(folder)
        keys.advance()
        keys.place(at: now)
      }
    }
    return []
  }

  /// Leaves the value; folds the folder under the cursor, or goes to the one around it.
  mutating func foldRow() {
    guard screen == .keys else { return }
    if focus == .value {
      if !preview.fold(), !leaveWithinValue() { focus = .list }
      return
    }
    guard keys.isTree, let item = keys.cursorItem else { return }
    keys.hasMoved = true
    if case .folder(let folder) = item, keys.isUnfolded(folder) {
      keys.fold(folder)
      keys.place(at: now)
    } else if let folder = keys.folder(around: item), let row = keys.row(of: .folder(folder)) {
      keys.moveCursor(to: row)
    }
  }

  /// Unfolds or folds on a click.
  mutating func toggleFold(_ folder: KeyTree.Folder) {
    if keys.isUnfolded(folder) { keys.fold(folder) } else { keys.unfold(folder) }
    keys.advance()
    keys.place(at: now)
  }

  mutating func toggleView() {
    keys.list(asTree: !keys.isTree)
    keys.place(at: now)
    say(keys.isTree ? "keys by folder: v lists them flat" : "all keys in one list: v for folders")
  }

  // MARK: What an action is meant for

  /// The marked keys, or else all keys below the folder under the cursor, or else the key there;
  /// nil, with a message, when there is none that the person can have meant or when it has to be
  /// looked for first (the action goes on by itself then).
  mutating func actionScope() -> ActionScope? {
    let marked = keys.index.markedCount
    if marked > 1 { return .marks(marked) }
    if marked == 0, let folder = keys.cursorFolder, keys.tree.figures(folder).shown != 1 {
      return folderScope()
    }
    guard let targets = targets() else { return nil }
    guard targets.count == 1 else {
      say("the keys changed just now: nothing was done, press again", .warning)
      return nil
    }
    return .key(targets[0])
  }

  /// All keys below the folder under the cursor.
  mutating func folderScope() -> ActionScope? {
    folderWithAllKeys().map {
      .below(keys.tree.prefix($0), keys.tree.figures($0).shown)
    }
  }

  /// The keys themselves, where they are few or their names are what is wanted; nil as above.
  mutating func targets() -> [CacheKey]? {
    if let gathered = keys.gathered, work.gatheringFor == performing {
      keys.gathered = nil
      work.gatheringFor = nil
      return checked(gathered)
    }
    if keys.index.markedCount > 0 { return gather(onlyMarked: true, below: .root) }
    if keys.cursorFolder != nil {
      return folderWithAllKeys().flatMap { gather(onlyMarked: false, below: $0) }
    }
    return targetUnderCursor().map { [$0] }
  }

  private mutating func checked(_ targets: [CacheKey]) -> [CacheKey]? {
    guard targets.isEmpty else { return targets }
    say("none of the keys is left: nothing was done", .warning)
    return nil
  }

  private mutating func gather(onlyMarked: Bool, below folder: KeyTree.Folder) -> [CacheKey]? {
    guard let action = performing else { return nil }
    cancelGathering()
    work.gatheringFor = action
    keys.begin(
      KeySweep(purpose: .gather(action, onlyMarked: onlyMarked), folder: folder.number))
    if keys.gathered != nil { return targets() }
    say("collecting the keys …")
    return nil
  }

  mutating func cancelGathering() {
    keys.gathered = nil
    work.gatheringFor = nil
    keys.sweeps.removeAll { if case .gather = $0.purpose { true } else { false } }
  }

  /// Goes on with an action whose keys have been collected.
  mutating func resume(_ action: Action) -> [Effect] {
    guard !isCovered else {
      cancelGathering()
      say("\(action.descriptor.title): another question came up, nothing was done", .warning)
      return []
    }
    message = nil
    return performAgain(action)
  }

  /// The folder under the cursor, when it is the one that was painted there.
  mutating func folderUnderCursor() -> KeyTree.Folder? {
    guard let folder = keys.cursorFolder else { return nil }
    let wasDisplaced = keys.displacedAt.map { now.milliseconds(since: $0) < 500 } ?? false
    keys.displacedAt = nil
    keys.hasMoved = true
    guard painted?.selected == .folder(keys.tree.prefix(folder)), !wasDisplaced else {
      say("the row under the cursor went just now: nothing was done, press again", .warning)
      return nil
    }
    return folder
  }

  /// The folder under the cursor, where all keys in it are loaded: an action on a sample of them would
  /// leave the others.
  private mutating func folderWithAllKeys() -> KeyTree.Folder? {
    guard let folder = folderUnderCursor() else { return nil }
    let prefix = keys.tree.prefix(folder)
    let subject = "what is done to all below \(nameForMessage(CacheKey(prefix)))"
    return isSample(subject, below: prefix) ? nil : folder
  }

  /// Whether only a sample is loaded; says then how all keys are reached.
  private mutating func isSample(_ subject: String, below prefix: [UInt8]) -> Bool {
    guard !keys.sampling.isWhole else { return false }
    let glob = nameForMessage(CacheKey(GlobPattern.prefix(prefix).source))
    say(
      "only 1 in \(keys.sampling.oneIn.grouped) keys is loaded: \(subject) goes by cachescope "
        + "invalidate --match '\(glob)'", .warning)
    return true
  }

  // MARK: Marks

  mutating func toggleMark() {
    if keys.cursorFolder != nil {
      guard let folder = folderWithAllKeys() else { return }
      let figures = keys.tree.figures(folder)
      keys.begin(
        KeySweep(purpose: .mark(figures.marked < figures.shown), folder: folder.number))
    } else {
      guard let key = targetUnderCursor(), let slot = keys.index.slot(of: key) else { return }
      keys.mark(slot, !keys.index[isMarked: slot])
    }
    keys.filterMarkedWhole = nil
    keys.hasMoved = true
    keys.moveCursor(to: keys.cursorRow + 1)
  }

  /// Which way it goes is found out in slices, and told when it is known.
  mutating func toggleAllMarks() {
    guard keys.index.markedCount > 0 || !isSample("what is done to all of them", below: []) else {
      return
    }
    keys.sweeps.removeAll { if case .toggleMarks = $0.purpose { true } else { false } }
    if keys.index.markedCount > 0, keys.filterMarkedWhole == keys.filter {
      keys.filterMarkedWhole = nil
      keys.begin(KeySweep(purpose: .mark(false)))
      return say("no keys marked")
    }
    keys.begin(KeySweep(purpose: .toggleMarks))
    if keys.marksAll == nil { say("looking at the marks …") }
    tellMarks()
  }

  mutating func tellMarks() {
    guard let marksAll = keys.marksAll else { return }
    keys.marksAll = nil
    say(marksAll ? "\(keys.shownCount.counted("key")) marked" : "no keys marked")
  }
}

extension KeysState {
  /// The folder that holds a row; nil at the root.
  package func folder(around item: ListItem) -> KeyTree.Folder? {
    let number =
      switch item {
      case .key(let slot): index[folder: slot]
      case .folder(let folder): tree.nodes[Int(folder.number)].parent
      }
    return number == 0 ? nil : KeyTree.Folder(number: number)
  }
}
