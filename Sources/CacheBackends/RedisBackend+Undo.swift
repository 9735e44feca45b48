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
    let batch =
      [RESPCommand("WATCH", [record.key.bytes]), RESPCommand("TIME")]
      + KeyCapture.commands(for: record.key, traits)
    let replies = try await connection.send(batch).counted(for: batch)
    for (command, reply) in zip(batch, replies) {
      guard let error = reply.error else { continue }
      if command.verb == "PEXPIRETIME", lose(.expireTime, if: reply) { return .success(nil) }
      return .failure(BackendError(error, of: command.verb))
    }
    var answers = ReplyReader(Array(replies[2...]))
    let present = KeyCapture(&answers, traits)
    guard let now = KeyState.milliseconds(replies[1]) else {
      return .failure(.malformedReply("TIME without two numbers"))
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

  /// Why the old state is not put back.
  private static func refusal(
    of record: UndoRecord, _ present: KeyCapture, now: Int64, _ overwriting: Bool,
    _ traits: RedisTraits
  ) -> UndoOutcome? {
    if let deadline = record.deadline, deadline.milliseconds <= now { return .expiredMeanwhile }
    if overwriting { return nil }
    if present.isState(payload: record.payloadAfter, deadline: record.deadlineAfter, traits) {
      return nil
    }
    // The change let the key expire, and its last millisecond is not over yet.
    if record.payloadAfter == nil, present.payload == record.payload,
      let deadline = present.deadline, deadline <= now + 1
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
    let batch =
      [RESPCommand("MULTI")] + changes + KeyCapture.commands(for: record.key, traits)
      + [RESPCommand("EXEC")]
    let replies = try await connection.send(batch).counted(for: batch)
    guard let done = replies.last?.elements, done.count >= changes.count else {
      return failure(of: changes, replies)
    }
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
    if record.payload != nil, restored.payload == nil { return .success(.expiredMeanwhile) }
    let redo = UndoRecord(from: present, to: restored, of: record.key, record.origin)
    return .success(.restored(redo: redo))
  }

  private func failure(
    of changes: [RESPCommand], _ replies: [RESPValue]
  ) -> Result<UndoOutcome?, BackendError> {
    guard let abort = replies.last?.error else { return .success(nil) }
    for (change, reply) in zip(changes, replies.dropFirst()) {
      guard let error = reply.error else { continue }
      if change.verb == "UNLINK", lose(.unlink, if: reply) { return .success(nil) }
      return .failure(BackendError(error, of: change.verb))
    }
    return .failure(BackendError(abort, of: "EXEC"))
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
