import CacheEngine
import RESP

// Keyspace notifications.
extension CommandEngine {
  /// Tells an event of a key to those who listen to the key and to the event, if events of that
  /// kind are wanted.
  func notify(_ kind: EventKinds, _ event: String, _ key: [UInt8], in database: Int) {
    guard settings.events.contains(kind) else { return }
    tellNotes()
    publish(kind, event, key, in: database)
  }

  /// Tells what happened to keys since the last call, without a command or before what the present
  /// command tells of itself.
  func tellNotes() {
    guard !keyspace.notes.isEmpty else { return }
    for note in keyspace.takeNotes() {
      switch note.kind {
      case .expired: publish(.expired, "expired", note.key, in: note.database)
      case .evicted: publish(.evicted, "evicted", note.key, in: note.database)
      case .new: publish(.new, "new", note.key, in: note.database)
      case .changed:
        noteReady(WatchedKey(database: note.database, key: note.key))
        invalidate(note.key)
      case .flushed: invalidateAll()
      default: break
      }
    }
  }

  /// Makes the keyspace keep those notes that somebody wants.
  func chooseNotes() {
    var kinds: NoteKinds = []
    if settings.events.contains(.expired) { kinds.insert(.expired) }
    if settings.events.contains(.evicted) { kinds.insert(.evicted) }
    if settings.events.contains(.new) { kinds.insert(.new) }
    if !waiters.isEmpty || !trackers.isEmpty { kinds.insert(.changed) }
    if !trackers.isEmpty { kinds.insert(.flushed) }
    keyspace.notedKinds = kinds
  }

  private func noteReady(_ key: WatchedKey) {
    if waiters[key] != nil, !readyKeys.contains(key) { readyKeys.append(key) }
  }

  private func publish(_ kind: EventKinds, _ event: String, _ key: [UInt8], in database: Int) {
    let wanted = settings.events
    guard wanted.contains(kind) else { return }
    if wanted.contains(.keyspace) {
      _ = publish(Array(event.utf8), to: Array("__keyspace@\(database)__:".utf8) + key)
    }
    if wanted.contains(.keyevent) {
      _ = publish(key, to: Array("__keyevent@\(database)__:\(event)".utf8))
    }
  }
}
