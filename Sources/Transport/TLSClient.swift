import Synchronization
import SystemIO

/// Makes the context for the connections to one server, and keeps it for the next ones.
///
/// Files are read on a thread of their own, at the first connection and again after `forget`, which
/// is due when a connection has failed: a certificate that was renewed meanwhile serves the next try.
package final class TLSClient: Sendable {
  package let settings: TLSSettings
  private let kept = Mutex<TLSContext?>(nil)

  package init(_ settings: TLSSettings) {
    self.settings = settings
  }

  /// Answers once: at once with the context that is kept, otherwise on any thread.
  package func context(_ answer: @escaping @Sendable (Result<TLSContext, TLSError>) -> Void) {
    if let context = kept.withLock({ $0 }) { return answer(.success(context)) }
    do throws(Errno) {
      try SystemThread.start(name: "certificates") { answer(self.make()) }
    } catch {
      answer(.failure(.broken(words: error.text)))
    }
  }

  /// The next connection reads the files again.
  package func forget() {
    kept.withLock { $0 = nil }
  }

  private func make() -> Result<TLSContext, TLSError> {
    do throws(TLSError) {
      let context = try TLSContext(settings)
      kept.withLock { $0 = context }
      return .success(context)
    } catch {
      return .failure(error)
    }
  }
}
