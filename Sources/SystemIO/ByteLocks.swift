import CLinux
import Glibc

/// A file whose bytes are locks: by the one that it holds, a process says that it is alive. A lock
/// ends with the file's being closed, also when the process is killed, and two openings of the file
/// exclude each other even within one process. The file itself stays empty.
package final class ByteLocks: Sendable {
  private let file: OwnedDescriptor

  /// Opens the file, making it with rights 0600 when it is missing; no link is followed.
  package init(path: String) throws(Errno) {
    file = OwnedDescriptor(
      owning: try systemCall { open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600) })
  }

  /// Takes a byte without waiting; false when another opening has it.
  package func take(_ position: Int64) throws(Errno) -> Bool {
    let number = file.raw
    return try systemCall { cl_lock_byte(number, position) } == 0
  }

  /// Takes a byte, and waits for it at most so long; blocks the thread.
  package func take(_ position: Int64, patienceMilliseconds: Int64) throws(Errno) -> Bool {
    let deadline = SystemClock.monotonicMilliseconds.saturatingAdd(patienceMilliseconds)
    while try !take(position) {
      guard SystemClock.monotonicMilliseconds < deadline else { return false }
      poll(nil, 0, 5)
    }
    return true
  }

  package func giveUp(_ position: Int64) {
    _ = cl_unlock_byte(file.raw, position)
  }

  /// Whether another opening has the byte; when that cannot be told, it is taken for held.
  package func isTakenElsewhere(_ position: Int64) -> Bool {
    cl_is_byte_locked(file.raw, position) != 0
  }
}
