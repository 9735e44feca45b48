package import SystemIO

/// Looks names up without making a loop or the cooperative pool wait: a numeric address is
/// answered at once, a name on a thread of its own. A lookup cannot be cancelled; whoever no longer
/// wants its answer ignores it.
package enum Resolver {
  package static func resolve(
    host: String, port: UInt16,
    _ completion: @escaping @Sendable (Result<[SocketAddress], TransportError>) -> Void
  ) {
    if let numeric = try? SocketAddress.resolve(
      host: host, port: port, for: .connecting, numericOnly: true)
    {
      return completion(.success(numeric))
    }
    do throws(Errno) {
      try SystemThread.start(name: "resolver") { completion(lookUp(host: host, port: port)) }
    } catch {
      completion(.failure(.failed(error)))
    }
  }

  private static func lookUp(
    host: String, port: UInt16
  ) -> Result<[SocketAddress], TransportError> {
    do throws(ResolutionError) {
      return .success(try SocketAddress.resolve(host: host, port: port, for: .connecting))
    } catch {
      return .failure(TransportError(error))
    }
  }
}
