import Synchronization

/// What a channel has cost its server since it was made: every command counts, those of logging in
/// too, on all of its connections. Safe to read from any thread.
package final class ChannelCounters: Sendable {
  private let sentCommands = Atomic<Int64>(0)

  package init() {}

  package var commands: Int64 { sentCommands.load(ordering: .relaxed) }

  func sent(commands: Int) {
    sentCommands.add(Int64(commands), ordering: .relaxed)
  }
}
