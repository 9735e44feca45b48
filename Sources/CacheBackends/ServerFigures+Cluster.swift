package import CacheModel

// What the joined figures of a cluster say of its nodes. The lines are those of `ClusterFigures`.
extension ServerFigures {
  /// Nil for a server by itself.
  package var cluster: ClusterState? {
    guard isOfCluster else { return nil }
    let lines = (0..<Self.mostNodes).lazy.map { self.text("cluster_node_\($0)") }
      .prefix { $0 != nil }.compactMap { $0 }
    return ClusterState(
      nodes: lines.compactMap { Self.node($0) },
      openSlots: Int(clamping: number("cluster_open_slots") ?? 0))
  }

  private static let mostNodes = 4_000

  private static func node(_ line: String) -> NodeFigures? {
    var fields: [Substring: String] = [:]
    for field in line.split(separator: ",") {
      let pair = field.split(separator: "=", maxSplits: 1)
      if pair.count == 2 { fields[pair[0]] = String(pair[1]) }
    }
    guard let id = fields["id"] else { return nil }
    var node = NodeFigures(
      id: id, address: fields["address"] ?? "?", isPrimary: fields["role"] == "primary",
      health: health(fields))
    func number(_ name: Substring) -> Int64? { fields[name].flatMap { Int64($0) } }
    node.primaryID = fields["of"]
    node.slots = number("slots").map { Int(clamping: $0) }
    node.keys = number("keys")
    node.usedMemory = number("memory").map { ByteCount($0) }
    node.maxMemory = number("max").map { $0 == 0 ? nil : ByteCount($0) }
    node.hits = number("hits")
    node.misses = number("misses")
    node.commands = number("commands")
    return node
  }

  private static func health(_ fields: [Substring: String]) -> NodeFigures.Health {
    switch fields["state"] {
    case "away": .away(reason: fields["reason"] ?? "no answer")
    case "failing": .failing
    default: .up
    }
  }
}
