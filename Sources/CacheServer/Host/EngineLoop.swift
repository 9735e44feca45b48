import CacheEngine
import RESP
import SystemIO
import Transport

/// The engine's thread: waits for sockets, for callers in this process and for the next deadline,
/// and serves them in turn. Every turn has a budget: what one client sent in one read, what lay in
/// the mailbox, some hundred expirations.
final class EngineLoop {
  static let mailboxToken: UInt64 = 0
  static let expirationsEachTurn = 500

  let engine: CommandEngine
  let configuration: EngineConfiguration
  let figures: HostFigures
  private let box: PollerBox
  private let mailbox: HostMailbox
  private let clock: EngineClock
  private var listeners: [UInt64: EngineListeners.Box] = [:]
  private var callers: [UInt64: Session] = [:]
  private var waiters: [UnsafeContinuation<Void, Never>] = []
  private var isStopping = false
  private var lastToken = mailboxToken
  var clients: [UInt64: SocketClient] = [:]
  /// Clients with something new to send.
  var unflushed: Set<UInt64> = []
  /// Clients of which a command no longer waits.
  var resumed: Set<UInt64> = []
  /// When listeners that failed for want of descriptors are tried again.
  var listenersResumeAt: Int64?
  let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)

  init(
    _ configuration: EngineConfiguration, _ boxes: [EngineListeners.Box], mailbox: HostMailbox,
    clients figures: HostFigures, clock: EngineClock, poller: PollerBox
  ) {
    self.configuration = configuration
    self.mailbox = mailbox
    self.clock = clock
    self.figures = figures
    box = poller
    var settings = EngineSettings(configuration)
    for case .tcp(_, let port) in boxes.map({ $0.listener.endpoint }) { settings.tcpPort = port }
    engine = CommandEngine(
      settings: settings, now: clock.wallMilliseconds(), microseconds: clock.monotonicMicroseconds)
    for box in boxes { listeners[newToken()] = box }
  }

  deinit {
    room.deallocate()
  }

  var poller: Poller { _read { yield box.poller } }

  func newToken() -> UInt64 {
    lastToken += 1
    return lastToken
  }

  /// Serves until it is told to stop.
  func run() {
    try? poller.add(mailbox.wake.raw, .readable, token: Self.mailboxToken)
    for (token, box) in listeners { try? poller.add(box.listener.raw, .readable, token: token) }
    while !isStopping {
      turn(milliseconds: patience)
    }
    finish()
  }

  private func turn(milliseconds: Int64?) {
    // Only a programming error could make the wait fail for ever; a turn without events is harmless.
    _ = try? poller.wait(milliseconds: milliseconds) { readiness in
      engine.now = clock.wallMilliseconds()
      serve(readiness)
    }
    engine.now = clock.wallMilliseconds()
    engine.expireDue(limit: Self.expirationsEachTurn)
    engine.endWaits()
    engine.advanceRemovals()
    answerResumed()
    engine.sendInvalidations()
    flushAll()
    resumeListeners()
  }

  /// Until the next deadline, at most a second because the wall clock may be set; nil for ever.
  private var patience: Int64? {
    guard engine.removals.isEmpty else { return 0 }
    var until = engine.keyspace.nextDeadline.map { min($0, engine.now + 1000) }
    if let end = engine.nextWaitEnd { until = min(until ?? .max, min(end, engine.now + 1000)) }
    if let listenersResumeAt { until = min(until ?? .max, listenersResumeAt) }
    return until.map { max(0, $0 - engine.now) }
  }

  private func serve(_ readiness: Readiness) {
    if readiness.token == Self.mailboxToken {
      mailbox.wake.drain()
      mailbox.take().forEach(carryOut)
    } else if let client = clients[readiness.token] {
      serve(client, readiness)
    } else if let box = listeners[readiness.token] {
      accept(from: box, token: readiness.token)
    }
  }

  private func carryOut(_ job: HostJob) {
    switch job {
    case .open(let caller, let database):
      callers[caller] = engine.openSession(
        address: "in-process", localAddress: "in-process", database: database, isInProcess: true)
    case .run(let caller, let batch, let reply):
      guard let session = callers[caller] else {
        return reply.resume(returning: .failure(.closed))
      }
      let replies = batch.map { engine.execute($0.arguments, for: session) }
      reply.resume(returning: .success(replies))
    case .close(let caller):
      if let session = callers.removeValue(forKey: caller) { engine.close(session) }
    case .stop: isStopping = true
    case .tellWhenStopped(let waiter): waiters.append(waiter)
    }
  }

  /// Stops listening when there are no descriptors left, for a tenth of a second.
  func pauseListeners() {
    listenersResumeAt = engine.now + 100
    for (token, box) in listeners { try? poller.change(box.listener.raw, [], token: token) }
  }

  private func resumeListeners() {
    guard let time = listenersResumeAt, engine.now >= time else { return }
    listenersResumeAt = nil
    for (token, box) in listeners {
      try? poller.change(box.listener.raw, .readable, token: token)
    }
  }

  /// Gives clients a second to take their last replies, then ends everything.
  private func finish() {
    for box in listeners.values { try? poller.remove(box.listener.raw) }
    listeners = [:]
    let end = clock.monotonicMicroseconds() + 1_000_000
    while clients.values.contains(where: { $0.unsentBytes > 0 }),
      clock.monotonicMicroseconds() < end
    {
      _ = try? poller.wait(milliseconds: 50) { readiness in
        if let client = clients[readiness.token], readiness.writable { flush(client) }
      }
    }
    clients.values.forEach(drop)
    let rest = mailbox.take(closing: true)
    for case .run(_, _, let reply) in rest { reply.resume(returning: .failure(.closed)) }
    for case .tellWhenStopped(let waiter) in rest { waiters.append(waiter) }
    waiters.forEach { $0.resume() }
  }
}
