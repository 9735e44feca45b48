package import SystemIO

/// Why a connection or a listener could not be made.
package enum TransportError: Error, Sendable, Equatable {
  /// The host has no address; the resolver's words.
  case unresolvable(host: String, reason: String)
  case failed(Errno)

  init(_ error: ResolutionError) {
    self = .unresolvable(host: error.host, reason: error.text)
  }

  /// What happened, such as `Connection refused`.
  package var reason: String {
    switch self {
    case .unresolvable(let host, let reason): "cannot find \(host): \(reason)"
    case .failed(let errno): errno.text
    }
  }
}
