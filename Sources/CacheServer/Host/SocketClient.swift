import RESP
import SystemIO
import Transport

/// One connection of the server: its bytes in both directions and its session. It does not decide
/// anything; `EngineLoop` does.
final class SocketClient {
  let descriptor: OwnedDescriptor
  let session: Session
  let token: UInt64
  var parser: RESPCommandParser
  /// Replies of the present event, in order with what is pushed meanwhile.
  var replies: [UInt8] = []
  private var outgoing = SendQueue()
  var interest: Interest = .readable

  init(_ descriptor: consuming OwnedDescriptor, session: Session, token: UInt64) {
    self.descriptor = descriptor
    self.session = session
    self.token = token
    parser = RESPCommandParser(isAuthenticated: session.isAuthenticated)
  }

  var unsentBytes: Int { replies.count + outgoing.count }

  /// Appends the reply to the present command.
  func append(reply: RESPValue) {
    defer { session.nullIsArray = false }
    guard session.nullIsArray, reply.isNull, session.version == .two else { return append(reply) }
    replies.append(contentsOf: "*-1\r\n".utf8)
  }

  func append(_ value: RESPValue) {
    RESPEncoder.append(value, version: session.version, to: &replies)
  }

  /// Sends what the socket takes and returns how many bytes that were.
  func flush() throws(Errno) -> Int {
    if !replies.isEmpty {
      outgoing.append(replies)
      replies.removeAll(keepingCapacity: replies.capacity <= 1 << 16)
    }
    let before = outgoing.count
    _ = try outgoing.drain(to: descriptor)
    session.replyBytes = outgoing.count
    return before - outgoing.count
  }
}
