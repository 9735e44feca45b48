import Synchronization

/// One thread that waits for descriptors and timers, and runs the actors pinned to it.
///
/// The loop is a `SerialExecutor`: an actor that answers it as its `unownedExecutor` runs on the
/// loop's thread and nowhere else. Handlers of readiness and timers are called on that thread too,
/// so such an actor enters itself from them with `assumeIsolated`, without a hop; a hop between
/// threads costs some 20 µs, a callback nothing.
///
/// Jobs that arrive are run before the next wait, in the order of their arrival. Handlers must not
/// block. The thread lives as long as the process: a program makes one loop and shares it.
package final class EventLoop: SerialExecutor {
  private let arrivals: Mutex<[Arrival]>
  private let wakeUp: WakeDescriptor
  private let thread = Atomic<UInt>(0)
  // Touched by the loop's thread alone, which every entry point below checks.
  private nonisolated(unsafe) let core: EventLoopCore

  package init(name: String = "event loop") throws(Errno) {
    arrivals = Mutex([])
    wakeUp = try WakeDescriptor()
    core = try EventLoopCore(wakeUp: wakeUp)
    try SystemThread.start(name: name) { self.run() }
  }

  /// Whether the caller is on the loop's thread.
  package var isCurrent: Bool {
    thread.load(ordering: .acquiring) == SystemThread.current
  }

  // MARK: Executor

  package func enqueue(_ job: consuming ExecutorJob) {
    add(.job(UnownedJob(job)))
  }

  /// Runs a piece of work on the loop's thread, soon and never inside this call. From any thread.
  package func execute(_ work: @escaping @Sendable () -> Void) {
    add(.work(work))
  }

  private func add(_ arrival: Arrival) {
    let first = arrivals.withLock { waiting in
      waiting.append(arrival)
      return waiting.count == 1
    }
    // The loop's own thread looks at what has arrived before it waits.
    if first, !isCurrent { wakeUp.wake() }
  }

  package func checkIsolated() {
    precondition(isCurrent, "not on the thread of the event loop")
  }

  package func isIsolatingCurrentContext() -> Bool? {
    isCurrent
  }

  // MARK: Readiness and timers, on the loop's thread only

  /// Calls `handler` whenever the descriptor is ready, until `unwatch`.
  package func watch(
    _ descriptor: CInt, _ interest: Interest, _ handler: @escaping @Sendable (Readiness) -> Void
  ) throws(Errno) -> Watch {
    checkIsolated()
    return try core.watch(descriptor, interest, handler)
  }

  package func change(_ watch: Watch, to interest: Interest) throws(Errno) {
    checkIsolated()
    try core.change(watch, to: interest)
  }

  /// Call before the descriptor is closed. The handler is not called any more.
  package func unwatch(_ watch: Watch) {
    checkIsolated()
    core.unwatch(watch)
  }

  /// Calls `handler` once after so many milliseconds.
  @discardableResult
  package func schedule(
    afterMilliseconds delay: Int64, _ handler: @escaping @Sendable () -> Void
  ) -> LoopTimer {
    checkIsolated()
    return core.timers.schedule(
      at: SystemClock.monotonicMilliseconds.saturatingAdd(max(0, delay)), handler)
  }

  package func cancel(_ timer: LoopTimer) {
    checkIsolated()
    core.timers.cancel(timer)
  }

  private func run() {
    thread.store(SystemThread.current, ordering: .releasing)
    while true {
      for arrival in takeArrivals() { run(arrival) }
      core.turn(mayWait: arrivals.withLock(\.isEmpty))
    }
  }

  private func takeArrivals() -> [Arrival] {
    arrivals.withLock { waiting in
      let taken = waiting
      waiting.removeAll()
      return taken
    }
  }

  private func run(_ arrival: Arrival) {
    switch arrival {
    case .job(let job): job.runSynchronously(on: asUnownedSerialExecutor())
    case .work(let work): work()
    }
  }
}

private enum Arrival {
  case job(UnownedJob)
  case work(@Sendable () -> Void)
}

/// A descriptor that an `EventLoop` watches.
package struct Watch: Sendable, Hashable {
  let token: UInt64
  let descriptor: CInt
}

extension Int64 {
  /// The sum, or the largest number where it would overflow; for non-negative operands.
  func saturatingAdd(_ other: Int64) -> Int64 {
    let (sum, overflow) = addingReportingOverflow(other)
    return overflow ? .max : sum
  }
}
