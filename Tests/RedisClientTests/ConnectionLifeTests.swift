import RESP
import RedisClient
import Synchronization
import SystemIO
import TestSupport
import Testing
import Transport

/// Connections whose other side goes without a word, stalls or speaks something else.
@Suite(.timeLimit(.minutes(5))) struct ConnectionLifeTests {
  private let loop: EventLoop

  init() throws {
    loop = try EventLoop()
  }

  private func isBusy(_ status: ConnectionStatus) -> Bool {
    if case .busy = status { true } else { false }
  }

  private func wait(_ isSo: () async throws -> Bool) async throws {
    for _ in 0..<6000 {
      if try await isSo() { return }
      try await Task.sleep(for: .milliseconds(10))
    }
    throw RedisServerError(words: "it does not come to that")
  }

  /// Nobody asks anything, and still it is noticed; what comes late is nobody's.
  @Test func aWayThatSwallowsIsNoticedUnasked() async throws {
    let server = try RedisServerProcess()
    let relay = try Relay(to: server.port)
    let channel = SocketChannel(ChannelConfiguration(endpoint: relay.endpoint), on: loop)
    #expect(try await channel.send(RESPCommand("SET", "k", "v")) == .ok)
    relay.swallow()
    let began = SystemClock.monotonicMilliseconds
    try await wait { isBusy(channel.status) }
    print("half-open: noticed after \(SystemClock.monotonicMilliseconds - began) ms")
    #expect(relay.connections == 1)
    // When the way is there again so is the server, on a new connection as the old one lost bytes.
    relay.swallow(false)
    relay.cut()
    try await wait {
      await channel.reconnect()
      return channel.status == .connected
    }
    #expect(try await channel.send(RESPCommand("GET", "k")) == .bulk("v"))
    await channel.close()
    withExtendedLifetime(server) {}
  }

  /// It is busy, and no further connections are made to it, whoever asks for one.
  @Test func aServerThatIsBusyKeepsOneConnection() async throws {
    let server = try RedisServerProcess(["--enable-debug-command", "yes"])
    var limits = ChannelLimits.standard
    (limits.heartbeat, limits.busy, limits.reply) = (100, 200, 400)
    let channel = SocketChannel(
      ChannelConfiguration(endpoint: .tcp(host: "127.0.0.1", port: server.port), limits: limits),
      on: loop)
    let admin = SocketChannel(
      ChannelConfiguration(endpoint: .unix(path: server.socketPath)), on: loop)
    _ = try await channel.send(RESPCommand("PING"))
    async let sleeping = admin.send(RESPCommand("DEBUG", "SLEEP", "3"))
    try await wait { isBusy(channel.status) }
    // From the moment that a command was not answered, none is taken.
    _ = try? await channel.send(RESPCommand("INCR", "n"))
    try await wait { isBusy(channel.status) }
    var words: ChannelError?
    do throws(ChannelError) {
      try await channel.exclusively(for: nil) { connection throws(ChannelError) in
        _ = try await connection.send(RESPCommand("INCR", "n"))
      }
    } catch {
      words = error
    }
    if case .notConnected(let reason)? = words {
      #expect(reason.hasPrefix("the server has not answered for "))
    } else {
      Issue.record("\(String(describing: words))")
    }
    _ = try await sleeping
    try await wait { channel.status == .connected }
    let clients = try await channel.send(RESPCommand("CLIENT", "LIST")).text ?? ""
    #expect(clients.split(separator: "\n").count == 2)
    // Once: that nobody learnt of it does not mean that it was sent again.
    #expect(try await channel.send(RESPCommand("GET", "n")) == .bulk("1"))
    await channel.close()
    await admin.close()
  }

  /// Whoever waits for what the server tells by itself learns that it does not any more.
  @Test func aSilentListenerIsTold() async throws {
    let server = try RedisServerProcess()
    let relay = try Relay(to: server.port)
    var limits = ChannelLimits.standard
    (limits.heartbeat, limits.busy, limits.reply) = (200, 400, 1000)
    let channel = SocketChannel(
      ChannelConfiguration(endpoint: relay.endpoint, limits: limits), on: loop)
    let isEnded = try await channel.listening(for: .pushes) {
      connection, pushes throws(ChannelError) in
      _ = try await connection.send(RESPCommand("CLIENT", "TRACKING", "ON"))
      relay.swallow()
      for await _ in pushes {}
      return true
    }
    #expect(isEnded == true)
    await channel.close()
    withExtendedLifetime(server) {}
  }

  /// A lent connection that has rested is not used again: the way may have closed in between.
  @Test func whatIsUnderWayWhenTheWayIsCutIsUnknownAndNotSentAgain() async throws {
    let server = try RedisServerProcess()
    let relay = try Relay(to: server.port)
    let channel = SocketChannel(ChannelConfiguration(endpoint: relay.endpoint), on: loop)
    let direct = SocketChannel(
      ChannelConfiguration(endpoint: .unix(path: server.socketPath)), on: loop)
    var (acknowledged, unknown) = (0, 0)
    var random = SeededRandom(seed: LongRun.seed(7, for: "cut ways"))
    for _ in 0..<20 {
      try await wait {
        await channel.reconnect()
        return channel.status == .connected || channel.status == .idle
      }
      let count = Int.random(in: 1...50, using: &random)
      let isCutBefore = Bool.random(using: &random)
      if isCutBefore { relay.cut() }
      for number in 0..<count {
        if !isCutBefore, number == count / 2 { relay.cut() }
        do throws(ChannelError) {
          _ = try await channel.send(RESPCommand("INCR", "n"))
          acknowledged += 1
        } catch .commandsUnanswered {
          unknown += 1
        } catch {}
      }
    }
    let total = try await direct.send(RESPCommand("GET", "n")).text.flatMap { Int($0) } ?? 0
    #expect(total >= acknowledged && total <= acknowledged + unknown)
    await channel.close()
    await direct.close()
  }

  // MARK: TLS where there is none

  /// Long before the limit on time for a connection.
  @Test(arguments: [[], ["--requirepass", "secret"]])
  func aPlainPortIsToldToBeOne(_ options: [String]) async throws {
    let server = try RedisServerProcess(options)
    var limits = ChannelLimits.standard
    limits.connecting = 120_000
    var configuration = ChannelConfiguration(
      endpoint: .tcp(host: "127.0.0.1", port: server.port), limits: limits)
    configuration.tls = TLSClient(TLSSettings(name: "127.0.0.1"))
    let channel = SocketChannel(configuration, on: loop)
    let began = SystemClock.monotonicMilliseconds
    await #expect {
      try await channel.send(RESPCommand("PING"))
    } throws: { error in
      guard case .insecure(_, let reason) = error as? ChannelError else { return false }
      return reason.contains("does not speak TLS") && reason.contains("redis://")
    }
    print("TLS to a plain port: told after \(SystemClock.monotonicMilliseconds - began) ms")
    await channel.close()
    withExtendedLifetime(server) {}
  }
}
