import CLinux
import Glibc

/// A file descriptor that has one owner and is closed with it. It cannot be copied, so nobody can
/// use a number that the kernel has given to somebody else meanwhile.
package struct OwnedDescriptor: ~Copyable, Sendable {
  /// The number, for calls that borrow it while this value lives.
  package let raw: CInt

  /// Takes over a descriptor that nobody else closes.
  package init(owning raw: CInt) {
    self.raw = raw
  }

  deinit {
    // After EINTR the descriptor is closed all the same on Linux, so this is not retried.
    close(raw)
  }

  /// Gives the number away without closing it.
  package consuming func released() -> CInt {
    let number = raw
    discard self
    return number
  }

  /// Reads what is there, up to the size of the buffer.
  package borrowing func read(
    into buffer: UnsafeMutableRawBufferPointer
  ) throws(Errno) -> Transfer {
    guard !buffer.isEmpty else { return .bytes(0) }
    let number = raw
    return try transfer { Glibc.read(number, buffer.baseAddress, buffer.count) }
  }

  /// Writes what fits now.
  package borrowing func write(_ bytes: UnsafeRawBufferPointer) throws(Errno) -> Transfer {
    guard !bytes.isEmpty else { return .bytes(0) }
    let number = raw
    return try transfer { Glibc.write(number, bytes.baseAddress, bytes.count) }
  }

  /// As `read`, from a socket.
  package borrowing func receive(
    into buffer: UnsafeMutableRawBufferPointer
  ) throws(Errno) -> Transfer {
    guard !buffer.isEmpty else { return .bytes(0) }
    let number = raw
    return try transfer { cl_receive(number, buffer.baseAddress, buffer.count) }
  }

  /// As `write`, to a socket; a peer that has gone is an error and never a signal.
  package borrowing func send(_ bytes: UnsafeRawBufferPointer) throws(Errno) -> Transfer {
    guard !bytes.isEmpty else { return .bytes(0) }
    let number = raw
    return try transfer { cl_send(number, bytes.baseAddress, bytes.count) }
  }
}

extension OwnedDescriptor {
  /// A pipe's two ends, closed on exec.
  package static func pipe(nonBlocking: Bool) throws(Errno) -> Pipe {
    var ends: (CInt, CInt) = (-1, -1)
    _ = try systemCall {
      withUnsafeMutableBytes(of: &ends) { room in
        cl_pipe(room.assumingMemoryBound(to: CInt.self).baseAddress, nonBlocking ? 1 : 0)
      }
    }
    return Pipe(
      readEnd: OwnedDescriptor(owning: ends.0), writeEnd: OwnedDescriptor(owning: ends.1))
  }
}

/// The two ends of a pipe.
package struct Pipe: ~Copyable, Sendable {
  package let readEnd: OwnedDescriptor
  package let writeEnd: OwnedDescriptor

  /// The reading end; the other is closed.
  package consuming func takenReadEnd() -> OwnedDescriptor {
    readEnd
  }
}

extension OwnedDescriptor {
  /// Two ends of a connection within this machine, closed on exec; the near one does not block.
  package static func socketPair() throws(Errno) -> SocketPair {
    var ends: (CInt, CInt) = (-1, -1)
    _ = try systemCall {
      withUnsafeMutableBytes(of: &ends) { room in
        cl_socket_pair(room.assumingMemoryBound(to: CInt.self).baseAddress)
      }
    }
    return SocketPair(
      nearEnd: OwnedDescriptor(owning: ends.0), farEnd: OwnedDescriptor(owning: ends.1))
  }
}

/// The two ends of a connection within this machine.
package struct SocketPair: ~Copyable, Sendable {
  package let nearEnd: OwnedDescriptor
  package let farEnd: OwnedDescriptor

  /// The near end; the other is closed.
  package consuming func takenNearEnd() -> OwnedDescriptor {
    nearEnd
  }
}
