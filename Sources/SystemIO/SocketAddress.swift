import CLinux

/// A numeric Internet address and its port.
package struct SocketAddress: Sendable {
  let raw: cl_address

  /// The address as people write it, without brackets, and its port.
  package var parts: (host: String, port: UInt16) {
    var port: UInt16 = 0
    let host = cString(capacity: 64) { room, capacity in
      _ = withUnsafePointer(to: raw) { cl_address_text($0, room, capacity, &port) }
    }
    return (host, port)
  }

  /// What looking a name up is for.
  package enum Purpose: Sendable {
    case connecting
    /// An empty host is every address of this machine.
    case listening
  }

  /// All addresses of a host, at most 16. Waits for the network, without a limit on time, unless
  /// `numericOnly`: call it on a thread of its own.
  package static func resolve(
    host: String, port: UInt16, for purpose: Purpose, numericOnly: Bool = false
  ) throws(ResolutionError) -> [SocketAddress] {
    let listening: CInt = purpose == .listening ? 1 : 0
    var count: CInt = 0
    let found = [cl_address](unsafeUninitializedCapacity: 16) { room, initialized in
      count = cl_resolve(
        host, String(port), numericOnly ? 1 : 0, listening, room.baseAddress, CInt(room.count))
      initialized = max(0, Int(count))
    }
    guard count > 0 else { throw ResolutionError(host: host, code: count) }
    return found.map { SocketAddress(raw: $0) }
  }

  /// Where a socket is bound; nil for one that has no Internet address.
  package static func local(of descriptor: borrowing OwnedDescriptor) -> SocketAddress? {
    var address = cl_address()
    guard cl_local_address(descriptor.raw, &address) == 0 else { return nil }
    return SocketAddress(raw: address)
  }

  /// Where the other side is; nil for one that has no Internet address.
  package static func peer(of descriptor: borrowing OwnedDescriptor) -> SocketAddress? {
    var address = cl_address()
    guard cl_peer_address(descriptor.raw, &address) == 0 else { return nil }
    return SocketAddress(raw: address)
  }
}

/// Why a name has no address.
package struct ResolutionError: Error, Sendable, Equatable {
  package var host: String
  /// The C library's words.
  package var text: String

  init(host: String, code: CInt) {
    self.host = host
    text =
      code == 0
      ? "no address"
      : cString(capacity: 256) { cl_resolve_error_text(code, $0, $1) }
  }
}
