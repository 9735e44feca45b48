import CacheEngine
import RESP

/// A command that waits for a key to hold something or, without keys, for its own work to be done.
struct Waiting {
  var arguments: [[UInt8]]
  var keys: [WatchedKey]
  /// The type of value that it waits for.
  var type: String
  /// When it gives up, in milliseconds since 1970; nil for never.
  var deadline: Int64?
}

// Sessions that wait.
//
// A session that waits is asked nothing and answered nothing, until one of its keys has changed and
// its command finds something, or until its time is over. Who waited first for a key is served
// first. A transaction is carried out as a whole before anybody is served, and inside of one, as
// for a caller in this process, a command that would wait answers at once that its time ran out.
extension CommandEngine {
  func hold(_ session: Session, _ waiting: Waiting) {
    session.waiting = waiting
    self.waiting.insert(session.id)
    for key in Set(waiting.keys) { waiters[key, default: []].append(session.id) }
    chooseNotes()
  }

  /// Ends a wait without a reply.
  func release(_ session: Session) {
    guard let waiting = session.waiting else { return }
    session.waiting = nil
    self.waiting.remove(session.id)
    for key in waiting.keys {
      waiters[key]?.removeAll { $0 == session.id }
      if waiters[key]?.isEmpty == true { waiters[key] = nil }
    }
    chooseNotes()
  }

  /// Serves those who wait for keys that have changed.
  func serveWaiters() {
    while !readyKeys.isEmpty {
      let ready = readyKeys
      readyKeys = []
      for key in ready {
        for id in waiters[key] ?? [] {
          guard let session = sessions[id], !serve(session, key) else { continue }
        }
      }
    }
  }

  /// Tries the command again and answers whether it found something.
  private func serve(_ session: Session, _ key: WatchedKey) -> Bool {
    guard let waiting = session.waiting, let name = waiting.arguments.first,
      let row = CommandTable.row(named: name),
      keyspace.entry(key.key, in: key.database, at: now)?.value.typeName == waiting.type
    else { return false }
    var call = CommandCall(
      arguments: waiting.arguments, session: session, engine: self, now: now)
    call.mayWait = false
    active = session.id
    let reply: RESPValue
    do throws(RESPError) {
      reply = try row.handler(call)
    } catch {
      reply = .error(error)
    }
    tellNotes()
    guard !reply.isNull else { return false }
    release(session)
    session.nullIsArray = false
    session.deliver?(reply)
    return true
  }

  /// Answers those whose time is over.
  func endWaits() {
    for id in waiting {
      guard let session = sessions[id], let deadline = session.waiting?.deadline, deadline <= now
      else { continue }
      release(session)
      session.nullIsArray = true
      session.deliver?(.null)
    }
  }

  /// When the next wait ends.
  var nextWaitEnd: Int64? {
    waiting.lazy.compactMap { self.sessions[$0]?.waiting?.deadline }.min()
  }
}
