package import CacheModel
import RESP

extension RedisBackend {
  package func statistics() async throws(BackendError) -> CacheStatistics {
    try await statistics(isSecondTry: false)
  }

  private func statistics(
    isSecondTry: Bool
  ) async throws(BackendError) -> CacheStatistics {
    guard traits.has(.info) else { return try await keysAlone() }
    let answer = try await sendAlone(Self.allFigures)
    let (reply, lookups) = (answer.replies.first ?? .null, answer.lookups)
    if let error = reply.error {
      guard lose(.info, if: reply) else { throw BackendError(error, of: "INFO") }
      return try await keysAlone()
    }
    let figures = ServerFigures(reply.text ?? "")
    guard !figures.isEmpty else { throw .malformedReply("INFO without a field") }
    let isOtherRun = adoptRun(figures, lookups)
    if isOtherRun, !isSecondTry { return try await self.statistics(isSecondTry: true) }
    var statistics = emptyStatistics
    statistics.roundTripMicroseconds = answer.microseconds
    // Counted when the server was asked: what was sent since is not among its commands yet.
    statistics.ownCommands = answer.commands
    // A cluster is sent more than was asked of it as a whole.
    if let sent = figures.number("cluster_sent_commands") { statistics.ownCommands = sent }
    fill(&statistics, from: figures)
    fillCommands(&statistics, figures.byCommand, own: answer.tally)
    fillLookups(&statistics, from: figures, own: isOtherRun ? channel.lookups : lookups)
    return statistics
  }

  /// Every section that costs the server little; by itself INFO leaves out what commands are used.
  private static let allFigures = RESPCommand("INFO", "all")

  private func sendAlone(
    _ command: RESPCommand
  ) async throws(BackendError) -> LookupCountingChannel.Alone {
    do throws(ChannelError) {
      return try await channel.sendAlone([command], clock: clock.monotonicMicroseconds)
    } catch {
      throw BackendError(error)
    }
  }

  /// What is left when INFO is refused.
  private func keysAlone() async throws(BackendError) -> CacheStatistics {
    let started = clock.monotonicMicroseconds()
    let reply = traits.has(.dbsize) ? try await send(RESPCommand("DBSIZE")) : .null
    lose(.dbsize, if: reply)
    var statistics = emptyStatistics
    statistics.keys = reply.error == nil ? reply.integer : nil
    statistics.roundTripMicroseconds = clock.monotonicMicroseconds() - started
    return statistics
  }

  private var emptyStatistics: CacheStatistics {
    CacheStatistics(time: clock.wall, moment: clock.moment, ownCommands: channel.commands)
  }

  private func fill(_ statistics: inout CacheStatistics, from figures: ServerFigures) {
    for (figure, name) in Self.fields { statistics[figure] = figures.number(name) }
    statistics.maxMemory = figures.number("maxmemory").map { $0 == 0 ? nil : ByteCount($0) }
    statistics.keys = figures.number("keys", ofDatabase: database)
    statistics.keysWithTTL = figures.number("expires", ofDatabase: database)
    statistics[.staleShare] = figures.hundredths("expired_stale_perc")
    let processor = ["used_cpu_sys", "used_cpu_user"].compactMap(figures.microseconds)
    if processor.count == 2 { statistics[.processor] = processor[0] &+ processor[1] }
    statistics.runID = figures.text("run_id")
    statistics.identity = identity(of: figures)
    statistics.uptimeSeconds = figures.number("uptime_in_seconds")
    statistics.cluster = figures.cluster
    statistics.evictionPolicy = figures.text("maxmemory_policy")
  }

  /// Figures that are one field of INFO as it stands.
  private static let fields: [(StatsFigure, String)] = [
    (.commands, "total_commands_processed"), (.usedMemory, "used_memory"),
    (.residentMemory, "used_memory_rss"), (.expired, "expired_keys"), (.evicted, "evicted_keys"),
    (.clients, "connected_clients"), (.blockedClients, "blocked_clients"),
    (.networkIn, "total_net_input_bytes"), (.networkOut, "total_net_output_bytes"),
    (.connections, "total_connections_received"), (.rejectedConnections, "rejected_connections"),
    (.errors, "total_error_replies"), (.expiryTimeouts, "expired_time_cap_reached_count"),
    (.eventLoop, "eventloop_duration_sum"),
  ]

