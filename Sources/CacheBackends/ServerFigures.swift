/// The answer to INFO: fields by name, whatever their order and section. Every field is optional,
/// unknown ones do no harm, and lines may end in CR LF or LF.
package struct ServerFigures: Sendable, Equatable {
  private var fields: [String: String] = [:]
  private var sections: Set<String> = []

  /// From the text that INFO answers.
  package init(_ text: String) {
    for line in text.split(whereSeparator: \.isNewline) {
      if line.hasPrefix("#") {
        sections.insert(line.drop { $0 == "#" || $0 == " " }.lowercased())
      } else if let colon = line.firstIndex(of: ":") {
        fields[String(line[..<colon])] = String(line[line.index(after: colon)...])
      }
    }
  }

  /// No field at all: INFO was refused, or was not INFO.
  package var isEmpty: Bool { fields.isEmpty }

  /// Whether there was a section of databases, which has no line for those that are empty.
  var tellsDatabases: Bool { sections.contains("keyspace") }

  /// The names of all fields.
  var names: some Collection<String> { fields.keys }

  /// A field as sent; nil when the server does not tell it.
  package func text(_ name: String) -> String? { fields[name] }

  /// A field that is an integer.
  package func number(_ name: String) -> Int64? { fields[name].flatMap { Int64($0) } }

  /// `keys` or `expires` of a database; a database that is empty has no line, so it is 0 when there
  /// is a section of databases at all.
  package func number(_ name: String, ofDatabase database: Int) -> Int64? {
    guard let line = fields["db\(database)"] else {
      return tellsDatabases ? 0 : nil
    }
    for part in line.split(separator: ",") {
      let pair = part.split(separator: "=", maxSplits: 1)
      if pair.count == 2, pair[0] == name { return Int64(pair[1]) }
    }
    return nil
  }

  /// What the server is, and its own version: several products name the Redis version that they
  /// behave like.
  package var product: (name: String, version: String) {
    if let version = text("dragonfly_version") { return ("dragonfly", version) }
    if let name = text("server_name"), !name.isEmpty {
      return (name, text("\(name)_version") ?? text("redis_version") ?? "")
    }
    for name in ["valkey", "redict"] {
      if let version = text("\(name)_version") { return (name, version) }
    }
    let isKeyDB = text("mvcc_depth") != nil || text("executable")?.contains("keydb") == true
    return (isKeyDB ? "keydb" : "redis", text("redis_version") ?? "")
  }

  /// Whether it behaves like a Redis before 7.2, with which CLIENT NO-TOUCH came; the engine has it
  /// whatever version it behaves like. False when it does not tell.
  package var countsLooks: Bool {
    product.name != "cachescope" && isOlder(than: 7, 2)
  }

  /// Whether it behaves like a Redis before this version; false when it does not tell.
  func isOlder(than major: Int, _ minor: Int) -> Bool {
    let version = (text("redis_version") ?? "").split(separator: ".").prefix(2)
    let numbers = version.compactMap { Int($0.prefix(4)) }
    return numbers.count == 2 && (numbers[0], numbers[1]) < (major, minor)
  }

  /// The id that the server's data go by. It changes with a restart and when a replica takes over;
  /// then the one before may be told as well (`formerServerIDs`). A cluster has no id of its own and
  /// goes by those of its nodes: it is the same one as long as one of them is left.
  package var serverID: String? {
    if let first = clusterIDs.first { return first }
    let replication = text("master_replid")
    return replication?.isEmpty == false ? replication : text("run_id")
  }

  /// The id that the data went by before, where the server tells one: a replica that was promoted
  /// names that of its former primary, and so does a restarted server that had saved its replication.
  /// Forty zeros stand for none.
  package var formerServerIDs: [String] {
    guard clusterIDs.isEmpty else { return Array(clusterIDs.dropFirst()) }
    guard text("master_replid")?.isEmpty == false, let former = text("master_replid2"),
      former.contains(where: { $0 != "0" })
    else { return [] }
    return [former]
  }

  /// Of all nodes, sorted; empty for a server by itself. The field is that of `ClusterChannel`.
  private var clusterIDs: [String] {
    text("cluster_node_ids")?.split(separator: ",").map { "cluster:\($0)" } ?? []
  }

  /// Whether these are the joined figures of a cluster.
  var isOfCluster: Bool { !clusterIDs.isEmpty }

  /// `primary`, `replica`, another word of the server's, or nothing.
  package var role: String {
    switch text("role") {
    case "master": "primary"
    case "slave": "replica"
    case let other: other ?? ""
    }
  }

  /// Whether the server, a replica, refuses writes.
  package var refusesWrites: Bool { text("role") == "slave" && text("slave_read_only") != "0" }
}

extension ServerFigures {
  /// Whether the counters of lookups have begun anew: they are below what we know to be ours. A
  /// little below is an account that runs ahead of the server, as long as nothing else of the same
  /// run has fallen since `earlier`.
  func wasReset(since earlier: ServerFigures?, own: LookupLedger) -> Bool {
    let missing = max(
      excess(of: own.hits, over: "keyspace_hits"), excess(of: own.misses, over: "keyspace_misses"))
    guard missing > 0 else { return false }
    return missing > Self.runningAhead || earlier.map(continues) != true
  }

  /// Lookups of a few batches.
  private static var runningAhead: Int64 { 1000 }

  private func excess(of own: Int64, over name: String) -> Int64 {
    guard let told = number(name), told < own else { return 0 }
    let (excess, overflow) = own.subtractingReportingOverflow(told)
    return overflow ? .max : excess
  }

  private func continues(_ earlier: ServerFigures) -> Bool {
    guard let runID = text("run_id"), runID == earlier.text("run_id") else { return false }
    return ["uptime_in_seconds", "total_commands_processed"].allSatisfy { name in
      guard let now = number(name), let before = earlier.number(name) else { return false }
      return now >= before
    }
  }
}
