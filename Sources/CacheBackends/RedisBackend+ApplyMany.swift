package import CacheModel
import RESP

/// Changes of many keys. Those that do not depend on what a key holds (`QuickChange`) go some at a
/// time in transactions on one lent connection, each of which captures the old states too; no
/// transaction is so large that the server is held up by it. The MULTI of the next one travels with
/// the EXEC of the one before, so that one costs one round trip and none begins unanswered. All
/// other changes are made one by one.
extension RedisBackend {
  private static var keysInOneTransaction: Int { 128 }
  private static var bytesInOneTransaction: Int64 { 4 << 20 }

  package func apply(
    _ changes: [KeyedChange], undoLimit: Int?
  ) async -> [Result<ChangeOutcome, BackendError>] {
    var now: Int64?
    if changes.count > 1, changes.contains(where: { QuickChange.needsClock($0.change) }) {
      now = try? await time()?.milliseconds
    }
    var results: [Result<ChangeOutcome, BackendError>] = []
    while results.count < changes.count {
      let run = Self.quickRun(changes[results.count...], now)
      if run.count > 1 {
        results += await applyQuickly(run, changes, from: results.count, undoLimit)
      } else {
        results.append(await applyAlone(changes[results.count], undoLimit))
      }
    }
    return results
  }

  /// The quick changes at the beginning, each of another key.
  private static func quickRun(
    _ changes: ArraySlice<KeyedChange>, _ now: Int64?
  ) -> [QuickChange] {
    var run: [QuickChange] = []
    var keys: Set<CacheKey> = []
    for change in changes {
      guard let quick = QuickChange(change, now: now), keys.insert(change.key).inserted else {
        break
      }
      run.append(quick)
    }
    return run
  }

  private func applyAlone(
    _ change: KeyedChange, _ undoLimit: Int?
  ) async -> Result<ChangeOutcome, BackendError> {
    do throws(BackendError) {
      return .success(try await apply(change.change, to: change.key, undoLimit: undoLimit))
    } catch {
      return .failure(error)
    }
  }

  package func time() async throws(BackendError) -> WallTime? {
    guard traits.has(.time) else { return nil }
    let reply = try await send(RESPCommand("TIME"))
    lose(.time, if: reply)
    return KeyState.milliseconds(reply).map { WallTime(milliseconds: $0) }
  }

  // MARK: Together

  private func applyQuickly(
    _ run: [QuickChange], _ changes: [KeyedChange], from start: Int, _ undoLimit: Int?
  ) async -> [Result<ChangeOutcome, BackendError>] {
    var results: [Result<ChangeOutcome, BackendError>?]
    do throws(BackendError) {
      let run = try await weighed(run, undoLimit)
      results = try await exclusively { connection throws(ChannelError) in
        .success(await self.carryOut(run, on: connection))
      }
    } catch {
      return run.map { _ in .failure(error.whereNothingWasSent) }
    }
    for place in results.indices where results[place] == nil {
      results[place] = await applyAlone(changes[start + place], undoLimit)
    }
    return results.compactMap { $0 }
  }

  /// With what is known of each key before: whether it is small enough to be kept, and its kind
  /// where that decides how its new state is marked.
  private func weighed(
    _ run: [QuickChange], _ undoLimit: Int?
  ) async throws(BackendError) -> [QuickChange] {
    guard let undoLimit, traits.keepsStates else { return run }
    var run = run
    if undoLimit < .max {
      let sizes = try await sizes(of: run.map(\.key), upTo: Int64(undoLimit))
      for (place, size) in sizes.enumerated() {
        run[place].keeps = size.bytes.map { $0 <= undoLimit } ?? false
        run[place].bytes = size.bytes ?? 0
        run[place].kind = size.kind
      }
      return run
    }
    let kinds = try await kinds(of: run)
    for place in run.indices {
      run[place].keeps = true
      run[place].kind = kinds[place]
    }
    return run
  }

  private func kinds(of run: [QuickChange]) async throws(BackendError) -> [ValueKind?] {
    guard traits.has(.type), run.contains(where: \.leavesKey) else { return run.map { _ in nil } }
    let replies = try await send(run.map { KeyQuestion.kind.command($0.key) })
    return replies.map { reply in
      lose(.type, if: reply)
      return reply.text.flatMap { $0 == "none" ? nil : ValueKind(redisName: $0) }
    }
  }

