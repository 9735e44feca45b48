import RESP

// Keyspace notifications.
extension CommandEngine {
  /// Tells an event of a key to those who listen to the key and to the event, if events of that
  /// kind are wanted.
  func notify(_ kind: EventKinds, _ event: String, _ key: [UInt8], in database: Int) {
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
