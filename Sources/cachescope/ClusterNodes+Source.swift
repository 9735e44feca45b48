import CacheModel
import RedisClient
import SystemIO
import Transport

extension ClusterChannel {
  /// The cluster behind an address, or that the server there turned out to be a node of.
  init(
    of address: SourceAddress, _ configuration: ChannelConfiguration, on loop: EventLoop,
    counters: ChannelCounters = ChannelCounters(),
    onStatus: @escaping @Sendable (ConnectionStatus) -> Void
  ) {
    let way = address.way
    self.init(
      seeds: address.seeds ?? [configuration.endpoint], mapped: { way.clusterMap.endpoint(of: $0) },
      on: loop, counters: counters, onStatus: onStatus
    ) { endpoint in
      configuration.ofNode(at: endpoint, address)
    }
  }
}

extension SourceAddress {
  /// The places of servers that a person gave, where a cluster can be.
  fileprivate var seeds: [Endpoint]? {
    switch place {
    case .tcp(let host, let port, _): [.tcp(host: host, port: port)]
    case .cluster(let seeds, _): seeds.map { .tcp(host: $0.host, port: $0.port) }
    case .engine, .unix, .sentinel: nil
    }
  }

  /// Whether other servers than the one it names can be reached by its way.
  var reachesOthers: Bool { way.tunnel.map { $0.contains("%h") } ?? true }
}

extension ClusterMap {
  fileprivate func endpoint(of endpoint: Endpoint) -> Endpoint {
    guard case .tcp(let host, let port) = endpoint else { return endpoint }
    let place = place(of: ServerPlace(host: host, port: port))
    return .tcp(host: place.host, port: place.port)
  }
}

extension ChannelConfiguration {
  /// The same for a node: its certificate must carry its own host, unless another name was given for
  /// all.
  fileprivate func ofNode(at endpoint: Endpoint, _ address: SourceAddress) -> ChannelConfiguration {
    var own = self
    own.endpoint = endpoint
    own.database = 0
    guard case .tcp(let host, let port) = endpoint else { return own }
    if let tunnel = address.way.tunnel {
      own.endpoint = .command(Self.tunnel(tunnel, host: host, port: port))
    }
    if var settings = TLSSettings(of: address) {
      settings.name = address.way.serverName ?? host
      own.tls = TLSClient(settings)
    }
    return own
  }

  /// The command with `%h` and `%p` as the host and port. What a cluster calls its nodes is not run by
  /// a shell: anything but the characters of host names and addresses is refused.
  static func tunnel(_ command: String, host: String, port: UInt16) -> String {
    let isHost =
      host.first != "-" && !host.isEmpty
      && host.utf8.allSatisfy { byte in
        let character = Character(Unicode.Scalar(byte))
        return byte < 0x80
          && (character.isLetter || character.isNumber || ".:_-%".contains(character))
      }
    guard isHost else { return "echo the cluster calls a node by no host name >&2; exit 1" }
    var text = ""
    var rest = command[...]
    while let character = rest.popFirst() {
      switch (character, rest.first) {
      case ("%", "h"?): text += host
      case ("%", "p"?): text += String(port)
      default:
        text.append(character)
        continue
      }
      rest.removeFirst()
    }
    return text
  }
}
