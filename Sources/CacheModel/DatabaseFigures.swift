/// One of the numbered databases of a server, as the server counts it.
package struct DatabaseFigures: Sendable, Hashable {
  package var number: Int
  package var keys: Int64
  /// Keys with a TTL; nil when the server does not tell.
  package var keysWithTTL: Int64?

  package init(number: Int, keys: Int64, keysWithTTL: Int64?) {
    self.number = number
    self.keys = keys
    self.keysWithTTL = keysWithTTL
  }
}
