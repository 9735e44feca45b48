package import RESP
import RedisClient
package import SystemIO
package import Transport

/// A real cluster of redis-servers on loopback, for one test: primaries that share the slots evenly,
/// and replicas, each of the primary whose turn it is. It ends with this object.
package final class RedisClusterProcess: Sendable {
  /// The primaries first.
  package let nodes: [RedisServerProcess]
  private let channels: [SocketChannel]
  private let busPorts: [UInt16]

  /// Starts the nodes and waits until all of them agree. `options` are for every node, `password` is
  /// what the default user needs; with `tls` their ports speak nothing else.
  package init(
    primaries: Int = 3, replicas: Int = 0, options: [String] = [], password: String? = nil,
    tls: RedisServerProcess.Encryption? = nil, on loop: EventLoop
  ) async throws {
    var nodes: [RedisServerProcess] = []
    var busPorts: [UInt16] = []
    for _ in 0..<(primaries + replicas) {
      let busPort = try RedisServerProcess.unusedPort()
      let own = [
        "--cluster-enabled", "yes", "--cluster-port", String(busPort), "--cluster-node-timeout",
        "2000", "--cluster-replica-validity-factor", "0", "--repl-diskless-sync-delay", "0",
      ]
      let login = password.map { ["--requirepass", $0, "--masterauth", $0] } ?? []
      nodes.append(try RedisServerProcess(own + login + options, tls: tls))
      busPorts.append(busPort)
    }
    self.nodes = nodes
    self.busPorts = busPorts
    channels = nodes.map { node in
      SocketChannel(
        ChannelConfiguration(
          endpoint: .unix(path: node.socketPath), password: password.map { Array($0.utf8) }),
        on: loop)
    }
    try await form(primaries)
  }

  /// Where a node listens.
  package func endpoint(_ node: Int) -> Endpoint {
    .tcp(host: "127.0.0.1", port: nodes[node].port)
  }

  package var endpoints: [Endpoint] { nodes.indices.map(endpoint) }

  /// A command to one node; an error reply fails.
  @discardableResult
  package func run(_ node: Int, _ words: String...) async throws -> RESPValue {
    try await run(node, words)
  }

  @discardableResult
  package func run(_ node: Int, _ words: [String]) async throws -> RESPValue {
    let command = RESPCommand(arguments: words.map { Array($0.utf8) })
    let reply = try await channels[node].send(command)
    if let error = reply.error { throw error }
    return reply
  }

  /// Which node serves the key, of those that are there.
  package func primary(of key: String) async throws -> Int? {
    let slot = String(HashSlot(of: Array(key.utf8)).number)
    for node in nodes.indices {
      guard let told = try? await run(node, "CLUSTER", "NODES").text else { continue }
      for line in told.split(separator: "\n") {
        let words = line.split(separator: " ").map(String.init)
        guard words.count > 8, words[2].contains("master"), !words[2].contains("fail"),
          words[8...].contains(where: { Self.range($0, holds: slot) })
        else { continue }
        let port = words[1].split(separator: "@")[0].split(separator: ":").last.map(String.init)
        return nodes.firstIndex { String($0.port) == port }
      }
    }
    return nil
  }

  private static func range(_ text: String, holds slot: String) -> Bool {
    let ends = text.split(separator: "-").compactMap { Int($0) }
    guard let slot = Int(slot), let first = ends.first, let last = ends.last else { return false }
    return (first...max(first, last)).contains(slot)
  }

  /// The id of a node.
  package func id(_ node: Int) async throws -> String {
    try await run(node, "CLUSTER", "MYID").text ?? ""
  }

  /// Gives a slot to another primary, with the keys that are in it.
  package func move(_ slot: HashSlot, from old: Int, to new: Int) async throws {
    let number = String(slot.number)
    try await beginMove(slot, from: old, to: new)
    while case let keys = try await run(old, "CLUSTER", "GETKEYSINSLOT", number, "100"),
      let names = keys.elements?.compactMap(\.text), !names.isEmpty
    {
      for name in names { try await moveKey(name, from: old, to: new) }
    }
    for node in [new, old] {
      try await run(node, "CLUSTER", "SETSLOT", number, "NODE", try await id(new))
    }
  }

  /// Gives a slot to another primary and forgets the keys that were in it.
  package func giveAway(_ slot: HashSlot, from old: Int, to new: Int) async throws {
    let number = String(slot.number)
    let keys = try await run(old, "CLUSTER", "GETKEYSINSLOT", number, "10000")
    for name in keys.elements?.compactMap(\.text) ?? [] { try await run(old, "DEL", name) }
    for node in [new, old] {
      try await run(node, "CLUSTER", "SETSLOT", number, "NODE", try await id(new))
    }
  }

  /// The state between: some keys may be here and some there.
  package func beginMove(_ slot: HashSlot, from old: Int, to new: Int) async throws {
    let number = String(slot.number)
    try await run(new, "CLUSTER", "SETSLOT", number, "IMPORTING", try await id(old))
    try await run(old, "CLUSTER", "SETSLOT", number, "MIGRATING", try await id(new))
  }

  package func moveKey(_ name: String, from old: Int, to new: Int) async throws {
    try await run(old, "MIGRATE", "127.0.0.1", String(nodes[new].port), name, "0", "5000")
  }

  /// Waits until a look at the cluster says yes.
  package func wait(
    _ what: String, _ isSo: () async -> Bool
  ) async throws {
    for _ in 0..<1200 {
      if await isSo() { return }
      try await Task.sleep(for: .milliseconds(25))
    }
    throw RedisServerError(words: "the cluster does not get there: \(what)")
  }

  package func close() async {
    for channel in channels { await channel.close() }
    for node in nodes { node.end(removingFolder: true) }
  }

  // MARK: Forming

  private func form(_ primaries: Int) async throws {
    for node in 0..<primaries {
      let first = HashSlot.count * node / primaries
      let last = HashSlot.count * (node + 1) / primaries - 1
      try await run(node, "CLUSTER", "ADDSLOTSRANGE", String(first), String(last))
    }
    // None has to find out by talking that two of them count from the same number.
    for node in nodes.indices {
      try await run(node, "CLUSTER", "SET-CONFIG-EPOCH", String(node + 1))
    }
    for node in nodes.indices.dropFirst() {
      try await run(
        0, "CLUSTER", "MEET", "127.0.0.1", String(nodes[node].port), String(busPorts[node]))
    }
    try await wait("all know all") { await self.all("cluster_known_nodes:\(self.nodes.count)") }
    for node in nodes.indices.dropFirst(primaries) {
      try await run(node, "CLUSTER", "REPLICATE", try await id((node - primaries) % primaries))
    }
    try await wait("all are well") { await self.all("cluster_state:ok") }
    try await wait("replicas follow") {
      for node in self.nodes.indices.dropFirst(primaries) {
        let told = try? await self.run(node, "INFO", "replication").text
        guard told?.contains("master_link_status:up") == true else { return false }
      }
      return true
    }
  }

  private func all(_ field: String) async -> Bool {
    for node in nodes.indices {
      let told = try? await run(node, "CLUSTER", "INFO").text
      guard told?.split(whereSeparator: \.isNewline).contains(Substring(field)) == true else {
        return false
      }
    }
    return true
  }
}
