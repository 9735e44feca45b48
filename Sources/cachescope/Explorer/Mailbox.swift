import Explorer
import Synchronization
import SystemIO

/// Where everything that happens off the main thread is left for it: events, and a descriptor that
/// becomes readable when there are some. Posting never blocks.
final class Mailbox: Sendable {
  private let events = Mutex<[Event]>([])
  private let bell: WakeDescriptor

  init() throws(Errno) {
    bell = try WakeDescriptor()
  }

  /// For `poll`; readable while events wait.
  var descriptor: CInt { bell.raw }

  func post(_ event: Event) {
    let wasEmpty = events.withLock { events in
      defer { events.append(event) }
      return events.isEmpty
    }
    if wasEmpty { bell.wake() }
  }

  /// Takes all events, in the order in which they were posted.
  func drain() -> [Event] {
    bell.drain()
    return events.withLock { events in
      defer { events.removeAll(keepingCapacity: true) }
      return events
    }
  }
}
