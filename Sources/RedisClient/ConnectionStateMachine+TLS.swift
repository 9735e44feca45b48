import RESP
package import Transport

/// What TLS, or its absence where the server wants it, means for a connection.
extension ConnectionStateMachine {
  /// TLS failed; nil when the connection had ended already. What may pass by itself is tried again as
  /// any connection that was not made.
  package mutating func insecure(_ error: TLSError) -> Ending? {
    guard error.isForGood, !wasReady else { return streamEnded(error.reason) }
    return ended(.insecure(endpoint: endpoint, reason: error.sentence))
  }

  /// Whether a server that was spoken to in plain text answers with an alert of TLS.
  package func isFirstOfTLS(_ bytes: [UInt8]) -> Bool {
    isLoggingIn && bytes.first == 0x15
  }

  /// The server wants TLS, and none was asked for.
  package mutating func violatedByTLS() -> Ending? {
    ended(
      .insecure(
        endpoint: endpoint,
        reason: "the server speaks TLS there; connect with rediss:// or --tls"))
  }

  /// A server that wants TLS mostly goes without a word when it is spoken to in plain text.
  var hintOfTLS: String {
    isPlainTCP && !hasHeard ? "; if it wants TLS, connect with rediss:// or --tls" : ""
  }

  /// What the limit on time for a connection that is being made says of the server.
  var lateness: ChannelError {
    guard isSecuring else {
      return .timedOut(afterMilliseconds: Int(limits.connecting), outcomeUnknown: false)
    }
    return .unreachable(
      endpoint: endpoint,
      reason: "TLS was not agreed on within \(limits.connecting) ms; perhaps the port speaks none "
        + "(redis://)")
  }
}
