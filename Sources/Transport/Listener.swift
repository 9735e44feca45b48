package import SystemIO

/// A non-blocking listening socket on TCP or a Unix path. A port of 0 takes a free one, which
/// `endpoint` then names. The file of a Unix socket is made with rights 0600 and removed with the
/// listener; a file that is already there is `.failed(.addressInUse)`, whoever made it.
package struct Listener: ~Copyable, Sendable {
  private let socket: OwnedDescriptor
  /// Where clients find it.
  package let endpoint: Endpoint

  /// Listens, on anything but a command; a host is looked up on the calling thread, so give it as a number where that matters.
  package init(_ endpoint: Endpoint, backlog: Int = 511) throws(TransportError) {
    switch endpoint {
    case .tcp(let host, let port):
      let bound = try Self.listen(host: host, port: port, backlog: backlog)
      let parts = SocketAddress.local(of: bound)?.parts
      self.endpoint = .tcp(host: host, port: parts?.port ?? port)
      socket = bound
    case .unix(let path):
      do throws(Errno) {
        socket = try StreamSocket.listen(onPath: path, backlog: backlog)
      } catch {
        throw .failed(error)
      }
      self.endpoint = endpoint
    case .command:
      throw .failed(.invalid)
    }
  }

  deinit {
    if case .unix(let path) = endpoint { StreamSocket.removeFile(path: path) }
  }

  /// The number to wait on for readability.
  package var raw: CInt { socket.raw }

  /// The next connection, non-blocking; nil when none waits.
  package borrowing func accept() throws(Errno) -> OwnedDescriptor? {
    try StreamSocket.accept(from: socket)
  }

  private static func listen(
    host: String, port: UInt16, backlog: Int
  ) throws(TransportError) -> OwnedDescriptor {
    var failure = TransportError.unresolvable(host: host, reason: "no address")
    let addresses: [SocketAddress]
    do throws(ResolutionError) {
      addresses = try SocketAddress.resolve(host: host, port: port, for: .listening)
    } catch {
      throw TransportError(error)
    }
    for address in addresses {
      do throws(Errno) {
        return try StreamSocket.listen(on: address, backlog: backlog)
      } catch {
        failure = .failed(error)
      }
    }
    throw failure
  }
}
