import CacheEngine
import RESP

/// The engine behind its channels: the keyspace, the sessions, and the steps that every command
/// goes through, in Redis' order: known, right number of arguments, logged in, room in memory,
/// queued by MULTI or carried out.
///
/// Belongs to one thread. It reads no clock: `now` is set by the loop that owns it.
final class CommandEngine {
  var keyspace: Keyspace
  var settings: EngineSettings
  var counters = ServerCounters()
  var sessions: [Int64: Session] = [:]
  /// Which sessions listen to a channel and to a pattern.
  var channelListeners: [[UInt8]: Set<Int64>] = [:]
  var patternListeners: [[UInt8]: Set<Int64>] = [:]
  /// Which sessions wait for a key, those who came first before the others.
  var waiters: [WatchedKey: [Int64]] = [:]
  /// The sessions that wait.
  var waiting: Set<Int64> = []
  /// Keys for which somebody waits and that have changed.
  var readyKeys: [WatchedKey] = []
  /// Which sessions have read a key that has not changed since.
  var readers: [[UInt8]: Set<Int64>] = [:]
  /// The sessions that track.
  var trackers: Set<Int64> = []
  /// Messages to sessions that track, not sent yet.
  var invalidations: [(session: Int64, message: RESPValue)] = []
  /// Removals of keys by tag that are not done yet, each with the session that waits for it.
  var removals: [(session: Int64, removal: TagRemoval)] = []
  /// The session whose command is being carried out.
  var active: Int64 = 0
  /// The scripts that were loaded, by their digests.
  var scripts: [String: KnownScript] = [:]
  /// The time of the present event, in milliseconds since 1970.
  var now: Int64
  let startedAt: Int64
  let runID: String
  private let microseconds: () -> Int64
  private var lastSession: Int64 = 0
  private var random = SystemRandomNumberGenerator()

  init(settings: EngineSettings, now: Int64, microseconds: @escaping () -> Int64) {
    self.settings = settings
    self.now = now
    self.microseconds = microseconds
    startedAt = now
    keyspace = Keyspace(
      databases: settings.databases, memoryBound: settings.maxMemory, policy: settings.policy)
    runID = (0..<40).map { _ in String(Int.random(in: 0..<16), radix: 16) }.joined()
  }

  /// A session for a new client. It counts as connected until `close`.
  func openSession(
    address: String, localAddress: String, database: Int = 0, isInProcess: Bool
  ) -> Session {
    lastSession += 1
    let session = Session(
      id: lastSession, address: address, localAddress: localAddress, database: database,
      isAuthenticated: isInProcess || settings.password == nil, isInProcess: isInProcess, now: now)
    sessions[session.id] = session
    if !isInProcess { counters.connections += 1 }
    return session
  }

  func close(_ session: Session) {
    dropSubscriptions(of: session)
    release(session)
    if session.tracking != nil { stopTracking(session) }
    sessions[session.id] = nil
  }

  /// A number below `limit`, which is at least 1.
  func anyNumber(below limit: Int) -> Int {
    Int.random(in: 0..<max(1, limit), using: &random)
  }

  /// Removes what is due, without a command.
  func expireDue(limit: Int) {
    active = 0
    keyspace.expireDue(at: now, limit: limit)
    tellNotes()
  }

  /// Carries one command out for a session. An error reply is a value. There is no reply yet when
  /// the session waits afterwards.
  func execute(_ arguments: [[UInt8]], for session: Session) -> RESPValue {
    defer { if !readyKeys.isEmpty { serveWaiters() } }
    do throws(RESPError) {
      return try dispatch(arguments, for: session)
    } catch {
      return .error(error)
    }
  }

  private func dispatch(
    _ arguments: [[UInt8]], for session: Session
  ) throws(RESPError) -> RESPValue {
    session.lastUse = now
    active = session.id
    let row: CommandRow
    do throws(RESPError) {
      row = try admit(arguments, for: session)
    } catch {
      if session.transaction.queue != nil { session.transaction.giveUp() }
      counters.errors += 1
      throw error
    }
    session.lastCommand = row.specification.name
    if session.transaction.queue != nil, !row.specification.flags.contains(.notQueued) {
      return try enqueue(arguments, for: session)
    }
    defer {
      if session.tracking?.caching != nil, session.transaction.queue == nil,
        row.specification.name != "client"
      {
        session.tracking?.caching = nil
      }
    }
    return try run(row, CommandCall(arguments: arguments, session: session, engine: self, now: now))
  }

  /// Keeps a command for EXEC. What waits for EXEC counts as unanswered; past the limit of that the
  /// transaction is given up, and nothing of one that is given up is kept.
  private func enqueue(
    _ arguments: [[UInt8]], for session: Session
  ) throws(RESPError) -> RESPValue {
    guard !session.transaction.isBroken else { return .simple("QUEUED") }
    session.transaction.append(arguments)
    guard session.transaction.queuedBytes <= settings.queryBufferLimit else {
      session.transaction.giveUp()
      counters.errors += 1
      throw RESPError("ERR transaction exceeds the query buffer limit")
    }
    return .simple("QUEUED")
  }

  private func admit(_ arguments: [[UInt8]], for session: Session) throws(RESPError) -> CommandRow {
    guard let name = arguments.first, let row = CommandTable.row(named: name) else {
      throw .unknownCommand(arguments)
    }
    let facts = row.specification
    try row.check(arguments)
    guard session.isAuthenticated || facts.flags.contains(.noAuth) else { throw .noAuthentication }
    if facts.flags.contains(.denyOOM), !keyspace.makeRoom(at: now) { throw .outOfMemory }
    try checkSubscribed(facts, session)
    return row
  }

  /// A RESP2 connection with subscriptions can tell replies from messages only for these.
  private func checkSubscribed(
    _ facts: CommandSpecification, _ session: Session
  ) throws(RESPError) {
    guard session.subscriptionCount > 0, session.version == .two else { return }
    let allowed: Set = [
      "subscribe", "psubscribe", "unsubscribe", "punsubscribe", "ping", "quit", "reset",
    ]
    guard !allowed.contains(facts.name) else { return }
    throw RESPError(
      "ERR Can't execute '\(facts.name)': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / "
        + "RESET are allowed in this context")
  }

  /// Runs a command that was admitted, and counts it.
  func run(_ row: CommandRow, _ call: CommandCall) throws(RESPError) -> RESPValue {
    let start = microseconds()
    counters.note(commandAt: now)
    defer {
      counters.note(row.specification.name, microseconds: microseconds() - start)
      if row.specification.flags.contains(.denyOOM) { _ = keyspace.makeRoom(at: now) }
      tellNotes()
      if call.session.tracking != nil {
        remember(row.specification, call.arguments, for: call.session)
      }
    }
    do throws(RESPError) {
      return try row.handler(call)
    } catch {
      counters.noteFailure(of: row.specification.name)
      throw error
    }
  }
}
