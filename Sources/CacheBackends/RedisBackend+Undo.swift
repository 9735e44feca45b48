package import CacheModel
import RESP

/// Putting old states back: only where they came from, only over what the change left behind
/// (unless told otherwise), all keys of a change in one transaction, and never beyond a key's own
/// deadline.
extension RedisBackend {
  package func undo(
    _ record: UndoRecord, overwriting: Bool
  ) async throws(BackendError) -> UndoOutcome {
    let holdsGiant = try await holdsGiant(record)
    for _ in 0..<Self.attempts {
      let step = try await exclusively { connection throws(ChannelError) in
        try await self.attempt(record, overwriting, holdsGiant, on: connection)
      }
      if let step { return step }
    }
    return .changedMeanwhile
  }

  /// Whether a key holds by now what is so large that the change cannot have left it, and that is
  /// not fetched to be compared or to be kept for a redo.
  private func holdsGiant(_ record: UndoRecord) async throws(BackendError) -> Bool {
    let most = max(
      Int64(CapturedState.standardLimit),
      Int64(record.cost).multipliedReportingOverflow(by: 4).partialValue)
    return try await sizes(of: record.keys, upTo: most).contains {
      $0.bytes.map { $0 > most } ?? false
    }
  }

  private func attempt(
    _ record: UndoRecord, _ overwriting: Bool, _ holdsGiant: Bool,
    on connection: any RESPConnection
  ) async throws(ChannelError) -> Result<UndoOutcome?, BackendError> {
    guard try await isSource(of: record, connection) else { return .success(.otherSource) }
    if holdsGiant, !overwriting { return .success(.changedMeanwhile) }
    let traits = traits
    // A value that is overwritten anyway is not looked at.
    let questions = record.transitions.map {
      MarkQuestion(key: $0.key, basis: overwriting ? nil : $0.after.mark?.basis)
    }
    let clock = traits.has(.time) ? [RESPCommand("TIME")] : []
    let batch =
      [RESPCommand("WATCH", record.keys.map(\.bytes))] + clock
      + questions.flatMap { $0.commands(traits) }
    let replies = try await connection.send(batch).counted(for: batch)
    for (command, reply) in zip(batch, replies) {
      guard let error = reply.error, !error.isWrongType else { continue }
      if command.verb == "PEXPIRETIME", lose(.expireTime, if: reply) { return .success(nil) }
      if command.verb == "TIME", lose(.time, if: reply) { return .success(nil) }
      return .failure(BackendError(error, of: command.verb))
    }
    var answers = ReplyReader(Array(replies[(1 + clock.count)...]))
    let now =
      traits.has(.time) ? KeyState.milliseconds(replies[1]) : try await timeByINFO(connection)
    if now == nil, record.transitions.contains(where: { $0.before?.deadline != nil }) {
      let words = traits.refusal(of: .time) ?? "TIME without two numbers"
      return .failure(.refused(verb: "TIME", message: words))
    }
    var present: [MarkQuestion.Answer] = []
    for question in questions {
      guard let answer = question.read(&answers, traits) else {
        return .failure(.malformedReply("no number for what is left of a key"))
      }
      present.append(answer)
    }
    let plan = UndoPlan(record, over: present, now: now, keepsRedo: !holdsGiant, traits)
    switch plan.refusal(overwriting: overwriting) {
    case nil: return try await restore(plan, on: connection)
    case .changedMeanwhile?:
      return .success(try await isAsBefore(record, connection) ?? .changedMeanwhile)
    case let outcome?: return .success(outcome)
    }
  }

  /// Where the keys are not as the change left them, they may be as they were before it: it was
  /// never carried out, or somebody has put them back. Nil when they are not.
  private func isAsBefore(
    _ record: UndoRecord, _ connection: any RESPConnection
  ) async throws(ChannelError) -> UndoOutcome? {
    let traits = traits
    var redo = record
    for place in redo.transitions.indices {
      redo.transitions[place].after = LeftState(
        redo.transitions[place].before.map { StateMark(of: $0) })
    }
    let questions = redo.transitions.map {
      MarkQuestion(key: $0.key, basis: $0.after.mark?.basis)
    }
    let batch = questions.flatMap { $0.commands(traits) }
    var answers = ReplyReader(try await connection.send(batch).counted(for: batch))
    var present: [MarkQuestion.Answer] = []
    for question in questions {
      guard let answer = question.read(&answers, traits) else { return nil }
      present.append(answer)
    }
    let plan = UndoPlan(redo, over: present, now: nil, keepsRedo: false, traits)
    guard plan.refusal(overwriting: false) == nil else { return nil }
    return .restored(redo: redo)
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

  private func restore(
    _ plan: UndoPlan, on connection: any RESPConnection
  ) async throws(ChannelError) -> Result<UndoOutcome?, BackendError> {
    switch try await transaction(plan.commands, begun: nil, on: connection) {
    case .done(let done):
      for (change, reply) in plan.changes(in: done) {
        if let error = reply.error { return .failure(BackendError(error, of: change.verb)) }
      }
      return .success(plan.outcome(of: done))
    case .cancelled: return .success(nil)
    case .refused(let command, let reply, let error):
      if let feature = Self.feature(of: command), lose(feature, if: reply) { return .success(nil) }
      return .failure(BackendError(error, of: command.verb))
    }
  }
}
