import Synchronization

/// A clock that stands still until a test moves it. Milliseconds.
package final class ManualClock: Sendable {
  private let time: Mutex<Int64>

  package init(_ start: Int64 = 1_000_000) {
    time = Mutex(start)
  }

  package var now: Int64 { time.withLock { $0 } }

  package func advance(by milliseconds: Int64) {
    time.withLock { $0 += milliseconds }
  }
}
