/// How the way to a server is made, beside what its address says: whom to believe when it speaks TLS,
/// and who to be there; a command that leads to it. Files are named and not read.
package struct SourceWay: Sendable, Hashable {
  /// A file and a folder of certificates of authorities; without either those of the system.
  package var authorityFile: String?
  package var authorityFolder: String?
  /// The client's own certificate, and its key where that is not in the same file.
  package var certificateFile: String?
  package var keyFile: String?
  /// The name that the server's certificate must carry, instead of the host's.
  package var serverName: String?
  /// Whether any server is believed to be the right one.
  package var isUnverified = false
  /// A shell command whose standard input and output are the connection.
  package var tunnel: String?
  /// As whom sentinels are asked; they have a login of their own, or none.
  package var sentinelUser: String?
  package var sentinelPassword: Secret?
  /// A shell command that prints their password, run afresh for every connection to one of them.
  package var sentinelPasswordCommand: String?
  /// Where the nodes of a cluster are reached that are not where they say.
  package var clusterMap = ClusterMap()

  package init() {}

  /// Whether anything is said that has a meaning with TLS alone.
  package var speaksOfTLS: Bool {
    var other = self
    other.tunnel = nil
    other.sentinelUser = nil
    other.sentinelPassword = nil
    other.sentinelPasswordCommand = nil
    other.clusterMap = ClusterMap()
    return other != SourceWay()
  }
}

/// What protects a connection from whoever is on the way.
package enum SourceProtection: Sendable, Hashable {
  case none
  /// TLS with a server that has proved who it is.
  case verified
  /// TLS with whoever answers.
  case unverified
}

extension SourceAddress {
  /// Whether everything is encrypted.
  package var usesTLS: Bool {
    switch place {
    case .tcp(_, _, let usesTLS), .sentinel(_, let usesTLS), .cluster(_, let usesTLS): usesTLS
    case .engine, .unix: false
    }
  }

  package var protection: SourceProtection {
    usesTLS ? (way.isUnverified ? .unverified : .verified) : .none
  }

  /// The same server with TLS; nil for what is not reached by TCP.
  package var withTLS: SourceAddress? {
    var address = self
    switch place {
    case .tcp(let host, let port, _): address.place = .tcp(host: host, port: port, usesTLS: true)
    case .sentinel(let group, _): address.place = .sentinel(group, usesTLS: true)
    case .cluster(let seeds, _): address.place = .cluster(seeds: seeds, usesTLS: true)
    case .engine, .unix: return nil
    }
    return address
  }
}
