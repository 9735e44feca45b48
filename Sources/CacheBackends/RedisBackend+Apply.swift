package import CacheModel
import RESP

/// Changes of one key, each on a connection of its own: look (watching where that matters), decide
/// (`ChangePlan`), then one transaction that captures the old state, changes, and captures the new.
/// A change of one command that depends on nothing and keeps no undo needs no transaction.
/// A transaction that another client's write has cancelled is tried again from the look, which then
/// tells what became of the key.
extension RedisBackend {
  package func apply(
    _ change: KeyChange, to key: CacheKey, undoLimit: Int?
  ) async throws(BackendError) -> ChangeOutcome {
    if change.changesNothing { return .nothingToDo }
    for _ in 0..<Self.attempts {
      let step = try await exclusively { connection throws(ChannelError) in
        try await self.attempt(change, key, undoLimit, on: connection)
      }
      if let step { return step }
    }
    return .changedMeanwhile
  }

  static var attempts: Int { 12 }

  /// Runs on a lent connection; what the server refuses comes back as a value.
  func exclusively<Value: Sendable>(
    _ body: @Sendable (any RESPConnection) async throws(ChannelError) -> Result<Value, BackendError>
  ) async throws(BackendError) -> Value {
    let result: Result<Value, BackendError>
    do throws(ChannelError) {
      result = try await channel.exclusively(for: nil, body)
    } catch {
      throw BackendError(error)
    }
    return try result.get()
  }

  /// One attempt; nil means that it has to be made again.
  private func attempt(
    _ change: KeyChange, _ key: CacheKey, _ undoLimit: Int?, on connection: any RESPConnection
  ) async throws(ChannelError) -> Result<ChangeOutcome?, BackendError> {
    let state: KeyState
    switch try await look(at: key, for: change, on: connection) {
    case .success(let found): state = found
    case .failure(let refusal): return .failure(refusal)
    }
    switch ChangePlan.make(change, of: key, in: state, traits) {
    case .stop(let outcome):
      return .success(outcome)
    case .send(let plan):
      let keeps = try await keepsUndo(of: key, state, within: undoLimit, on: connection)
      let commit = KeyCommit(key, keeps: keeps, state, traits)
      if !keeps, !change.dependsOnState, plan.commands.count == 1 {
        return try await carryOutAlone(plan, commit, on: connection)
      }
      return try await carryOut(plan, commit, on: connection)
    case .refuse(let error):
      return .failure(error)
    }
  }

  private func look(
    at key: CacheKey, for change: KeyChange, on connection: any RESPConnection
  ) async throws(ChannelError) -> Result<KeyState, BackendError> {
    let traits = traits
    let question = change.question(about: key, traits)
    let watch = change.dependsOnState ? [RESPCommand("WATCH", [key.bytes])] : []
    let batch = watch + KeyState.commands(for: key, traits: traits, asking: question)
    let replies = try await connection.send(batch).counted(for: batch)
    for (command, reply) in zip(batch, replies) {
      guard let error = reply.error else { continue }
      if let feature = Self.feature(of: command), lose(feature, if: reply) {
        return try await look(at: key, for: change, on: connection)
      }
      if !error.isWrongType, command.verb != "TIME", command.verb != "MEMORY" {
        return .failure(BackendError(error, of: command.verb))
      }
    }
    return .success(
      KeyState(Array(replies[watch.count...]), traits: traits, hasQuestion: question != nil))
  }

  /// Whether the old state is small enough to be kept. Where memory is not told, bytes of a string
  /// or a guess from the number of elements stand for it.
  private func keepsUndo(
    of key: CacheKey, _ state: KeyState, within limit: Int?, on connection: any RESPConnection
  ) async throws(ChannelError) -> Bool {
    guard let limit, traits.has(.dump) else { return false }
    guard state.exists else { return true }
    if let bytes = state.bytes { return bytes <= Int64(limit) }
    guard let kind = state.kind, let verb = kind.lengthVerb else { return false }
    guard let length = try await connection.send(RESPCommand(verb, [key.bytes])).integer else {
      return false
    }
    return length <= Int64(kind == .string ? limit : limit / Self.guessedBytesOfElement)
  }

