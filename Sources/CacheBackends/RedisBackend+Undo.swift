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
    let most = record.largestPlausible
    return try await sizes(of: record.keys, upTo: most).contains {
      $0.bytes.map { $0 > most } ?? false
    }
  }

  private func attempt(
    _ record: UndoRecord, _ overwriting: Bool, _ holdsGiant: Bool,
    on connection: any RESPConnection
  ) async throws(ChannelError) -> Result<UndoOutcome?, BackendError> {
    let identity = try await presentIdentity(on: connection)
    let record = record.adopted(by: identity)
    guard identity == record.origin else { return .success(.otherSource) }
    if holdsGiant, !overwriting { return .success(.changedMeanwhile) }
    let traits = traits
    let look = UndoLook([record], overwriting: overwriting, traits)
    let replies = try await connection.send(look.commands).counted(for: look.commands)
    if let (command, reply, error) = look.refusal(in: replies) {
      if learnsNoClock(command, reply) { return .success(nil) }
      return .failure(BackendError(error, of: command.verb))
    }
    let now = traits.has(.time) ? look.time(in: replies) : try await timeByINFO(connection)
    if now == nil, record.needsClock {
      let words = traits.refusal(of: .time) ?? "TIME without two numbers"
      return .failure(.refused(verb: "TIME", message: words))
    }
    guard let present = look.present(in: replies).first ?? nil else {
      return .failure(.malformedReply("no number for what is left of a key"))
    }
    let plan = UndoPlan(record, over: present, now: now, keepsRedo: !holdsGiant, traits)
    switch plan.refusal(overwriting: overwriting) {
    case nil:
      if let payload = plan.obstacle { return .failure(traits.refusal(ofPayload: payload)) }
      return try await restore(plan, on: connection)
    case .changedMeanwhile?:
      let known = try await areAsBefore([record], on: connection)
      return .success(known.first?.outcome ?? .changedMeanwhile)
    case let outcome?: return .success(outcome)
    }
  }

  /// Whether a command about time was refused for good, which can be done without.
  func learnsNoClock(_ command: RESPCommand, _ reply: RESPValue) -> Bool {
    switch command.verb {
    case "PEXPIRETIME": lose(.expireTime, if: reply)
    case "TIME": lose(.time, if: reply)
    default: false
    }
  }

  /// The identity is asked each time: another server may have taken over the address.
  func presentIdentity(
    on connection: any RESPConnection
  ) async throws(ChannelError) -> SourceIdentity {
    guard traits.has(.info) else { return identity(of: traits.figures) }
    let reply = try await connection.send(RESPCommand("INFO"))
    if lose(.info, if: reply) { return identity(of: traits.figures) }
    return identity(of: ServerFigures(reply.text ?? ""))
  }

  /// The server's clock in milliseconds where TIME is refused; nil when INFO does not tell it.
  func timeByINFO(
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
    case .done(let done): return try await outcome(of: plan, done, on: connection).map { $0 }
    case .cancelled: return .success(nil)
    case .refused(let command, let reply, let error):
      if let feature = Self.feature(of: command), lose(feature, if: reply) { return .success(nil) }
      return .failure(BackendError(error, of: command.verb))
    }
  }

  /// What came of a transaction that was carried out. Where RESTORE did not take a payload, the rest
  /// of the transaction was carried out all the same, so the old states follow at once by their
  /// parts; where those are not known, what the rest has done is taken back.
  func outcome(
    of plan: UndoPlan, _ done: [RESPValue], on connection: any RESPConnection
  ) async throws(ChannelError) -> Result<UndoOutcome, BackendError> {
    guard let refused = plan.refusedPayload(in: done) else { return Self.outcome(of: plan, done) }
    var traits = traits
    traits.refuse(payloadsFrom: refused.version)
    let parts = plan.again(traits)
    guard parts.obstacle == nil else {
      try await reverse(plan, done, on: connection)
      return Self.outcome(of: plan, done)
    }
    if refused.isForGood { learn { $0.refuse(payloadsFrom: refused.version) } }
    switch try await transaction(parts.commands, on: connection) {
    case .done(let again): return Self.outcome(of: parts, again, old: plan.captures(in: done))
    case .cancelled, .refused:
      try await reverse(plan, done, on: connection)
      return Self.outcome(of: plan, done)
    }
  }

  /// Over nothing that somebody else has written since.
  private func reverse(
    _ plan: UndoPlan, _ done: [RESPValue], on connection: any RESPConnection
  ) async throws(ChannelError) {
    guard let record = plan.reversal(of: done) else { return }
    for _ in 0..<Self.attempts {
      let step = try await attempt(record, false, false, on: connection)
      guard case .success(nil) = step else { return }
    }
  }

  static func outcome(
    of plan: UndoPlan, _ done: [RESPValue], old: [KeyCapture?]? = nil
  ) -> Result<UndoOutcome, BackendError> {
    for (change, reply) in plan.changes(in: done) {
      if let error = reply.error { return .failure(BackendError(error, of: change.verb)) }
    }
    return .success(plan.outcome(of: done, old: old))
  }
}
