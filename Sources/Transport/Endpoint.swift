/// Where a server is to be found.
package enum Endpoint: Sendable, Hashable, CustomStringConvertible {
  /// A name or a numeric address (IPv6 without brackets) and a port.
  case tcp(host: String, port: UInt16)
  /// The file of a Unix socket.
  case unix(path: String)
  /// A shell command whose standard input and output are the connection.
  case command(String)

  package var isTCP: Bool {
    if case .tcp = self { true } else { false }
  }

  /// As a person writes it: `localhost:6379`, `[::1]:6379`, `/run/redis.sock`.
  package var description: String {
    switch self {
    case .tcp(let host, let port):
      host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)"
    case .unix(let path):
      path
    case .command(let command):
      "the tunnel's end (\(command.prefix(80)))"
    }
  }
}
