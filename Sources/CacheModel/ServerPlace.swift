/// Where one server listens by TCP. `host` is a name or an address, IPv6 without brackets.
package struct ServerPlace: Sendable, Hashable, CustomStringConvertible {
  package var host: String
  package var port: UInt16

  package init(host: String, port: UInt16) {
    self.host = host
    self.port = port
  }

  /// As a person writes it: `localhost:6379`, `[::1]:6379`.
  package var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }
}

/// A group of servers, one of them the primary, and the sentinels that know which.
package struct SentinelPlace: Sendable, Hashable {
  /// What the sentinels call the group.
  package var name: String
  /// In the order in which they are asked; at least one.
  package var sentinels: [ServerPlace]

  package init(name: String, sentinels: [ServerPlace]) {
    self.name = name
    self.sentinels = sentinels
  }
}
