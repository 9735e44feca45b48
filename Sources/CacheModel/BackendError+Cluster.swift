extension BackendError {
  /// What a cluster's refusal means and what to do next; nil for a refusal that is none of a cluster's.
  /// Nothing was done. Source: `clusterRedirectClient` in cluster.c of Redis 3 to 8.
  static func wordsOfCluster(_ message: String) -> String? {
    let rest = message.split(separator: " ", maxSplits: 1).dropFirst().first.map(String.init) ?? ""
    switch message.prefix(while: { $0 != " " }) {
    case "CLUSTERDOWN":
      return "the cluster cannot do this now: \(rest); the other slots go on, and this one when a "
        + "replica takes over or the node is back: try again then"
    case "TRYAGAIN":
      return "the slot of these keys is moving between two nodes: try again in a moment"
    case "CROSSSLOT":
      return
        "the keys lie in different slots of the cluster, where no command or transaction has all "
        + "of them: do it key by key, or give them the same {tag} in their names"
    case "MOVED", "ASK":
      let place = rest.split(separator: " ").last.map(String.init) ?? "another node"
      return
        "the key is at \(place), which is no node that the cluster is known by here: open it as "
        + "redis+cluster://HOST:PORT, or map the address with --cluster-map"
    default:
      return nil
    }
  }
}
