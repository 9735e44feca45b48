import Glibc
import Synchronization
import SystemIO
import Transport

/// A thread of a test that serves sockets by `poll`, until its owner ends. It looks at what has
/// changed elsewhere every few milliseconds.
final class ServingThread: Sendable {
  private let isOver = Atomic(false)

  /// Runs `turn` again and again on a thread of its own; each turn waits for a moment at most.
  func start(_ turn: @escaping @Sendable () -> Void) throws {
    try SystemThread.start(name: "serving") { [self] in
      while !isOver.load(ordering: .acquiring) { turn() }
    }
  }

  func end() { isOver.store(true, ordering: .releasing) }
}

/// Plain calls on the sockets of tests.
enum TestSocket {
  /// Which of the descriptors can be read, or have ended, after at most so many milliseconds.
  static func readable(_ descriptors: [CInt], milliseconds: CInt = 5) -> [CInt] {
    var waiting = descriptors.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
    guard poll(&waiting, nfds_t(waiting.count), milliseconds) > 0 else { return [] }
    return waiting.filter { $0.revents != 0 }.map(\.fd)
  }

  /// What has arrived; nil at the end.
  static func receive(_ descriptor: CInt) -> [UInt8]? {
    var room = [UInt8](repeating: 0, count: 64 << 10)
    let count = recv(descriptor, &room, room.count, CInt(MSG_DONTWAIT))
    if count > 0 { return Array(room[..<count]) }
    return count < 0 && (errno == EAGAIN || errno == EINTR) ? [] : nil
  }

  /// Sends all, waiting where the other side is slow; false when it has gone.
  static func send(_ bytes: [UInt8], to descriptor: CInt) -> Bool {
    var sent = 0
    while sent < bytes.count {
      let count = bytes.withUnsafeBytes {
        Glibc.send(
          descriptor, $0.baseAddress?.advanced(by: sent), $0.count - sent, CInt(MSG_NOSIGNAL))
      }
      if count > 0 {
        sent += count
      } else if count < 0, errno == EAGAIN || errno == EINTR {
        var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        if poll(&waiting, 1, 5_000) <= 0 { return false }
      } else {
        return false
      }
    }
    return true
  }
}
