package import RESP
package import SystemIO
package import Transport

/// A whole cluster as one server: every command goes to the primary that serves its keys, a command
/// with keys of several slots is split, names are scanned from one primary after the other, and what
/// a node says of itself is joined with what the others say.
///
/// The map of slots is asked of the first node that answers, and again when a node redirects or does
/// not answer. A redirection is followed at most five times, and only to a node that the map names:
/// the map comes from nodes that the login was meant for. Each node has a `SocketChannel` of its own,
/// so that one that is away does not keep the others waiting; what belonged to it is answered by an
/// error reply while the others go on. Replicas are never asked.
package actor ClusterChannel: RESPChannel {
  /// How a node is asked: its address, and commands for it.
  typealias Sender =
    @Sendable (Endpoint, [RESPCommand]) async -> Result<[RESPValue], ChannelError>

  private let configuration: ChannelConfiguration
  private let seeds: [Endpoint]
  private let mapped: @Sendable (Endpoint) -> Endpoint
  private let loop: EventLoop
  private let statuses: NodeStatuses
  private var channels: [Endpoint: SocketChannel] = [:]
  private var map: SlotMap?
  /// Changes whenever other nodes are primaries than before.
  private var generation: UInt8 = 0
  private var mapIsOld = false
  private var mapAskedAt: Int64 = 0
  private var asking: Task<Result<SlotMap, ChannelError>, Never>?
  private var isClosed = false

  /// Commands to all nodes.
  package nonisolated let counters = ChannelCounters()

  package nonisolated var unownedExecutor: UnownedSerialExecutor {
    loop.asUnownedSerialExecutor()
  }

  /// `configuration` holds for every node but for its address. `mapped` says where an address that
  /// the cluster names is to be reached from here. `onStatus` is called on the loop's thread.
  package init(
    seeds: [Endpoint], _ configuration: ChannelConfiguration,
    mapped: @escaping @Sendable (Endpoint) -> Endpoint = { $0 }, on loop: EventLoop,
    onStatus: @escaping @Sendable (ConnectionStatus) -> Void = { _ in }
  ) {
    self.seeds = seeds
    self.configuration = configuration
    self.mapped = mapped
    self.loop = loop
    statuses = NodeStatuses(onStatus)
  }

  /// What the connections are doing, as one: that of the best of them.
  package nonisolated var status: ConnectionStatus { statuses.overall }

  /// The map of slots, once it is known.
  package var slotMap: SlotMap? { map }

  package func send(_ batch: [RESPCommand]) async throws(ChannelError) -> [RESPValue] {
    for command in batch where command.changesConnectionState {
      throw .needsExclusiveConnection(verb: command.verb)
    }
    guard !batch.isEmpty else { return [] }
    return try await deliver(batch) { endpoint, commands in
      let channel = await self.channel(to: endpoint)
      do throws(ChannelError) {
        let replies = try await channel.carry(commands)
        return .success(replies)
      } catch {
        return .failure(error)
      }
    }
  }

  package func exclusively<Answer: Sendable>(
    for slot: HashSlot?,
    _ body: @Sendable (any RESPConnection) async throws(ChannelError) -> Answer
  ) async throws(ChannelError) -> Answer {
    _ = try await currentMap()
    let lease = ClusterLease(self, on: loop)
    do throws(ChannelError) {
      let result = try await body(lease)
      await lease.end()
      return result
    } catch {
      await lease.end()
      throw error
    }
  }

  package func close() async {
    isClosed = true
    let closing = channels.values
    channels = [:]
    for channel in closing { await channel.close() }
  }

  /// Ends the pauses before the next tries.
  package func reconnect() async {
    for channel in channels.values { await channel.reconnect() }
  }

  // MARK: Delivering

  /// How often a command is sent elsewhere before the redirection itself is its answer.
  static let mostRedirections = 5
  /// How often a command is sent again while its slot is on its way.
  static let mostTries = 30
  static let pauseBeforeNextTry: Duration = .milliseconds(100)

  func deliver(
    _ batch: [RESPCommand], by send: @escaping Sender
  ) async throws(ChannelError) -> [RESPValue] {
    let map = try await currentMap()
    var work = ClusterBatch(batch, map, generation: generation)
    var answered = 0
    var failure: ChannelError?
    while true {
      let pieces = work.takeWaiting()
      guard !pieces.isEmpty else { break }
      var groups: [Endpoint: [ClusterBatch.Piece]] = [:]
      for piece in pieces {
        if let endpoint = endpoint(of: piece.target) {
          groups[endpoint, default: []].append(piece)
        } else {
          work.take(Self.unserved(piece.target), of: piece)
        }
      }
      var pauses = false
      for (endpoint, result) in await Self.ask(groups.mapValues(Self.commands), send) {
        switch result {
        case .success(let replies):
          answered += 1
          let own = Self.withoutAsking(groups[endpoint] ?? [], replies)
          for (piece, reply) in own {
            pauses = await take(reply, of: piece, from: endpoint, &work) || pauses
          }
        case .failure(let error):
          failure = failure ?? error
          mapIsOld = true
          for piece in groups[endpoint] ?? [] {
            work.take(Self.unanswered(endpoint, error), of: piece)
          }
        }
      }
      if pauses { try? await Task.sleep(for: Self.pauseBeforeNextTry) }
    }
    if let failure, answered == 0 { throw failure }
    return work.replies(ids: self.map?.ids ?? map.ids)
  }

  /// All nodes at the same time.
  static func ask(
    _ groups: [Endpoint: [RESPCommand]], _ send: @escaping Sender
  ) async -> [(Endpoint, Result<[RESPValue], ChannelError>)] {
    if groups.count == 1, let (endpoint, commands) = groups.first {
      let result = await send(endpoint, commands)
      return [(endpoint, result)]
    }
    return await withTaskGroup(of: (Endpoint, Result<[RESPValue], ChannelError>).self) { tasks in
      for (endpoint, commands) in groups {
        tasks.addTask {
          let result = await send(endpoint, commands)
          return (endpoint, result)
        }
      }
      return await tasks.reduce(into: []) { $0.append($1) }
    }
  }

  private static func commands(_ pieces: [ClusterBatch.Piece]) -> [RESPCommand] {
    pieces.flatMap { piece in
      if case .asking = piece.target {
        [RESPCommand("ASKING"), piece.command]
      } else {
        [piece.command]
      }
    }
  }

  private static func withoutAsking(
    _ pieces: [ClusterBatch.Piece], _ replies: [RESPValue]
  ) -> [(ClusterBatch.Piece, RESPValue)] {
    var place = 0
    return pieces.map { piece in
      if case .asking = piece.target { place += 1 }
      defer { place += 1 }
      return (piece, place < replies.count ? replies[place] : .null)
    }
  }

  /// Takes an answer, or sends the command elsewhere; true when that should wait a moment.
  private func take(
    _ reply: RESPValue, of piece: ClusterBatch.Piece, from endpoint: Endpoint,
    _ work: inout ClusterBatch
  ) async -> Bool {
    switch Redirection(reply, from: endpoint) {
    case .moved(let slot, let told)? where piece.detours < Self.mostRedirections:
      guard let target = await follow(to: told, slot) else { break }
      work.sendAgain(piece, to: .node(target))
      return false
    case .ask(_, let told)? where piece.detours < Self.mostRedirections:
      guard let target = await follow(to: told, nil) else { break }
      work.sendAgain(piece, to: .asking(target))
      return false
    case .tryAgain? where piece.detours < Self.mostTries:
      work.sendAgain(piece, to: piece.target)
      return true
    default: break
    }
    work.take(reply, of: piece)
    return false
  }

  /// Where a redirection leads; nil when the cluster knows no such node. `slot` has moved there.
  func follow(to told: Endpoint, _ slot: HashSlot?) async -> Endpoint? {
    let target = mapped(told)
    if slot != nil { mapIsOld = true }
    if map?.names(target) != true { _ = try? await learnMap() }
    guard map?.names(target) == true else { return nil }
    if let slot { _ = map?.move(slot, to: target) }
    return target
  }

  func endpoint(of target: ClusterBatch.Target) -> Endpoint? {
    switch target {
    case .slot(let slot): map?.primary(of: slot)?.endpoint
    case .node(let endpoint), .asking(let endpoint): endpoint
    case .anyNode: anyPrimary
    }
  }

  /// One that is connected, where there is one.
  private var anyPrimary: Endpoint? {
    let primaries = map?.primaries.map(\.endpoint) ?? []
    return primaries.first { channels[$0]?.status == .connected } ?? primaries.first
  }

  static func unserved(_ target: ClusterBatch.Target) -> RESPValue {
    guard case .slot(let slot) = target else {
      return .error("CLUSTERDOWN no node of the cluster serves any slot")
    }
    return .error("CLUSTERDOWN slot \(slot.number) is served by no node")
  }

  private static func unanswered(_ endpoint: Endpoint, _ error: ChannelError) -> RESPValue {
    .error("CLUSTERDOWN the node \(endpoint) does not answer: \(error.words)")
  }

  // MARK: Nodes

  func channel(to endpoint: Endpoint) -> SocketChannel {
    if let channel = channels[endpoint] { return channel }
    var configuration = configuration
    configuration.endpoint = endpoint
    let statuses = statuses
    let channel = SocketChannel(
      configuration, on: loop, counters: counters,
      onStatus: { statuses.tell($0, of: endpoint) })
    channels[endpoint] = channel
    return channel
  }

  // MARK: The map

  private static let leastBetweenMaps: Int64 = 500

  /// Asked again where something has shown that it is old, though not all the time.
  private func currentMap() async throws(ChannelError) -> SlotMap {
    if isClosed { throw .closed }
    if let map {
      let now = SystemClock.monotonicMilliseconds
      guard mapIsOld, now - mapAskedAt >= Self.leastBetweenMaps else { return map }
    }
    do throws(ChannelError) {
      return try await learnMap()
    } catch {
      // The one that is known may still serve for the nodes that are there.
      guard let map else { throw error }
      return map
    }
  }

  /// Several that ask at the same time get one answer.
  @discardableResult
  func learnMap() async throws(ChannelError) -> SlotMap {
    if let asking { return try await asking.value.get() }
    let task = Task { await self.askForMap() }
    asking = task
    let result = await task.value
    asking = nil
    return try result.get()
  }

  private func askForMap() async -> Result<SlotMap, ChannelError> {
    var failure = ChannelError.notConnected(reason: "no node of the cluster is known")
    for endpoint in candidates {
      do throws(ChannelError) {
        let reply = try await channel(to: endpoint).send(RESPCommand("CLUSTER", "SLOTS"))
        if let map = SlotMap(reply, askedAt: endpoint, mapped: mapped) {
          guard !map.primaries.isEmpty else {
            failure = .unreachable(
              endpoint: endpoint.description, reason: "no slot of the cluster is served by a node")
            continue
          }
          adopt(map)
          return .success(map)
        }
        failure = .unreachable(
          endpoint: endpoint.description, reason: "it tells of no cluster: \(Self.words(reply))")
      } catch {
        failure = error
        if error.isRefusalForGood { return .failure(error) }
      }
    }
    return .failure(failure)
  }

  private func adopt(_ new: SlotMap) {
    if let map, map.primaries.map(\.id) != new.primaries.map(\.id) { generation &+= 1 }
    map = new
    mapIsOld = new.firstOpenSlot != nil
    mapAskedAt = SystemClock.monotonicMilliseconds
  }

  /// Those that are connected first, the addresses that a person gave last.
  private var candidates: [Endpoint] {
    let known = (map.map { $0.primaries + $0.replicas } ?? []).map(\.endpoint)
    let connected = known.filter { channels[$0]?.status == .connected }
    var seen: Set<Endpoint> = []
    return (connected + known + seeds).filter { seen.insert($0).inserted }
  }

  private static func words(_ reply: RESPValue) -> String {
    reply.error.map { String(decoding: $0.message.prefix(120), as: UTF8.self) }
      ?? "its answer to CLUSTER SLOTS is none"
  }
}