  /// What came of each; nil for those that have to be tried one by one. Never fails as a whole: what
  /// was under way when the connection broke is told apart from what was never sent.
  private func carryOut(
    _ run: [QuickChange], on connection: any RESPConnection
  ) async -> [Result<ChangeOutcome, BackendError>?] {
    var work = QuickWork(rest: run[...])
    do throws(ChannelError) {
      work.origin = try await currentIdentity(on: connection)
      while let chunk = work.next(Self.keysInOneTransaction, Self.bytesInOneTransaction) {
        try await carryOut(chunk, &work, on: connection)
      }
    } catch {
      work.end(because: BackendError(error))
    }
    return work.results
  }

  private func carryOut(
    _ chunk: [QuickChange], _ work: inout QuickWork, on connection: any RESPConnection
  ) async throws(ChannelError) {
    let traits = traits
    let chunk = chunk.map { change in
      var change = change
      change.keeps = change.keeps && traits.keepsStates
      return change
    }
    let commands = QuickChange.commands(of: chunk, traits)
    guard chunk.contains(where: \.keeps) || work.begun != nil else {
      work.isSent = true
      let replies = try await connection.send(commands).counted(for: commands)
      // A command that the server lacks has done nothing, and is done without one by one.
      let lacks = zip(commands, replies).contains { command, reply in
        Self.feature(of: command).map { lose($0, if: reply) } ?? false
      }
      return work.take(chunk, replies, traits, leavingRefused: lacks)
    }
    let begin = RESPCommand("MULTI")
    let begun = if let begun = work.begun { begun } else { try await connection.send(begin) }
    work.begun = nil
    if let error = begun.error { return work.refuseAll(because: BackendError(error, of: "MULTI")) }
    guard begun == .ok else { throw .protocolViolation("MULTI answered neither OK nor an error") }
    let batch = commands + [RESPCommand("EXEC")]
    let goesOn = work.rest.count > chunk.count
    work.isSent = true
    let sent = batch + (goesOn ? [begin] : [])
    let replies = try await connection.send(sent).counted(for: sent)
    if goesOn { work.begun = replies.last }
    switch try Self.end(of: zip(batch, replies).map { ($0, $1) }, commands.count) {
    case .done(let done): work.take(chunk, done, traits)
    case .cancelled: work.leave(chunk.count)
    case .refused(let command, let reply, let error):
      work.isSent = false
      if let feature = Self.feature(of: command), lose(feature, if: reply) { return }
      if command.verb == "EXEC" {
        return work.refuseAll(because: BackendError(error, of: command.verb))
      }
      work.leave(chunk.count)
    }
  }
}

/// Where a run of quick changes stands.
private struct QuickWork {
  var rest: ArraySlice<QuickChange>
  var origin = SourceIdentity(serverID: "", database: 0)
  var results: [Result<ChangeOutcome, BackendError>?] = []
  /// The answer to a MULTI that was sent ahead.
  var begun: RESPValue?
  /// Whether the chunk at the head has been sent.
  var isSent = false
  private var chunkCount = 0

  init(rest: ArraySlice<QuickChange>) {
    self.rest = rest
  }

  /// The next changes that go together; nil at the end.
  mutating func next(_ most: Int, _ bytes: Int64) -> [QuickChange]? {
    guard !rest.isEmpty else { return nil }
    var room = bytes
    let chunk = rest.prefix(most).prefix { change in
      defer { room -= change.bytes }
      return change.bytes <= room || room == bytes
    }
    isSent = false
    chunkCount = chunk.count
    return Array(chunk)
  }

  mutating func take(
    _ chunk: [QuickChange], _ replies: [RESPValue], _ traits: RedisTraits,
    leavingRefused: Bool = false
  ) {
    for outcome in QuickChange.outcomes(of: chunk, replies, origin, traits) {
      if leavingRefused, case .failure(.refused) = outcome {
        results.append(nil)
      } else {
        results.append(outcome)
      }
    }
    rest = rest.dropFirst(chunk.count)
  }

  /// These are tried one by one later.
  mutating func leave(_ count: Int) {
    results += Array(repeating: nil, count: count)
    rest = rest.dropFirst(count)
  }

  mutating func refuseAll(because error: BackendError) {
    results += rest.map { _ in .failure(error) }
    rest = []
  }

  /// The connection cannot be used any more.
  mutating func end(because error: BackendError) {
    let unsent = error.whereNothingWasSent
    let sent = isSent ? chunkCount : 0
    results += rest.prefix(sent).map { _ in .failure(error) }
    results += rest.dropFirst(sent).map { _ in .failure(unsent) }
    rest = []
  }
}

extension BackendError {
  /// The same for what was not sent.
  var whereNothingWasSent: BackendError {
    switch self {
    case .connectionLost(let reason, _): .connectionLost(reason: reason, outcomeUnknown: false)
    case .timedOut(let milliseconds, _):
      .timedOut(afterMilliseconds: milliseconds, outcomeUnknown: false)
    default: self
    }
  }
}
