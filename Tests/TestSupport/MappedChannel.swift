package import RESP

/// A channel to a real source that says some things otherwise: commands are replaced on their way
/// there, and replies on their way back.
package struct MappedChannel: ChannelBetween {
  package typealias Asked = @Sendable (RESPCommand) -> RESPCommand
  package typealias Answered = @Sendable (RESPCommand, RESPValue) -> RESPValue

  package let inner: any RESPChannel
  package var asked: Asked
  package var answered: Answered

  package init(
    inner: any RESPChannel, asked: @escaping Asked = { $0 },
    answered: @escaping Answered = { $1 }
  ) {
    self.inner = inner
    self.asked = asked
    self.answered = answered
  }

  package func answer(
    _ batch: [RESPCommand], on connection: any RESPConnection
  ) async throws(ChannelError) -> [RESPValue] {
    let replies = try await connection.send(batch.map(asked))
    return zip(batch, replies).map(answered)
  }
}
