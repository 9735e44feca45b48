import RESP
import SystemIO
import Transport

/// One connection to a server on the event loop: the thin shell around `ConnectionStateMachine`,
/// which decides everything. It connects and logs in at once, and once ended it stays so.
actor Connection: RESPConnection {
  private(set) var configuration: ChannelConfiguration
  private let heartbeat: ConnectionStateMachine.Heartbeat
  let loop: EventLoop
  private let counters: ChannelCounters
  private let onPush: @Sendable (RESPValue) -> Void
  private let onChange: @Sendable (Change) -> Void
  var machine: ConnectionStateMachine
  private var parser: RESPParser
  private var stream: ByteStream?
  /// A second connection, in plain text, where TLS is not answered.
  var plainSpeech: ByteStream?
  private var timer: (at: Int64, handle: LoopTimer)?
  private var nextBatch: ConnectionStateMachine.BatchID = 1
  private var callers: [ConnectionStateMachine.BatchID: Caller] = [:]
  private var waitingForReady: [CheckedContinuation<ChannelError?, Never>] = []
  private(set) var ending: ChannelError?
  private var wasBusy = false

  private typealias Caller = CheckedContinuation<Result<[RESPValue], ChannelError>, Never>

  /// What the owner learns, on the loop's thread.
  enum Change: Sendable {
    case ready
    case busy(since: Int64)
    case notBusy
    /// The server, which was found as a primary, has refused a write as a replica.
    case demoted
    case ended(ChannelError)
  }

  nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

  init(
    _ configuration: ChannelConfiguration, heartbeat: ConnectionStateMachine.Heartbeat = .none,
    on loop: EventLoop, counters: ChannelCounters,
    onPush: @escaping @Sendable (RESPValue) -> Void,
    onChange: @escaping @Sendable (Change) -> Void
  ) {
    self.configuration = configuration
    self.heartbeat = heartbeat
    self.loop = loop
    self.counters = counters
    self.onPush = onPush
    self.onChange = onChange
    machine = ConnectionStateMachine(
      configuration, heartbeat: heartbeat, at: SystemClock.monotonicMilliseconds)
    parser = RESPParser(limits: configuration.limits.replies)
  }

  /// Where it connects, as far as that is known.
  var endpoint: Endpoint { configuration.endpoint }

  /// Whether the login was complete at some time.
  var wasReady: Bool { machine.wasReady }

  /// Whether there was a connection at all.
  var wasOpened: Bool { machine.wasOpened }

  /// Starts to connect, with the password of this moment where a source gives one; call once.
  func start() {
    guard let source = configuration.passwordSource else { return find() }
    source { answer in self.onLoop { $0.received(password: answer) } }
  }

  /// Enters the actor by its own thread: a pool that is busy with something else holds nothing up.
  private nonisolated func onLoop(_ work: @escaping @Sendable (isolated Connection) -> Void) {
    loop.execute { self.assumeIsolated { work($0) } }
  }

  private func received(
    password: Result<[UInt8], ChannelConfiguration.PasswordProblem>
  ) {
    guard ending == nil else { return }
    switch password {
    case .success(let password):
      configuration.password = password
      startAnew()
      find()
    case .failure(let problem): finish(machine.passwordFailed(problem.words))
    }
  }

  /// With what is known by now.
  private func startAnew() {
    machine = ConnectionStateMachine(
      configuration, heartbeat: heartbeat, at: SystemClock.monotonicMilliseconds)
  }

  /// With sentinels they are asked now, so that nothing is older than it must be.
  private func find() {
    guard let finder = configuration.finder else { return open() }
    finder { answer in self.onLoop { $0.received(answer) } }
  }

  private func received(_ answer: Result<FoundServer, ChannelError>) {
    guard ending == nil else { return }
    switch answer {
    case .success(let server):
      configuration.endpoint = server.endpoint
      configuration.tls = server.tls
      startAnew()
      open()
    case .failure(let error): finish(machine.ended(error))
    }
  }

  /// With TLS the files that are named for it may have to be read first.
  private func open() {
    guard let tls = configuration.tls else { return connect(over: nil) }
    tls.context { answer in self.onLoop { $0.received(answer) } }
  }

  private func received(_ answer: Result<TLSContext, TLSError>) {
    guard ending == nil else { return }
    switch answer {
    case .success(let context): connect(over: context)
    case .failure(let error): finish(machine.insecure(error))
    }
  }

  private func connect(over tls: TLSContext?) {
    stream = ByteStream(to: configuration.endpoint, over: tls, on: loop) { event in
      self.assumeIsolated { $0.handle(event) }
    }
    scheduleTimer()
  }

  /// Returns when the login is complete.
  func waitUntilReady() async throws(ChannelError) {
    if machine.isReady { return }
    if let ending { throw ending }
    let failure = await withCheckedContinuation { waitingForReady.append($0) }
    if let failure { throw failure }
  }

  var isReady: Bool { machine.isReady && machine.busySince == nil }

  /// Whether it is ready and was heard of a moment ago. A way that has been silent for longer may have
  /// been closed by somebody in between.
  var isFresh: Bool {
    isReady && SystemClock.monotonicMilliseconds - machine.lastBytesAt < Self.freshness
  }

  private static let freshness: Int64 = 15_000

  /// Why the server gets nothing more at this moment; nil when it may.
  var refusal: ChannelError? { machine.refusal(at: SystemClock.monotonicMilliseconds) }

  func send(_ batch: [RESPCommand]) async throws(ChannelError) -> [RESPValue] {
    guard !batch.isEmpty else { return [] }
    if let ending { throw Self.nothingSent(ending) }
    let result = await withCheckedContinuation { caller in submit(batch, caller) }
    return try result.get()
  }

  func close() {
    finish(machine.closed())
  }

  /// Ends the connection because it is of no use any more; what is under way is not answered.
  func end(_ reason: String) {
    finish(machine.streamEnded(reason))
  }

  /// Sends what is answered by a push and by no reply, where the server pushes.
  func subscribe(_ command: RESPCommand) {
    if machine.isReady, machine.speaksRESP3 { write([command]) }
  }

  // MARK: Inside

  private func submit(_ batch: [RESPCommand], _ caller: Caller) {
    let id = nextBatch
    nextBatch += 1
    let now = SystemClock.monotonicMilliseconds
    if let refusal = machine.submit(id, count: batch.count, at: now) {
      return caller.resume(returning: .failure(refusal))
    }
    callers[id] = caller
    write(batch)
    scheduleTimer()
  }

  private func writeUnasked(_ commands: [RESPCommand]) {
    counters.sentUnasked(commands: commands.count)
    write(commands)
  }

  private func write(_ commands: [RESPCommand]) {
    let bytes = RESPEncoder.bytes(of: commands)
    counters.sent(commands: commands.count, bytes: bytes.count)
    stream?.send(bytes)
  }

  private func handle(_ event: ByteStream.Event) {
    switch event {
    case .securing: expectTLS()
    case .opened:
      endPlainSpeech()
      writeUnasked(machine.opened())
    case .received(let bytes):
      received(bytes)
    case .ended(let reason):
      finish(machine.streamEnded(reason))
    case .insecure(let error):
      finish(machine.insecure(error))
    }
  }

  private func received(_ bytes: [UInt8]) {
    if configuration.tls == nil, machine.isFirstOfTLS(bytes) {
      return finish(machine.violatedByTLS())
    }
    machine.receivedBytes(at: SystemClock.monotonicMilliseconds)
    parser.append(contentsOf: bytes)
    do throws(RESPProtocolError) {
      while ending == nil, let reply = try parser.next() { perform(machine.received(reply)) }
    } catch {
      finish(machine.violated(error.message))
    }
    tellBusyness()
    scheduleTimer()
  }

  private func perform(_ action: ConnectionStateMachine.Action) {
    switch action {
    case .nothing: break
    case .becomeReady: becomeReady()
    case .answer(let id, let replies):
      callers.removeValue(forKey: id)?.resume(returning: .success(replies))
      if configuration.finder != nil, replies.contains(where: \.tellsOfReplica) { demoted() }
    case .push(let value): onPush(value)
    case .end(let ending): finish(ending)
    }
  }

  private func demoted() {
    onChange(.demoted)
    end("\(configuration.endpoint) is a replica now")
  }

  private func becomeReady() {
    configuration.reached(configuration.endpoint)
    if machine.needsNoPassword { configuration.passwordUnneeded() }
    onChange(.ready)
    for waiting in waitingForReady { waiting.resume(returning: nil) }
    waitingForReady = []
  }

  func finish(_ ending: ConnectionStateMachine.Ending?) {
    guard let ending else { return }
    if !machine.wasReady { configuration.tls?.forget() }
    self.ending = ending.reason
    stream?.close()
    stream = nil
    endPlainSpeech()
    if let timer { loop.cancel(timer.handle) }
    timer = nil
    fail(ending.unanswered, ending.error)
    for waiting in waitingForReady { waiting.resume(returning: ending.reason) }
    waitingForReady = []
    onChange(.ended(ending.reason))
  }

  private func fail(_ batches: [ConnectionStateMachine.BatchID], _ error: ChannelError) {
    for id in batches { callers.removeValue(forKey: id)?.resume(returning: .failure(error)) }
  }

  /// The commands of a caller that comes too late were never written.
  private static func nothingSent(_ ending: ChannelError) -> ChannelError {
    switch ending {
    case .closed, .notConnected: ending
    default: .notConnected(reason: ending.words)
    }
  }

  // MARK: Time

  private func scheduleTimer() {
    guard ending == nil, let deadline = machine.nextDeadline else { return }
    if let timer {
      guard deadline < timer.at else { return }
      loop.cancel(timer.handle)
    }
    let delay = deadline - SystemClock.monotonicMilliseconds
    let handle = loop.schedule(afterMilliseconds: delay) {
      self.assumeIsolated { $0.timePassed() }
    }
    timer = (deadline, handle)
  }

  private func timePassed() {
    timer = nil
    switch machine.timePassed(at: SystemClock.monotonicMilliseconds) {
    case .nothing: break
    case .fail(let batches, let error): fail(batches, error)
    case .ask(let command): writeUnasked([command])
    case .end(let ending): finish(ending)
    }
    tellBusyness()
    scheduleTimer()
  }

  private func tellBusyness() {
    let since = machine.busySince
    guard (since != nil) != wasBusy, ending == nil else { return }
    wasBusy = since != nil
    onChange(since.map { .busy(since: $0) } ?? .notBusy)
  }
}

extension ChannelError {
  /// Whether the server will say the same to the same login. That it has no room for one more
  /// client passes.
  var isRefusalForGood: Bool {
    if case .insecure = self { return true }
    guard case .loginRefused(let words) = self else { return false }
    return !words.hasPrefix("ERR max number of clients")
  }

  /// The reason in a few words, for the reason of another error.
  var words: String {
    switch self {
    case .unreachable(_, let reason), .commandsUnanswered(let reason), .notConnected(let reason):
      reason
    case .insecure(_, let reason): reason
    case .loginRefused(let words): "login refused: \(words)"
    case .noPassword(let reason): reason
    case .protocolViolation(let what): what
    case .timedOut(let milliseconds, _): "no answer within \(milliseconds) ms"
    case .needsExclusiveConnection(let verb): "\(verb) needs a connection of its own"
    case .readOnly(let verb): "\(verb) on a read-only channel"
    case .closed: "closed"
    }
  }
}

extension RESPValue {
  /// A write that was refused by a server that follows another one.
  fileprivate var tellsOfReplica: Bool { error?.message.starts(with: "READONLY".utf8) == true }
}
