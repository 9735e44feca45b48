package import RESP
import SystemIO
import Transport

/// Pushes of a cluster: every primary tells of its own keys, and all of it arrives in one stream.
extension ClusterChannel: PushSource {
  /// The connections are made for this alone, one to each primary; all of them have to be there. The
  /// pushes end with the first connection that does, or when other nodes are primaries: then the
  /// listener begins anew.
  package func listening<Answer: Sendable>(
    for form: PushForm,
    _ body:
      @Sendable (any RESPConnection, AsyncStream<RESPValue>) async throws(ChannelError) ->
      Answer
  ) async throws(ChannelError) -> Answer? {
    let map = try await currentMap()
    let (pushes, arriving) = AsyncStream.makeStream(
      of: RESPValue.self, bufferingPolicy: .bufferingNewest(SocketChannel.mostPushes))
    let listener = ClusterListener(
      self, form, arriving, generation: walks.generation, on: loop)
    listeners.append(listener)
    let nodes = map.primaries.map(\.endpoint)
    let outcome = await withTaskCancellationHandler {
      await Self.outcome(of: listener, nodes, pushes, body)
    } onCancel: {
      Task { await listener.end() }
    }
    await listener.end()
    listeners.removeAll { $0 === listener }
    // Whoever was not there may be a node no longer.
    if case .failure = outcome { mapIsOld = true }
    return try outcome.get()
  }

  /// What a primary tells that has come in meanwhile would be missed.
  func endListening() {
    for listener in listeners { listener.assumeIsolated { $0.endPushes() } }
  }

  private static func outcome<Answer: Sendable>(
    of listener: ClusterListener, _ nodes: [Endpoint], _ pushes: AsyncStream<RESPValue>,
    _ body:
      @Sendable (any RESPConnection, AsyncStream<RESPValue>) async throws(ChannelError) ->
      Answer
  ) async -> Result<Answer, ChannelError> {
    do throws(ChannelError) {
      try await listener.begin(nodes)
      let answer = try await body(listener, pushes)
      return .success(answer)
    } catch {
      return .failure(error)
    }
  }
}

/// One connection to each primary behind the words of a single one. What changes the state of a
/// connection (HELLO, CLIENT TRACKING) goes to all of them, and the first answers for all, or one that
/// refuses; everything else goes where its keys are.
actor ClusterListener: RESPConnection {
  private let cluster: ClusterChannel
  private let form: PushForm
  private let arriving: AsyncStream<RESPValue>.Continuation
  private let generation: UInt8
  private let loop: EventLoop
  private var connections: [Endpoint: Connection] = [:]
  /// What all connections were sent, in order, for those that are made later.
  private var common: [RESPCommand] = []
  private var isOver = false

  nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

  init(
    _ cluster: ClusterChannel, _ form: PushForm,
    _ arriving: AsyncStream<RESPValue>.Continuation, generation: UInt8, on loop: EventLoop
  ) {
    self.cluster = cluster
    self.form = form
    self.arriving = arriving
    self.generation = generation
    self.loop = loop
  }

  /// Connects to all; fails where one is not there, whose changes nobody would tell.
  func begin(_ endpoints: [Endpoint]) async throws(ChannelError) {
    for endpoint in endpoints { _ = try await connection(to: endpoint) }
    guard !connections.isEmpty else {
      throw .notConnected(reason: "no node of the cluster is known")
    }
  }

  func endPushes() {
    arriving.finish()
  }

  func end() async {
    isOver = true
    endPushes()
    let ending = connections
    connections = [:]
    for (endpoint, connection) in ending {
      await cluster.channel(to: endpoint).stopListening(connection)
    }
  }

  func send(_ batch: [RESPCommand]) async throws(ChannelError) -> [RESPValue] {
    guard await cluster.walks.generation == generation else {
      throw .notConnected(reason: "other nodes of the cluster are primaries now")
    }
    var replies: [RESPValue] = []
    var rest = batch[...]
    while let first = rest.first {
      let isCommon = first.changesConnectionState
      let run = Array(rest.prefix { $0.changesConnectionState == isCommon })
      rest = rest.dropFirst(run.count)
      replies += isCommon ? try await sendToAll(run) : try await deliver(run)
    }
    return replies
  }

  private func sendToAll(_ batch: [RESPCommand]) async throws(ChannelError) -> [RESPValue] {
    common += batch
    var first: [RESPValue]?
    for connection in connections.values {
      let replies = try await connection.send(batch)
      first = zip(first ?? replies, replies).map { $0.error == nil && $1.error != nil ? $1 : $0 }
    }
    guard let first else { throw .notConnected(reason: "no node of the cluster is there") }
    return first
  }

  private func deliver(_ batch: [RESPCommand]) async throws(ChannelError) -> [RESPValue] {
    try await cluster.deliver(batch) { endpoint, commands in
      await self.carry(commands, to: endpoint)
    }
  }

  private func carry(
    _ commands: [RESPCommand], to endpoint: Endpoint
  ) async -> Result<[RESPValue], ChannelError> {
    do throws(ChannelError) {
      let replies = try await connection(to: endpoint).send(commands)
      return .success(replies)
    } catch {
      return .failure(error)
    }
  }

  /// One that never came to be is none that pushes are missed of.
  private func ended(_ endpoint: Endpoint) {
    if connections[endpoint] != nil { arriving.finish() }
  }

  private func connection(to endpoint: Endpoint) async throws(ChannelError) -> Connection {
    if let connection = connections[endpoint] { return connection }
    let arriving = arriving
    let channel = await cluster.channel(to: endpoint)
    let connection = try await channel.startListening(
      for: form, onPush: { arriving.yield($0) },
      onEnd: { [weak self] in self?.assumeIsolated { $0.ended(endpoint) } })
    do throws(ChannelError) {
      try await connection.waitUntilReady()
      if !common.isEmpty { _ = try await connection.send(common) }
    } catch {
      await channel.stopListening(connection)
      throw error
    }
    guard !isOver, connections[endpoint] == nil else {
      await channel.stopListening(connection)
      if let other = connections[endpoint] { return other }
      throw .closed
    }
    connections[endpoint] = connection
    return connection
  }
}
