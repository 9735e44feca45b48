/// Why the engine could not start.
package enum EngineStartError: Error, Sendable, Equatable {
  /// A live process answers on this Unix socket.
  case socketInUse(path: String)
  /// Listening beyond this machine without a password.
  case passwordNeeded(bind: String)
  case cannotListen(endpoint: String, reason: String)
  /// The system gave no thread or no descriptor.
  case cannotRun(reason: String)

  /// What is wrong and what to do about it.
  package var sentence: String {
    switch self {
    case .socketInUse(let path):
      "another engine is running on \(path): use that one, or choose another path"
    case .passwordNeeded(let bind):
      "refusing to listen on \(bind) without a password: give one, or bind 127.0.0.1"
    case .cannotListen(let endpoint, let reason): "cannot listen on \(endpoint): \(reason)"
    case .cannotRun(let reason): "cannot start the engine: \(reason)"
    }
  }
}
