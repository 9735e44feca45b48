package import RESP
import Synchronization

/// A channel that carries only what `ReadingCommands` allows, on lent connections too. A batch with
/// one other command in it fails with `.readOnly`, and nothing of it is sent.
package final class ReadOnlyChannel: RESPChannel, PushSource {
  private let inner: any RESPChannel
  private let guarding: Atomic<Bool>

  package init(_ inner: any RESPChannel, isReadOnly: Bool = true) {
    self.inner = inner
    guarding = Atomic(isReadOnly)
  }

  /// Whether writes are refused now.
  package var isReadOnly: Bool { guarding.load(ordering: .acquiring) }

  /// Switches the guard; takes effect with the next batch.
  package func setReadOnly(_ isReadOnly: Bool) {
    guarding.store(isReadOnly, ordering: .releasing)
  }

  package func send(_ batch: [RESPCommand]) async throws(ChannelError) -> [RESPValue] {
    try check(batch)
    return try await inner.send(batch)
  }

  package func exclusively<Result: Sendable>(
    for slot: HashSlot?,
    _ body: @Sendable (any RESPConnection) async throws(ChannelError) -> Result
  ) async throws(ChannelError) -> Result {
    try await inner.exclusively(for: slot) { connection throws(ChannelError) in
      try await body(GuardedConnection(channel: self, inner: connection))
    }
  }

  package func listening<Result: Sendable>(
    _ body:
      @Sendable (any RESPConnection, AsyncStream<RESPValue>) async throws(ChannelError) ->
      Result
  ) async throws(ChannelError) -> Result? {
    guard let inner = inner as? any PushSource else { return nil }
    return try await inner.listening { connection, pushes throws(ChannelError) in
      try await body(GuardedConnection(channel: self, inner: connection), pushes)
    }
  }

  package func close() async {
    await inner.close()
  }

  fileprivate func check(_ batch: [RESPCommand]) throws(ChannelError) {
    guard isReadOnly else { return }
    for command in batch where !ReadingCommands.allow(command) {
      throw .readOnly(verb: command.verb)
    }
  }
}

private struct GuardedConnection: RESPConnection {
  let channel: ReadOnlyChannel
  let inner: any RESPConnection

  func send(_ batch: [RESPCommand]) async throws(ChannelError) -> [RESPValue] {
    try channel.check(batch)
    return try await inner.send(batch)
  }
}
