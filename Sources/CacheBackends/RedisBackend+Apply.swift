package import CacheModel
import RESP

/// Changes of one key, each on a connection of its own: look (watching where that matters), decide
/// (`ChangePlan`), then one transaction that captures the old state, changes, and captures the new.
/// A change of one command that depends on nothing and keeps no undo needs no transaction.
/// A transaction that another client's write has cancelled is tried again from the look, which then
/// tells what became of the key. MULTI travels with the look and is answered before anything is
/// decided, so that a busy writer has one round trip to come between, not two.
extension RedisBackend {
  package func apply(
    _ change: KeyChange, to key: CacheKey, undoLimit: Int?
  ) async throws(BackendError) -> ChangeOutcome {
    if change.changesNothing(of: key) { return .nothingToDo }
    if traits.figures.isOfCluster, let obstacle = change.obstacleInCluster(of: key) {
      throw obstacle
    }
    let keeps = try await keepsUndo(of: change, to: key, within: undoLimit)
    for _ in 0..<Self.attempts {
      if case .copy = change, !traits.has(.copy) { try await checkPayload(of: key) }
      let step = try await exclusively { connection throws(ChannelError) in
        try await self.attempt(change, key, keeps, on: connection)
      }
      if let step { return step }
    }
    return .changedMeanwhile
  }

  static var attempts: Int { 24 }

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
    _ change: KeyChange, _ key: CacheKey, _ keeps: Bool, on connection: any RESPConnection
  ) async throws(ChannelError) -> Result<ChangeOutcome?, BackendError> {
    let traits = traits
    let keeps = keeps && traits.keepsStates
    let look = Look(change, key, traits, begins: keeps || change.dependsOnState(traits))
    let origin = try await currentIdentity(on: connection)
    let seen: (state: KeyState, begun: RESPValue?)
    switch look.read(try await connection.send(look.commands).counted(for: look.commands)) {
    case .seen(let state, let begun): seen = (state, begun)
    case .refused(let command, let reply, let error):
      if let feature = Self.feature(of: command), lose(feature, if: reply) { return .success(nil) }
      return .failure(BackendError(error, of: command.verb))
    }
    switch ChangePlan.make(change, of: key, in: seen.state, traits) {
    case .stop(let outcome): return .success(outcome)
    case .refuse(let error): return .failure(error)
    case .send(let plan):
      let commit = KeyCommit(plan, keeps: keeps, traits)
      if seen.begun == nil, plan.commands.count == 1 {
        return try await carryOutAlone(commit, on: connection)
      }
      return try await carryOut(commit, seen.begun, origin, on: connection)
    }
  }

  // MARK: The transaction

  private func carryOut(
    _ commit: KeyCommit, _ begun: RESPValue?, _ origin: SourceIdentity,
    on connection: any RESPConnection
  ) async throws(ChannelError) -> Result<ChangeOutcome?, BackendError> {
    switch try await transaction(commit.commands, begun: begun, on: connection) {
    case .done(let done): return outcome(of: done, commit, origin)
    case .cancelled: return .success(nil)
    case .refused(let command, let reply, let error):
      if let feature = Self.feature(of: command), lose(feature, if: reply) { return .success(nil) }
      return .failure(BackendError(error, of: command.verb))
    }
  }

  /// Sends the one command of a plan without a transaction.
  private func carryOutAlone(
    _ commit: KeyCommit, on connection: any RESPConnection
  ) async throws(ChannelError) -> Result<ChangeOutcome?, BackendError> {
    let commands = commit.plan.commands
    let replies = try await connection.send(commands).counted(for: commands)
    if let command = commands.first, let reply = replies.first,
      let feature = Self.feature(of: command), lose(feature, if: reply)
    {
      return .success(nil)
    }
    return outcome(of: replies, commit, identity(of: traits.figures))
  }

  private func outcome(
    of done: [RESPValue], _ commit: KeyCommit, _ origin: SourceIdentity
  ) -> Result<ChangeOutcome?, BackendError> {
    let replies = commit.replies(in: done)
    guard let first = replies.first, !Self.foundNothingToDo(first) else { return .success(nil) }
    for reply in replies {
      guard let error = reply.value.error else { continue }
      if learnsNothingOfKEEPTTL(reply.command, error) { return .success(nil) }
      return .failure(BackendError(error, of: reply.command.verb))
    }
    return .success(.done(undo: commit.record(done, origin)))
  }

  /// The identity as last seen; asked for when the source was not opened.
  func currentIdentity(
    on connection: any RESPConnection
  ) async throws(ChannelError) -> SourceIdentity {
    if traits.figures.isEmpty, traits.has(.info) {
      let reply = try await connection.send(RESPCommand("INFO"))
      if !lose(.info, if: reply) { learn { $0.figures = ServerFigures(reply.text ?? "") } }
    }
    return identity(of: traits.figures)
  }

  /// A SET that does not know KEEPTTL has changed nothing, and the next attempt does without.
  private func learnsNothingOfKEEPTTL(_ command: RESPCommand, _ error: RESPError) -> Bool {
    guard error.isSyntax, command.arguments.last == Array("KEEPTTL".utf8), traits.has(.keepTTL)
    else { return false }
    learn { $0.lose(.keepTTL, because: error.text) }
    return true
  }

  /// The feature that a command is, where the backend can do without it.
  static func feature(of command: RESPCommand) -> RedisTraits.Feature? {
    switch command.verb {
    case "TYPE": .type
    case "MEMORY": .memoryUsage
    case "DUMP": .dump
    case "RESTORE": .restore
    case "INFO": .info
    case "PEXPIRETIME": .expireTime
    case "UNLINK": .unlink
    case "TIME": .time
    case "COPY": .copy
    case "CACHESCOPE.TAGS", "CACHESCOPE.TAG": .tags
    case let verb where MarkQuestion.verbs.contains(verb): .contents
    default: nil
    }
  }

  /// The first command of a plan did not find what the look had seen: SET answers null, the
  /// counting commands 0, and where a key, a kind or a name matters an error tells. HSET answers 0
  /// when it overwrote a field, which is something.
  private static func foundNothingToDo(_ reply: (command: RESPCommand, value: RESPValue)) -> Bool {
    if reply.value.isNull { return true }
    if let error = reply.value.error { return error.isWrongType || error.tellsOfNoKey }
    return reply.command.verb != "HSET" && reply.value.integer == 0
  }
}
