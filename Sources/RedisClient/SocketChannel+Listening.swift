package import RESP

extension SocketChannel: PushSource {
  /// The connection is made for this alone and counts as none of those that are lent.
  package func listening<Answer: Sendable>(
    for form: PushForm,
    _ body:
      @Sendable (any RESPConnection, AsyncStream<RESPValue>) async throws(ChannelError) ->
      Answer
  ) async throws(ChannelError) -> Answer? {
    let (pushes, arriving) = AsyncStream.makeStream(
      of: RESPValue.self, bufferingPolicy: .bufferingNewest(Self.mostPushes))
    let connection = try startListening(
      for: form, onPush: { arriving.yield($0) }, onEnd: { arriving.finish() })
    // What waits for a reply must not keep a connection open that nobody wants any more.
    let outcome = await withTaskCancellationHandler {
      await Self.outcome(of: connection, pushes, body)
    } onCancel: {
      Task { await connection.close() }
    }
    await stopListening(connection)
    return try outcome.get()
  }

  private static func outcome<Answer: Sendable>(
    of connection: Connection, _ pushes: AsyncStream<RESPValue>,
    _ body:
      @Sendable (any RESPConnection, AsyncStream<RESPValue>) async throws(ChannelError) ->
      Answer
  ) async -> Result<Answer, ChannelError> {
    do throws(ChannelError) {
      try await connection.waitUntilReady()
      let answer = try await body(connection, pushes)
      return .success(answer)
    } catch {
      return .failure(error)
    }
  }

  /// Pushes that wait to be taken; older ones are dropped beyond that.
  static var mostPushes: Int { 10_000 }

  /// A connection whose pushes are told until `stopListening`, which must follow; it is not ready yet.
  /// Both closures are called on the loop's thread.
  func startListening(
    for form: PushForm, onPush: @escaping @Sendable (RESPValue) -> Void,
    onEnd: @escaping @Sendable () -> Void
  ) throws(ChannelError) -> Connection {
    try refuseInPause()
    try refuseWhileBusy()
    let connection = makeConnection(
      for: form, heartbeat: .ends, onPush: onPush,
      onChange: { change in
        if case .ended = change { onEnd() }
      })
    listeners.append(connection)
    return connection
  }

  func stopListening(_ connection: Connection) async {
    listeners.removeAll { $0 === connection }
    await connection.close()
  }
}
