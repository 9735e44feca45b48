import Transport

/// The answers of all primaries to INFO as that of one server: what counts something is added up,
/// everything else is what the first one says, and lines of our own are added: the ids of all nodes,
/// by which the cluster is known again, and one line for each node with what it said of itself. Nodes
/// that do not answer are left out of the sums and named with the reason.
package enum ClusterFigures {
  /// The field that holds the ids of all nodes, with commas between.
  package static let idsField = "cluster_node_ids"
  /// The fields of single nodes: `cluster_node_0:id=…,address=…,role=primary,slots=5461,…`. Texts in
  /// them have no commas.
  package static let nodeField = "cluster_node_"
  /// How many slots nobody serves.
  package static let openSlotsField = "cluster_open_slots"

  /// How many commands the nodes were sent by this channel, all of its own questions among them.
  package static let sentField = "cluster_sent_commands"

  /// What became of the question on one node.
  package struct Answer: Sendable {
    package var node: ClusterNode
    package var text: String?
    package var failure: String?

    package init(node: ClusterNode, text: String?, failure: String? = nil) {
      self.node = node
      self.text = text
      self.failure = failure
    }
  }

  /// `map` names the nodes that were not asked.
  package static func joined(_ answers: [Answer], _ map: SlotMap, sent: Int64 = 0) -> String {
    let lines =
      sums(answers.compactMap(\.text)) + ["\(idsField):\(map.ids.joined(separator: ","))"]
      + ["\(openSlotsField):\(map.openSlotCount)", "\(sentField):\(sent)"]
      + nodeLines(answers, map).enumerated().map { "\(nodeField)\($0):\($1)" }
    return lines.joined(separator: "\r\n") + "\r\n"
  }

  private static func sums(_ texts: [String]) -> [String] {
    var order: [String] = []
    var values: [String: String] = [:]
    var runs: [String] = []
    for (place, text) in texts.enumerated() {
      for line in text.split(whereSeparator: \.isNewline) {
        guard let (name, value) = field(line) else {
          if line.hasPrefix("#"), !order.contains(String(line)) { order.append(String(line)) }
          continue
        }
        if name == "run_id" { runs.append(value) }
        if let known = values[name] {
          if let sum = sum(name, known, value) { values[name] = sum }
        } else if place == 0 || isDatabase(name) || isOfCommand(name) {
          order.append(name)
          values[name] = value
        }
      }
    }
    if !runs.isEmpty { values["run_id"] = runID(runs) }
    return order.map { name in values[name].map { "\(name):\($0)" } ?? name }
  }

  private static func field(_ line: Substring) -> (String, String)? {
    guard let colon = line.firstIndex(of: ":"), !line.hasPrefix("#") else { return nil }
    return (String(line[..<colon]), String(line[line.index(after: colon)...]))
  }

  /// One for the runs of all nodes: another one when one of them was restarted, comes or goes, as the
  /// sums of their counters are others then. FNV-1a, 64 bits.
  private static func runID(_ runs: [String]) -> String {
    guard runs.count > 1 else { return runs[0] }
    let hash = runs.sorted().joined(separator: ",").utf8.reduce(0xcbf2_9ce4_8422_2325 as UInt64) {
      ($0 ^ UInt64($1)) &* 0x100_0000_01b3
    }
    return "cluster" + String(hash, radix: 16)
  }

  // MARK: Nodes

  private static func nodeLines(_ answers: [Answer], _ map: SlotMap) -> [String] {
    var known: Set<String> = []
    let asked = answers.map { answer in
      known.insert(answer.node.id)
      let isFailing = map.members.first { $0.id == answer.node.id }?.isFailing ?? false
      return line(of: answer, slots: map.slotCount(of: answer.node), isFailing: isFailing)
    }
    let others = map.members.filter { known.insert($0.id).inserted }.map { member in
      line(
        id: member.id, member.endpoint, member.isPrimary ? "primary" : "replica",
        state: member.isFailing ? "failing" : "up",
        [("of", member.primaryID)])
    }
    let replicas = map.replicas.filter { known.insert($0.id).inserted }.map {
      line(id: $0.id, $0.endpoint, "replica", state: "up", [])
    }
    return asked + others + replicas
  }

  private static func line(of answer: Answer, slots: Int, isFailing: Bool) -> String {
    var fields: [String: String] = [:]
    for line in (answer.text ?? "").split(whereSeparator: \.isNewline) {
      if let (name, value) = field(line),
        told.contains(where: { $0.field == name }) || name == "db0"
      {
        fields[name] = value
      }
    }
    let keys = fields["db0"].map { Dictionary(Self.fields($0)) { $1 } }
    let figures: [(String, String?)] =
      [("slots", String(slots)), ("keys", answer.text == nil ? nil : keys?["keys"] ?? "0")]
      + told.map { ($0.name, fields[$0.field]) } + [("reason", answer.failure)]
    let state = answer.text == nil ? "away" : isFailing ? "failing" : "up"
    return line(id: answer.node.id, answer.node.endpoint, "primary", state: state, figures)
  }

  private static func line(
    id: String, _ endpoint: Endpoint?, _ role: String, state: String, _ more: [(String, String?)]
  ) -> String {
    let all: [(String, String?)] =
      [("id", id), ("address", endpoint?.description), ("role", role), ("state", state)] + more
    return all.compactMap { name, value in
      value.map { "\(name)=\(String($0.map { $0 == "," || $0.isNewline ? ";" : $0 }))" }
    }.joined(separator: ",")
  }

  /// What is told of each node, and the field of INFO that it comes from.
  private static let told: [(name: String, field: String)] = [
    ("memory", "used_memory"), ("max", "maxmemory"), ("hits", "keyspace_hits"),
    ("misses", "keyspace_misses"), ("commands", "total_commands_processed"),
    ("clients", "connected_clients"), ("evicted", "evicted_keys"), ("expired", "expired_keys"),
  ]

  // MARK: Sums

  /// Nil for what is not added up.
  private static func sum(_ name: String, _ left: String, _ right: String) -> String? {
    if isDatabase(name) { return sumOfDatabases(left, right) }
    if name.hasPrefix("cmdstat_") { return sumOfCommand(left, right) }
    if isOfCommand(name) { return longest(left, right) }
    if name.hasPrefix("used_cpu_") { return sumOfSeconds(left, right) }
    guard let left = Int64(left), let right = Int64(right) else { return nil }
    // Whoever has keys tracked is told of by each node: it is mostly one client, and not several.
    if name == "tracking_clients" { return String(max(left, right)) }
    guard added.contains(name) else { return nil }
    let (sum, overflow) = left.addingReportingOverflow(right)
    return overflow ? nil : String(sum)
  }

  private static func isDatabase(_ name: String) -> Bool {
    name.hasPrefix("db") && name.count > 2 && name.dropFirst(2).allSatisfy(\.isNumber)
  }

  private static func isOfCommand(_ name: String) -> Bool {
    name.hasPrefix("cmdstat_") || name.hasPrefix("latency_percentiles_usec_")
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
    "connected_clients", "blocked_clients", "total_connections_received",
    "total_commands_processed", "instantaneous_ops_per_sec", "total_net_input_bytes",
    "total_net_output_bytes", "expired_keys", "evicted_keys", "keyspace_hits", "keyspace_misses",
    "rejected_connections", "total_error_replies", "expired_time_cap_reached_count",
    "eventloop_duration_sum",
  ]
}
