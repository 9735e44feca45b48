import CacheModel

/// What one node of a cluster did between two samples.
package struct NodeRates: Sendable, Equatable {
  /// Commands a second, cachescope's own among them; nil after a restart of the node.
  package var commands: Double?
  /// Of the lookups in between; nil when there was none.
  package var hitRatio: Double?
}

/// The nodes of a cluster: their rates, and news of them in a sentence.
extension ExplorerState {
  mutating func tellOfCluster(from before: CacheStatistics?, to sample: CacheStatistics) {
    guard let cluster = sample.cluster else { return }
    let earlier = before?.cluster
    let elapsed = before.map { sample.moment.milliseconds(since: $0.moment) } ?? 0
    stats.nodeRates = Self.rates(from: earlier, to: cluster, milliseconds: elapsed)
    if let successors = Self.successors(from: earlier, to: cluster) {
      say("failover: \(successors)", .warning)
    } else if let trouble = cluster.trouble {
      if trouble != earlier?.trouble { say(trouble, .warning) }
    } else if earlier?.trouble != nil {
      say("all slots of the cluster are served again")
    }
  }

  /// Which nodes serve slots now that did not, in place of which.
  private static func successors(from before: ClusterState?, to after: ClusterState) -> String? {
    guard let before else { return nil }
    let (old, new) = (before.serving, after.serving)
    let gone = old.filter { node in !new.contains { $0.id == node.id } }
    let come = new.filter { node in !old.contains { $0.id == node.id } }
    guard !gone.isEmpty, !come.isEmpty else { return nil }
    let names = (
      come.map(\.address).joined(separator: ", "), gone.map(\.address).joined(separator: ", ")
    )
    return "\(names.0) serves the slots of \(names.1) now"
  }

  private static func rates(
    from before: ClusterState?, to after: ClusterState, milliseconds: Int64
  ) -> [String: NodeRates] {
    guard let before, milliseconds > 0 else { return [:] }
    var rates: [String: NodeRates] = [:]
    for node in after.nodes {
      guard let earlier = before.nodes.first(where: { $0.id == node.id }) else { continue }
      func grown(_ counter: KeyPath<NodeFigures, Int64?>) -> Int64? {
        guard let old = earlier[keyPath: counter], let new = node[keyPath: counter], new >= old
        else { return nil }
        return new &- old
      }
      let ratio = HitRatio(hits: grown(\.hits) ?? 0, misses: grown(\.misses) ?? 0)
      rates[node.id] = NodeRates(
        commands: grown(\.commands).map { Double($0) * 1000 / Double(milliseconds) },
        hitRatio: ratio?.value)
    }
    return rates
  }
}
