package import RESP

/// What a borrower has left behind on a lent connection, and so what must be done before the next
/// one gets it. Only WATCH and MULTI can be undone; after any other change of the connection's
/// state it is closed.
package struct LeaseState: Sendable, Equatable {
  /// What makes the connection as new.
  package enum Cleaning: Sendable, Equatable {
    case nothing
    case send(RESPCommand)
    case close
  }

  private var isWatching = false
  private var isInTransaction = false
  private var isChanged = false

  package init() {}

  /// A command is about to be sent.
  package mutating func sending(_ command: RESPCommand) {
    switch command.verb {
    case "WATCH": isWatching = true
    case "MULTI": isInTransaction = true
    case "EXEC", "DISCARD", "UNWATCH": break
    default: if command.changesConnectionState { isChanged = true }
    }
  }

  /// A command was answered. EXEC and DISCARD end a transaction even when they report an error,
  /// except that of a login that is missing.
  package mutating func answered(_ command: RESPCommand, _ reply: RESPValue) {
    switch command.verb {
    case "EXEC" where reply.error == nil || Self.isAborted(reply), "DISCARD" where reply == .ok:
      isWatching = false
      isInTransaction = false
    case "UNWATCH" where reply == .ok:
      isWatching = false
    default:
      break
    }
  }

  package var cleaning: Cleaning {
    if isChanged { return .close }
    if isInTransaction { return .send(RESPCommand("DISCARD")) }
    return isWatching ? .send(RESPCommand("UNWATCH")) : .nothing
  }

  private static func isAborted(_ reply: RESPValue) -> Bool {
    reply.error?.message.starts(with: "EXECABORT".utf8) ?? false
  }
}
