package import RESP
package import Transport

/// A node of a cluster as another one sees it, by a line of CLUSTER NODES.
package struct ClusterMember: Sendable, Hashable {
  package var id: String
  /// Nil while its address is not known.
  package var endpoint: Endpoint?
  package var isPrimary: Bool
  /// Of a replica: the node that it copies.
  package var primaryID: String?
  /// Whether it does not answer, as the one that was asked or as most of them see it.
  package var isFailing: Bool
  /// Slots that are on their way to or from the node, which it tells of itself alone.
  package var slotsOnTheirWay: [HashSlot]

  /// `<id> <ip:port@bus,name> <flags> <primary> <ping> <pong> <epoch> <link> <slot> …`; nil for what is
  /// no such line, and for a node that is only being met. Source: `clusterGenNodeDescription` in
  /// cluster.c.
  package init?(line: Substring, askedAt asked: Endpoint, mapped: (Endpoint) -> Endpoint) {
    let words = line.split(separator: " ")
    guard words.count >= 8 else { return nil }
    let flags = Set(words[2].split(separator: ","))
    guard !flags.contains("handshake") else { return nil }
    id = String(words[0])
    isPrimary = flags.contains("master")
    primaryID = words[3] == "-" ? nil : String(words[3])
    isFailing = flags.contains("fail") || flags.contains("fail?")
    endpoint = flags.contains("noaddr") ? nil : Self.endpoint(words[1], asked).map(mapped)
    slotsOnTheirWay = words[8...].compactMap(Self.slotOnItsWay)
  }

  private static func endpoint(_ text: Substring, _ asked: Endpoint) -> Endpoint? {
    let address = text.prefix { $0 != "@" && $0 != "," }
    return Endpoint(clusterAddress: address, askedAt: asked)
  }

  /// Of `[93->-ID]` and `[77-<-ID]`.
  static func slotOnItsWay(_ word: Substring) -> HashSlot? {
    guard word.first == "[", word.contains(">-") || word.contains("-<") else { return nil }
    let digits = word.dropFirst().prefix { $0.isNumber }
    return UInt16(digits).flatMap { $0 < UInt16(HashSlot.count) ? HashSlot($0) : nil }
  }
}

extension Endpoint {
  /// From `host:port` as a cluster writes it, where an IPv6 address has colons of its own. Without a
  /// host it is that of the node which said so.
  init?(clusterAddress text: Substring, askedAt asked: Endpoint) {
    guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]),
      port > 0
    else { return nil }
    var host = String(text[..<colon])
    if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
    guard let host = Self.clusterHost(host, askedAt: asked) else { return nil }
    self = .tcp(host: host, port: port)
  }

  /// A host as a node names it. None, or `?`, is where the one that was asked is to be found; a Unix
  /// socket is on this machine.
  static func clusterHost(_ host: String, askedAt asked: Endpoint) -> String? {
    guard host.isEmpty || host == "?" else { return host }
    return switch asked {
    case .tcp(let own, _): own
    case .unix: "127.0.0.1"
    case .command: nil
    }
  }
}
