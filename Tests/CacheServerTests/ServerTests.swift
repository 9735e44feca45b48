import CacheServer
import Glibc
import RESP
import Testing
import Transport

/// The server over real sockets.
struct ServerTests {
  /// A folder of its own for each test; it is removed with its socket at the end.
  private final class Place {
    let folder: String
    var path: String { folder + "/engine/e.sock" }

    init() {
      var template = Array("/tmp/cachescope-test-XXXXXX".utf8CString)
      folder = template.withUnsafeMutableBufferPointer { buffer in
        buffer.baseAddress.flatMap { mkdtemp($0) }.map { String(cString: $0) } ?? "/tmp"
      }
    }

    deinit {
      unlink(path)
      rmdir(folder + "/engine")
      rmdir(folder)
    }
  }

  private func host(
    _ place: Place, _ change: (inout EngineConfiguration) -> Void = { _ in }
  ) throws -> EngineHost {
    var configuration = EngineConfiguration()
    configuration.unixPath = place.path
    change(&configuration)
    let host = try EngineHost(configuration: configuration)
    try host.start()
    return host
  }

  @Test func speaksBothVersionsOverAUnixSocket() async throws {
    let place = Place()
    let host = try host(place)
    let client = try BlockingClient(to: host.addresses[0])
    #expect(try client.run("HSET h a 1 b 2") == .integer(2))
    #expect(try client.run("HGETALL h") == .array(["a", "1", "b", "2"].map { .bulk($0) }))
    #expect(try client.run("GET none") == .null)
    let greeting = try client.run("HELLO 3")
    guard case .map(let pairs) = greeting else {
      Issue.record("HELLO 3 gave \(greeting)")
      return
    }
    #expect(pairs.contains(RESPPair(.bulk("proto"), .integer(3))))
    #expect(
      try client.run("HGETALL h")
        == .map([RESPPair(.bulk("a"), .bulk("1")), RESPPair(.bulk("b"), .bulk("2"))]))
    #expect(try client.run("HELLO 4").error?.code == "NOPROTO")
    let channel = host.channel()
    #expect(try await channel.send(RESPCommand("HGET", "h", "a")) == .bulk("1"))
    #expect(host.connectedClients == 1)
    await host.stop()
    #expect(try client.isEnded())
    #expect(access(place.path, F_OK) != 0)
  }

  @Test func theSocketIsForItsOwnerAlone() async throws {
    let place = Place()
    let host = try host(place)
    var facts = stat()
    #expect(stat(place.path, &facts) == 0)
    #expect(facts.st_mode & 0o777 == 0o600)
    #expect(stat(place.folder + "/engine", &facts) == 0)
    #expect(facts.st_mode & 0o777 == 0o700)
    await host.stop()
  }

  @Test func aLiveSocketIsNotReplacedAndAStaleOneIs() async throws {
    let place = Place()
    let first = try host(place)
    #expect(throws: EngineStartError.socketInUse(path: place.path)) { _ = try host(place) }
    let client = try BlockingClient(to: first.addresses[0])
    #expect(try client.run("PING") == .simple("PONG"))
    await first.stop()
    // What a process that was killed leaves behind: a bound socket that nobody listens on.
    let stale = try StaleSocket(path: place.path)
    stale.abandon()
    let second = try host(place)
    #expect(try BlockingClient(to: second.addresses[0]).run("PING") == .simple("PONG"))
    await second.stop()
  }

  @Test func aFileThatIsNoSocketIsLeftAlone() async throws {
    let place = Place()
    mkdir(place.folder + "/engine", 0o700)
    let file = open(place.path, O_CREAT | O_WRONLY, 0o600)
    close(file)
    #expect(throws: EngineStartError.self) { _ = try host(place) }
    #expect(access(place.path, F_OK) == 0)
  }

  @Test func picksAFreePort() async throws {
    let place = Place()
    let host = try host(place) { $0.tcpPort = 0 }
    guard case .tcp(let name, let port) = host.addresses.last else {
      Issue.record("no TCP address in \(host.addresses)")
      return
    }
    #expect(name == "127.0.0.1")
    #expect(port > 0)
    let client = try BlockingClient(to: .tcp(host: name, port: port))
    #expect(try client.run("CONFIG GET port").elements?.last == .bulk(String(port)))
    await host.stop()
  }

  @Test func refusesToListenBeyondThisMachineWithoutAPassword() throws {
    var configuration = EngineConfiguration()
    configuration.tcpPort = 0
    configuration.tcpBind = "0.0.0.0"
    #expect(throws: EngineStartError.passwordNeeded(bind: "0.0.0.0")) {
      _ = try EngineHost(configuration: configuration)
    }
  }

  @Test func asksForThePassword() async throws {
    let place = Place()
    let host = try host(place) { $0.password = Array("secret".utf8) }
    let client = try BlockingClient(to: host.addresses[0])
    #expect(short(try client.run("GET k")) == "(error) NOAUTH Authentication required.")
    #expect(try client.run("HELLO 3").error?.code == "NOAUTH")
    #expect(try client.run("AUTH wrong").error?.code == "WRONGPASS")
    #expect(try client.run("AUTH someone secret").error?.code == "WRONGPASS")
    #expect(try client.run("AUTH secret") == .ok)
    #expect(try client.run("GET k") == .null)
    let other = try BlockingClient(to: host.addresses[0])
    #expect(try other.run("HELLO 3 AUTH default secret SETNAME me").error == nil)
    #expect(try other.run("CLIENT GETNAME") == .bulk("me"))
    #expect(try other.run("RESET") == .simple("RESET"))
    #expect(try other.run("GET k").error?.code == "NOAUTH")
    await host.stop()
  }

  @Test(arguments: [
    "POST / HTTP/1.1\r\nHost: x\r\n\r\nSET k v\r\n", "GET / HTTP/1.1\r\nHost: a\r\nSET k v\r\n",
    "host:x\r\nSET k v\r\n",
  ])
  func endsTheConnectionOfABrowser(request: String) async throws {
    let place = Place()
    let host = try host(place)
    let client = try BlockingClient(to: host.addresses[0])
    try client.send(request)
    #expect(try client.isEnded())
    #expect(try await host.channel().send(RESPCommand("EXISTS", "k")) == .integer(0))
    await host.stop()
  }

  @Test func answersWhatIsNotRESPAndEndsTheConnection() async throws {
    let place = Place()
    let host = try host(place)
    let client = try BlockingClient(to: host.addresses[0])
    try client.send("*1\r\n$-7\r\n")
    #expect(short(try client.reply()) == "(error) ERR Protocol error: invalid bulk length")
    #expect(try client.isEnded())
    await host.stop()
  }

  @Test func answersAPipelineInOrderAndQuits() async throws {
    let place = Place()
    let host = try host(place)
    let client = try BlockingClient(to: host.addresses[0])
    let lines = (0..<5000).map { "SET k\($0) \($0)\r\nGET k\($0)\r\n" }
    try client.send(lines.joined() + "QUIT\r\nSET late 1\r\n")
    for index in 0..<5000 {
      #expect(try client.reply() == .ok)
      #expect(try client.reply() == .bulk(String(index)))
    }
    #expect(try client.reply() == .ok)
    #expect(try client.isEnded())
    #expect(try await host.channel().send(RESPCommand("EXISTS", "late")) == .integer(0))
    await host.stop()
  }

  @Test func cutsAReaderThatDoesNotRead() async throws {
    let place = Place()
    let host = try host(place) { $0.replyBufferLimit = 1 << 20 }
    let channel = host.channel()
    _ = try await channel.send(
      RESPCommand("SET", [Array("big".utf8), Array(repeating: 0x78, count: 300_000)]))
    let client = try BlockingClient(to: host.addresses[0])
    try client.send(String(repeating: "GET big\r\n", count: 100))
    #expect(try client.isEnded())
    #expect(try await channel.send(RESPCommand("PING")) == .simple("PONG"))
    await host.stop()
  }

  /// Its commands wait until it takes what is there; nothing is lost and the backlog stays small.
  @Test func holdsAReaderThatIsSlow() async throws {
    let place = Place()
    let host = try host(place)
    let channel = host.channel()
    let big = Array(repeating: UInt8(0x78), count: 1 << 20)
    _ = try await channel.send(RESPCommand("SET", [Array("big".utf8), big]))
    let client = try BlockingClient(to: host.addresses[0])
    try client.send(String(repeating: "GET big\r\n", count: 60))
    let list = RESPCommand("CLIENT", "LIST")
    var backlog = 0
    for _ in 0..<20 {
      let text = try await channel.send(list).text ?? ""
      let sizes = text.matches(of: /omem=(\d+)/).compactMap { Int($0.1) }
      backlog = max(backlog, sizes.max() ?? 0)
    }
    #expect(backlog > 0 && backlog < 8 << 20)
    for _ in 0..<60 { #expect(try client.reply() == .bulk(big)) }
    await host.stop()
  }

  @Test func cutsASubscriberThatDoesNotRead() async throws {
    let place = Place()
    let host = try host(place) { $0.pushBufferLimit = 1 << 20 }
    let listener = try BlockingClient(to: host.addresses[0])
    _ = try listener.run("SUBSCRIBE a")
    let speaker = try BlockingClient(to: host.addresses[0])
    let message = String(repeating: "x", count: 60_000)
    for _ in 0..<40 { _ = try speaker.run("PUBLISH a \(message)") }
    #expect(try speaker.run("PUBLISH a x") == .integer(0))
    #expect(try listener.isEnded())
    await host.stop()
  }

  @Test func turnsAwayTheClientThatIsOneTooMany() async throws {
    let place = Place()
    let host = try host(place) { $0.maxClients = 2 }
    let clients = try (0..<2).map { _ in try BlockingClient(to: host.addresses[0]) }
    for client in clients { #expect(try client.run("PING") == .simple("PONG")) }
    let third = try BlockingClient(to: host.addresses[0])
    #expect(short(try third.reply()) == "(error) ERR max number of clients reached")
    #expect(try third.isEnded())
    withExtendedLifetime(clients) {}
    await host.stop()
  }

  @Test func publishes() async throws {
    let place = Place()
    let host = try host(place)
    let listener = try BlockingClient(to: host.addresses[0])
    let speaker = try BlockingClient(to: host.addresses[0])
    #expect(short(try listener.run("SUBSCRIBE a b")) == "[\"subscribe\", \"a\", 1]")
    #expect(short(try listener.reply()) == "[\"subscribe\", \"b\", 2]")
    #expect(short(try listener.run("PSUBSCRIBE a*")) == "[\"psubscribe\", \"a*\", 3]")
    #expect(try speaker.run("PUBLISH a hello") == .integer(2))
    #expect(short(try listener.reply()) == "[\"message\", \"a\", \"hello\"]")
    #expect(short(try listener.reply()) == "[\"pmessage\", \"a*\", \"a\", \"hello\"]")
    #expect(try listener.run("GET k").error?.text.contains("only (P|S)SUBSCRIBE") == true)
    #expect(short(try listener.run("PING")) == "[\"pong\", \"\"]")
    #expect(short(try listener.run("UNSUBSCRIBE a")) == "[\"unsubscribe\", \"a\", 2]")
    #expect(try speaker.run("PUBLISH b x") == .integer(1))
    await host.stop()
  }

  @Test func expiresWhileNobodyAsks() async throws {
    let place = Place()
    let host = try host(place)
    let client = try BlockingClient(to: host.addresses[0])
    #expect(try client.run("SET k v PX 20") == .ok)
    // The counter rises without anything touching the key: INFO stats reads counters only.
    var expired = false
    for _ in 0..<2000 where !expired {
      expired = try client.run("INFO stats").text?.contains("expired_keys:1\r\n") == true
    }
    #expect(expired)
    await host.stop()
  }
}

/// A Unix socket whose owner is gone without removing it.
private struct StaleSocket {
  private let descriptor: CInt

  init(path: String) throws {
    descriptor = socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_un()
    address.sun_family = sa_family_t(AF_UNIX)
    withUnsafeMutableBytes(of: &address.sun_path) { $0.copyBytes(from: path.utf8) }
    let result = withUnsafePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
      }
    }
    #expect(result == 0)
  }

  func abandon() {
    close(descriptor)
  }
}
