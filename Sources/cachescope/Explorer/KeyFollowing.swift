import CacheModel
import Explorer
import Synchronization

/// The changes that a source tells by itself, from the first keys that are followed on. A source
/// that cannot is asked once; one whose connection broke is asked again with the next keys.
final class KeyFollowing: Sendable {
  private enum State {
    case idle
    case following(AsyncStream<[CacheKey]>.Continuation)
    case impossible
  }

  private let backend: any CacheBackend
  private let mailbox: Mailbox
  private let state = Mutex(State.idle)

  init(backend: any CacheBackend, mailbox: Mailbox) {
    self.backend = backend
    self.mailbox = mailbox
  }

  /// These instead of those before.
  func follow(_ keys: [CacheKey]) {
    state.withLock { state in
      switch state {
      case .impossible: break
      case .following(let following): following.yield(keys)
      case .idle:
        let (stream, following) = AsyncStream.makeStream(
          of: [CacheKey].self, bufferingPolicy: .bufferingNewest(1))
        following.yield(keys)
        state = .following(following)
        Task { await self.listen(to: stream) }
      }
    }
  }

  private func listen(to stream: AsyncStream<[CacheKey]>) async {
    let mailbox = mailbox
    do throws(BackendError) {
      let isPossible = try await backend.watch(stream) { keys in
        mailbox.post(keys.isEmpty ? .following(true) : .changedElsewhere(keys))
      }
      state.withLock { $0 = isPossible ? .idle : .impossible }
    } catch {
      state.withLock { $0 = .idle }
      mailbox.post(.following(false))
    }
  }
}
