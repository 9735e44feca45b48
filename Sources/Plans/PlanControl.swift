import Synchronization

/// Stops, holds and resumes a plan from outside; it takes effect between two batches. Any thread.
package final class PlanControl: Sendable {
  private struct State {
    var isPaused = false
    var isCancelled = false
    var waiting: [CheckedContinuation<Void, Never>] = []
  }

  private let state = Mutex(State())

  package init() {}

  package var isPaused: Bool { state.withLock { $0.isPaused } }
  package var isCancelled: Bool { state.withLock { $0.isCancelled } }

  package func pause() {
    state.withLock { $0.isPaused = true }
  }

  package func resume() {
    release { $0.isPaused = false }
  }

  /// Ends the plan, also one that is held.
  package func cancel() {
    release { $0.isCancelled = true }
  }

  /// Waits while the plan is held; false once it is to end.
  func mayGoOn() async -> Bool {
    await withCheckedContinuation { continuation in
      let isHeld = state.withLock { state in
        guard state.isPaused, !state.isCancelled else { return false }
        state.waiting.append(continuation)
        return true
      }
      if !isHeld { continuation.resume() }
    }
    return !isCancelled
  }

  private func release(_ change: (inout State) -> Void) {
    let waiting = state.withLock { state in
      change(&state)
      defer { state.waiting = [] }
      return state.waiting
    }
    for continuation in waiting { continuation.resume() }
  }
}
