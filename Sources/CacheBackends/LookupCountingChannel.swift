package import RESP
import Synchronization

/// A channel that knows what its own commands cost the server: how many there were, and how many
/// of the server's hits and misses they caused (`LookupLedger`).
///
/// `sendAlone` sends while no other batch is under way, so that a server's counters and the ledger
/// are those of the same moment.
package final class LookupCountingChannel: RESPChannel, PushSource {
  private let inner: any RESPChannel
  private let unasked: @Sendable () -> Int64
  private let gate = QuietGate()
  private let account = Mutex(Account())

  private struct Account {
    var ledger = LookupLedger()
    var shared: (any SharedLookups)?
    var commands: Int64 = 0
    var tally = CommandTally()
    var rules = LookupRules()

    mutating func count(_ batch: [RESPCommand]) {
      commands += Int64(batch.count)
      tally.add(batch)
    }
  }

  /// `unasked` answers how many commands were sent below, by nobody's order: logins, heartbeats.
  package init(
    _ inner: any RESPChannel, unasked: @escaping @Sendable () -> Int64 = { 0 }
  ) {
    self.inner = inner
    self.unasked = unasked
  }

  /// What the server counts as a lookup from now on.
  func adopt(_ rules: LookupRules) {
    account.withLock { $0.rules = rules }
  }

  /// Commands sent, whatever became of them.
  package var commands: Int64 { account.withLock { $0.commands } + unasked() }

  /// Hits and misses caused so far, by all who share the account.
  package var lookups: LookupLedger { account.withLock { $0.shared?.total ?? $0.ledger } }

  /// From now on adds up in a shared account, what was caused before included.
  package func share(_ shared: (any SharedLookups)?) {
    account.withLock { account in
      shared?.add(account.ledger)
      account.shared = shared
    }
  }

  /// Takes what was caused until some moment off the account, because the server's counters have
  /// begun anew since.
  package func forget(_ lookups: LookupLedger) {
    account.withLock { account in
      if let shared = account.shared {
        shared.add(lookups.negated)
        account.ledger = LookupLedger()
      } else {
        account.ledger.subtract(lookups)
      }
    }
  }

  package func send(_ batch: [RESPCommand]) async throws(ChannelError) -> [RESPValue] {
    try await carry(batch) { batch throws(ChannelError) in
      try await self.sendShared(batch)
    }
  }

  /// What a batch that was sent alone was answered, and what this channel had cost the server when
  /// it got there.
  struct Alone: Sendable {
    var replies: [RESPValue]
    /// What others who share the account add meanwhile may not be in the server's counters yet, and
    /// what they had added before surely is.
    var lookups: LookupLedger
    /// Commands of this channel, this batch included.
    var commands: Int64
    /// The same by their names.
    var tally: CommandTally
    /// How long the answer took, by the clock that was given; waiting for other batches is not in it.
    var microseconds: Int64
  }

  /// As `send`, with no other batch of this channel under way.
  func sendAlone(
    _ batch: [RESPCommand], clock: @Sendable () -> Int64
  ) async throws(ChannelError) -> Alone {
    await gate.enter(alone: true)
    defer { gate.leave() }
    let (commands, tally) = account.withLock { account in
      account.count(batch)
      return (account.commands, account.tally)
    }
    let (before, started) = (lookups, clock())
    let total = commands + unasked()
    let replies = try await sendShared(batch)
    return Alone(
      replies: replies, lookups: before, commands: total, tally: tally,
      microseconds: clock() - started)
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

  package func listening<Result: Sendable>(
    for form: PushForm,
    _ body:
      @Sendable (any RESPConnection, AsyncStream<RESPValue>) async throws(ChannelError) ->
      Result
  ) async throws(ChannelError) -> Result? {
    guard let inner = inner as? any PushSource else { return nil }
    return try await inner.listening(for: form) { connection, pushes throws(ChannelError) in
      try await body(CountingConnection(channel: self, inner: connection), pushes)
    }
  }

  package func close() async {
    await inner.close()
  }

  fileprivate func carry(
    _ batch: [RESPCommand],
    _ sending: ([RESPCommand]) async throws(ChannelError) -> [RESPValue]
  ) async throws(ChannelError) -> [RESPValue] {
    await gate.enter(alone: false)
    defer { gate.leave() }
    account.withLock { $0.count(batch) }
    return try await sending(batch)
  }

  fileprivate func observe(_ batch: [RESPCommand], _ replies: [RESPValue]) {
    account.withLock { account in
      var caused = LookupLedger()
      caused.observe(batch, replies, by: account.rules)
      account.ledger.add(caused)
      account.shared?.add(caused)
    }
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
    try await channel.carry(batch) { batch throws(ChannelError) in
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
