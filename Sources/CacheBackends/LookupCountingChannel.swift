package import RESP
import Synchronization

/// A channel that knows what its own commands cost the server: how many there were, and how many
/// of the server's hits and misses they caused (`LookupLedger`).
///
/// `sendAlone` sends while no other batch is under way, so that a server's counters and the ledger
/// are those of the same moment.
package final class LookupCountingChannel: RESPChannel {
  private let inner: any RESPChannel
  private let gate = QuietGate()
  private let account = Mutex(Account())

  private struct Account {
    var ledger = LookupLedger()
    var commands: Int64 = 0
  }

  package init(_ inner: any RESPChannel) {
    self.inner = inner
  }

  /// Lookups of existing keys that this channel's commands caused.
  package var hits: Int64 { account.withLock { $0.ledger.hits } }
  /// Lookups of missing keys that this channel's commands caused.
  package var misses: Int64 { account.withLock { $0.ledger.misses } }
  /// Commands sent, whatever became of them.
  package var commands: Int64 { account.withLock { $0.commands } }

  /// The server's counters have begun anew, and so do these.
  package func resetLookups() {
    account.withLock { $0.ledger.reset() }
  }

  package func send(_ batch: [RESPCommand]) async throws(ChannelError) -> [RESPValue] {
    try await carry(batch, alone: false) { batch throws(ChannelError) in
      try await self.sendShared(batch)
    }
  }

  /// As `send`, with no other batch of this channel under way.
  package func sendAlone(_ batch: [RESPCommand]) async throws(ChannelError) -> [RESPValue] {
    try await carry(batch, alone: true) { batch throws(ChannelError) in
      try await self.sendShared(batch)
    }
  }

  private func sendShared(_ batch: [RESPCommand]) async throws(ChannelError) -> [RESPValue] {
    let replies = try await inner.send(batch)
    observe(batch, replies)
    return replies
  }

  package func exclusively<Result: Sendable>(
    for slot: HashSlot?,
    _ body: @Sendable (any RESPConnection) async throws(ChannelError) -> Result
  ) async throws(ChannelError) -> Result {
    try await inner.exclusively(for: slot) { connection throws(ChannelError) in
      try await body(CountingConnection(channel: self, inner: connection))
    }
  }

  package func close() async {
    await inner.close()
  }

  fileprivate func carry(
    _ batch: [RESPCommand], alone: Bool,
    _ sending: ([RESPCommand]) async throws(ChannelError) -> [RESPValue]
  ) async throws(ChannelError) -> [RESPValue] {
    await gate.enter(alone: alone)
    defer { gate.leave() }
    account.withLock { $0.commands += Int64(batch.count) }
    return try await sending(batch)
  }

  fileprivate func observe(_ batch: [RESPCommand], _ replies: [RESPValue]) {
    account.withLock { $0.ledger.observe(batch, replies) }
  }
}

/// A lent connection whose lookups count, those inside a transaction when it is carried out.
private final class CountingConnection: RESPConnection {
  private let channel: LookupCountingChannel
  private let inner: any RESPConnection
  private let queued = Mutex<[RESPCommand]>([])

  init(channel: LookupCountingChannel, inner: any RESPConnection) {
    self.channel = channel
    self.inner = inner
  }

  func send(_ batch: [RESPCommand]) async throws(ChannelError) -> [RESPValue] {
    try await channel.carry(batch, alone: false) { batch throws(ChannelError) in
      let replies = try await self.inner.send(batch)
      self.observe(batch, replies)
      return replies
    }
  }

  private func observe(_ batch: [RESPCommand], _ replies: [RESPValue]) {
    var done: [(RESPCommand, RESPValue)] = []
    queued.withLock { queued in
      for (command, reply) in zip(batch, replies) {
        if reply == .simple("QUEUED") {
          queued.append(command)
        } else if command.verb == "EXEC" || command.verb == "DISCARD" {
          done += zip(queued, reply.elements ?? [])
          queued = []
        } else {
          done.append((command, reply))
        }
      }
    }
    channel.observe(done.map(\.0), done.map(\.1))
  }
}
