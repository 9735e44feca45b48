package import RESP

/// A channel on which a test comes between a program and a real source: every batch, on lent
/// connections too, goes through one function, which sends it on as it is, otherwise, later or not at
/// all.
package protocol ChannelBetween: RESPChannel {
  /// Where batches go in the end.
  var inner: any RESPChannel { get }

  /// Answers a batch; `connection` is where it was to be sent.
  func answer(
    _ batch: [RESPCommand], on connection: any RESPConnection
  ) async throws(ChannelError) -> [RESPValue]
}

extension ChannelBetween {
  package func send(_ batch: [RESPCommand]) async throws(ChannelError) -> [RESPValue] {
    try await answer(batch, on: SharedConnection(channel: inner))
  }

  package func exclusively<Result: Sendable>(
    for slot: HashSlot?,
    _ body: @Sendable (any RESPConnection) async throws(ChannelError) -> Result
  ) async throws(ChannelError) -> Result {
    try await inner.exclusively(for: slot) { connection throws(ChannelError) in
      try await body(ConnectionBetween(inner: connection, channel: self))
    }
  }

  package func close() async { await inner.close() }
}

private struct SharedConnection: RESPConnection {
  let channel: any RESPChannel

  func send(_ batch: [RESPCommand]) async throws(ChannelError) -> [RESPValue] {
    try await channel.send(batch)
  }
}

private struct ConnectionBetween: RESPConnection {
  let inner: any RESPConnection
  let channel: any ChannelBetween

  func send(_ batch: [RESPCommand]) async throws(ChannelError) -> [RESPValue] {
    try await channel.answer(batch, on: inner)
  }
}
