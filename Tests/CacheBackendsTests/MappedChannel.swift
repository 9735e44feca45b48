import RESP

/// A channel to a real source that says some things otherwise: commands are replaced on their way
/// there, and replies on their way back.
struct MappedChannel: RESPChannel {
  typealias Asked = @Sendable (RESPCommand) -> RESPCommand
  typealias Answered = @Sendable (RESPCommand, RESPValue) -> RESPValue

  let inner: any RESPChannel
  var asked: Asked = { $0 }
  var answered: Answered = { $1 }

  func send(_ batch: [RESPCommand]) async throws(ChannelError) -> [RESPValue] {
    let replies = try await inner.send(batch.map(asked))
    return zip(batch, replies).map(answered)
  }

  func exclusively<Result: Sendable>(
    for slot: HashSlot?,
    _ body: @Sendable (any RESPConnection) async throws(ChannelError) -> Result
  ) async throws(ChannelError) -> Result {
    try await inner.exclusively(for: slot) { connection throws(ChannelError) in
      try await body(Lent(inner: connection, channel: self))
    }
  }

  func close() async { await inner.close() }

  private struct Lent: RESPConnection {
    let inner: any RESPConnection
    let channel: MappedChannel

    func send(_ batch: [RESPCommand]) async throws(ChannelError) -> [RESPValue] {
      let replies = try await inner.send(batch.map(channel.asked))
      return zip(batch, replies).map(channel.answered)
    }
  }
}
