package import RESP

/// What a channel's shared connection is doing. Times are milliseconds of the monotonic clock.
package enum ConnectionStatus: Sendable, Equatable {
  /// Nothing was asked of it yet.
  case idle
  case connecting
  /// Logged in, with its database selected.
  case connected
  /// The server takes commands and does not answer them.
  case busy(since: Int64)
  /// The last try failed, or the connection broke; the next try comes by itself at `until`.
  case waiting(until: Int64, reason: ChannelError)
  /// The server refused the login. Nothing is tried again before the next command.
  case refused(ChannelError)
  case closed
}
