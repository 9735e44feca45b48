package import RESP
import Synchronization

/// A channel that carries only what `ReadingCommands` allows, on lent connections too. A batch with
/// one other command in it fails with `.readOnly`, and nothing of it is sent.
package final class ReadOnlyChannel: RESPChannel, PushSource {
  private let inner: any RESPChannel
  private let guarding: Atomic<Bool>
  /// The ids of connections that were lent, as far as they have asked for theirs.
  private let ownIDs = Mutex<Set<Int64>>([])

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
    for form: PushForm,
    _ body:
      @Sendable (any RESPConnection, AsyncStream<RESPValue>) async throws(ChannelError) ->
      Result
  ) async throws(ChannelError) -> Result? {
    guard let inner = inner as? any PushSource else { return nil }
    return try await inner.listening(for: form) { connection, pushes throws(ChannelError) in
      try await body(GuardedConnection(channel: self, inner: connection), pushes)
    }
  }

  package func close() async {
    await inner.close()
  }

  fileprivate func check(_ batch: [RESPCommand]) throws(ChannelError) {
    guard isReadOnly else { return }
    let own = ownIDs.withLock { $0 }
    for command in batch where !ReadingCommands.allow(command, own: own) {
      throw .readOnly(verb: command.verb)
    }
  }

  /// Remembers what connections of this channel go by.
  fileprivate func noteIDs(_ batch: [RESPCommand], _ replies: [RESPValue]) {
    for (command, reply) in zip(batch, replies) where command.verb == "CLIENT" {
      guard command.arguments.count == 2, command.arguments[1] == Array("ID".utf8),
        case .integer(let id) = reply
      else { continue }
      ownIDs.withLock { _ = $0.insert(id) }
    }
  }
}

private struct GuardedConnection: RESPConnection {
  let channel: ReadOnlyChannel
  let inner: any RESPConnection

  func send(_ batch: [RESPCommand]) async throws(ChannelError) -> [RESPValue] {
    try channel.check(batch)
    let replies = try await inner.send(batch)
    channel.noteIDs(batch, replies)
    return replies
  }
}
