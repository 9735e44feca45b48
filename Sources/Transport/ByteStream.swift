package import SystemIO

/// A non-blocking connection to an endpoint on an `EventLoop`. Bytes out are queued (their owner
/// bounds what it sends), bytes in and the end are told by events.
///
/// It belongs to one owner on the loop's thread, usually an actor pinned to it; every call must be
/// made on that thread, and every event is told there. The stream begins to connect at once and
/// tries the host's addresses in turn; limits on time are the owner's business. It lives until it
/// ended or was closed, and tells nothing after that.
///
/// Encryption has its place between this type and its owner: bytes in, bytes out, no socket.
// Unchecked: all state is confined to the loop's thread, and each entry checks that it is there.
package final class ByteStream: @unchecked Sendable {
  package enum Event: Sendable {
    case opened
    /// At least one byte, in the order sent.
    case received([UInt8])
    /// The other side closed, or the connection failed or was never made; the reason in words.
    case ended(reason: String)
  }

  private let loop: EventLoop
  private let tell: @Sendable (Event) -> Void
  private var addresses: [SocketAddress] = []
  private var link: Link?
  private var phase = Phase.connecting
  private var outgoing = SendQueue()
  private let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)

  private enum Phase {
    case connecting, open, closed
  }

  /// Starts to connect. The first event comes after this call has returned.
  package init(
    to endpoint: Endpoint, on loop: EventLoop, _ tell: @escaping @Sendable (Event) -> Void
  ) {
    loop.checkIsolated()
    self.loop = loop
    self.tell = tell
    switch endpoint {
    case .unix(let path):
      loop.execute { self.connect(toPath: path) }
    case .tcp(let host, let port):
      Resolver.resolve(host: host, port: port) { result in
        loop.execute { self.resolved(result) }
      }
    }
  }

  deinit {
    room.deallocate()
  }

  /// Queues bytes and sends what can be sent now. Before the stream is open they wait.
  package func send(_ bytes: [UInt8]) {
    loop.checkIsolated()
    guard phase != .closed else { return }
    outgoing.append(bytes)
    if phase == .open { flush() }
  }

  /// Ends the connection without waiting for anything; queued bytes are dropped.
  package func close() {
    loop.checkIsolated()
    phase = .closed
    outgoing = SendQueue()
    if let watch = link?.watch { loop.unwatch(watch) }
    link = nil
  }

  // MARK: Connecting

  private func resolved(_ result: Result<[SocketAddress], TransportError>) {
    guard phase == .connecting else { return }
    switch result {
    case .success(let found):
      addresses = found
      connectToNext(after: Errno.invalid)
    case .failure(let error):
      end(error.reason)
    }
  }

  private func connectToNext(after failure: Errno) {
    guard !addresses.isEmpty else { return end(failure.text) }
    let address = addresses.removeFirst()
    do throws(Errno) {
      let attempt = try StreamSocket.connect(to: address)
      let waits = attempt.inProgress
      try adopt(attempt.taken(), waitForOpening: waits)
    } catch {
      connectToNext(after: error)
    }
  }

  private func connect(toPath path: String) {
    guard phase == .connecting else { return }
    do throws(Errno) {
      try adopt(try StreamSocket.connect(toPath: path).taken(), waitForOpening: false)
    } catch {
      end(error.text)
    }
  }

  private func adopt(
    _ descriptor: consuming OwnedDescriptor, waitForOpening: Bool
  ) throws(Errno) {
    let link = Link(descriptor)
    link.watch = try loop.watch(link.descriptor.raw, waitForOpening ? .writable : .readable) {
      self.ready($0)
    }
    self.link = link
    if !waitForOpening { open() }
  }

  private func finishConnecting() {
    guard let link else { return }
    guard let failure = StreamSocket.pendingError(of: link.descriptor) else { return open() }
    if let watch = link.watch { loop.unwatch(watch) }
    self.link = nil
    connectToNext(after: failure)
  }

  private func open() {
    phase = .open
    tell(.opened)
    flush()
  }

  // MARK: Moving bytes

  private func ready(_ readiness: Readiness) {
    switch phase {
    case .connecting:
      finishConnecting()
    case .open:
      if readiness.writable { flush() }
      if readiness.readable || readiness.hungUp { receive() }
    case .closed:
      break
    }
  }

  /// Reads a bounded amount, so that one stream does not starve the others.
  private func receive() {
    for _ in 0..<4 {
      guard phase == .open, let link else { return }
      do throws(Errno) {
        switch try link.descriptor.receive(into: room) {
        case .bytes(let count): tell(.received(Array(room[..<count])))
        case .wouldBlock: return
        case .ended: return end("the server closed the connection")
        }
      } catch {
        return end(error.text)
      }
    }
  }

  private func flush() {
    guard phase == .open, let link, let watch = link.watch else { return }
    do throws(Errno) {
      let isEmpty = try outgoing.drain(to: link.descriptor)
      let interest: Interest = isEmpty ? .readable : [.readable, .writable]
      guard interest != link.interest else { return }
      try loop.change(watch, to: interest)
      link.interest = interest
    } catch {
      end(error.text)
    }
  }

  private func end(_ reason: String) {
    guard phase != .closed else { return }
    close()
    tell(.ended(reason: reason))
  }
}

/// The descriptor of a stream and what is watched of it.
private final class Link {
  let descriptor: OwnedDescriptor
  var watch: Watch?
  var interest: Interest?

  init(_ descriptor: consuming OwnedDescriptor) {
    self.descriptor = descriptor
  }
}
