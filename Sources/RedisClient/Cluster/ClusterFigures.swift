/// The answers of all primaries to INFO as that of one server: what counts something is added up,
/// everything else is what the first one says, and the ids of the nodes are added, by which the
/// cluster is known again.
package enum ClusterFigures {
  /// The field that holds the ids of all nodes, with commas between.
  package static let idsField = "cluster_node_ids"

  package static func joined(_ texts: [String], ids: [String]) -> String {
    var order: [String] = []
    var values: [String: String] = [:]
    for (place, text) in texts.enumerated() {
      for line in text.split(whereSeparator: \.isNewline) {
        guard let colon = line.firstIndex(of: ":"), !line.hasPrefix("#") else {
          if line.hasPrefix("#"), !order.contains(String(line)) { order.append(String(line)) }
          continue
        }
        let (name, value) = (String(line[..<colon]), String(line[line.index(after: colon)...]))
        if let known = values[name] {
          if let sum = sum(name, known, value) { values[name] = sum }
        } else if place == 0 || isDatabase(name) {
          order.append(name)
          values[name] = value
        }
      }
    }
    let lines = order.map { name in values[name].map { "\(name):\($0)" } ?? name }
    return (lines + ["\(idsField):\(ids.joined(separator: ","))"]).joined(separator: "\r\n")
      + "\r\n"
  }

  /// Nil for what is not added up.
  private static func sum(_ name: String, _ left: String, _ right: String) -> String? {
    if isDatabase(name) { return sumOfDatabases(left, right) }
    guard added.contains(name), let left = Int64(left), let right = Int64(right) else {
      return nil
    }
    let (sum, overflow) = left.addingReportingOverflow(right)
    return overflow ? nil : String(sum)
  }

  private static func isDatabase(_ name: String) -> Bool {
    name.hasPrefix("db") && name.count > 2 && name.dropFirst(2).allSatisfy(\.isNumber)
  }

  /// `keys=3,expires=1,avg_ttl=20`: numbers of keys add up, the mean does not and is left as it is.
  private static func sumOfDatabases(_ left: String, _ right: String) -> String {
    let other = fields(right)
    return fields(left).map { name, value in
      guard name != "avg_ttl", let own = Int64(value),
        let more = other.first(where: { $0.0 == name }).flatMap({ Int64($0.1) })
      else { return "\(name)=\(value)" }
      let (sum, overflow) = own.addingReportingOverflow(more)
      return "\(name)=\(overflow ? own : sum)"
    }.joined(separator: ",")
  }

  private static func fields(_ text: String) -> [(String, String)] {
    text.split(separator: ",").compactMap { part in
      let pair = part.split(separator: "=", maxSplits: 1).map(String.init)
      return pair.count == 2 ? (pair[0], pair[1]) : nil
    }
  }

  private static let added: Set<String> = [
    "used_memory", "used_memory_rss", "used_memory_dataset", "maxmemory", "total_system_memory",
    "connected_clients", "blocked_clients", "tracking_clients", "total_connections_received",
    "total_commands_processed", "instantaneous_ops_per_sec", "total_net_input_bytes",
    "total_net_output_bytes", "expired_keys", "evicted_keys", "keyspace_hits", "keyspace_misses",
    "rejected_connections", "total_error_replies",
  ]
}
