import Glibc

/// SIGINT and SIGTERM as calls on a thread of their own, where everything may be done that a signal
/// handler may not do. For programs without a screen.
///
/// Call it on the main thread before any other thread is started: the signals are blocked there,
/// and threads inherit that.
package enum InterruptSignals {
  package enum Kind: Sendable, Hashable {
    /// SIGINT: a person pressed ctrl-c.
    case interrupt
    /// SIGTERM: the system or somebody else wants the program to end.
    case terminate
  }

  /// Calls `body` for every signal from now on.
  package static func watch(_ body: @escaping @Sendable (Kind) -> Void) throws(Errno) {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    sigaddset(&signals, SIGTERM)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    try SystemThread.start(name: "signals") {
      var awaited = sigset_t()
      sigemptyset(&awaited)
      sigaddset(&awaited, SIGINT)
      sigaddset(&awaited, SIGTERM)
      while true {
        var number: CInt = 0
        guard sigwait(&awaited, &number) == 0 else { return }
        body(number == SIGINT ? .interrupt : .terminate)
      }
    }
  }
}

/// Ends the process at once with a status, without running anything more.
package func endProcess(_ status: Int32) -> Never {
  _exit(status)
}
