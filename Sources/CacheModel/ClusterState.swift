/// What a cluster is made of at one moment, and what each of its nodes says of itself.
package struct ClusterState: Sendable, Equatable {
  /// Those that serve slots first, in the order of these, then the others.
  package var nodes: [NodeFigures]
  /// Slots that no node serves.
  package var openSlots: Int

  package init(nodes: [NodeFigures], openSlots: Int) {
    self.nodes = nodes
    self.openSlots = openSlots
  }

  /// The nodes that serve slots.
  package var serving: [NodeFigures] { nodes.filter(\.isServing) }

  /// How many of these do so now.
  package var servingWell: Int { serving.count { $0.health == .up } }

  /// Whether every slot is served.
  package var isWell: Bool { openSlots == 0 && servingWell == serving.count }

  /// What is wrong, for a person; nil when all slots are served.
  package var trouble: String? {
    var parts = serving.compactMap(\.trouble)
    if openSlots > 0 {
      parts.append("\(openSlots.counted("slot")) without a node: keys in them cannot be reached")
    }
    guard !parts.isEmpty else { return nil }
    return parts.joined(separator: "; ") + "; the other slots go on"
  }
}

/// One node of a cluster. A figure that is nil is not told.
package struct NodeFigures: Sendable, Equatable {
  package enum Health: Sendable, Equatable {
    case up
    /// Other nodes do not reach it.
    case failing
    /// It does not answer here, for this reason.
    case away(reason: String)

    /// One word for scripts.
    package var word: String {
      switch self {
      case .up: "up"
      case .failing: "failing"
      case .away: "away"
      }
    }
  }

  /// Its own, for life.
  package var id: String
  package var address: String
  package var isPrimary: Bool
  /// Of a replica: the id of the node that it copies.
  package var primaryID: String?
  package var health: Health
  /// How many slots it serves.
  package var slots: Int?
  package var keys: Int64?
  package var usedMemory: ByteCount?
  /// Nil inside means known, and none.
  package var maxMemory: ByteCount??
  /// Counters since its start, cachescope's own part included.
  package var hits: Int64?
  package var misses: Int64?
  package var commands: Int64?

  package init(id: String, address: String, isPrimary: Bool, health: Health) {
    self.id = id
    self.address = address
    self.isPrimary = isPrimary
    self.health = health
  }

  package var isServing: Bool { slots ?? 0 > 0 }

  /// What is wrong with a node that serves slots.
  fileprivate var trouble: String? {
    let lost = "\((slots ?? 0).counted("slot")) wait for it or for its replica"
    return switch health {
    case .up: nil
    case .failing: "\(address) is failing, as the other nodes say: \(lost)"
    case .away: "\(address) does not answer: \(lost)"
    }
  }
}

extension CacheKey {
  /// The part of a name that alone decides in which slot of a cluster the key lies: what stands
  /// between the first `{` and the next `}`; nil where that is nothing, and the whole name counts.
  /// The bounds are without the braces.
  package var hashTag: Range<Int>? {
    guard let open = bytes.firstIndex(of: UInt8(ascii: "{")) else { return nil }
    guard let close = bytes[(open + 1)...].firstIndex(of: UInt8(ascii: "}")), close > open + 1
    else { return nil }
    return (open + 1)..<close
  }
}
