import CacheEngine
import RESP

extension CommandTable {
  static let transactionRows: [CommandRow] = [
    CommandRow(
      "multi", 1, [.fast, .notQueued, .connectionState], .transactions, "O(1)",
      "Begins to queue commands.", multi),
    CommandRow(
      "exec", 1, [.notQueued, .connectionState], .transactions, "Depends on the commands",
      "Carries the queued commands out, unless a watched key has changed.", exec),
    CommandRow(
      "discard", 1, [.fast, .notQueued, .connectionState], .transactions, "O(N)",
      "Forgets the queued commands.", discard),
    CommandRow(
      "watch", -2, [.fast, .notQueued, .connectionState], .all, .transactions, "O(1) for each key",
      "Makes the next EXEC depend on these keys.", watch),
    CommandRow(
      "unwatch", 1, [.fast, .connectionState], .transactions, "O(1)", "Forgets the watched keys.",
      { call in
        call.session.transaction.watched = [:]
        return .ok
      }),
  ]

  private static func multi(_ call: CommandCall) throws(RESPError) -> RESPValue {
    guard call.session.transaction.queue == nil else {
      throw RESPError("ERR MULTI calls can not be nested")
    }
    call.session.transaction.begin()
    return .ok
  }

  private static func discard(_ call: CommandCall) throws(RESPError) -> RESPValue {
    guard call.session.transaction.queue != nil else {
      throw RESPError("ERR DISCARD without MULTI")
    }
    call.session.transaction = Transaction()
    return .ok
  }

  private static func watch(_ call: CommandCall) throws(RESPError) -> RESPValue {
    guard call.session.transaction.queue == nil else {
      throw RESPError("ERR WATCH inside MULTI is not allowed")
    }
    for key in call.arguments.dropFirst() {
      let watched = WatchedKey(database: call.database, key: key)
      guard call.session.transaction.watched[watched] == nil else { continue }
      call.session.transaction.watched[watched] = call.engine.keyspace.version(
        key, in: call.database, at: call.now)
    }
    return .ok
  }

  /// A watched key that has expired has another version too (none), so EXEC fails then.
  private static func exec(_ call: CommandCall) throws(RESPError) -> RESPValue {
    let transaction = call.session.transaction
    guard let queue = transaction.queue else { throw RESPError("ERR EXEC without MULTI") }
    call.session.transaction = Transaction()
    guard !transaction.isBroken else {
      throw RESPError("EXECABORT Transaction discarded because of previous errors.")
    }
    for (watched, version) in transaction.watched {
      let present = call.engine.keyspace.version(
        watched.key, in: watched.database, at: call.now)
      guard present == version else { return call.nullArray }
    }
    return .array(queue.map { call.engine.executeQueued($0, for: call.session) })
  }
}

extension CommandEngine {
  /// Carries out a command that was admitted when it was queued.
  fileprivate func executeQueued(_ arguments: [[UInt8]], for session: Session) -> RESPValue {
    guard let name = arguments.first, let row = CommandTable.row(named: name) else {
      return .error(.unknownCommand(arguments))
    }
    do throws(RESPError) {
      var call = CommandCall(arguments: arguments, session: session, engine: self, now: now)
      call.mayWait = false
      return try run(row, call)
    } catch {
      return .error(error)
    }
  }
}
