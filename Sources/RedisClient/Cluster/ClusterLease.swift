import RESP
import SystemIO
import Transport

/// What a borrower of a cluster holds: one connection of each node that it has sent something to,
/// behind the words of a single one.
///
/// WATCH goes where the keys are. MULTI and what follows are held back until EXEC and go then to the
/// nodes that serve the keys, a transaction for each slot (`ClusterTransaction`). On each node MULTI is
/// tried before, at the latest with WATCH, so that little time passes between the look and the change:
/// were it refused at the head of a pipeline, the commands behind it would be carried out one by one.
/// As EXEC makes a connection forget all that it watches, a watched
/// transaction over several slots of a node is answered as cancelled; one slot at a time goes through.
actor ClusterLease: RESPConnection {
  private let cluster: ClusterChannel
  private let loop: EventLoop
  private var leases: [Endpoint: Lease] = [:]
  /// Nodes that were seen to take MULTI.
  private var transacting: Set<Endpoint> = []
  /// Where the watched keys of a slot were when they were watched.
  private var watched: [HashSlot: Endpoint] = [:]
  /// A connection that watched has ended: nobody knows whether a watched key was written.
  private var hasLostSight = false
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
    let tries = commands.contains { $0.verb == "WATCH" } && mayBeTried(endpoint)
    do throws(ChannelError) {
      let lease = try await lease(of: endpoint)
      var replies = try await lease.send((tries ? Self.trial : []) + commands)
      if tries {
        if replies.first == .ok { transacting.insert(endpoint) }
        replies.removeFirst(min(Self.trial.count, replies.count))
      }
      for (command, reply) in zip(commands, replies) where command.verb == "WATCH" && reply == .ok {
        for key in command.arguments.dropFirst() { watched[HashSlot(of: key)] = endpoint }
      }
      return .success(replies)
    } catch {
      await give(back: endpoint)
      return .failure(error)
    }
  }

  /// The connection has failed: the next command gets another one.
  private func give(back endpoint: Endpoint) async {
    transacting.remove(endpoint)
    let before = watched.count
    watched = watched.filter { $0.value != endpoint }
    if watched.count < before { hasLostSight = true }
    guard let lease = leases.removeValue(forKey: endpoint) else { return }
    await cluster.channel(to: endpoint).takeBack(lease)
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
    (watched, hasLostSight) = ([:], false)
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
    if hasLostSight || waiting.count > 1 && !watched.isEmpty {
      try await unwatch()
      return (.null, [:])
    }
    while !waiting.isEmpty {
      let (byNode, unserved) = await placed(waiting)
      waiting = []
      let ends = try await carryOut(byNode) + unserved
      var pauses = false
      for (group, end, endpoint) in ends {
        switch await next(after: group, end, endpoint) {
        case .takes: work.take(end, of: group)
        case .isCancelled: work.take(.cancelled, of: group)
        case .goes(let again, let isLater):
          waiting.append(again)
          pauses = pauses || isLater
        }
      }
      if pauses {
        try? await Task.sleep(for: ClusterChannel.pauseBeforeNextTry)
        _ = try await cluster.currentMap()
      }
    }
    watched = [:]
    let joined = work.reply { ClusterFigures.joined($0, map, sent: cluster.counters.commands) }
    return (joined, work.queueErrors)
  }

  private typealias Ended = (
    group: ClusterTransaction.Group, end: ClusterTransaction.End, endpoint: Endpoint?
  )

  /// The groups by the nodes that they go to, and those that have none.
  private func placed(
    _ groups: [ClusterTransaction.Group]
  ) async -> ([Endpoint: [ClusterTransaction.Group]], [Ended]) {
    var byNode: [Endpoint: [ClusterTransaction.Group]] = [:]
    var unserved: [Ended] = []
    for group in groups {
      if let endpoint = await place(of: group) {
        byNode[endpoint, default: []].append(group)
      } else {
        let reply = ClusterChannel.unserved(group.target)
        unserved.append((group, .refused(queued: group.pieces.map { _ in reply }, reply), nil))
      }
    }
    return (byNode, unserved)
  }

  /// What is watched is carried out where it is watched.
  private func place(of group: ClusterTransaction.Group) async -> Endpoint? {
    if case .slot(let slot) = group.target, let endpoint = watched[slot] { return endpoint }
    return await cluster.endpoint(of: group.target)
  }

  /// Every node at the same time. When one of them fails so that it is not known what it did, what the
  /// others did counts as unknown too.
  private func carryOut(
    _ groups: [Endpoint: [ClusterTransaction.Group]]
  ) async throws(ChannelError) -> [Ended] {
    var ends: [Ended] = []
    var commands: [Endpoint: [RESPCommand]] = [:]
    for (endpoint, own) in groups {
      if let refusal = await refusal(by: endpoint) {
        ends += own.map { ($0, refusal.end(of: $0), endpoint) }
      } else {
        commands[endpoint] = own.flatMap(\.commands)
      }
    }
    let results = await ClusterChannel.ask(commands) { endpoint, commands in
      await self.carry(commands, to: endpoint)
    }
    var doubt: ChannelError?
    for (endpoint, result) in results {
      let own = groups[endpoint] ?? []
      switch result {
      case .success(let replies):
        ends += ClusterTransaction.ends(of: own, replies).map { ($0, $1, endpoint) }
      case .failure(let error):
        if !error.tellsThatNothingWasSent { doubt = error }
        ends += own.map { ($0, .unsent(error), endpoint) }
      }
    }
    if let doubt { throw doubt }
    return ends
  }

  /// Why a node takes no transaction, tried once on each connection.
  private enum Refusal {
    case says(RESPValue)
    case isAway(ChannelError)

    func end(of group: ClusterTransaction.Group) -> ClusterTransaction.End {
      switch self {
      case .says(let reply): .refused(queued: group.pieces.map { _ in reply }, reply)
      case .isAway(let error): .unsent(error)
      }
    }
  }

  /// Writes nothing, whatever becomes of it.
  private static let trial = [RESPCommand("MULTI"), RESPCommand("DISCARD")]

  /// DISCARD would make the connection forget what it watches.
  private func mayBeTried(_ endpoint: Endpoint) -> Bool {
    !transacting.contains(endpoint) && !watched.values.contains(endpoint)
  }

  /// A node that watches and was not tried before is tried on another connection.
  private func refusal(by endpoint: Endpoint) async -> Refusal? {
    guard !transacting.contains(endpoint) else { return nil }
    let trial = Self.trial
    do throws(ChannelError) {
      let reply: RESPValue
      if watched.values.contains(endpoint) {
        reply = try await cluster.channel(to: endpoint).exclusively(for: nil) {
          connection throws(ChannelError) in try await connection.send(trial).first ?? .null
        }
      } else {
        reply = try await carry(trial, to: endpoint).get().first ?? .null
      }
      guard reply.error == nil else { return .says(reply) }
      transacting.insert(endpoint)
      return nil
    } catch {
      return .isAway(error)
    }
  }

  private enum Next {
    /// What came of it stands.
    case takes
    case isCancelled
    case goes(ClusterTransaction.Group, later: Bool)
  }

  /// A group that was sent to the wrong node, whose slot is on its way or whose node has just gone,
  /// goes once more. What was watched counts as cancelled then: it has to be watched anew.
  private func next(
    after group: ClusterTransaction.Group, _ end: ClusterTransaction.End, _ endpoint: Endpoint?
  ) async -> Next {
    var again = group
    var isLater = true
    switch end {
    case .done, .cancelled: return .takes
    case .unsent:
      guard let endpoint, await cluster.isWorthWaiting(for: .node(endpoint)) else { return .takes }
      again.tries += 1
    case .refused(let queued, let reply):
      let answers = [reply] + queued
      guard let endpoint else {
        guard await cluster.isWorthWaiting(for: .openSlots) else { return .takes }
        again.tries += 1
        break
      }
      guard
        let redirection = answers.lazy.compactMap({ Redirection($0, from: endpoint) }).first
      else { return .takes }
      switch redirection {
      case .moved(let slot, let told):
        again.detours += 1
        guard group.detours < ClusterChannel.mostRedirections,
          await cluster.follow(to: told, slot) != nil
        else { return .takes }
        isLater = group.detours > 1
      case .ask, .tryAgain: again.tries += 1
      case .down:
        guard await cluster.isWorthWaiting(for: .node(endpoint)) else { return .takes }
        again.tries += 1
      }
    }
    guard again.tries < ClusterChannel.mostTries else { return .takes }
    return watched.isEmpty && !hasLostSight ? .goes(again, later: isLater) : .isCancelled
  }
}
