import CLinux
import Glibc

/// Wakes a thread that waits in `Poller.wait` or poll(2), from any thread and from a signal
/// handler: an eventfd. Many wakes before a `drain` are one.
package final class WakeDescriptor: Sendable {
  private let event: OwnedDescriptor

  package init() throws(Errno) {
    event = OwnedDescriptor(owning: try systemCall { cl_eventfd() })
  }

  /// The number to wait on for readability.
  package var raw: CInt { event.raw }

  /// Makes the descriptor readable. Safe in a signal handler.
  package func wake() {
    var one: UInt64 = 1
    // A full counter (EAGAIN) is readable already, so no failure matters here.
    _ = Glibc.write(event.raw, &one, 8)
  }

  /// Makes it unreadable until the next wake.
  package func drain() {
    var count: UInt64 = 0
    _ = Glibc.read(event.raw, &count, 8)
  }

  /// Waits until the descriptor `raw` of some wake descriptor can be read, at most so long; whether
  /// it can.
  package static func wait(on raw: CInt, milliseconds: Int) -> Bool {
    var entry = pollfd(fd: raw, events: Int16(POLLIN), revents: 0)
    return poll(&entry, 1, CInt(clamping: milliseconds)) > 0
  }
}
