package import RESP

extension SocketChannel: PushSource {
  /// The connection is made for this alone and counts as none of those that are lent.
  package func listening<Result: Sendable>(
    _ body:
      @Sendable (any RESPConnection, AsyncStream<RESPValue>) async throws(ChannelError) ->
      Result
  ) async throws(ChannelError) -> Result? {
    try refuseInPause()
    let (pushes, arriving) = AsyncStream.makeStream(
      of: RESPValue.self, bufferingPolicy: .bufferingNewest(Self.mostPushes))
    let connection = makeConnection(
      onPush: { arriving.yield($0) },
      onChange: { change in
        if case .ended = change { arriving.finish() }
      })
    listeners.append(connection)
    do throws(ChannelError) {
      try await connection.waitUntilReady()
      let result = try await body(connection, pushes)
      await stopListening(connection)
      return result
    } catch {
      await stopListening(connection)
      throw error
    }
  }

  /// Pushes that wait to be taken; older ones are dropped beyond that.
  private static var mostPushes: Int { 10_000 }

  private func stopListening(_ connection: Connection) async {
    listeners.removeAll { $0 === connection }
    await connection.close()
  }
}
