package import CacheModel
package import ExplorerUI

/// What a person has set once and for all, from a file in JSON5.
///
/// Options of the command line stand over a profile, and a profile over the general part. Reading is
/// pure: the file's bytes in, the whole or one error out.
package struct Configuration: Sendable {
  package var look = ConfiguredLook()
  package var keymap = Keymap.standard
  /// What is kept of changes, and how much, where a profile does not say otherwise.
  package var journal = ConfiguredJournal()
  /// In the order of the file; no name twice.
  package var profiles: [Profile] = []

  package init() {}

  /// Larger files are refused.
  package static let sizeLimit = 1 << 20

  package func profile(named name: String) -> Profile? {
    profiles.first { $0.name == name }
  }

  /// Whether a profile that is marked as production reaches the same server, whichever database: by
  /// host and port, where all names of this machine are one, or by the same socket, which
  /// `socketOfEngine` tells for an engine's name.
  package func production(
    reachedBy address: SourceAddress, socketOfEngine: (String) -> String? = { _ in nil }
  ) -> Profile? {
    profiles.first { profile in
      profile.isProduction
        && profile.address.reachesSameServer(as: address, socketOfEngine: socketOfEngine)
    }
  }
}

extension SourceAddress {
  fileprivate func reachesSameServer(
    as other: SourceAddress, socketOfEngine: (String) -> String?
  ) -> Bool {
    switch (place, other.place) {
    case (.engine(let name), .unix(let path)), (.unix(let path), .engine(let name)):
      socketOfEngine(name) == path
    case (.tcp(let host, let port, _), .tcp(let otherHost, let otherPort, _)):
      port == otherPort && Self.canonical(host) == Self.canonical(otherHost)
    case (.sentinel(let group, _), .sentinel(let otherGroup, _)):
      group.name == otherGroup.name
        && group.sentinels.contains { sentinel in
          otherGroup.sentinels.contains {
            sentinel.port == $0.port && Self.canonical(sentinel.host) == Self.canonical($0.host)
          }
        }
    default:
      place == other.place
        || nodes.contains { node in
          other.nodes.contains {
            node.port == $0.port && Self.canonical(node.host) == Self.canonical($0.host)
          }
        }
    }
  }

  /// The server that is reached by TCP, or the nodes that a cluster is named by.
  private var nodes: [ServerPlace] {
    switch place {
    case .tcp(let host, let port, _): [ServerPlace(host: host, port: port)]
    case .cluster(let seeds, _): seeds
    case .engine, .unix, .sentinel: []
    }
  }

  private static func canonical(_ host: String) -> String {
    var name = host.lowercased()
    if name.hasSuffix(".") { name.removeLast() }
    let isThisMachine = name == "localhost" || name == "::1" || name.hasPrefix("127.")
    return isThisMachine ? "localhost" : name
  }
}