  private static var guessedBytesOfElement: Int { 256 }

  // MARK: The transaction

  private func carryOut(
    _ plan: ChangePlan, _ commit: KeyCommit, on connection: any RESPConnection
  ) async throws(ChannelError) -> Result<ChangeOutcome?, BackendError> {
    let origin = try await currentIdentity(on: connection)
    switch try await transaction(commit.commands(for: plan), on: connection) {
    case .done(let done): return outcome(of: done, plan, commit, origin)
    case .cancelled: return .success(nil)
    case .refused(let command, let reply, let error):
      if let feature = Self.feature(of: command), lose(feature, if: reply) { return .success(nil) }
      return .failure(BackendError(error, of: command.verb))
    }
  }

  /// Sends the one command of a plan without a transaction.
  private func carryOutAlone(
    _ plan: ChangePlan, _ commit: KeyCommit, on connection: any RESPConnection
  ) async throws(ChannelError) -> Result<ChangeOutcome?, BackendError> {
    let replies = try await connection.send(plan.commands).counted(for: plan.commands)
    if let command = plan.commands.first, let reply = replies.first,
      let feature = Self.feature(of: command), lose(feature, if: reply)
    {
      return .success(nil)
    }
    return outcome(of: replies, plan, commit, identity(of: traits.figures))
  }

  private func outcome(
    of done: [RESPValue], _ plan: ChangePlan, _ commit: KeyCommit, _ origin: SourceIdentity
  ) -> Result<ChangeOutcome?, BackendError> {
    if let refusal = commit.refusal(in: done, plan) { return learn(from: refusal) }
    guard let first = commit.firstReply(in: done, plan), !Self.didNothing(first) else {
      return .success(plan.ifNothingDone)
    }
    return .success(.done(undo: commit.record(done, plan, origin)))
  }

  /// The identity as last seen; asked for when the source was not opened.
  private func currentIdentity(
    on connection: any RESPConnection
  ) async throws(ChannelError) -> SourceIdentity {
    if traits.figures.isEmpty, traits.has(.info) {
      let reply = try await connection.send(RESPCommand("INFO"))
      if !lose(.info, if: reply) { learn { $0.figures = ServerFigures(reply.text ?? "") } }
    }
    return identity(of: traits.figures)
  }

  /// A command of the plan was refused when it was carried out. A SET that does not know KEEPTTL has
  /// changed nothing, and the next attempt does without.
  private func learn(
    from refusal: (command: RESPCommand, error: RESPError)
  ) -> Result<ChangeOutcome?, BackendError> {
    if refusal.error.isSyntax, refusal.command.arguments.last == Array("KEEPTTL".utf8),
      traits.has(.keepTTL)
    {
      learn { $0.lose(.keepTTL, because: refusal.error.text) }
      return .success(nil)
    }
    return .failure(BackendError(refusal.error, of: refusal.command.verb))
  }

  /// The feature that a command is, where the backend can do without it.
  static func feature(of command: RESPCommand) -> RedisTraits.Feature? {
    switch command.verb {
    case "TYPE": .type
    case "MEMORY": .memoryUsage
    case "DUMP": .dump
    case "PEXPIRETIME": .expireTime
    case "UNLINK": .unlink
    case "TIME": .time
    default: nil
    }
  }

  /// SET answers null and the counting commands 0 when there was nothing to do. HSET answers 0 when
  /// it overwrote a field, which is something.
  private static func didNothing(_ reply: (command: RESPCommand, value: RESPValue)) -> Bool {
    if reply.value.isNull { return true }
    return reply.command.verb != "HSET" && reply.value.integer == 0
  }
}
