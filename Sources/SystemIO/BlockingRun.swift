import Glibc
import Synchronization

/// Runs asynchronous work from a thread that may block, such as the main thread of a program
/// without a screen. Never call it from a task: it would hold up the pool that must do the work.
package enum BlockingRun {
  /// Waits until the work is done and answers what it answered.
  package static func wait<Value: Sendable>(
    for work: @escaping @Sendable () async -> Value
  ) throws(Errno) -> Value {
    let answer = Answer<Value>(bell: try WakeDescriptor())
    Task.detached { answer.set(await work()) }
    while true {
      var ready = pollfd(fd: answer.bell.raw, events: Int16(POLLIN), revents: 0)
      _ = try systemCall { poll(&ready, 1, -1) }
      if let value = answer.value { return value }
    }
  }

  private final class Answer<Value: Sendable>: Sendable {
    let bell: WakeDescriptor
    private let content = Mutex<Value?>(nil)

    init(bell: WakeDescriptor) {
      self.bell = bell
    }

    var value: Value? { content.withLock { $0 } }

    func set(_ value: Value) {
      content.withLock { $0 = value }
      bell.wake()
    }
  }
}
