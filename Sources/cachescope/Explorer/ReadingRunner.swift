import Explorer
import Synchronization
import ValueDecoding

/// Makes bytes readable off the thread that draws, for at most a second each. Only the latest are
/// wanted: those before are given up.
final class ReadingRunner: Sendable {
  private let mailbox: Mailbox
  private let current = Mutex<Task<Void, Never>?>(nil)

  init(mailbox: Mailbox) {
    self.mailbox = mailbox
  }

  func make(_ request: RequestID, _ task: ReadingTask) {
    let mailbox = mailbox
    let work = Task.detached(priority: .userInitiated) {
      let reading = ValueReading(task, within: .forScreen { Task.isCancelled })
      mailbox.post(.madeReadable(request, reading))
    }
    current.withLock { current in
      current?.cancel()
      current = work
    }
  }
}
