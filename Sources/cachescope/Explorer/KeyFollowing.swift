import CacheModel
import Explorer
import Synchronization

/// The changes that a source tells by itself, from the first view that is followed on. A source that
/// cannot is asked once; one whose connection broke is asked again with the next view, and one that
/// told too much after half a minute.
///
/// What is told goes to the mailbox. When nobody has taken anything out of it for two seconds, the
/// program stands still, held up by its terminal perhaps: the connection is closed then, so that the
/// server does not collect what nobody reads.
final class KeyFollowing: Sendable {
  private enum State {
    case idle
    case following(AsyncStream<FollowedView>.Continuation, Task<Void, Never>)
    /// There was too much to tell; what was to be followed last.
    case resting(FollowedView)
    case impossible
  }

  private let backend: any CacheBackend
  private let mailbox: Mailbox
  private let state = Mutex(State.idle)

  private static let rest = Duration.seconds(30)
  private static let stall: Int64 = 2000
  /// How long closing may take before the program goes on.
  private static let closing = Duration.milliseconds(500)

  init(backend: any CacheBackend, mailbox: Mailbox) {
    self.backend = backend
    self.mailbox = mailbox
  }

  /// This instead of what was followed before.
  func follow(_ view: FollowedView) {
    state.withLock { state in
      switch state {
      case .impossible: break
      case .resting: state = .resting(view)
      case .following(let following, _): following.yield(view)
      case .idle:
        let (stream, following) = AsyncStream.makeStream(
          of: FollowedView.self, bufferingPolicy: .bufferingNewest(1))
        following.yield(view)
        let listening = Task { await self.listen(to: stream, from: view) }
        state = .following(following, listening)
      }
    }
  }

  /// Closes the connection; returns when that is done, or takes too long.
  func stop() async {
    guard let listening = end() else { return }
    let (over, ending) = AsyncStream.makeStream(of: Never.self)
    Task {
      await listening.value
      ending.finish()
    }
    Task {
      try? await Task.sleep(for: Self.closing)
      ending.finish()
    }
    for await _ in over {}
  }

  /// Has the task end, whatever it waits for.
  private func end() -> Task<Void, Never>? {
    state.withLock { state in
      guard case .following(_, let listening) = state else { return nil }
      state = .idle
      listening.cancel()
      return listening
    }
  }

  private func listen(to stream: AsyncStream<FollowedView>, from view: FollowedView) async {
    let mailbox = mailbox
    do throws(BackendError) {
      let end = try await backend.watch(stream) { keys in
        guard !mailbox.isLeftAlone(forMilliseconds: Self.stall) else { return self.giveUp() }
        mailbox.post(keys.isEmpty ? .following(true) : .changedElsewhere(keys))
      }
      guard !Task.isCancelled else { return }
      switch end {
      case .stopped: state.withLock { $0 = .idle }
      case .cannotTell: state.withLock { $0 = .impossible }
      case .tooManyChanges: await takeRest(view)
      }
    } catch {
      guard !Task.isCancelled else { return }
      state.withLock { $0 = .idle }
      mailbox.post(.following(false))
    }
  }

  private func giveUp() {
    if end() != nil { mailbox.post(.following(false)) }
  }

  private func takeRest(_ view: FollowedView) async {
    state.withLock { $0 = .resting(view) }
    mailbox.post(.following(false))
    try? await Task.sleep(for: Self.rest)
    let next: FollowedView? = state.withLock { state in
      guard case .resting(let next) = state else { return nil }
      state = .idle
      return next
    }
    if let next { follow(next) }
  }
}
