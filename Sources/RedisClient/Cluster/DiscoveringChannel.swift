package import RESP
import Synchronization
package import SystemIO

/// One server, or the cluster that it turns out to be a node of. Before the first command it is asked
/// what it is, by INFO and, where that is refused, by CLUSTER SLOTS; from then on everything goes to
/// the one or the other. A node that tells of no slots is taken as a server by itself.
package final class DiscoveringChannel: SourceChannel {
  private enum Phase {
    case unknown
    case asking(Task<Result<any SourceChannel, ChannelError>, Never>)
    case known(any SourceChannel)
    case closed
  }

  private let single: SocketChannel
  private let makeCluster: @Sendable () -> ClusterChannel
  private let phase = Mutex(Phase.unknown)
  private let gate: StatusGate

  package let counters: ChannelCounters

  /// `cluster` makes the channel to the cluster from the counters and the closure for its statuses.
  package init(
    _ configuration: ChannelConfiguration, on loop: EventLoop,
    onStatus: @escaping @Sendable (ConnectionStatus) -> Void = { _ in },
    cluster:
      @escaping @Sendable (ChannelCounters, @escaping @Sendable (ConnectionStatus) -> Void) ->
      ClusterChannel
  ) {
    let counters = ChannelCounters()
    let gate = StatusGate()
    self.counters = counters
    self.gate = gate
    single = SocketChannel(
      configuration, on: loop, counters: counters,
      onStatus: { if gate.isOpen { onStatus($0) } })
    makeCluster = { cluster(counters, onStatus) }
  }

  package var status: ConnectionStatus {
    phase.withLock { if case .known(let channel) = $0 { channel.status } else { single.status } }
  }

  package func send(_ batch: [RESPCommand]) async throws(ChannelError) -> [RESPValue] {
    for command in batch where command.changesConnectionState {
      throw .needsExclusiveConnection(verb: command.verb)
    }
    return try await found().send(batch)
  }

  package func exclusively<Result: Sendable>(
    for slot: HashSlot?,
    _ body: @Sendable (any RESPConnection) async throws(ChannelError) -> Result
  ) async throws(ChannelError) -> Result {
    try await found().exclusively(for: slot, body)
  }

  package func listening<Result: Sendable>(
    for form: PushForm,
    _ body:
      @Sendable (any RESPConnection, AsyncStream<RESPValue>) async throws(ChannelError) ->
      Result
  ) async throws(ChannelError) -> Result? {
    try await found().listening(for: form, body)
  }

  package func reconnect() async {
    await current.reconnect()
  }

  package func close() async {
    let channel = current
    phase.withLock { $0 = .closed }
    await channel.close()
    await single.close()
  }

  private var current: any SourceChannel {
    phase.withLock { if case .known(let channel) = $0 { channel } else { single } }
  }

  // MARK: Finding out

  private func found() async throws(ChannelError) -> any SourceChannel {
    let step = phase.withLock { phase -> Phase in
      if case .unknown = phase { phase = .asking(Task { await self.ask() }) }
      return phase
    }
    switch step {
    case .known(let channel): return channel
    case .asking(let task): return try await task.value.get()
    case .unknown, .closed: throw .closed
    }
  }

  private func ask() async -> Result<any SourceChannel, ChannelError> {
    do throws(ChannelError) {
      let channel: any SourceChannel = try await isOfCluster() ? turn(to: makeCluster()) : single
      let isOpen = phase.withLock { phase in
        guard case .asking = phase else { return false }
        phase = .known(channel)
        return true
      }
      guard isOpen else {
        await channel.close()
        return .failure(.closed)
      }
      return .success(channel)
    } catch {
      phase.withLock { if case .asking = $0 { $0 = .unknown } }
      return .failure(error)
    }
  }

  private func isOfCluster() async throws(ChannelError) -> Bool {
    let told = try await single.send(RESPCommand("INFO", "cluster"))
    counters.sentUnasked(commands: 1)
    if let text = told.text {
      let lines = text.split(whereSeparator: \.isNewline)
      guard lines.contains(where: { $0.hasPrefix("cluster_enabled:1") }) else { return false }
    } else if told.error?.text.hasPrefix("NOPERM") != true {
      return false
    }
    let slots = try await single.send(RESPCommand("CLUSTER", "SLOTS"))
    counters.sentUnasked(commands: 1)
    return slots.elements?.isEmpty == false
  }

  /// What the connection to the one node does concerns nobody any more.
  private func turn(to cluster: ClusterChannel) async -> ClusterChannel {
    gate.close()
    await single.close()
    return cluster
  }
}

/// Whether the statuses of a channel are told.
private final class StatusGate: Sendable {
  private let open = Atomic<Bool>(true)

  var isOpen: Bool { open.load(ordering: .acquiring) }

  func close() {
    open.store(false, ordering: .releasing)
  }
}
