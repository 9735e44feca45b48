/// How a server is to tell things unasked.
package enum PushForm: Sendable, Hashable {
  /// By the pushes of RESP3, where the server speaks it.
  case pushes
  /// By the messages of SUBSCRIBE and PSUBSCRIBE, as RESP2 has them. Once there is a subscription,
  /// only further ones may be sent, each with a single channel or pattern.
  case messages
}

/// What a server sends unasked, apart from the answers of a `RESPChannel`: a channel that can lend
/// a connection together with the pushes that arrive on it.
package protocol PushSource: Sendable {
  /// Lends one connection of its own and its pushes or messages, which end when the connection does;
  /// it is closed afterwards, and at once when the task is cancelled. Nil where the channel has no
  /// such connections.
  func listening<Result: Sendable>(
    for form: PushForm,
    _ body:
      @Sendable (any RESPConnection, AsyncStream<RESPValue>) async throws(ChannelError) ->
      Result
  ) async throws(ChannelError) -> Result?
}
