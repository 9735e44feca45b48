/// How much one reply may hold. A length that a peer announces is compared with these before
/// anything is done with it, and memory grows with the bytes that arrived, never with a promise.
package struct RESPLimits: Sendable, Hashable {
  /// Aggregates inside each other.
  package var nesting = 64
  /// Bytes of one bulk string; Redis itself allows 512 MiB.
  package var bulkBytes = 512 << 20
  /// Elements of one reply, those of all its aggregates taken together.
  package var elements = 1 << 24
  /// Bytes of one line: a status, an error, a number.
  package var lineBytes = 1 << 20
  /// Bytes of one reply.
  package var replyBytes = 1 << 30

  package init() {}

  package static let standard = RESPLimits()
}
