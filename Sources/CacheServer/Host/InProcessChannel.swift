package import RESP

/// Commands to the engine of this process: no socket, no bytes encoded, one hop to the engine's
/// thread and back for each batch. A batch runs as a whole, with no other client between.
package final class InProcessChannel: RESPChannel {
  private let mailbox: HostMailbox
  private let database: Int
  private let session: InProcessSession

  init(mailbox: HostMailbox, database: Int) {
    self.mailbox = mailbox
    self.database = database
    session = InProcessSession(mailbox: mailbox, database: database)
  }

  package func send(_ batch: [RESPCommand]) async throws(ChannelError) -> [RESPValue] {
    for command in batch where Self.needsOwnConnection(command) {
      throw .needsExclusiveConnection(verb: command.verb)
    }
    return try await session.send(batch)
  }

  /// What is looked at through `send` from now on does not count as used.
  package func leaveRecency() async throws(ChannelError) {
    _ = try await session.send([RESPCommand("CLIENT", "NO-TOUCH", "ON")])
  }

  package func exclusively<Result: Sendable>(
    for slot: HashSlot?,
    _ body: @Sendable (any RESPConnection) async throws(ChannelError) -> Result
  ) async throws(ChannelError) -> Result {
    let own = InProcessSession(mailbox: mailbox, database: database)
    defer { own.end() }
    return try await body(own)
  }

  package func close() async {
    session.end()
  }

  /// The engine's own commands say it of themselves; the rest are those that other servers have.
  private static func needsOwnConnection(_ command: RESPCommand) -> Bool {
    guard let name = command.arguments.first else { return false }
    if let facts = CommandTable.specification(named: name) {
      return facts.flags.contains(.connectionState)
    }
    return foreignVerbs.contains(command.verb)
  }

  private static let foreignVerbs: Set = [
    "MONITOR", "SSUBSCRIBE", "SUNSUBSCRIBE", "SYNC", "PSYNC", "BLPOP", "BRPOP", "BLMOVE", "BLMPOP",
    "BRPOPLPUSH", "BZPOPMIN", "BZPOPMAX", "BZMPOP", "WAIT", "WAITAOF", "READONLY", "READWRITE",
    "ASKING",
  ]
}

/// One session of a caller in this process. It ends with this object, or before by `end`.
final class InProcessSession: RESPConnection {
  private let mailbox: HostMailbox
  private let caller: UInt64

  init(mailbox: HostMailbox, database: Int) {
    self.mailbox = mailbox
    caller = mailbox.newCaller()
    _ = mailbox.post(.open(caller: caller, database: database))
  }

  deinit {
    end()
  }

  func end() {
    _ = mailbox.post(.close(caller: caller))
  }

  func send(_ batch: [RESPCommand]) async throws(ChannelError) -> [RESPValue] {
    guard !batch.isEmpty else { return [] }
    // The engine's thread resumes every continuation that it takes, and `post` says what it takes.
    let result: Result<[RESPValue], ChannelError> = await withUnsafeContinuation { reply in
      if !mailbox.post(.run(caller: caller, batch, reply)) {
        reply.resume(returning: .failure(.closed))
      }
    }
    return try result.get()
  }
}
