package import RESP
import Synchronization

/// A channel without a server: a closure answers each command, and every command is kept, in order,
/// with the batches of lent connections marked by nothing but their order.
package final class ScriptedChannel: RESPChannel {
  package typealias Answer = @Sendable (RESPCommand) throws -> RESPValue

  private let answer: Answer
  private let history = Mutex<[[RESPCommand]]>([])

  package init(_ answer: @escaping Answer) {
    self.answer = answer
  }

  /// All batches that were sent.
  package var batches: [[RESPCommand]] { history.withLock { $0 } }

  /// All commands that were sent.
  package var commands: [RESPCommand] { batches.flatMap(\.self) }

  /// The verbs of all commands that were sent.
  package var verbs: [String] { commands.map(\.verb) }

  package func send(_ batch: [RESPCommand]) async throws(ChannelError) -> [RESPValue] {
    history.withLock { $0.append(batch) }
    var replies: [RESPValue] = []
    for command in batch {
      do {
        replies.append(try answer(command))
      } catch {
        throw (error as? ChannelError) ?? .commandsUnanswered(reason: "scripted")
      }
    }
    return replies
  }

  package func exclusively<Result: Sendable>(
    for slot: HashSlot?,
    _ body: @Sendable (any RESPConnection) async throws(ChannelError) -> Result
  ) async throws(ChannelError) -> Result {
    try await body(Lent(channel: self))
  }

  package func close() async {}

  private struct Lent: RESPConnection {
    let channel: ScriptedChannel

    func send(_ batch: [RESPCommand]) async throws(ChannelError) -> [RESPValue] {
      try await channel.send(batch)
    }
  }
}
