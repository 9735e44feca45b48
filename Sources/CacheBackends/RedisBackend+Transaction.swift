import CacheModel
import RESP

/// What became of a transaction.
enum TransactionEnd: Sendable {
  /// Carried out: one reply for each command, some of which may be errors.
  case done([RESPValue])
  /// A watched key was written by somebody else; nothing was carried out.
  case cancelled
  /// This command was refused before anything was carried out: MULTI, one that was to be queued, or
  /// EXEC itself.
  case refused(command: RESPCommand, reply: RESPValue, error: RESPError)
}

/// Transactions, all or nothing.
///
/// MULTI is answered before anything else is sent, on every transaction: were it refused at the head
/// of a pipeline (by an access list, by a proxy), the server would carry out each following command
/// on its own, and answer EXEC with an error as if nothing had been done.
extension RedisBackend {
  /// `begun` is the answer to a MULTI that was sent already.
  func transaction(
    _ commands: [RESPCommand], begun: RESPValue? = nil, on connection: any RESPConnection
  ) async throws(ChannelError) -> TransactionEnd {
    let begin = RESPCommand("MULTI")
    let begun = if let begun { begun } else { try await connection.send(begin) }
    if let error = begun.error { return .refused(command: begin, reply: begun, error: error) }
    guard begun == .ok else { throw .protocolViolation("MULTI answered neither OK nor an error") }
    let end = RESPCommand("EXEC")
    let batch = commands + [end]
    let replies = try await connection.send(batch).counted(for: batch)
    return try Self.end(of: zip(batch, replies).map { ($0, $1) }, commands.count)
  }

  /// What the replies to the commands of a transaction, EXEC last, say.
  static func end(
    of answers: [(command: RESPCommand, reply: RESPValue)], _ count: Int
  ) throws(ChannelError) -> TransactionEnd {
    guard let last = answers.last?.reply else { return .cancelled }
    if let done = last.elements {
      guard done.count == count else {
        throw .protocolViolation("EXEC with \(done.count) replies to \(count) commands")
      }
      return .done(done)
    }
    if last.isNull { return .cancelled }
    for (command, reply) in answers {
      if let error = reply.error {
        return .refused(command: command, reply: reply, error: error)
      }
    }
    throw .protocolViolation("EXEC answered neither replies nor an error")
  }
}
