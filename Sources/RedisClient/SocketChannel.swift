package import RESP
import Synchronization
package import SystemIO

/// Commands to one server over sockets.
///
/// All `send`s share one connection, made when the first command needs it; batches that overlap are
/// pipelined and answered in order. When the connection breaks, what was under way fails with
/// `.commandsUnanswered` and is never sent again, and the channel reconnects by itself with growing
/// pauses (`Reconnection`); in a pause, calls fail at once with `.notConnected`. A new connection
/// carries commands only after it has the same identity and database as the old one. A login that
/// was refused is not tried again by itself: the server may count such tries and close the account.
///
/// `exclusively` lends further connections, a few at a time, and takes back only what can be made
/// as new. The channel runs on the event loop's thread; what it does there never blocks.
package actor SocketChannel: RESPChannel {
  let configuration: ChannelConfiguration
  private let loop: EventLoop
  private let observers: Observers
  let resolver: SentinelResolver?
  var shared: (number: Int, connection: Connection)?
  private var connectionsMade = 0
  private var reconnection = Reconnection()
  private var pause: (until: Int64, reason: ChannelError)?
  private(set) var isClosed = false
  var lending = Lending()
  /// Connections whose pushes somebody listens to.
  var listeners: [Connection] = []

  /// Commands on all connections of this channel.
  package nonisolated let counters: ChannelCounters

  package nonisolated var unownedExecutor: UnownedSerialExecutor {
    loop.asUnownedSerialExecutor()
  }

  /// Connects when the first command is sent. `onStatus` is called on the loop's thread with every
  /// new status, `onPush` with every push of the shared connection; neither may block.
  package init(
    _ configuration: ChannelConfiguration, on loop: EventLoop,
    counters: ChannelCounters = ChannelCounters(),
    onStatus: @escaping @Sendable (ConnectionStatus) -> Void = { _ in },
    onPush: @escaping @Sendable (RESPValue) -> Void = { _ in }
  ) {
    resolver = configuration.sentinels.map { SentinelResolver($0, on: loop) }
    var configuration = configuration
    configuration.finder = resolver?.finder
    self.configuration = configuration
    self.loop = loop
    self.counters = counters
    observers = Observers(onStatus: onStatus, onPush: onPush)
  }

  /// What the shared connection is doing; from any thread.
  package nonisolated var status: ConnectionStatus { observers.status }

  package func send(_ batch: [RESPCommand]) async throws(ChannelError) -> [RESPValue] {
    for command in batch where command.changesConnectionState {
      throw .needsExclusiveConnection(verb: command.verb)
    }
    return try await carry(batch)
  }

  /// The same without the question what the commands change.
  func carry(_ batch: [RESPCommand]) async throws(ChannelError) -> [RESPValue] {
    guard !batch.isEmpty else { return [] }
    let connection = try sharedConnection()
    try await connection.waitUntilReady()
    return try await connection.send(batch)
  }

  package func close() async {
    guard !isClosed else { return }
    isClosed = true
    tell(.closed)
    let closing = [shared?.connection].compactMap { $0 } + lending.takeAll() + listeners
    shared = nil
    listeners = []
    for connection in closing { await connection.close() }
    await resolver?.close()
  }

  // MARK: The shared connection

  private func sharedConnection() throws(ChannelError) -> Connection {
    if let shared { return shared.connection }
    try refuseInPause()
    return connect()
  }

  /// Fails while closed or in the pause before the next try.
  func refuseInPause() throws(ChannelError) {
    if isClosed { throw .closed }
    guard let pause else { return }
    guard pause.until > SystemClock.monotonicMilliseconds else { return }
    if pause.reason.isRefusalForGood { throw pause.reason }
    throw .notConnected(reason: pause.reason.words)
  }

  /// Fails while the server takes commands and does not answer: further connections would only bury it.
  func refuseWhileBusy() throws(ChannelError) {
    guard let shared else { return }
    if let refusal = shared.connection.assumeIsolated({ $0.refusal }) { throw refusal }
  }

  private func connect() -> Connection {
    if connectionsMade == 0 { watchPrimary() }
    connectionsMade += 1
    let number = connectionsMade
    let connection = makeConnection(
      heartbeat: .keeps,
      onChange: { change in self.assumeIsolated { $0.changed(number, change) } })
    shared = (number, connection)
    pause = nil
    tell(.connecting)
    return connection
  }

  /// Pushes go to the channel's observer where nobody else takes them.
  func makeConnection(
    for form: PushForm = .pushes, heartbeat: ConnectionStateMachine.Heartbeat = .none,
    onPush: (@Sendable (RESPValue) -> Void)? = nil,
    onChange: @escaping @Sendable (Connection.Change) -> Void = { _ in }
  ) -> Connection {
    let observers = observers
    var configuration = configuration
    if form == .messages { configuration.dialect = .messages }
    let connection = Connection(
      configuration, heartbeat: heartbeat, on: loop, counters: counters,
      onPush: onPush ?? { observers.push($0) }, onChange: onChange)
    // Both live on the loop's thread, so this needs no hop.
    connection.assumeIsolated { $0.start() }
    return connection
  }

  private func changed(_ number: Int, _ change: Connection.Change) {
    guard !isClosed, shared?.number == number else { return }
    switch change {
    case .ready:
      reconnection.succeeded(at: SystemClock.monotonicMilliseconds)
      confirmPrimary()
      tell(.connected)
    case .demoted: leaveOthers()
    case .busy(let since): tell(.busy(since: since))
    case .notBusy: tell(.connected)
    case .ended(let reason):
      doubtPrimary()
      if reason.isRefusalForGood { stopTrying(reason) } else { pauseBeforeNextTry(reason) }
    }
  }

  /// The next command tries again, but not within a moment of this one.
  private func stopTrying(_ reason: ChannelError) {
    shared = nil
    pause = (SystemClock.monotonicMilliseconds + Reconnection.first, reason)
    tell(.refused(reason))
  }

  private func pauseBeforeNextTry(_ reason: ChannelError) {
    // Who was let in is let in again; only one that lets nobody in is spared.
    let isAbsent = shared?.connection.assumeIsolated { !$0.wasOpened || $0.wasReady } ?? false
    shared = nil
    let now = SystemClock.monotonicMilliseconds
    let delay = reconnection.failed(at: now, spread: .random(in: -1...1), isAbsent: isAbsent)
    pause = (now + delay, reason)
    tell(.waiting(until: now + delay, reason: reason))
    loop.schedule(afterMilliseconds: delay) { [weak self] in
      self?.assumeIsolated { $0.tryAgain() }
    }
  }

  func tryAgain() {
    guard !isClosed, shared == nil else { return }
    _ = connect()
  }

  /// Ends the pause before the next try: connects at once where there is no connection.
  package func reconnect() {
    tryAgain()
  }

  private func tell(_ status: ConnectionStatus) {
    observers.tell(status)
  }
}

/// Who is told of what happens on a channel; the last status is kept for whoever asks.
private final class Observers: Sendable {
  private let onStatus: @Sendable (ConnectionStatus) -> Void
  private let onPush: @Sendable (RESPValue) -> Void
  private let last = Mutex(ConnectionStatus.idle)

  init(
    onStatus: @escaping @Sendable (ConnectionStatus) -> Void,
    onPush: @escaping @Sendable (RESPValue) -> Void
  ) {
    self.onStatus = onStatus
    self.onPush = onPush
  }

  var status: ConnectionStatus { last.withLock { $0 } }

  func tell(_ status: ConnectionStatus) {
    last.withLock { $0 = status }
    onStatus(status)
  }

  func push(_ value: RESPValue) {
    onPush(value)
  }
}
