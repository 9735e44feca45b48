import Synchronization

/// What a channel has cost its server since it was made: every command and byte that was sent counts,
/// those of logging in too, on all of its connections. Safe to read from any thread.
package final class ChannelCounters: Sendable {
  private let sentCommands = Atomic<Int64>(0)
  private let sentUnasked = Atomic<Int64>(0)
  private let sentBytes = Atomic<Int64>(0)

  package init() {}

  package var commands: Int64 { sentCommands.load(ordering: .relaxed) }

  /// Those of them that nobody ordered: logins, and questions whether the server is there.
  package var unasked: Int64 { sentUnasked.load(ordering: .relaxed) }

  func sentUnasked(commands: Int) {
    sentUnasked.add(Int64(commands), ordering: .relaxed)
  }

  /// As the protocol has them, before TLS.
  package var bytes: Int64 { sentBytes.load(ordering: .relaxed) }

  func sent(commands: Int, bytes: Int) {
    sentCommands.add(Int64(commands), ordering: .relaxed)
    sentBytes.add(Int64(bytes), ordering: .relaxed)
  }
}
