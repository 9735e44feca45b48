import CacheEngine
import RESP

// What a command tells those who asked for notifications.
extension CommandCall {
  /// Notes an event of a key.
  func note(_ kind: EventKinds, _ event: String, _ key: [UInt8]) {
    engine.notify(kind, event, key, in: database)
  }

  /// Notes an event after which a collection may be empty, and that its key has gone then.
  func noteShrunk(_ kind: EventKinds, _ event: String, _ key: [UInt8]) {
    guard !engine.settings.events.isDisjoint(with: [.keyspace, .keyevent]) else { return }
    note(kind, event, key)
    if look(key) == nil { note(.generic, "del", key) }
  }
}
