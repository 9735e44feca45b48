import Synchronization
import SystemIO
import Testing

@Suite struct TimerQueueTests {
  @Test func firesInOrderOfDeadlinesAndNeverAfterCancel() {
    var random = SystemRandomNumberGenerator()
    var queue = TimerQueue()
    let fired = Mutex<[Int64]>([])
    var expected: [Int64] = []
    for _ in 0..<500 {
      let deadline = Int64.random(in: 0..<200, using: &random)
      let timer = queue.schedule(at: deadline) { fired.withLock { $0.append(deadline) } }
      if Bool.random(using: &random) { queue.cancel(timer) } else { expected.append(deadline) }
    }
    #expect(queue.count == expected.count)
    for now in stride(from: Int64(0), through: 200, by: 7) {
      for handler in queue.due(at: now) { handler() }
    }
    for handler in queue.due(at: 200) { handler() }
    #expect(fired.withLock { $0 } == expected.sorted())
    #expect(queue.milliseconds(from: 200) == nil)
  }

  @Test func tellsTheTimeToTheFirstLivingTimer() {
    var queue = TimerQueue()
    let early = queue.schedule(at: 10) {}
    queue.schedule(at: 30) {}
    #expect(queue.milliseconds(from: 4) == 6)
    queue.cancel(early)
    #expect(queue.milliseconds(from: 4) == 26)
    #expect(queue.milliseconds(from: 99) == 0)
  }
}
