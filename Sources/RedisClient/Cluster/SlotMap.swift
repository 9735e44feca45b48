package import RESP
package import Transport

/// One node of a cluster: its id, which it keeps for life, and where it listens.
package struct ClusterNode: Sendable, Hashable {
  package var id: String
  package var endpoint: Endpoint

  package init(id: String, endpoint: Endpoint) {
    self.id = id
    self.endpoint = endpoint
  }
}

/// Which primary serves which slot, as one node of the cluster has told it by CLUSTER SLOTS, which
/// every version since 3.0 knows. Replicas are named, and never asked for keys: what they hold is
/// held by their primary too.
package struct SlotMap: Sendable, Equatable {
  /// In the order of their lowest slots.
  package private(set) var primaries: [ClusterNode] = []
  package private(set) var replicas: [ClusterNode] = []
  /// Every node that the cluster knows, those that are away too; empty where that is not told.
  package private(set) var members: [ClusterMember] = []
  /// For each slot the place of its primary; nil where nobody serves it.
  private var owners: [UInt16?] = Array(repeating: nil, count: HashSlot.count)

  /// From the answer to CLUSTER SLOTS; nil when it is none. A node that names no host, or none that it
  /// knows, is where the answer came from. `mapped` says where a node is to be reached from here.
  /// Ranges beyond the slots that there are, and nodes without a port, are left out.
  package init?(
    _ reply: RESPValue, askedAt asked: Endpoint, mapped: (Endpoint) -> Endpoint = { $0 }
  ) {
    guard let ranges = reply.elements else { return nil }
    var found: [(slots: ClosedRange<Int>, nodes: [ClusterNode])] = []
    for range in ranges.prefix(HashSlot.count) {
      guard let parts = range.elements, parts.count >= 3, let first = parts[0].integer,
        let last = parts[1].integer, 0 <= first, first <= last, last < Int64(HashSlot.count)
      else { continue }
      let nodes = parts[2...].compactMap { Self.node($0, asked, mapped) }
      guard !nodes.isEmpty else { continue }
      found.append((Int(first)...Int(last), nodes))
    }
    for (slots, nodes) in found.sorted(by: { $0.slots.lowerBound < $1.slots.lowerBound }) {
      guard let place = place(of: nodes[0]) else { continue }
      for slot in slots { owners[slot] = place }
      for replica in nodes.dropFirst()
      where replicas.count < Self.mostNodes && !replicas.contains(replica) {
        replicas.append(replica)
      }
    }
  }

  private static func node(
    _ reply: RESPValue, _ asked: Endpoint, _ mapped: (Endpoint) -> Endpoint
  ) -> ClusterNode? {
    guard let parts = reply.elements, parts.count >= 2,
      let port = parts[1].integer.flatMap({ UInt16(exactly: $0) }), port > 0
    else { return nil }
    guard let host = Endpoint.clusterHost(parts[0].text ?? "", askedAt: asked) else { return nil }
    let endpoint = Endpoint.tcp(host: host, port: port)
    let id = parts.count > 2 ? parts[2].text ?? "" : ""
    return ClusterNode(id: id.isEmpty ? endpoint.description : id, endpoint: mapped(endpoint))
  }

  /// Nil for a node beyond those that a cluster can have.
  private mutating func place(of node: ClusterNode) -> UInt16? {
    if let place = primaries.firstIndex(of: node) { return UInt16(place) }
    guard primaries.count < Self.mostNodes else { return nil }
    primaries.append(node)
    return UInt16(primaries.count - 1)
  }

  /// The specification recommends no more than 1,000.
  private static let mostNodes = 2_000

  // MARK: Questions

  /// Nil where nobody serves the slot.
  package func primary(of slot: HashSlot) -> ClusterNode? {
    owners[Int(slot.number) % owners.count].map { primaries[Int($0)] }
  }

  /// The first slot that nobody serves.
  package var firstOpenSlot: HashSlot? {
    owners.firstIndex(of: nil).map { HashSlot(UInt16($0)) }
  }

  /// How many slots a primary serves.
  package func slotCount(of node: ClusterNode) -> Int {
    guard let place = primaries.firstIndex(of: node) else { return 0 }
    return owners.count { $0 == UInt16(place) }
  }

  /// Whether a node of the cluster listens there.
  package func names(_ endpoint: Endpoint) -> Bool {
    primaries.contains { $0.endpoint == endpoint } || replicas.contains { $0.endpoint == endpoint }
  }

  /// The node that listens there.
  package func node(at endpoint: Endpoint) -> ClusterNode? {
    primaries.first { $0.endpoint == endpoint } ?? replicas.first { $0.endpoint == endpoint }
  }

  /// The ids of all nodes, sorted.
  package var ids: [String] {
    Set((primaries + replicas).map(\.id) + members.map(\.id)).sorted()
  }

  /// How many slots nobody serves.
  package var openSlotCount: Int { owners.count { $0 == nil } }

  /// Adds what a node answered to CLUSTER NODES.
  package mutating func take(
    members text: String, askedAt asked: Endpoint, mapped: (Endpoint) -> Endpoint
  ) {
    let lines = text.split(whereSeparator: \.isNewline).prefix(Self.mostNodes)
    members = lines.compactMap { ClusterMember(line: $0, askedAt: asked, mapped: mapped) }
  }

  /// A slot that has moved to a primary that is known; false when it is not.
  package mutating func move(_ slot: HashSlot, to endpoint: Endpoint) -> Bool {
    guard let place = primaries.firstIndex(where: { $0.endpoint == endpoint }) else {
      return false
    }
    owners[Int(slot.number) % owners.count] = UInt16(place)
    return true
  }
}
