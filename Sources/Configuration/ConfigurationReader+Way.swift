import CacheModel

/// What a profile says of the way to its source.
extension ConfigurationReader {
  /// Reads a field about the way; false for any other.
  func add(_ entry: Entry, to address: inout SourceAddress) throws(ConfigurationError) -> Bool {
    switch entry.field {
    case .tls: try takeTLS(entry, &address)
    case .cacert: address.way.authorityFile = try path(entry)
    case .cacertdir: address.way.authorityFolder = try path(entry)
    case .cert: address.way.certificateFile = try path(entry)
    case .key: address.way.keyFile = try path(entry)
    case .sni: address.way.serverName = try text(entry)
    case .insecure: address.way.isUnverified = try flag(entry)
    case .tunnel: address.way.tunnel = try text(entry)
    case .clusterMap: address.way.clusterMap = try clusterMap(entry)
    case .sentinelUser: address.way.sentinelUser = try text(entry)
    case .sentinelPassword: address.way.sentinelPassword = Secret(try text(entry))
    case .sentinelPasswordCommand: address.way.sentinelPasswordCommand = try text(entry)
    default: return false
    }
    return true
  }

  private func takeTLS(_ entry: Entry, _ address: inout SourceAddress) throws(ConfigurationError) {
    guard try flag(entry) else {
      guard !address.usesTLS else {
        throw error(entry, "the source says rediss://, which is with TLS")
      }
      return
    }
    guard let encrypted = address.withTLS else {
      throw error(entry, "TLS is for a server that is reached by TCP")
    }
    address = encrypted
  }

  private func clusterMap(_ entry: Entry) throws(ConfigurationError) -> ClusterMap {
    let rules = try text(entry)
    do throws(SourceAddressError) {
      return try ClusterMap(parsing: rules)
    } catch {
      throw self.error(entry, error.sentence)
    }
  }

  /// Where a program is started says nothing of where its configuration means a file to be.
  private func path(_ entry: Entry) throws(ConfigurationError) -> String {
    let path = try text(entry)
    guard path.hasPrefix("/") || path.hasPrefix("~/") else {
      throw error(entry, "a file is named from the root (/) or from home (~/)")
    }
    return path
  }

  /// The nodes of a cluster need a tunnel each, which the command is told by `%h` and `%p`.
  private func checkTunnel(_ entry: Entry, _ address: SourceAddress) throws(ConfigurationError) {
    switch address.place {
    case .tcp: break
    case .cluster:
      guard address.way.tunnel?.contains("%h") == true else {
        throw error(
          entry.node.position, entry.path,
          "every node of a cluster has a tunnel of its own: %h and %p stand for its host and port",
          example: "tunnel: \"ssh -W %h:%p gate\"")
      }
    default: throw error(entry, "a tunnel leads to a server with a host and a port")
    }
  }

  /// Nothing of TLS is taken as said of a connection in plain text, and a tunnel leads to a server.
  func checkWay(_ profile: Profile, _ entries: [Entry]) throws(ConfigurationError) {
    let address = profile.address
    for entry in entries {
      switch entry.field {
      case .cacert, .cacertdir, .cert, .key, .sni, .insecure:
        guard address.usesTLS else {
          throw error(
            entry.node.position, entry.path,
            "has a meaning with TLS alone, and the source is in plain text",
            example: "source: \"rediss://cache.example:6379/0\"")
        }
        if entry.field == .key, address.way.certificateFile == nil {
          throw error(
            entry.node.position, entry.path, "needs the certificate that it belongs to",
            example: ConfigurationField.cert.example)
        }
      case .tunnel:
        try checkTunnel(entry, address)
      case .clusterMap:
        switch address.place {
        case .tcp, .cluster: break
        default: throw error(entry, "a cluster is reached by TCP, and the source is not")
        }
      case .sentinelUser, .sentinelPassword, .sentinelPasswordCommand:
        try checkSentinel(entry, address)
      default: break
      }
    }
  }

  private func checkSentinel(
    _ entry: Entry, _ address: SourceAddress
  ) throws(ConfigurationError) {
    guard case .sentinel = address.place else {
      throw error(
        entry.node.position, entry.path, "is for a source behind sentinels",
        example: "source: \"redis+sentinel://10.0.0.1:26379,10.0.0.2:26379/mymaster/0\"")
    }
    let way = address.way
    if entry.field == .sentinelPasswordCommand, way.sentinelPassword != nil {
      throw error(entry, "the profile has a password of sentinels already; give one of the two")
    }
    let hasPassword = way.sentinelPassword != nil || way.sentinelPasswordCommand != nil
    if entry.field == .sentinelUser, !hasPassword {
      throw error(
        entry.node.position, entry.path, "a user needs a password or a command that prints it",
        example: ConfigurationField.sentinelPassword.example)
    }
  }
}
