import CLinux
import Glibc

/// Starts threads for what must not run on the cooperative pool: loops that wait in the kernel and
/// calls that block. Such a thread takes no signals but those of its own faults, so that
/// SIGWINCH, SIGTERM and their kin reach the main thread.
package enum SystemThread {
  /// Starts a detached thread. `name` shows in `top -H`; the kernel keeps its first 15 bytes.
  package static func start(
    name: String, _ body: @escaping @Sendable () -> Void
  ) throws(Errno) {
    let box = Unmanaged.passRetained(Start(name: name, body: body))
    let old = blockSignals()
    var thread = pthread_t()
    let code = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        Unmanaged<Start>.fromOpaque(argument).takeRetainedValue().run()
        return nil
      }, box.toOpaque())
    restoreSignals(old)
    guard code == 0 else {
      box.release()
      throw Errno(code)
    }
    pthread_detach(thread)
  }

  /// A number for the calling thread, for comparisons.
  package static var current: UInt { UInt(pthread_self()) }

  private static func blockSignals() -> sigset_t {
    var blocked = sigset_t()
    var old = sigset_t()
    sigfillset(&blocked)
    for fault in [SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGSYS] {
      sigdelset(&blocked, fault)
    }
    pthread_sigmask(SIG_BLOCK, &blocked, &old)
    return old
  }

  private static func restoreSignals(_ signals: sigset_t) {
    var signals = signals
    pthread_sigmask(SIG_SETMASK, &signals, nil)
  }
}

private final class Start: Sendable {
  private let name: String
  private let body: @Sendable () -> Void

  init(name: String, body: @escaping @Sendable () -> Void) {
    self.name = name
    self.body = body
  }

  func run() {
    cl_name_thread(name)
    body()
  }
}