  /// Less what was sent from here.
  private func fillCommands(
    _ statistics: inout CacheStatistics, _ commands: [CommandFigures], own: CommandTally
  ) {
    guard !commands.isEmpty else { return }
    var calls: [CommandClass: Int64] = [:]
    for command in commands {
      calls[CommandClass(of: command.name), default: 0] &+= command.calls
    }
    statistics.byCommand = commands.map { $0.less(own) }
    let figures: [(StatsFigure, CommandClass)] = [
      (.readingCalls, .reading), (.writingCalls, .writing), (.otherCalls, .other),
    ]
    for (figure, kind) in figures {
      statistics[figure] = max(0, (calls[kind] ?? 0) &- own.count(of: kind))
    }
  }

  /// Shares the account of this run of the server, when it is another run than before; the figures
  /// have to be asked again then, with the account known first. After a restart the account begins
  /// anew.
  private func adoptRun(_ figures: ServerFigures, _ own: LookupLedger) -> Bool {
    guard let runID = figures.text("run_id"), traits.runID != runID else { return false }
    if traits.runID != nil { channel.forget(own) }
    channel.share(sharing(runID))
    learn {
      $0.runID = runID
      $0.agreed = nil
    }
    return true
  }

  /// The server's counters less our own lookups, and those of other cachescope processes that share
  /// the account of this run of the server. When the counters were reset, so is the account.
  private func fillLookups(
    _ statistics: inout CacheStatistics, from figures: ServerFigures, own: LookupLedger
  ) {
    let hits = figures.number("keyspace_hits")
    let misses = figures.number("keyspace_misses")
    let wasReset = figures.wasReset(since: traits.agreed, own: own)
    if wasReset { channel.forget(own) }
    let own = wasReset ? LookupLedger() : own
    learn {
      $0.figures = figures
      $0.agreed = figures
    }
    channel.adopt(LookupRules(of: figures))
    statistics.hits = hits.map { Self.rest($0, own.hits) }
    statistics.misses = misses.map { Self.rest($0, own.misses) }
  }

  /// What is left of a counter of the server's without our own part; never less than nothing.
  private static func rest(_ told: Int64, _ own: Int64) -> Int64 {
    let (rest, overflow) = told.subtractingReportingOverflow(own)
    return overflow ? 0 : max(0, rest)
  }

  package func flush() async throws(BackendError) -> Int64? {
    try await exclusively { connection throws(ChannelError) in
      try await self.flush(on: connection)
    }
  }

  private func flush(
    on connection: any RESPConnection
  ) async throws(ChannelError) -> Result<Int64?, BackendError> {
    let verb = traits.has(.asyncFlush) ? RESPCommand("FLUSHDB", "ASYNC") : RESPCommand("FLUSHDB")
    switch try await transaction([RESPCommand("DBSIZE"), verb], on: connection) {
    case .done(let replies):
      return try await flushed(replies[0].integer, replies[1], on: connection)
    case .refused(let command, let reply, _) where command.verb == "FLUSHDB":
      return try await flushed(nil, reply, on: connection)
    case .refused, .cancelled:
      // Counting at the same moment is not possible: flush without. Should the transaction still
      // be open, the answer is QUEUED and taken for no success.
      return try await flushed(nil, try await connection.send(verb), on: connection)
    }
  }

  /// What the reply to FLUSHDB means; servers that do not know ASYNC are asked without.
  private func flushed(
    _ count: Int64?, _ reply: RESPValue, on connection: any RESPConnection
  ) async throws(ChannelError) -> Result<Int64?, BackendError> {
    if reply == .ok { return .success(count) }
    guard let error = reply.error else {
      return .failure(.malformedReply("FLUSHDB answered neither OK nor an error"))
    }
    guard error.isSyntax || error.isArity, traits.has(.asyncFlush) else {
      return .failure(BackendError(error, of: "FLUSHDB"))
    }
    learn { $0.lose(.asyncFlush, because: error.text) }
    return try await flush(on: connection)
  }
}
