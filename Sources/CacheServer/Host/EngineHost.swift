import RESP
import Synchronization
import SystemIO
package import Transport

/// The built-in engine at work: one thread that owns the keyspace and serves callers in this
/// process and, where the configuration says so, clients on a Unix socket and on TCP.
///
/// Everything runs on that thread, one command after the other, in an epoll loop without tasks or
/// actors; the thread also expires what is due while nobody asks. Sockets are bound by `init`, so
/// that `addresses` is known and a failure is told before anything runs; clients are served from
/// `start` on.
package final class EngineHost: Sendable {
  /// Where clients find the engine, with the port that was chosen.
  package let addresses: [Endpoint]
  private let mailbox: HostMailbox
  private let clients = HostFigures()
  private let plan: Mutex<Plan?>
  private let clock: EngineClock

  private struct Plan: Sendable {
    var configuration: EngineConfiguration
    var listeners: [EngineListeners.Box]
  }

  package init(
    configuration: EngineConfiguration, clock: EngineClock = .system
  ) throws(EngineStartError) {
    self.clock = clock
    let listeners = try EngineListeners.open(configuration)
    do throws(Errno) {
      mailbox = try HostMailbox()
    } catch {
      throw .cannotRun(reason: error.text)
    }
    addresses = listeners.map { $0.listener.endpoint }
    plan = Mutex(Plan(configuration: configuration, listeners: listeners))
  }

  /// Starts the thread. A second call does nothing.
  package func start() throws(EngineStartError) {
    guard plan.withLock({ $0 != nil }) else { return }
    do throws(Errno) {
      let poller = PollerBox(try Poller())
      try SystemThread.start(name: "cache engine") { self.loop(poller)?.run() }
    } catch {
      throw .cannotRun(reason: error.text)
    }
  }

  /// The loop, the first time. It alone holds the listeners from then on, so that the socket's file
  /// goes when it lets go of them, and not at some time after `stop` has returned.
  private func loop(_ poller: PollerBox) -> EngineLoop? {
    let plan = plan.withLock { plan in
      defer { plan = nil }
      return plan
    }
    return plan.map { plan in
      EngineLoop(
        plan.configuration, plan.listeners, mailbox: mailbox, clients: clients, clock: clock,
        poller: poller)
    }
  }

  /// A channel whose commands act on a database (0 to 15 by default). Valid before `start` too;
  /// commands wait for it then.
  package func channel(database: Int = 0) -> InProcessChannel {
    InProcessChannel(mailbox: mailbox, database: database)
  }

  /// The clients connected over sockets now.
  package var connectedClients: Int { clients.connected }

  /// Stops accepting, answers what was read, closes all connections and removes the socket file;
  /// returns when that is done. Later calls on channels fail with `.closed`.
  package func stop() async {
    let wasStarted = plan.withLock { plan in
      defer { plan = nil }
      return plan == nil
    }
    guard wasStarted else { return mailbox.refuseAll() }
    await withUnsafeContinuation { continuation in
      if !mailbox.post(.tellWhenStopped(continuation)) { continuation.resume() }
      _ = mailbox.post(.stop)
    }
  }
}

extension HostMailbox {
  /// Answers everything that waits with `.closed`, now and later.
  func refuseAll() {
    for case .run(_, _, let reply) in take(closing: true) {
      reply.resume(returning: .failure(.closed))
    }
  }
}

/// What the host tells about its thread without asking it.
final class HostFigures: Sendable {
  private let count = Atomic<Int>(0)

  var connected: Int {
    get { count.load(ordering: .relaxed) }
    set { count.store(newValue, ordering: .relaxed) }
  }
}

/// A poller that can be handed to the thread that will use it.
// Unchecked: it is made on one thread and from then on used by the engine's thread alone.
final class PollerBox: @unchecked Sendable {
  let poller: Poller

  init(_ poller: consuming Poller) {
    self.poller = poller
  }
}
