/// A way to send commands and get their replies: a socket, the engine in this process, a cluster,
/// or a decorator around one of these. The lower of the two seams of the program.
///
/// The batch is the primitive, because a round trip costs fifty times what a pipelined command
/// does. `send` answers with as many replies as there were commands, in their order; an error
/// reply is a value, and only a failure of the channel itself is thrown.
///
/// Commands that change the state of a connection (WATCH, MULTI, EXEC, DISCARD, SELECT, AUTH,
/// HELLO, blocking commands, MONITOR, SUBSCRIBE and their kin) are refused by `send`: on a shared
/// connection one caller's EXEC would clear another's WATCH. `exclusively` lends one connection
/// for those; it is closed or reset before anybody else gets it.
package protocol RESPChannel: Sendable {
  /// Sends all commands and waits for all replies. No command of a batch that failed is sent again:
  /// `ChannelError.commandsUnanswered` says that they may or may not have been carried out.
  func send(_ batch: [RESPCommand]) async throws(ChannelError) -> [RESPValue]

  /// Lends one connection, logged in and with the channel's database selected. `slot` names the
  /// cluster slot that the keys lie in, where there is a cluster.
  func exclusively<Result: Sendable>(
    for slot: HashSlot?,
    _ body: @Sendable (any RESPConnection) async throws(ChannelError) -> Result
  ) async throws(ChannelError) -> Result

  /// Closes all connections; every later call fails with `.closed`.
  func close() async
}

/// One lent connection, on which every command may be sent.
package protocol RESPConnection: Sendable {
  func send(_ batch: [RESPCommand]) async throws(ChannelError) -> [RESPValue]
}

/// Why a channel could not carry commands. Closed: every case is mapped once to a sentence.
package enum ChannelError: Error, Sendable, Equatable {
  /// No connection: the name does not resolve, nobody listens, the socket file is missing, …
  case unreachable(endpoint: String, reason: String)
  /// TLS failed, in a way that will not pass by itself; what happened and what to do. No command was
  /// sent.
  case insecure(endpoint: String, reason: String)
  /// The server refused the login or the database; its own words.
  case loginRefused(String)
  /// There is no password to log in with, for this reason; nothing was sent.
  case noPassword(String)
  /// The connection ended before these commands were answered; they may have been carried out.
  case commandsUnanswered(reason: String)
  /// Not connected now; the next try is under way. Nothing was sent.
  case notConnected(reason: String)
  /// The peer sent what is not RESP, or more than a bound allows.
  case protocolViolation(String)
  /// No answer within the time limit. While connecting nothing was sent, and the try is given up.
  /// Later, commands that were sent may still be carried out (`outcomeUnknown`): the server may be
  /// busy, and a shared connection is kept for a while.
  case timedOut(afterMilliseconds: Int, outcomeUnknown: Bool)
  /// A command that `send` must not carry, see `RESPChannel`.
  case needsExclusiveConnection(verb: String)
  /// The channel carries reading commands only, and this may be another; nothing was sent.
  case readOnly(verb: String)
  /// `close` was called.
  case closed
}

extension ChannelError {
  /// Whether the commands certainly stayed here.
  package var tellsThatNothingWasSent: Bool {
    switch self {
    case .unreachable, .insecure, .loginRefused, .noPassword, .notConnected,
      .needsExclusiveConnection, .readOnly, .closed:
      true
    case .timedOut(_, let outcomeUnknown): !outcomeUnknown
    case .commandsUnanswered, .protocolViolation: false
    }
  }
}

extension RESPChannel {
  /// Sends one command and waits for its reply.
  package func send(_ command: RESPCommand) async throws(ChannelError) -> RESPValue {
    try await send([command]).first ?? .null
  }
}

extension RESPConnection {
  /// Sends one command and waits for its reply.
  package func send(_ command: RESPCommand) async throws(ChannelError) -> RESPValue {
    try await send([command]).first ?? .null
  }
}
