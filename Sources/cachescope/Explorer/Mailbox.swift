import Explorer
import Synchronization
import SystemIO

/// Where everything that happens off the main thread is left for it: events, and a descriptor that
/// becomes readable when there are some. Posting never blocks.
final class Mailbox: Sendable {
  private let content = Mutex(Content())
  private let bell: WakeDescriptor

  private struct Content {
    var events: [Event] = []
    /// When the first of them was posted, in milliseconds of the monotonic clock.
    var since: Int64 = 0
  }

  init() throws(Errno) {
    bell = try WakeDescriptor()
  }

  /// For `poll`; readable while events wait.
  var descriptor: CInt { bell.raw }

  func post(_ event: Event) {
    let wasEmpty = content.withLock { content in
      let wasEmpty = content.events.isEmpty
      if wasEmpty { content.since = SystemClock.monotonicMilliseconds }
      content.events.append(event)
      return wasEmpty
    }
    if wasEmpty { bell.wake() }
  }

  /// Whether events have waited for so long.
  func isLeftAlone(forMilliseconds limit: Int64) -> Bool {
    content.withLock { content in
      !content.events.isEmpty && SystemClock.monotonicMilliseconds - content.since > limit
    }
  }

  /// Takes all events, in the order in which they were posted.
  func drain() -> [Event] {
    bell.drain()
    return content.withLock { content in
      defer { content.events.removeAll(keepingCapacity: true) }
      return content.events
    }
  }
}
