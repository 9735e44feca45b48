import CacheBackends
import RESP
import Synchronization
import TestSupport

/// A channel on which somebody else always comes between: once, right before a change is sent, after
/// everything that it was decided by has been read.
final class InterveningChannel: ChannelBetween {
  typealias Intervention = @Sendable () async throws -> Void

  let inner: any RESPChannel
  private let pending: Mutex<Intervention?>
  private let isReady: @Sendable () -> Bool

  /// Somebody comes between before the first change for which `isReady` answers true.
  init(
    _ inner: any RESPChannel, when isReady: @escaping @Sendable () -> Bool = { true },
    before exec: @escaping Intervention
  ) {
    self.inner = inner
    self.isReady = isReady
    pending = Mutex(exec)
  }

  /// Whether somebody has come between.
  var hasIntervened: Bool { pending.withLock { $0 == nil } }

  func answer(
    _ batch: [RESPCommand], on connection: any RESPConnection
  ) async throws(ChannelError) -> [RESPValue] {
    let changes = batch.contains { $0.verb == "EXEC" || !ReadingCommands.allow($0) }
    // What is queued in a transaction is sent together with its EXEC.
    if changes { try await intervene() }
    return try await connection.send(batch)
  }

  private func intervene() async throws(ChannelError) {
    guard isReady() else { return }
    let intervention = pending.withLock { pending in
      defer { pending = nil }
      return pending
    }
    do {
      try await intervention?()
    } catch {
      throw .protocolViolation("\(error)")
    }
  }
}
