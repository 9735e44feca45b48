package import RESP
package import SystemIO
package import Transport

/// A whole cluster as one server: every command goes to the primary that serves its keys, a command
/// with keys of several slots is split, names are scanned from one primary after the other, and what
/// a node says of itself is joined with what the others say.
///
/// The map of slots is asked of the first node that answers, and again when a node redirects or does
/// not answer. A redirection is followed at most five times, and only to a node that the map names:
/// the map comes from the nodes that a person gave, and from those that these name, so that a login
/// goes nowhere else. Each node has a `SocketChannel` of its own, so that one that is away does not
/// keep the others waiting; what belonged to it is answered by an error reply while the others go on.
/// Replicas are never asked for keys.
///
/// What a failover makes fail for a moment is tried again for that moment (`ClusterTrouble`): reading
/// commands, and others of which it is certain that nothing was sent. A write that may have been
/// carried out is never sent again; its answer is an error with the code of `unknownCode`.
package actor ClusterChannel: SourceChannel {
  /// How a node is asked: its address, and commands for it.
  typealias Sender =
    @Sendable (Endpoint, [RESPCommand]) async -> Result<[RESPValue], ChannelError>

  let loop: EventLoop
  private let configuration: @Sendable (Endpoint) -> ChannelConfiguration
  private let statuses: NodeStatuses
  var places: NodePlaces
  var channels: [Endpoint: SocketChannel] = [:]
  var map: SlotMap?
  var walks = ClusterWalks()
  var trouble = ClusterTrouble()
  var mapIsOld = false
  var mapAskedAt: Int64 = 0
  var asking: Task<Result<SlotMap, ChannelError>, Never>?
  /// Those who listen to the pushes of all primaries.
  var listeners: [ClusterListener] = []
  private(set) var isClosed = false

  /// The code of the error that answers a command which may or may not have been carried out.
  package static let unknownCode = "UNANSWERED"

  /// Commands to all nodes.
  package nonisolated let counters: ChannelCounters

  package nonisolated var unownedExecutor: UnownedSerialExecutor {
    loop.asUnownedSerialExecutor()
  }

  /// `seeds` are the nodes that a person named, `configuration` is how the node at an address is
  /// reached. `mapped` says where an address that the cluster names is to be found from here.
  /// `onStatus` is called on the loop's thread.
  package init(
    seeds: [Endpoint], mapped: @escaping @Sendable (Endpoint) -> Endpoint = { $0 },
    on loop: EventLoop, counters: ChannelCounters = ChannelCounters(),
    onStatus: @escaping @Sendable (ConnectionStatus) -> Void = { _ in },
    configuration: @escaping @Sendable (Endpoint) -> ChannelConfiguration
  ) {
    places = NodePlaces(seeds: seeds, mapped: mapped)
    self.configuration = configuration
    self.loop = loop
    self.counters = counters
    statuses = NodeStatuses(onStatus)
  }

  /// `configuration` holds for every node but for its address.
  package init(
    seeds: [Endpoint], _ configuration: ChannelConfiguration,
    mapped: @escaping @Sendable (Endpoint) -> Endpoint = { $0 }, on loop: EventLoop,
    onStatus: @escaping @Sendable (ConnectionStatus) -> Void = { _ in }
  ) {
    self.init(seeds: seeds, mapped: mapped, on: loop, onStatus: onStatus) { endpoint in
      var own = configuration
      own.endpoint = endpoint
      return own
    }
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

  package func reconnect() async {
    mapIsOld = map != nil
    for channel in channels.values { await channel.reconnect() }
  }

  // MARK: Nodes

  func channel(to endpoint: Endpoint) -> SocketChannel {
    if let channel = channels[endpoint] { return channel }
    let statuses = statuses
    let channel = SocketChannel(
      configuration(endpoint), on: loop, counters: counters,
      onStatus: { statuses.tell($0, of: endpoint) })
    channels[endpoint] = channel
    return channel
  }

  /// Forgets a node that does not answer and is not part of the cluster any more. One that is
  /// connected may have commands under way and stays.
  func dropChannels(_ isGone: (Endpoint) -> Bool) {
    for (endpoint, channel) in channels where isGone(endpoint) {
      switch channel.status {
      case .waiting, .refused, .idle, .closed: break
      case .connecting, .connected, .busy: continue
      }
      channels[endpoint] = nil
      Task {
        await channel.close()
        statuses.forget(endpoint)
      }
    }
  }

  /// Whether there is a connection to any node but this.
  func isConnected(besides endpoint: Endpoint) -> Bool {
    channels.contains { $0.key != endpoint && $0.value.status == .connected }
  }

  /// One that is connected, where there is one.
  private var anyPrimary: Endpoint? {
    let primaries = map?.primaries.map(\.endpoint) ?? []
    return primaries.first { channels[$0]?.status == .connected } ?? primaries.first
  }

  func endpoint(of target: ClusterBatch.Target) -> Endpoint? {
    switch target {
    case .slot(let slot): map?.primary(of: slot)?.endpoint
    case .node(let endpoint), .asking(let endpoint): endpoint
    case .anyNode: anyPrimary
    }
  }

  var now: Int64 { SystemClock.monotonicMilliseconds }
}
