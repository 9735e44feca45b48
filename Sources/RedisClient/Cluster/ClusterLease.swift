import RESP
import SystemIO
import Transport

/// What a borrower of a cluster holds: one connection of each node that it has sent something to,
/// behind the words of a single one.
///
/// WATCH goes where the keys are. MULTI and what follows are held back until EXEC and go then to the
/// nodes that serve the keys, a transaction for each slot (`ClusterTransaction`). On each node MULTI is
/// tried alone first: were it refused at the head of a pipeline, the commands behind it would be
/// carried out one by one. As EXEC makes a connection forget all that it watches, a watched
/// transaction over several slots of a node is answered as cancelled; one slot at a time goes through.
actor ClusterLease: RESPConnection {
  private let cluster: ClusterChannel
  private let loop: EventLoop
  private var leases: [Endpoint: Lease] = [:]
  /// Nodes that were seen to take MULTI.
  private var transacting: Set<Endpoint> = []
  /// Where the watched keys of a slot were when they were watched.
  private var watched: [HashSlot: Endpoint] = [:]
  /// The commands since MULTI.
  private var queued: [RESPCommand]?
  private var isOver = false

  nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

  init(_ cluster: ClusterChannel, on loop: EventLoop) {
    self.cluster = cluster
    self.loop = loop
  }

  func send(_ batch: [RESPCommand]) async throws(ChannelError) -> [RESPValue] {
    guard !isOver else { throw .closed }
    // Who asks what the server is wants to know it of the cluster as it is now.
    if batch.contains(where: { $0.verb == "INFO" }) { try await cluster.learnMap() }
    var replies: [RESPValue] = []
    var plain: [RESPCommand] = []
    var begin = 0
    for command in batch {
      switch (command.verb, queued) {
      case ("MULTI", nil):
        replies += try await deliver(&plain)
        (queued, begin) = ([], replies.count + 1)
        replies.append(.ok)
      case ("EXEC", let commands?):
        let (reply, errors) = try await execute(commands)
        for (place, error) in errors where replies.indices.contains(begin + place) {
          replies[begin + place] = error
        }
        queued = nil
        replies.append(reply)
      case ("DISCARD", _?):
        queued = nil
        try await unwatch()
        replies.append(.ok)
      case ("UNWATCH", nil):
        replies += try await deliver(&plain)
        try await unwatch()
        replies.append(.ok)
      case (_, _?):
        queued?.append(command)
        replies.append(.simple("QUEUED"))
      default: plain.append(command)
      }
    }
    return try await replies + deliver(&plain)
  }

  /// Gives everything back.
  func end() async {
    isOver = true
    let ending = leases
    leases = [:]
    for (endpoint, lease) in ending { await cluster.channel(to: endpoint).takeBack(lease) }
  }

  // MARK: Commands by themselves

  private func deliver(_ plain: inout [RESPCommand]) async throws(ChannelError) -> [RESPValue] {
    guard !plain.isEmpty else { return [] }
    let batch = plain
    plain = []
    return try await cluster.deliver(batch) { endpoint, commands in
      await self.carry(commands, to: endpoint)
    }
  }

  private func carry(
    _ commands: [RESPCommand], to endpoint: Endpoint
  ) async -> Result<[RESPValue], ChannelError> {
    do throws(ChannelError) {
      let replies = try await lease(of: endpoint).send(commands)
      for (command, reply) in zip(commands, replies) where command.verb == "WATCH" && reply == .ok {
        for key in command.arguments.dropFirst() { watched[HashSlot(of: key)] = endpoint }
      }
      return .success(replies)
    } catch {
      return .failure(error)
    }
  }

  private func lease(of endpoint: Endpoint) async throws(ChannelError) -> Lease {
    if let lease = leases[endpoint] { return lease }
    let lease = try await cluster.channel(to: endpoint).lend()
    leases[endpoint] = lease
    return lease
  }

  private func unwatch() async throws(ChannelError) {
    for endpoint in Set(watched.values) {
      _ = try await lease(of: endpoint).send(RESPCommand("UNWATCH"))
    }
    watched = [:]
  }

  // MARK: Transactions

  private func execute(
    _ commands: [RESPCommand]
  ) async throws(ChannelError) -> (reply: RESPValue, queueErrors: [Int: RESPValue]) {
    guard !commands.isEmpty else {
      try await unwatch()
      return (.array([]), [:])
    }
    guard let map = await cluster.slotMap else { throw .notConnected(reason: "no node is known") }
    var work = ClusterTransaction(commands, map)
    var waiting = work.groups
    if waiting.count > 1, !watched.isEmpty {
      try await unwatch()
      return (.null, [:])
    }
    while !waiting.isEmpty {
      var byNode: [Endpoint: [ClusterTransaction.Group]] = [:]
      for group in waiting {
        if let endpoint = await place(of: group) {
          byNode[endpoint, default: []].append(group)
        } else {
          let reply = ClusterChannel.unserved(group.target)
          work.take(.refused(queued: group.pieces.map { _ in reply }, reply), of: group)
        }
      }
      waiting = []
      for (group, end, endpoint) in try await carryOut(byNode) {
        switch await next(after: group, end, endpoint) {
        case .takes: work.take(end, of: group)
        case .isCancelled: work.take(.cancelled, of: group)
        case .goes(let again): waiting.append(again)
        }
      }
    }
    watched = [:]
    return (work.reply(ids: map.ids), work.queueErrors)
  }

  /// What is watched is carried out where it is watched.
  private func place(of group: ClusterTransaction.Group) async -> Endpoint? {
    if case .slot(let slot) = group.target, let endpoint = watched[slot] { return endpoint }
    return await cluster.endpoint(of: group.target)
  }

  /// Every node at the same time. When one of them fails, what the others did counts as unknown too.
  private func carryOut(
    _ groups: [Endpoint: [ClusterTransaction.Group]]
  ) async throws(ChannelError) -> [(ClusterTransaction.Group, ClusterTransaction.End, Endpoint)] {
    var refused: [Endpoint: RESPValue] = [:]
    for endpoint in groups.keys where !transacting.contains(endpoint) {
      let trial = [RESPCommand("MULTI"), RESPCommand("DISCARD")]
      let reply = try await watchedTrial(trial, endpoint)
      if reply.error == nil { transacting.insert(endpoint) } else { refused[endpoint] = reply }
    }
    var ends: [(ClusterTransaction.Group, ClusterTransaction.End, Endpoint)] = []
    var commands: [Endpoint: [RESPCommand]] = [:]
    for (endpoint, own) in groups {
      guard let reply = refused[endpoint] else {
        commands[endpoint] = own.flatMap(\.commands)
        continue
      }
      for group in own {
        ends.append((group, .refused(queued: group.pieces.map { _ in reply }, reply), endpoint))
      }
    }
    let results = await ClusterChannel.ask(commands) { endpoint, commands in
      await self.carry(commands, to: endpoint)
    }
    for (endpoint, result) in results {
      var replies = try result.get()[...]
      for group in groups[endpoint] ?? [] {
        let own = Array(replies.prefix(group.commands.count))
        replies = replies.dropFirst(group.commands.count)
        ends.append((group, ClusterTransaction.End(own), endpoint))
      }
    }
    return ends
  }

  /// DISCARD would make the connection forget what it watches, so a node that watches is tried on
  /// another one.
  private func watchedTrial(
    _ trial: [RESPCommand], _ endpoint: Endpoint
  ) async throws(ChannelError) -> RESPValue {
    guard watched.values.contains(endpoint) else {
      return try await lease(of: endpoint).send(trial).first ?? .null
    }
    return try await cluster.channel(to: endpoint).exclusively(for: nil) {
      connection throws(ChannelError) in try await connection.send(trial).first ?? .null
    }
  }

  private enum Next {
    /// What came of it stands.
    case takes
    case isCancelled
    case goes(ClusterTransaction.Group)
  }

  /// A group that was sent to the wrong node, or whose slot is on its way, goes once more. What was
  /// watched elsewhere counts as cancelled: it has to be watched anew.
  private func next(
    after group: ClusterTransaction.Group, _ end: ClusterTransaction.End, _ endpoint: Endpoint
  ) async -> Next {
    guard case .refused(let queued, _) = end,
      let redirection = queued.lazy.compactMap({ Redirection($0, from: endpoint) }).first
    else { return .takes }
    var again = group
    again.detours += 1
    switch redirection {
    case .moved(let slot, let told):
      guard group.detours < ClusterChannel.mostRedirections,
        await cluster.follow(to: told, slot) != nil
      else { return .takes }
    case .ask, .tryAgain:
      guard group.detours < ClusterChannel.mostTries else { return .takes }
      try? await Task.sleep(for: ClusterChannel.pauseBeforeNextTry)
    }
    return watched.isEmpty ? .goes(again) : .isCancelled
  }
}
