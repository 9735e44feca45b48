import Glibc

/// SIGINT and SIGTERM as calls on a thread of their own, where everything may be done that a signal
/// handler may not do. For programs without a screen.
///
/// Begin on the main thread before any other thread is started: the signals are blocked there, and
/// threads inherit that.
package enum InterruptSignals {
  package enum Kind: Sendable, Hashable {
    /// SIGINT: a person pressed ctrl-c.
    case interrupt
    /// SIGTERM: the system or somebody else wants the program to end.
    case terminate
  }

  /// Keeps the signals waiting until `wait` takes them.
  package static func block() {
    var signals = both
    pthread_sigmask(SIG_BLOCK, &signals, nil)
  }

  /// Waits for the next signal. `block` comes first.
  package static func wait() -> Kind {
    var signals = both
    var number: CInt = 0
    // sigwait fails only for a set of signals that does not exist.
    while sigwait(&signals, &number) != 0 {}
    return number == SIGINT ? .interrupt : .terminate
  }

  /// Calls `body` for every signal from now on, on a thread of its own.
  package static func watch(_ body: @escaping @Sendable (Kind) -> Void) throws(Errno) {
    block()
    try SystemThread.start(name: "signals") {
      while true { body(wait()) }
    }
  }

  private static var both: sigset_t {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    sigaddset(&signals, SIGTERM)
    return signals
  }
}

/// Ends the process at once with a status, without running anything more.
package func endProcess(_ status: Int32) -> Never {
  _exit(status)
}
