/// A timer of an `EventLoop`.
package struct LoopTimer: Sendable, Hashable {
  let number: UInt64
}

/// Timers in a binary heap by deadline: O(log n) to schedule, O(1) to cancel. A cancelled timer
/// leaves its place in the heap until its time comes or the dead outnumber the living.
package struct TimerQueue {
  private struct Place {
    var deadline: Int64
    var number: UInt64

    func isBefore(_ other: Place) -> Bool {
      (deadline, number) < (other.deadline, other.number)
    }
  }

  private var heap: [Place] = []
  private var handlers: [UInt64: @Sendable () -> Void] = [:]
  private var nextNumber: UInt64 = 1

  package init() {}

  /// Timers that have neither fired nor been cancelled.
  package var count: Int { handlers.count }

  /// `deadline` in milliseconds of the monotonic clock.
  @discardableResult
  package mutating func schedule(
    at deadline: Int64, _ handler: @escaping @Sendable () -> Void
  ) -> LoopTimer {
    let number = nextNumber
    nextNumber += 1
    handlers[number] = handler
    heap.append(Place(deadline: deadline, number: number))
    siftUp(heap.count - 1)
    return LoopTimer(number: number)
  }

  package mutating func cancel(_ timer: LoopTimer) {
    handlers.removeValue(forKey: timer.number)
    if heap.count > 2 * handlers.count + 64 { sweep() }
  }

  /// Milliseconds until the first deadline, at least 0; nil when there is no timer.
  package mutating func milliseconds(from now: Int64) -> Int64? {
    while let first = heap.first, handlers[first.number] == nil { removeFirst() }
    return heap.first.map { max(0, $0.deadline - now) }
  }

  /// Takes out the handlers whose time has come, earliest first.
  package mutating func due(at now: Int64) -> [@Sendable () -> Void] {
    var due: [@Sendable () -> Void] = []
    while let first = heap.first, first.deadline <= now {
      removeFirst()
      if let handler = handlers.removeValue(forKey: first.number) { due.append(handler) }
    }
    return due
  }

  private mutating func sweep() {
    heap = heap.filter { handlers[$0.number] != nil }.sorted { $0.isBefore($1) }
  }

  private mutating func removeFirst() {
    guard let last = heap.popLast(), !heap.isEmpty else { return }
    heap[0] = last
    siftDown(0)
  }

  private mutating func siftUp(_ start: Int) {
    var index = start
    while index > 0, heap[index].isBefore(heap[(index - 1) / 2]) {
      heap.swapAt(index, (index - 1) / 2)
      index = (index - 1) / 2
    }
  }

  private mutating func siftDown(_ start: Int) {
    var index = start
    while true {
      var least = index
      for child in [2 * index + 1, 2 * index + 2]
      where child < heap.count && heap[child].isBefore(heap[least]) {
        least = child
      }
      guard least != index else { return }
      heap.swapAt(index, least)
      index = least
    }
  }
}
