package import RESP
import Synchronization

/// A channel whose connections break while a transaction is under way: nobody learns what became of
/// it, though it was carried out, unless it gets lost on its way there.
package struct BreakingChannel: ChannelBetween {
  package let inner: any RESPChannel
  private let isCarriedOut: Bool
  private let breaks: @Sendable () -> Bool

  /// `breaks` is asked at each transaction.
  package init(
    _ inner: any RESPChannel, carryingItOut isCarriedOut: Bool,
    when breaks: @escaping @Sendable () -> Bool
  ) {
    self.inner = inner
    self.isCarriedOut = isCarriedOut
    self.breaks = breaks
  }

  /// Breaks from the transaction of a number on; the first is 1.
  package init(
    _ inner: any RESPChannel, at transaction: Int, carryingItOut isCarriedOut: Bool = true
  ) {
    let count = TransactionCount()
    self.init(inner, carryingItOut: isCarriedOut) { count.next() >= transaction }
  }

  package func answer(
    _ batch: [RESPCommand], on connection: any RESPConnection
  ) async throws(ChannelError) -> [RESPValue] {
    guard batch.contains(where: { $0.verb == "EXEC" }), breaks() else {
      return try await connection.send(batch)
    }
    // A lent connection that is in a transaction is made as new when it is given back.
    if isCarriedOut { _ = try await connection.send(batch) }
    throw .commandsUnanswered(reason: "broken")
  }
}

private final class TransactionCount: Sendable {
  private let count = Mutex(0)

  func next() -> Int {
    count.withLock { count in
      count += 1
      return count
    }
  }
}
