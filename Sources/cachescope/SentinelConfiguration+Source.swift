import CacheModel
import Configuration
import RedisClient
import Synchronization
import Transport

extension SentinelConfiguration {
  /// What an address says of sentinels; nil when it is one without.
  init?(of address: SourceAddress, clientName: String) {
    guard case .sentinel(let group, _) = address.place else { return nil }
    self.init(
      group: group.name,
      sentinels: group.sentinels.map { Endpoint.tcp(host: $0.host, port: $0.port) })
    user = address.way.sentinelUser
    password = address.way.sentinelPassword?.bytes
    passwordSource = address.way.sentinelPasswordCommand.map { PasswordCommand(command: $0).source }
    tls = TLSSettings(of: address)
    keepsName = address.way.serverName != nil
    self.clientName = clientName
  }
}

/// The server that a source is at this moment, of several that it may be.
struct ServerBehind: Sendable, Equatable {
  var address: String
  /// The one before, when another one has taken over.
  var former: String?

  /// Takes where connections log in, and tells the first and each change.
  static func told(
    to listener: @escaping @Sendable (ServerBehind) -> Void
  ) -> @Sendable (Endpoint) -> Void {
    let last = Mutex<String?>(nil)
    return { endpoint in
      let address = endpoint.description
      let former = last.withLock { last in
        defer { last = address }
        return last
      }
      if former != address { listener(ServerBehind(address: address, former: former)) }
    }
  }

  /// What a person is told of a change; nil for the first server.
  func sentence(of group: String) -> String? {
    former.map { "\(group): \(address) is the primary now, before it was \($0)" }
  }
}
