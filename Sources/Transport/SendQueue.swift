package import SystemIO

/// Bytes that wait to be sent. Taking from the front is amortised O(1) a byte: what was sent stays
/// in place until it is more than what is left.
package struct SendQueue: Sendable {
  private var bytes: [UInt8] = []
  private var sent = 0

  package init() {}

  /// Bytes that still wait.
  package var count: Int { bytes.count - sent }

  package mutating func append(_ more: [UInt8]) {
    bytes.append(contentsOf: more)
  }

  /// Sends until everything has gone or the socket takes no more; whether everything has gone.
  package mutating func drain(to socket: borrowing OwnedDescriptor) throws(Errno) -> Bool {
    while sent < bytes.count {
      guard case .bytes(let count) = try sendOnce(to: socket) else { break }
      sent += count
    }
    compact()
    return bytes.isEmpty
  }

  private func sendOnce(to socket: borrowing OwnedDescriptor) throws(Errno) -> Transfer {
    var outcome = Result<Transfer, Errno>.success(.wouldBlock)
    bytes.withUnsafeBytes { whole in
      let rest = UnsafeRawBufferPointer(rebasing: whole[sent...])
      do throws(Errno) {
        outcome = .success(try socket.send(rest))
      } catch {
        outcome = .failure(error)
      }
    }
    return try outcome.get()
  }

  private mutating func compact() {
    if sent == bytes.count {
      bytes.removeAll(keepingCapacity: bytes.capacity <= 1 << 20)
      sent = 0
    } else if sent > bytes.count / 2 {
      bytes.removeFirst(sent)
      sent = 0
    }
  }
}
