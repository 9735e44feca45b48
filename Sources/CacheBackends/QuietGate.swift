import Synchronization

/// Lets many pass at the same time, or one alone while nobody else is inside: a lock for readers
/// and a writer whose waiting suspends the task and blocks no thread. First come, first served, so
/// that neither kind starves the other.
final class QuietGate: Sendable {
  private struct State {
    /// Those inside; -1 is one alone.
    var inside = 0
    var waiting: [(alone: Bool, continuation: CheckedContinuation<Void, Never>)] = []

    mutating func enter(alone: Bool) -> Bool {
      guard waiting.isEmpty, mayEnter(alone: alone) else { return false }
      inside = alone ? -1 : inside + 1
      return true
    }

    private func mayEnter(alone: Bool) -> Bool {
      alone ? inside == 0 : inside >= 0
    }

    /// One has left; answers who may enter now.
    mutating func leave() -> [CheckedContinuation<Void, Never>] {
      inside = inside < 0 ? 0 : inside - 1
      var entering: [CheckedContinuation<Void, Never>] = []
      while let next = waiting.first, mayEnter(alone: next.alone) {
        inside = next.alone ? -1 : inside + 1
        entering.append(next.continuation)
        waiting.removeFirst()
      }
      return entering
    }
  }

  private let state = Mutex(State())

  func enter(alone: Bool) async {
    await withCheckedContinuation { continuation in
      let entered = state.withLock { state in
        if state.enter(alone: alone) { return true }
        state.waiting.append((alone, continuation))
        return false
      }
      if entered { continuation.resume() }
    }
  }

  func leave() {
    for continuation in state.withLock({ $0.leave() }) { continuation.resume() }
  }
}
