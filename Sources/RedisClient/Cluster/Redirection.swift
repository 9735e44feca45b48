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
  /// The node takes no commands for its slots now: it has lost sight of the others, or knows of a slot
  /// that nobody serves.
  case down

  /// Nil for every other answer. A redirection without a host means the one that answered. Source: the
  /// cluster specification, and `clusterRedirectClient` in cluster.c.
  package init?(_ reply: RESPValue, from asked: Endpoint) {
    guard let error = reply.error else { return nil }
    let words = String(decoding: error.message.prefix(300), as: UTF8.self).split(separator: " ")
    switch words.first {
    case "TRYAGAIN": self = .tryAgain
    case "CLUSTERDOWN": self = .down
    case "MOVED", "ASK":
      guard words.count >= 3, let slot = UInt16(words[1]), slot < UInt16(HashSlot.count),
        let endpoint = Endpoint(clusterAddress: words[2], askedAt: asked)
      else { return nil }
      self = words[0] == "ASK" ? .ask(HashSlot(slot), endpoint) : .moved(HashSlot(slot), endpoint)
    default: return nil
    }
  }
}
