import Glibc
import Synchronization
import SystemIO
import Testing
import Transport

/// What a stream told, gathered until it ended or enough bytes came.
private final class Gathering: Sendable {
  struct Seen: Sendable {
    var opened = false
    var bytes: [UInt8] = []
    var reason: String?
  }

  private let seen = Mutex(Seen())

  func gather(
    to endpoint: Endpoint, on loop: EventLoop, sending bytes: [UInt8], expecting count: Int
  ) async -> Seen {
    await withCheckedContinuation { continuation in
      loop.execute {
        let stream = Mutex<ByteStream?>(nil)
        let holder = Holder(stream)
        let made = ByteStream(to: endpoint, on: loop) { event in
          guard let seen = self.note(event, expecting: count) else { return }
          holder.take()?.close()
          continuation.resume(returning: seen)
        }
        holder.put(made)
        made.send(bytes)
      }
    }
  }

  private func note(_ event: ByteStream.Event, expecting count: Int) -> Seen? {
    seen.withLock { seen in
      switch event {
      case .opened:
        seen.opened = true
        return nil
      case .received(let bytes):
        seen.bytes += bytes
        return seen.bytes.count >= count ? seen : nil
      case .securing, .insecure: return nil
      case .ended(let reason):
        seen.reason = reason
        return seen
      }
    }
  }
}

private final class Holder: Sendable {
  private let stream: Mutex<ByteStream?>

  init(_ stream: consuming Mutex<ByteStream?>) {
    self.stream = stream
  }

  func put(_ made: ByteStream) { stream.withLock { $0 = made } }
  func take() -> ByteStream? { stream.withLock { $0 } }
}

@Suite(.timeLimit(.minutes(5))) struct ByteStreamTests {
  @Test(arguments: [
    Endpoint.tcp(host: "127.0.0.1", port: 0), .tcp(host: "localhost", port: 0),
    .unix(path: "/tmp/cachescope-echo-\(getpid()).sock"),
  ])
  func carriesEveryByteBothWays(_ endpoint: Endpoint) async throws {
    let listener = try Listener(endpoint)
    let bound = listener.endpoint
    try startEcho(listener)
    let sent = (0..<3_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
    let seen = await Gathering().gather(
      to: bound, on: try EventLoop(), sending: sent, expecting: sent.count)
    #expect(seen.opened)
    #expect(seen.bytes == sent)
    #expect(seen.reason == nil)
  }

  @Test func saysWhyNobodyAnswers() async throws {
    let loop = try EventLoop()
    let port = try unusedPort()
    let refused = await Gathering().gather(
      to: .tcp(host: "127.0.0.1", port: port), on: loop, sending: [1], expecting: 1)
    #expect(refused.reason == "Connection refused")
    #expect(!refused.opened)
    let missing = await Gathering().gather(
      to: .unix(path: "/tmp/no-such-socket-\(getpid())"), on: loop, sending: [], expecting: 1)
    #expect(missing.reason == "No such file or directory")
    let unknown = await Gathering().gather(
      to: .tcp(host: "nowhere.invalid", port: 1), on: loop, sending: [], expecting: 1)
    #expect(unknown.reason?.hasPrefix("cannot find nowhere.invalid: ") == true)
  }

  @Test func socketFileIsPrivateAndGoesWithTheListener() throws {
    let path = "/tmp/cachescope-listener-\(getpid()).sock"
    do {
      let listener = try Listener(.unix(path: path))
      var status = stat()
      #expect(stat(path, &status) == 0)
      #expect(status.st_mode & 0o777 == 0o600)
      #expect(throws: TransportError.failed(.addressInUse)) {
        _ = try Listener(.unix(path: path))
      }
      #expect(access(path, F_OK) == 0)
      #expect(listener.raw >= 0)
    }
    #expect(access(path, F_OK) != 0)
  }

  @Test func endpointsReadAsPeopleWriteThem() {
    #expect("\(Endpoint.tcp(host: "::1", port: 6379))" == "[::1]:6379")
    #expect("\(Endpoint.tcp(host: "cache.example", port: 1))" == "cache.example:1")
    #expect("\(Endpoint.unix(path: "/run/redis.sock"))" == "/run/redis.sock")
  }

  private func unusedPort() throws -> UInt16 {
    let listener = try Listener(.tcp(host: "127.0.0.1", port: 0))
    guard case .tcp(_, let port) = listener.endpoint else { return 1 }
    return port
  }

  /// Answers the first client with its own bytes until it goes, on a thread of its own.
  private func startEcho(_ listener: consuming Listener) throws {
    let shared = Mutex<Listener?>(listener)
    let box = ListenerBox(shared)
    try SystemThread.start(name: "echo") { box.echo() }
  }
}

private final class ListenerBox: Sendable {
  private let listener: Mutex<Listener?>

  init(_ listener: consuming Mutex<Listener?>) {
    self.listener = listener
  }

  func echo() {
    guard let client = try? accepted() else { return }
    var room = [UInt8](repeating: 0, count: 1 << 16)
    while let count = try? read(client, &room) {
      var sent = 0
      while sent < count {
        let transfer = try? room.withUnsafeBytes {
          try client.send(UnsafeRawBufferPointer(rebasing: $0[sent..<count]))
        }
        switch transfer {
        case .bytes(let more): sent += more
        case .wouldBlock: wait(for: client, POLLOUT)
        default: return
        }
      }
    }
  }

  private func accepted() throws -> OwnedDescriptor? {
    try listener.withLock { listener throws -> OwnedDescriptor? in
      guard let raw = listener?.raw else { return nil }
      var waiting = pollfd(fd: raw, events: Int16(POLLIN), revents: 0)
      _ = poll(&waiting, 1, 10_000)
      return try listener?.accept()
    }
  }

  private func read(
    _ client: borrowing OwnedDescriptor, _ room: inout [UInt8]
  ) throws -> Int? {
    while true {
      switch try room.withUnsafeMutableBytes({ try client.receive(into: $0) }) {
      case .bytes(let count): return count
      case .ended: return nil
      case .wouldBlock: wait(for: client, POLLIN)
      }
    }
  }

  private func wait(for client: borrowing OwnedDescriptor, _ event: CInt) {
    var waiting = pollfd(fd: client.raw, events: Int16(event), revents: 0)
    _ = poll(&waiting, 1, 10_000)
  }
}
