package import CacheModel
import RESP

/// Putting an old state back: only where it came from, only over what the change left behind
/// (unless told otherwise), and never beyond its own deadline. RESTORE with a deadline in the past
/// answers OK and deletes the key, so deadlines are compared with the server's clock before.
extension RedisBackend {
  package func undo(
    _ record: UndoRecord, overwriting: Bool
  ) async throws(BackendError) -> UndoOutcome {
    for _ in 0..<Self.attempts {
      let step = try await exclusively { connection throws(ChannelError) in
        try await self.attempt(record, overwriting, on: connection)
      }
      if let step { return step }
    }
    return .changedMeanwhile
  }

  private func attempt(
    _ record: UndoRecord, _ overwriting: Bool, on connection: any RESPConnection
  ) async throws(ChannelError) -> Result<UndoOutcome?, BackendError> {
    guard try await isSource(of: record, connection) else { return .success(.otherSource) }
    let traits = traits
    let clock = traits.has(.time) ? [RESPCommand("TIME")] : []
    let batch =
      [RESPCommand("WATCH", [record.key.bytes])] + clock
      + KeyCapture.commands(for: record.key, traits)
    let replies = try await connection.send(batch).counted(for: batch)
    for (command, reply) in zip(batch, replies) {
      guard let error = reply.error else { continue }
      if command.verb == "PEXPIRETIME", lose(.expireTime, if: reply) { return .success(nil) }
      if command.verb == "TIME", lose(.time, if: reply) { return .success(nil) }
      return .failure(BackendError(error, of: command.verb))
    }
    var answers = ReplyReader(Array(replies[(1 + clock.count)...]))
    let now =
      traits.has(.time) ? KeyState.milliseconds(replies[1]) : try await timeByINFO(connection)
    if now == nil, record.deadline != nil {
      let words = traits.refusal(of: .time) ?? "TIME without two numbers"
      return .failure(.refused(verb: "TIME", message: words))
    }
    guard let present = KeyCapture(&answers, traits) else {
      return .failure(.malformedReply("no number for what is left of a key"))
    }
    if let outcome = Self.refusal(of: record, present, now: now, overwriting, traits) {
      return .success(outcome)
    }
    return try await restore(record, over: present, on: connection)
  }

  /// The identity is asked each time: another server may have taken over the address.
  private func isSource(
    of record: UndoRecord, _ connection: any RESPConnection
  ) async throws(ChannelError) -> Bool {
    guard traits.has(.info) else { return record.origin == identity(of: traits.figures) }
    let reply = try await connection.send(RESPCommand("INFO"))
    if lose(.info, if: reply) { return record.origin == identity(of: traits.figures) }
    return record.origin == identity(of: ServerFigures(reply.text ?? ""))
  }

  /// The server's clock in milliseconds where TIME is refused; nil when INFO does not tell it.
  private func timeByINFO(
    _ connection: any RESPConnection
  ) async throws(ChannelError) -> Int64? {
    guard traits.has(.info) else { return nil }
    let reply = try await connection.send(RESPCommand("INFO", "server"))
    return ServerFigures(reply.text ?? "").number("server_time_usec").map { $0 / 1000 }
  }

  /// Why the old state is not put back. Without a clock nothing is over.
  private static func refusal(
    of record: UndoRecord, _ present: KeyCapture, now: Int64?, _ overwriting: Bool,
    _ traits: RedisTraits
  ) -> UndoOutcome? {
    let now = now ?? 0
    if let deadline = record.deadline, deadline.milliseconds <= now { return .expiredMeanwhile }
    if overwriting { return nil }
    if present.isState(payload: record.payloadAfter, deadline: record.deadlineAfter, traits) {
      return nil
    }
    // The change let the key expire, and its last millisecond is not over yet.
    if record.payloadAfter == nil, present.payload == record.payload,
      let deadline = present.deadline, deadline - 1 <= now
    {
      return nil
    }
    // The lifetime that the change gave the key is over; the one that it took away is not.
    if present.payload == nil, let deadline = record.deadlineAfter, deadline.milliseconds <= now {
      return nil
    }
    return .changedMeanwhile
  }

  private func restore(
    _ record: UndoRecord, over present: KeyCapture, on connection: any RESPConnection
  ) async throws(ChannelError) -> Result<UndoOutcome?, BackendError> {
    let traits = traits
    let changes = restoring(record, traits)
    let commands = changes + KeyCapture.commands(for: record.key, traits)
    let done: [RESPValue]
    switch try await transaction(commands, on: connection) {
    case .done(let replies): done = replies
    case .cancelled: return .success(nil)
    case .refused(let command, let reply, let error):
      if let feature = Self.feature(of: command), lose(feature, if: reply) { return .success(nil) }
      return .failure(BackendError(error, of: command.verb))
    }
    return finish(record, from: present, changes, done, traits)
  }

  private func finish(
    _ record: UndoRecord, from present: KeyCapture, _ changes: [RESPCommand], _ done: [RESPValue],
    _ traits: RedisTraits
  ) -> Result<UndoOutcome?, BackendError> {
    for (change, reply) in zip(changes, done) {
      guard let error = reply.error else { continue }
      guard error.isSyntax, traits.has(.absoluteRestore), record.payload != nil else {
        return .failure(BackendError(error, of: change.verb))
      }
      learn { $0.lose(.absoluteRestore, because: error.text) }
      return .success(nil)
    }
    var answers = ReplyReader(Array(done.dropFirst(changes.count)))
    let restored = KeyCapture(&answers, traits)
    guard let restored else { return .success(.restored(redo: nil)) }
    if record.payload != nil, restored.payload == nil { return .success(.expiredMeanwhile) }
    let redo = UndoRecord(from: present, to: restored, of: record.key, record.origin)
    return .success(.restored(redo: redo))
  }

  /// Servers that do not know ABSTTL are told the deadline by a command of its own in the same
  /// transaction: a relative time would make the key live longer by the time of the way there.
  private func restoring(_ record: UndoRecord, _ traits: RedisTraits) -> [RESPCommand] {
    let key = record.key.bytes
    guard let payload = record.payload else {
      return [RESPCommand(traits.has(.unlink) ? "UNLINK" : "DEL", [key])]
    }
    let replace = Array("REPLACE".utf8)
    guard let deadline = record.deadline.map({ Array(String($0.milliseconds).utf8) }) else {
      return [RESPCommand("RESTORE", [key, Array("0".utf8), payload, replace])]
    }
    guard traits.has(.absoluteRestore) else {
      return [
        RESPCommand("RESTORE", [key, Array("0".utf8), payload, replace]),
        RESPCommand("PEXPIREAT", [key, deadline]),
      ]
    }
    return [RESPCommand("RESTORE", [key, deadline, payload, replace, Array("ABSTTL".utf8)])]
  }
}
