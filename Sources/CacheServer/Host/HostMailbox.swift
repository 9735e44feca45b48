import RESP
import Synchronization
import SystemIO

/// What other threads ask of the engine's thread.
enum HostJob: Sendable {
  typealias Reply = UnsafeContinuation<Result<[RESPValue], ChannelError>, Never>

  /// Begins a session for a caller in this process, under a number that the caller chose.
  case open(caller: UInt64, database: Int)
  case run(caller: UInt64, [RESPCommand], Reply)
  case close(caller: UInt64)
  case stop
  case tellWhenStopped(UnsafeContinuation<Void, Never>)
}

/// Jobs on their way to the engine's thread, in order. Posting wakes it at most once until it has
/// looked.
final class HostMailbox: Sendable {
  private struct State {
    var jobs: [HostJob] = []
    var isClosed = false
    var lastCaller: UInt64 = 0
  }

  private let state = Mutex(State())
  let wake: WakeDescriptor

  init() throws(Errno) {
    wake = try WakeDescriptor()
  }

  /// A number for a caller that was never given before.
  func newCaller() -> UInt64 {
    state.withLock { state in
      state.lastCaller += 1
      return state.lastCaller
    }
  }

  /// Answers false when the engine has stopped; then the job is not taken.
  func post(_ job: HostJob) -> Bool {
    let (isTaken, isFirst) = state.withLock { state in
      guard !state.isClosed else { return (false, false) }
      state.jobs.append(job)
      return (true, state.jobs.count == 1)
    }
    if isFirst { wake.wake() }
    return isTaken
  }

  /// Takes all jobs; `closing` refuses every later one.
  func take(closing: Bool = false) -> [HostJob] {
    state.withLock { state in
      let jobs = state.jobs
      state.jobs = []
      state.isClosed = state.isClosed || closing
      return jobs
    }
  }
}
