package import RESP
package import Transport

/// Where a `SocketChannel` connects, as whom, and within which bounds.
package struct ChannelConfiguration: Sendable {
  package var endpoint: Endpoint
  /// Asked where to connect, afresh for every connection, instead of `endpoint` and `tls`; nothing is
  /// carried by a server that is not a primary.
  package var sentinels: SentinelConfiguration?
  /// The same as a question, for the connections of a channel.
  var finder: Finder?
  /// Encrypts everything; nil sends plain text.
  package var tls: TLSClient?
  /// An ACL user; without one the password is that of the default user.
  package var user: String?
  /// Any bytes; nil logs nobody in.
  package var password: [UInt8]?
  /// Asked afresh for every connection, instead of `password`; called on the loop's thread, which it
  /// must not hold up. Its own limit on time is not part of `limits.connecting`.
  package var passwordSource: PasswordSource?
  /// Told of each connection whose password the server has no use for; on the loop's thread, which it
  /// must not hold up.
  package var passwordUnneeded: @Sendable () -> Void = {}
  /// Told where each connection has logged in; on the loop's thread, which it must not hold up.
  package var reached: @Sendable (Endpoint) -> Void = { _ in }
  package var database: Int
  /// What CLIENT LIST shows; left out when the server refuses it.
  package var clientName: String?
  package var dialect: Dialect
  package var limits: ChannelLimits

  package init(
    endpoint: Endpoint, user: String? = nil, password: [UInt8]? = nil, database: Int = 0,
    clientName: String? = nil, dialect: Dialect = .newest, limits: ChannelLimits = .standard
  ) {
    self.endpoint = endpoint
    self.user = user
    self.password = password
    self.database = database
    self.clientName = clientName
    self.dialect = dialect
    self.limits = limits
  }

  /// Answers with where to connect or with why that is not known, on any thread, once.
  typealias Finder =
    @Sendable (_ answer: @escaping @Sendable (Result<FoundServer, ChannelError>) -> Void) -> Void

  /// Answers with a password or with why there is none, on any thread, once.
  package typealias PasswordSource =
    @Sendable (_ answer: @escaping @Sendable (Result<[UInt8], PasswordProblem>) -> Void) -> Void

  /// Why there is no password, in words for the reason of an error.
  package struct PasswordProblem: Error, Sendable, Hashable {
    package var words: String

    package init(_ words: String) {
      self.words = words
    }
  }

  /// Which protocol to speak.
  package enum Dialect: Sendable, Hashable {
    /// RESP3 where the server knows HELLO, else RESP2.
    case newest
    case resp2
    /// RESP2, where messages may come that are no replies.
    case messages
  }
}

/// The bounds of a channel. Times in milliseconds.
package struct ChannelLimits: Sendable {
  /// Name lookup, connecting and login together.
  package var connecting: Int64 = 5_000
  /// Silence while a reply is awaited; after it the callers are told, and the connection is kept.
  package var reply: Int64 = 5_000
  /// Silence while a reply is awaited after which the server is told to be busy.
  package var busy: Int64 = 2_500
  /// Silence while nothing is awaited after which the server is asked whether it is there.
  package var heartbeat: Int64 = 2_000
  /// Silence after which the connection is given up.
  package var silence: Int64 = 60_000
  /// What one reply may hold.
  package var replies: RESPLimits = {
    var limits = RESPLimits.standard
    limits.replyBytes = 512 << 20
    return limits
  }()
  /// Connections lent at the same time; further borrowers wait.
  package var lent = 4
  /// Connections kept for the next borrower.
  package var idle = 2

  package init() {}

  package static let standard = ChannelLimits()
}
