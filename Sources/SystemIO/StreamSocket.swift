import CLinux
import Glibc

/// Makes stream sockets, all non-blocking and closed on exec. Over TCP small writes go out at once,
/// silent peers are probed after 30 s, and data unacknowledged for 20 s ends the connection.
package enum StreamSocket {
  /// A connection under way; when `inProgress`, wait until it is writable and ask `pendingError`.
  package struct Attempt: ~Copyable {
    package let descriptor: OwnedDescriptor
    package let inProgress: Bool

    /// The descriptor alone.
    package consuming func taken() -> OwnedDescriptor {
      descriptor
    }
  }

  package static func connect(to address: SocketAddress) throws(Errno) -> Attempt {
    var inProgress: CInt = 0
    let raw = try systemCall {
      withUnsafePointer(to: address.raw) { cl_tcp_connect($0, &inProgress) }
    }
    return Attempt(descriptor: OwnedDescriptor(owning: raw), inProgress: inProgress != 0)
  }

  /// Connects to a Unix socket, which succeeds or fails at once; `.wouldBlock` means that its
  /// backlog is full.
  package static func connect(toPath path: String) throws(Errno) -> Attempt {
    let raw = try systemCall { cl_unix_connect(path) }
    return Attempt(descriptor: OwnedDescriptor(owning: raw), inProgress: false)
  }

  package static func listen(
    on address: SocketAddress, backlog: Int
  ) throws(Errno) -> OwnedDescriptor {
    let raw = try systemCall {
      withUnsafePointer(to: address.raw) { cl_tcp_listen($0, CInt(clamping: backlog)) }
    }
    return OwnedDescriptor(owning: raw)
  }

  /// Makes a socket file with rights 0600. A file of that name is `.addressInUse`.
  package static func listen(onPath path: String, backlog: Int) throws(Errno) -> OwnedDescriptor {
    OwnedDescriptor(owning: try systemCall { cl_unix_listen(path, CInt(clamping: backlog)) })
  }

  /// The next connection, or nil when none waits (or the one that waited has gone).
  package static func accept(
    from listener: borrowing OwnedDescriptor
  ) throws(Errno) -> OwnedDescriptor? {
    let number = listener.raw
    do {
      return OwnedDescriptor(owning: try systemCall { cl_accept(number) })
    } catch  where error == .wouldBlock || error == Errno(ECONNABORTED) {
      return nil
    } catch {
      throw error
    }
  }

  /// What an attempt to connect came to; nil when it succeeded.
  package static func pendingError(of descriptor: borrowing OwnedDescriptor) -> Errno? {
    let code = cl_socket_error(descriptor.raw)
    return code == 0 ? nil : Errno(code)
  }

  /// Removes a socket file; one that is not there is no error.
  package static func removeFile(path: String) {
    unlink(path)
  }
}
