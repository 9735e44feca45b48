package import RESP
package import Transport

/// What a node of a cluster answers in place of carrying a command out.
package enum Redirection: Sendable, Equatable {
  /// The slot is served elsewhere from now on.
  case moved(HashSlot, Endpoint)
  /// The slot is on its way, and this key is there already: to be asked there, this once.
  case ask(HashSlot, Endpoint)
  /// Some of the keys are here and some there: in a moment they are together.
  case tryAgain

  /// Nil for every other answer. A redirection without a host means the one that answered. Source: the
  /// cluster specification, and `clusterRedirectClient` in cluster.c.
  package init?(_ reply: RESPValue, from asked: Endpoint) {
    guard let error = reply.error else { return nil }
    let words = String(decoding: error.message.prefix(300), as: UTF8.self).split(separator: " ")
    switch words.first {
    case "TRYAGAIN": self = .tryAgain
    case "MOVED", "ASK":
      guard words.count >= 3, let slot = UInt16(words[1]), slot < UInt16(HashSlot.count),
        let endpoint = Self.endpoint(words[2], asked)
      else { return nil }
      self = words[0] == "ASK" ? .ask(HashSlot(slot), endpoint) : .moved(HashSlot(slot), endpoint)
    default: return nil
    }
  }

  /// From `host:port`, where an IPv6 address has colons of its own.
  private static func endpoint(_ text: Substring, _ asked: Endpoint) -> Endpoint? {
    guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]),
      port > 0
    else { return nil }
    var host = String(text[..<colon])
    if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
    if host.isEmpty || host == "?" {
      guard case .tcp(let own, _) = asked else { return nil }
      host = own
    }
    return .tcp(host: host, port: port)
  }
}
