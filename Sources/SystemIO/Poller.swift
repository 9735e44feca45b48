import CLinux

/// What to be told about a descriptor.
package struct Interest: OptionSet, Sendable, Hashable {
  package let rawValue: UInt32

  package init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  package static let readable = Interest(rawValue: CL_READABLE)
  package static let writable = Interest(rawValue: CL_WRITABLE)
}

/// What a descriptor is ready for. An end of the stream shows as readable; `hungUp` comes unasked
/// when both directions are dead or an error is pending.
package struct Readiness: Sendable, Hashable {
  package var token: UInt64
  package var flags: UInt32

  package var readable: Bool { flags & CL_READABLE != 0 }
  package var writable: Bool { flags & CL_WRITABLE != 0 }
  package var hungUp: Bool { flags & CL_HUNG_UP != 0 }
}

/// Waits for many descriptors at once: Linux' epoll, level-triggered, so that what was not dealt
/// with is told again. One event costs O(1) whatever the number of descriptors watched.
///
/// A token chosen by the caller comes back with each event. Events of one wait are told in one go:
/// after removing a descriptor inside the loop, an event with its token may still follow, so
/// tokens should not be given out twice.
package struct Poller: ~Copyable {
  private let epoll: OwnedDescriptor
  // Filled by the kernel at each wait and owned by this value alone: an array would be allocated
  // anew or checked for uniqueness on the hottest path of the server.
  private let ready: UnsafeMutableBufferPointer<cl_ready>

  package init() throws(Errno) {
    epoll = OwnedDescriptor(owning: try systemCall { cl_epoll_create() })
    ready = .allocate(capacity: 64)
    ready.initialize(repeating: cl_ready())
  }

  deinit {
    ready.deallocate()
  }

  package func add(_ descriptor: CInt, _ interest: Interest, token: UInt64) throws(Errno) {
    let epoll = epoll.raw
    _ = try systemCall { cl_epoll_add(epoll, descriptor, interest.rawValue, token) }
  }

  package func change(_ descriptor: CInt, _ interest: Interest, token: UInt64) throws(Errno) {
    let epoll = epoll.raw
    _ = try systemCall { cl_epoll_change(epoll, descriptor, interest.rawValue, token) }
  }

  /// Call before the descriptor is closed.
  package func remove(_ descriptor: CInt) throws(Errno) {
    let epoll = epoll.raw
    _ = try systemCall { cl_epoll_remove(epoll, descriptor) }
  }

  /// Waits until something is ready or the time is over (nil waits for ever) and tells each event;
  /// answers how many there were. A signal ends the wait early with 0 events.
  @discardableResult
  package func wait(
    milliseconds: Int64?, _ body: (Readiness) -> Void
  ) throws(Errno) -> Int {
    let limit = milliseconds.map { CInt(clamping: max(0, $0)) } ?? -1
    let count = cl_epoll_wait(epoll.raw, ready.baseAddress, CInt(ready.count), limit)
    guard count >= 0 else {
      let reason = Errno.last
      guard reason == .interrupted else { throw reason }
      return 0
    }
    for index in 0..<Int(count) {
      body(Readiness(token: ready[index].token, flags: ready[index].readiness))
    }
    return Int(count)
  }
}
