/// Who keeps copies of keys and is told when they change (CLIENT TRACKING).
package enum KeyTrackers: Sendable, Equatable {
  /// The clients that are told of this key.
  case clients([TrackingClient])
  /// Only how many clients track anything; the source does not tell which keys.
  case counted(Int64)
  /// The source tells nothing of it.
  case unknown
}

/// A client that tracks a key.
package struct TrackingClient: Sendable, Equatable {
  package var id: Int64
  /// The name that it gave itself; empty without one.
  package var name: String
  package var address: String

  package init(id: Int64, name: String, address: String) {
    self.id = id
    self.name = name
    self.address = address
  }
}
