import CacheEngine
import RESP

/// How a session wants to be told that what it has read is no longer so.
struct Tracking {
  enum Choice: Equatable {
    /// Every key that it reads.
    case all
    /// The keys of commands behind CLIENT CACHING YES.
    case optIn
    /// The keys of all commands but those behind CLIENT CACHING NO.
    case optOut
    /// All keys with these prefixes, or all keys, whether it reads them or not.
    case broadcast(prefixes: [[UInt8]])
  }

  var choice: Choice
  /// It is not told of its own changes.
  var leavesOutOwn = false
  /// What CLIENT CACHING said of the next command or transaction.
  var caching: Bool?

  /// Whether the keys of a command that reads are to be remembered.
  var remembers: Bool {
    switch choice {
    case .all: true
    case .optIn: caching == true
    case .optOut: caching != false
    case .broadcast: false
    }
  }
}

// Client-side caching, as Redis 7 offers it.
//
// For every key that a tracking session has read the engine remembers the session until the key
// changes, expires or is evicted; then the session gets one message with the key's name, behind the
// reply to its present command, and the key is forgotten until it is read again. As in Redis the
// name counts without the database. The table is bounded: past the bound some key is forgotten,
// and whoever has read it is told as if it had changed. Only sessions of version 3 can be told;
// sending the messages to another session is not offered.
extension CommandEngine {
  func startTracking(_ session: Session, _ tracking: Tracking) {
    session.tracking = tracking
    trackers.insert(session.id)
    chooseNotes()
  }

  /// Keys that the session has read stay in the table until they change; nobody is told then.
  func stopTracking(_ session: Session) {
    session.tracking = nil
    trackers.remove(session.id)
    if trackers.isEmpty { readers = [:] }
    chooseNotes()
  }

  /// Remembers the keys of a command that reads.
  func remember(_ facts: CommandSpecification, _ arguments: [[UInt8]], for session: Session) {
    guard facts.flags.contains(.readOnly), session.tracking?.remembers == true else { return }
    for key in facts.keys(of: arguments) {
      readers[key, default: []].insert(session.id)
      if readers.count > settings.trackedKeysLimit { forgetAnyKey(but: key) }
    }
  }

  /// The sessions that are told when the key changes, in the order in which they came.
  func trackers(of key: [UInt8]) -> [Session] {
    let chosen = trackers.filter { id in
      guard let choice = sessions[id]?.tracking?.choice else { return false }
      if case .broadcast(let prefixes) = choice {
        return prefixes.isEmpty || prefixes.contains { key.starts(with: $0) }
      }
      return readers[key]?.contains(id) == true
    }
    return chosen.sorted().compactMap { sessions[$0] }
  }

  private func forgetAnyKey(but key: [UInt8]) {
    guard let victim = readers.first(where: { $0.key != key }) else { return }
    readers[victim.key] = nil
    for id in victim.value { invalidations.append((id, .array([.bulk(victim.key)]))) }
  }

  /// Notes whom to tell that a key has changed.
  func invalidate(_ key: [UInt8]) {
    guard !trackers.isEmpty else { return }
    let message = RESPValue.array([.bulk(key)])
    for id in readers.removeValue(forKey: key) ?? [] { note(id, message) }
    for id in trackers {
      guard case .broadcast(let prefixes) = sessions[id]?.tracking?.choice else { continue }
      if prefixes.isEmpty || prefixes.contains(where: { key.starts(with: $0) }) {
        note(id, message)
      }
    }
  }

  /// Notes that all keys have gone.
  func invalidateAll() {
    readers = [:]
    for id in trackers { note(id, .null) }
  }

  private func note(_ id: Int64, _ message: RESPValue) {
    guard let tracking = sessions[id]?.tracking, !(tracking.leavesOutOwn && id == active) else {
      return
    }
    invalidations.append((id, message))
  }

  /// Sends what was noted. To be called when the reply to the present command has been sent.
  func sendInvalidations() {
    guard !invalidations.isEmpty else { return }
    let messages = invalidations
    invalidations = []
    for (id, message) in messages {
      guard let session = sessions[id], session.tracking != nil, session.version == .three else {
        continue
      }
      session.push?(.push([.bulk("invalidate"), message]))
    }
  }
}
