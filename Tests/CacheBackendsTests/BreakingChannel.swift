import RESP
import Synchronization

/// A channel whose connections break while a transaction is under way, from the one of a number on:
/// nobody learns what became of it, though it was carried out, unless it gets lost on its way there.
final class BreakingChannel: RESPChannel {
  private let inner: any RESPChannel
  private let left: Mutex<Int>
  private let isCarriedOut: Bool

  init(_ inner: any RESPChannel, at transaction: Int, carryingItOut isCarriedOut: Bool = true) {
    self.inner = inner
    left = Mutex(transaction)
    self.isCarriedOut = isCarriedOut
  }

  func send(_ batch: [RESPCommand]) async throws(ChannelError) -> [RESPValue] {
    try await inner.send(batch)
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
    let channel: BreakingChannel

    func send(_ batch: [RESPCommand]) async throws(ChannelError) -> [RESPValue] {
      guard batch.contains(where: { $0.verb == "EXEC" }), channel.breaksNow() else {
        return try await inner.send(batch)
      }
      // A lent connection that is in a transaction is made as new when it is given back.
      if channel.isCarriedOut { _ = try await inner.send(batch) }
      throw .commandsUnanswered(reason: "broken")
    }
  }

  private func breaksNow() -> Bool {
    left.withLock { left in
      left -= 1
      return left <= 0
    }
  }
}
