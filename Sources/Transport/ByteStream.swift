package import SystemIO

/// A non-blocking connection to an endpoint on an `EventLoop`. Bytes out are queued (their owner
/// bounds what it sends), bytes in and the end are told by events.
///
/// It belongs to one owner on the loop's thread, usually an actor pinned to it; every call must be
/// made on that thread, and every event is told there. The stream begins to connect at once and
/// tries the host's addresses in turn; limits on time are the owner's business. It lives until it
/// ended or was closed, and tells nothing after that.
///
/// With a `TLSContext` everything is encrypted, from the first byte to the last: `.opened` is told
/// when both sides have agreed and the server has proved who it is, nothing of the owner's leaves
/// before, and there is no way to go on without.
// Unchecked: all state is confined to the loop's thread, and each entry checks that it is there.
package final class ByteStream: @unchecked Sendable {
  package enum Event: Sendable {
    /// There is a connection, and TLS is now to be agreed on.
    case securing
    case opened
    /// At least one byte, in the order sent.
    case received([UInt8])
    /// The other side closed, or the connection failed or was never made; the reason in words.
    case ended(reason: String)
    /// The end: TLS failed.
    case insecure(TLSError)
  }

  enum Phase {
    case connecting, securing, open, closed
  }

  let loop: EventLoop
  let tell: @Sendable (Event) -> Void
  let tls: TLSContext?
  var addresses: [SocketAddress] = []
  var link: Link?
  var tunnel: Tunnel?
  var session: TLSSession?
  var phase = Phase.connecting
  var outgoing = SendQueue()
  /// What is to be sent when there is a session to encrypt it.
  var earlyBytes: [UInt8] = []
  /// A write has failed, and what the other side said before is being read.
  var isEnding = false
  let room = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 16)

  /// Starts to connect. The first event comes after this call has returned.
  package init(
    to endpoint: Endpoint, over tls: TLSContext? = nil, on loop: EventLoop,
    _ tell: @escaping @Sendable (Event) -> Void
  ) {
    loop.checkIsolated()
    self.loop = loop
    self.tell = tell
    self.tls = tls
    switch endpoint {
    case .unix(let path):
      loop.execute { self.connect(toPath: path) }
    case .command(let command):
      loop.execute { self.connect(by: command) }
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
    if tls != nil, phase == .connecting {
      earlyBytes += bytes
    } else if let session {
      take(session.send(bytes))
    } else {
      outgoing.append(bytes)
      if phase == .open { flush() }
    }
  }

  /// Ends the connection without waiting for anything; queued bytes are dropped where the system does
  /// not take them at once.
  package func close() {
    loop.checkIsolated()
    if let session, let link {
      session.end()
      outgoing.append(session.takeOutput())
      _ = try? outgoing.drain(to: link.descriptor)
    }
    phase = .closed
    outgoing = SendQueue()
    earlyBytes = []
    session = nil
    if let watch = link?.watch { loop.unwatch(watch) }
    link = nil
    tunnel?.end()
    tunnel = nil
  }

  func end(_ reason: String) {
    guard phase != .closed else { return }
    let tunnelWords = tunnel?.lastWords
    close()
    guard let tunnelWords else { return tell(.ended(reason: reason)) }
    let ended = "the tunnel ended"
    tell(.ended(reason: tunnelWords.isEmpty ? ended : "\(ended): \(tunnelWords)"))
  }

  func end(_ error: TLSError) {
    guard phase != .closed else { return }
    close()
    tell(.insecure(error))
  }
}

/// The descriptor of a stream and what is watched of it.
final class Link {
  let descriptor: OwnedDescriptor
  var watch: Watch?
  var interest: Interest?

  init(_ descriptor: consuming OwnedDescriptor) {
    self.descriptor = descriptor
  }
}
