package import CacheModel
package import RESP

extension BackendError {
  /// What a failure of the channel means to the explorer.
  package init(_ error: ChannelError) {
    self =
      switch error {
      case .unreachable(let endpoint, let reason): .unreachable(endpoint: endpoint, reason: reason)
      case .insecure(let endpoint, let reason): .insecure(endpoint: endpoint, reason: reason)
      case .loginRefused(let words): .loginRefused(words)
      case .noPassword(let reason): .noPassword(reason)
      case .commandsUnanswered(let reason): .connectionLost(reason: reason, outcomeUnknown: true)
      case .notConnected(let reason): .connectionLost(reason: reason, outcomeUnknown: false)
      case .protocolViolation(let what): .malformedReply(what)
      case .timedOut(let milliseconds, let outcomeUnknown):
        .timedOut(afterMilliseconds: milliseconds, outcomeUnknown: outcomeUnknown)
      case .needsExclusiveConnection(let verb): .unsupported("send \(verb) on a shared connection")
      case .readOnly: .readOnly
      case .closed: .closed
      }
  }

  /// The server's refusal of one command, or what a cluster says in place of a node that has not
  /// answered: then the command may have been carried out.
  init(_ refusal: RESPError, of verb: String) {
    self =
      refusal.code == "UNANSWERED"
      ? .connectionLost(reason: String(refusal.text.dropFirst(11)), outcomeUnknown: true)
      : .refused(verb: verb, message: refusal.text)
  }
}

extension RESPError {
  /// The whole line, repaired where it is not UTF-8.
  var text: String { String(decoding: message, as: UTF8.self) }

  /// Whether the server does not have the command, or not for this user: it will say the same the
  /// next time. A refusal for one key alone is another matter, and so is every other error. Source:
  /// `getAclErrorMessage` in acl.c and `rejectCommandFormat` in server.c of Redis 6 to 8.
  package var isForGood: Bool {
    let text = text
    if text.hasPrefix("NOPERM") { return text.contains("permissions to run the '") }
    return text.hasPrefix("ERR unknown command") || text.hasPrefix("ERR unknown subcommand")
      || text.hasPrefix("ERR Unknown subcommand")
  }

  var isWrongType: Bool { message.starts(with: "WRONGTYPE".utf8) }
  /// A key that a command needs has gone, or one that must not be there is.
  var tellsOfNoKey: Bool {
    message.starts(with: "ERR no such key".utf8) || message.starts(with: "BUSYKEY".utf8)
  }
  /// RESTORE does not take what it was given: another version, a wrong checksum, or a content that
  /// it does not know.
  var tellsOfWrongPayload: Bool {
    tellsOfWrongVersion || message.starts(with: "ERR Bad data format".utf8)
  }
  var tellsOfWrongVersion: Bool {
    message.starts(with: "ERR DUMP payload version or checksum".utf8)
  }
  var isSyntax: Bool { message.starts(with: "ERR syntax error".utf8) }
  var isArity: Bool { message.starts(with: "ERR wrong number of arguments".utf8) }
}
