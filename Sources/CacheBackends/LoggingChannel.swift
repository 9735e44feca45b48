package import CacheModel
package import RESP

/// What takes note of the writes that are sent. Called from any task; must not block.
package protocol CommandSink: Sendable {
  /// The clock for what is noted.
  var now: WallTime { get }

  /// These are about to be sent, in this order.
  func sending(_ commands: [SentCommand])

  /// These were about to be sent and were not.
  func heldBack(_ commands: [SentCommand])
}

/// A channel that tells a sink of every write before it goes out, on lent connections too. What is
/// refused above it is not told.
package final class LoggingChannel: RESPChannel, PushSource {
  private let inner: any RESPChannel
  private let sink: any CommandSink

  package init(_ inner: any RESPChannel, to sink: any CommandSink) {
    self.inner = inner
    self.sink = sink
  }

  package func send(_ batch: [RESPCommand]) async throws(ChannelError) -> [RESPValue] {
    try await sink.noting(batch) { () async throws(ChannelError) in try await inner.send(batch) }
  }

  package func exclusively<Result: Sendable>(
    for slot: HashSlot?,
    _ body: @Sendable (any RESPConnection) async throws(ChannelError) -> Result
  ) async throws(ChannelError) -> Result {
    try await inner.exclusively(for: slot) { connection throws(ChannelError) in
      try await body(LoggedConnection(inner: connection, sink: self.sink))
    }
  }

  package func listening<Result: Sendable>(
    for form: PushForm,
    _ body:
      @Sendable (any RESPConnection, AsyncStream<RESPValue>) async throws(ChannelError) ->
      Result
  ) async throws(ChannelError) -> Result? {
    guard let inner = inner as? any PushSource else { return nil }
    return try await inner.listening(for: form) { connection, pushes throws(ChannelError) in
      try await body(LoggedConnection(inner: connection, sink: self.sink), pushes)
    }
  }

  package func close() async {
    await inner.close()
  }
}

private struct LoggedConnection: RESPConnection {
  let inner: any RESPConnection
  let sink: any CommandSink

  func send(_ batch: [RESPCommand]) async throws(ChannelError) -> [RESPValue] {
    try await sink.noting(batch) { () async throws(ChannelError) in try await inner.send(batch) }
  }
}

extension CommandSink {
  fileprivate func noting(
    _ batch: [RESPCommand], _ send: () async throws(ChannelError) -> [RESPValue]
  ) async throws(ChannelError) -> [RESPValue] {
    let now = now
    let writes = batch.compactMap { SentCommand($0, at: now) }
    if writes.isEmpty { return try await send() }
    sending(writes)
    do throws(ChannelError) {
      return try await send()
    } catch {
      if error.tellsThatNothingWasSent { heldBack(writes) }
      throw error
    }
  }
}
