import CLinux
import Glibc

/// The reason that a system call gave, by its number; `text` has the C library's words.
package struct Errno: Error, Sendable, Hashable, CustomStringConvertible {
  package var code: CInt

  package init(_ code: CInt) {
    self.code = code
  }

  /// The reason of the system call that has just failed on this thread.
  package static var last: Errno { Errno(errno) }

  package static var interrupted: Errno { Errno(EINTR) }
  package static var wouldBlock: Errno { Errno(EAGAIN) }
  package static var notFound: Errno { Errno(ENOENT) }
  package static var exists: Errno { Errno(EEXIST) }
  package static var connectionRefused: Errno { Errno(ECONNREFUSED) }
  package static var connectionReset: Errno { Errno(ECONNRESET) }
  package static var addressInUse: Errno { Errno(EADDRINUSE) }
  package static var tooLarge: Errno { Errno(EFBIG) }
  package static var invalid: Errno { Errno(EINVAL) }

  /// What happened, such as `Connection refused`.
  package var text: String {
    cString(capacity: 256) { cl_error_text(code, $0, $1) }
  }

  package var description: String { text }
}

/// Text that a C function writes into a buffer of `capacity` bytes, with its final 0.
package func cString(
  capacity: Int, _ fill: (UnsafeMutablePointer<CChar>, Int) -> Void
) -> String {
  withUnsafeTemporaryAllocation(of: CChar.self, capacity: capacity) { room in
    guard let base = room.baseAddress else { return "" }
    base.initialize(repeating: 0, count: capacity)
    fill(base, capacity)
    return String(cString: base)
  }
}
