import Synchronization
import SystemIO
import Testing

/// An actor whose home is a loop's thread.
private actor Pinned {
  let loop: EventLoop
  private(set) var calls = 0
  nonisolated var unownedExecutor: UnownedSerialExecutor { loop.asUnownedSerialExecutor() }

  init(_ loop: EventLoop) {
    self.loop = loop
  }

  func isAtHome() -> Bool {
    calls += 1
    return loop.isCurrent
  }

  /// Milliseconds asked for, in the order in which their timers fired.
  func orderOfTimers(_ delays: [Int64]) async -> [Int64] {
    await withCheckedContinuation { continuation in
      let fired = Mutex<[Int64]>([])
      let box = Box(fired)
      for delay in delays {
        loop.schedule(afterMilliseconds: delay) {
          let all = box.append(delay)
          if all.count == delays.count { continuation.resume(returning: all) }
        }
      }
    }
  }

  /// Enters the actor from a callback, without a hop.
  func countCallback() async {
    await withCheckedContinuation { continuation in
      loop.schedule(afterMilliseconds: 0) {
        self.assumeIsolated { $0.calls += 1 }
        continuation.resume()
      }
    }
  }
}

private final class Box: Sendable {
  private let values: Mutex<[Int64]>

  init(_ values: consuming Mutex<[Int64]>) {
    self.values = values
  }

  func append(_ value: Int64) -> [Int64] {
    values.withLock {
      $0.append(value)
      return $0
    }
  }
}

@Suite(.timeLimit(.minutes(5))) struct EventLoopTests {
  @Test func runsItsActorsOnItsThread() async throws {
    let loop = try EventLoop()
    let pinned = Pinned(loop)
    #expect(await pinned.isAtHome())
    #expect(!loop.isCurrent)
    await pinned.countCallback()
    #expect(await pinned.calls == 2)
  }

  @Test func manyTasksGetTheirTurn() async throws {
    let pinned = Pinned(try EventLoop())
    await withTaskGroup(of: Void.self) { group in
      for _ in 0..<2000 { group.addTask { _ = await pinned.isAtHome() } }
    }
    #expect(await pinned.calls == 2000)
  }

  @Test func firesTimersByDeadline() async throws {
    let pinned = Pinned(try EventLoop())
    #expect(await pinned.orderOfTimers([30, 1, 15]) == [1, 15, 30])
  }

  @Test func runsWorkInOrder() async throws {
    let loop = try EventLoop()
    let box = Box(Mutex([]))
    let seen = await withCheckedContinuation { continuation in
      for number in Int64(1)...5 { loop.execute { _ = box.append(number) } }
      loop.execute { continuation.resume(returning: box.append(6)) }
    }
    #expect(seen == [1, 2, 3, 4, 5, 6])
  }
}
