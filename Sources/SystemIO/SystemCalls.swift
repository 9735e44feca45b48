/// Runs a system call that answers -1 on failure, again when a signal interrupted it. This is the
/// only place that retries EINTR.
package func systemCall<Value: FixedWidthInteger>(
  _ call: () -> Value
) throws(Errno) -> Value {
  while true {
    let value = call()
    guard value == -1 else { return value }
    let reason = Errno.last
    guard reason == .interrupted else { throw reason }
  }
}

/// What one non-blocking read or write came to.
package enum Transfer: Sendable, Equatable {
  /// So many bytes, at least one.
  case bytes(Int)
  /// Nothing could be moved now; wait for readiness.
  case wouldBlock
  /// The other side has closed; only a read tells.
  case ended
}

/// A transfer call: EAGAIN is an answer, and so is the end.
func transfer(_ call: () -> Int) throws(Errno) -> Transfer {
  do {
    let count = try systemCall(call)
    return count > 0 ? .bytes(count) : .ended
  } catch .wouldBlock {
    return .wouldBlock
  } catch {
    throw error
  }
}
