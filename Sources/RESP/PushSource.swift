/// What a server sends unasked, apart from the answers of a `RESPChannel`: a channel that can lend
/// a connection together with the pushes that arrive on it.
package protocol PushSource: Sendable {
  /// Lends one connection of its own and its pushes, which end when the connection does; it is
  /// closed afterwards. Nil where the channel has no such connections.
  func listening<Result: Sendable>(
    _ body:
      @Sendable (any RESPConnection, AsyncStream<RESPValue>) async throws(ChannelError) ->
      Result
  ) async throws(ChannelError) -> Result?
}
