import RESP
import RedisClient
import Synchronization
import SystemIO
import TestSupport
import Testing
import Transport

/// Channels that find their server by asking sentinels.
@Suite(.timeLimit(.minutes(5))) struct SentinelTests {
  private let loop: EventLoop

  init() throws {
    loop = try EventLoop()
  }

  private func group(
    _ change: (inout RedisSentinelGroup.Options) -> Void = { _ in }
  ) throws -> RedisSentinelGroup {
    var options = RedisSentinelGroup.Options()
    change(&options)
    return try RedisSentinelGroup(unawaited: options, on: loop)
  }

  private func failure(
    of configuration: ChannelConfiguration
  ) async -> ChannelError? {
    let channel = SocketChannel(configuration, on: loop)
    do throws(ChannelError) {
      _ = try await channel.send(RESPCommand("SET", "lost", "1"))
      await channel.close()
      return nil
    } catch {
      await channel.close()
      return error
    }
  }

  @Test func findsThePrimaryWhereSomeSentinelsAreDown() async throws {
    let group = try group()
    var configuration = try group.configuration()
    configuration.database = 3
    let dead = Endpoint.tcp(host: "127.0.0.1", port: try RedisServerProcess.unusedPort())
    configuration.sentinels?.sentinels.insert(dead, at: 0)
    group.sentinels[0].end(removingFolder: true)
    let reached = Mutex<[Endpoint]>([])
    let listener = EndpointList(reached)
    configuration.reached = { listener.add($0) }
    let channel = SocketChannel(configuration, on: loop)
    #expect(try await channel.send(RESPCommand("SET", "k", "v")) == .ok)
    #expect(listener.all == [group.endpoint(0)])
    try await group.run(0, "PING")
    #expect(try await group.run(0, "DBSIZE") == .integer(0))
    let about = try await channel.send(RESPCommand("CLIENT", "INFO")).text ?? ""
    #expect(about.contains(" db=3 "))
    await channel.close()
    await group.close()
  }

  @Test func aNameThatNobodyKnowsIsToldWithThoseThatTheyKnow() async throws {
    let group = try group { $0.replicas = 0 }
    var configuration = try group.configuration()
    configuration.sentinels?.group = "shopp"
    #expect(
      await failure(of: configuration)
        == .unreachable(
          endpoint: "the primary of shopp",
          reason: "the sentinels know no master of that name; they know shop"))
    await group.close()
  }

  @Test func noSentinelIsThere() async throws {
    let ports = try (0..<3).map { _ in try RedisServerProcess.unusedPort() }
    var configuration = ChannelConfiguration(endpoint: .unix(path: "/nowhere"))
    configuration.sentinels = SentinelConfiguration(
      group: "shop", sentinels: ports.map { .tcp(host: "127.0.0.1", port: $0) })
    guard case .unreachable("the primary of shop", let reason)? = await failure(of: configuration)
    else {
      Issue.record("found")
      return
    }
    #expect(reason.hasPrefix("none of 3 sentinels tells where it is (127.0.0.1:\(ports[0]): "))
  }

  @Test func aServerIsTakenForNoSentinel() async throws {
    let server = try RedisServerProcess()
    var configuration = ChannelConfiguration(endpoint: .unix(path: "/nowhere"))
    configuration.sentinels = SentinelConfiguration(
      group: "shop", sentinels: [.tcp(host: "127.0.0.1", port: server.port)])
    guard case .unreachable(_, let reason)? = await failure(of: configuration) else {
      Issue.record("found")
      return
    }
    #expect(reason.contains("it is no sentinel; sentinels mostly listen on port 26379"))
    withExtendedLifetime(server) {}
  }

  // MARK: Logins and TLS on both sides

  @Test func passwordsOfServersAndOfSentinelsAreTwo() async throws {
    let group = try group {
      $0.password = "of-the-servers"
      $0.sentinelPassword = "of-the-sentinels"
    }
    let right = try group.configuration()
    #expect(await failure(of: right) == nil)
    var wrong = right
    wrong.sentinels?.password = nil
    guard case .loginRefused(let words)? = await failure(of: wrong) else {
      Issue.record("let in")
      return
    }
    #expect(words.hasPrefix("the sentinel 127.0.0.1:\(group.sentinels[0].port) says NOAUTH "))
    #expect(words.contains("--sentinel-askpass"))
    wrong = right
    wrong.password = Array("of-the-sentinels".utf8)
    guard case .loginRefused(let words)? = await failure(of: wrong) else {
      Issue.record("let in")
      return
    }
    #expect(words.hasPrefix("WRONGPASS"))
    await group.close()
  }

  /// Asked for every connection to a sentinel, and never given to a server.
  @Test func thePasswordOfSentinelsIsPrintedAfresh() async throws {
    let group = try group {
      $0.sentinelPassword = "of-the-sentinels"
      $0.replicas = 0
    }
    var configuration = try group.configuration()
    configuration.sentinels?.password = nil
    let asked = Mutex(0)
    let count = AskedCount(asked)
    configuration.sentinels?.passwordSource = { answer in
      count.add()
      answer(.success(Array("of-the-sentinels".utf8)))
    }
    #expect(await failure(of: configuration) == nil)
    #expect(await failure(of: configuration) == nil)
    #expect(count.asked >= 2)
    configuration.sentinels?.passwordSource = { $0(.failure(.init("it printed nothing"))) }
    guard case .unreachable(_, let reason)? = await failure(of: configuration) else {
      Issue.record("let in")
      return
    }
    #expect(reason.contains("it printed nothing"))
    await group.close()
  }

  @Test func everythingIsEncryptedOnBothSides() async throws {
    let group = try group {
      $0.isEncrypted = true
      $0.password = "of-the-servers"
      $0.sentinelPassword = "of-the-sentinels"
    }
    let right = try group.configuration()
    #expect(await failure(of: right) == nil)
    var stranger = right
    stranger.sentinels?.tls?.authorityFile = try TestCertificates.shared().certificate("other-ca")
    guard case .insecure(let endpoint, let reason)? = await failure(of: stranger) else {
      Issue.record("believed")
      return
    }
    #expect(endpoint == "the sentinel 127.0.0.1:\(group.sentinels[0].port)")
    #expect(reason.contains("unknown authority"))
    await group.close()
  }

  // MARK: Sentinels that are wrong

  /// A sentinel as a test wants it: where the primary is by its number of questions so far.
  private func sentinel(
    naming ports: @escaping @Sendable (Int) -> UInt16
  ) throws -> ScriptedServer {
    let asked = Atomic(0)
    let count = QuestionCount(asked)
    return try ScriptedServer { _, command in
      if command.verb == "SENTINEL" {
        return .reply(.array([.bulk("127.0.0.1"), .bulk(String(ports(count.next())))]))
      }
      return ScriptedServer.greeting(command) ?? .reply(.error("ERR unknown command"))
    }
  }

  /// The address names one sentinel. It names another one, and has gone when that is needed.
  @Test func thoseWhoASentinelNamesAreAskedToo() async throws {
    let (old, new) = (try RedisServerProcess(), try RedisServerProcess())
    let isSwitched = Flag()
    let other = try sentinel { _ in isSwitched.isSet ? new.port : old.port }
    let primary = RESPValue.array([.bulk("127.0.0.1"), .bulk(String(old.port))])
    let fellow = RESPValue.array(
      ["name", "x", "ip", "127.0.0.1", "port", String(other.port)].map { .bulk($0) })
    let named = try ScriptedServer { _, command in
      if command.verb == "SENTINEL", isSwitched.isSet { return .close }
      switch command.arguments.dropFirst().first.map({ String(decoding: $0, as: UTF8.self) }) {
      case "GET-MASTER-ADDR-BY-NAME": return .reply(primary)
      case "SENTINELS": return .reply(.array([fellow]))
      default: return ScriptedServer.greeting(command) ?? .reply(.error("ERR unknown command"))
      }
    }
    let channel = SocketChannel(configuration([named]), on: loop)
    #expect(try await channel.send(RESPCommand("SET", "where", "old")) == .ok)
    #expect(other.connections == 0)
    isSwitched.set()
    for _ in 0..<3000 {
      let value = try? await channel.send(RESPCommand("GET", "where"))
      if value == .null { break }
      try await Task.sleep(for: .milliseconds(10))
    }
    #expect(try await channel.send(RESPCommand("GET", "where")) == .null)
    #expect(other.connections > 0)
    await channel.close()
    withExtendedLifetime((old, new, named, other)) {}
  }

  private func configuration(_ sentinels: [ScriptedServer]) -> ChannelConfiguration {
    var configuration = ChannelConfiguration(endpoint: .unix(path: "/nowhere"))
    var asked = SentinelConfiguration(group: "shop", sentinels: sentinels.map(\.endpoint))
    asked.watchInterval = 100
    configuration.sentinels = asked
    return configuration
  }

  /// A replica gets no command, and the next try finds the primary.
  @Test func aReplicaThatIsNamedIsNotBelieved() async throws {
    let primary = try RedisServerProcess()
    let replica = try RedisServerProcess(["--replicaof", "127.0.0.1 \(primary.port)"])
    let behind = try sentinel { $0 < 3 ? replica.port : primary.port }
    let configuration = configuration([behind])
    #expect(
      await failure(of: configuration)
        == .notConnected(
          reason: "127.0.0.1:\(replica.port), which the sentinels name as the primary, "
            + "is a replica at this moment"))
    let channel = SocketChannel(configuration, on: loop)
    for _ in 0..<3000 where channel.status != .connected {
      _ = try? await channel.send(RESPCommand("PING"))
      try await Task.sleep(for: .milliseconds(10))
    }
    #expect(try await channel.send(RESPCommand("SET", "k", "v")) == .ok)
    await channel.close()
    withExtendedLifetime((primary, replica)) {}
  }

  /// With two sentinels the one that is right is asked next.
  @Test func anotherSentinelIsAskedAfterAWrongAnswer() async throws {
    let primary = try RedisServerProcess()
    let gone = try RedisServerProcess.unusedPort()
    let wrong = try sentinel { _ in gone }
    let right = try sentinel { _ in primary.port }
    let channel = SocketChannel(configuration([wrong, right]), on: loop)
    _ = try? await channel.send(RESPCommand("PING"))
    for _ in 0..<3000 where channel.status != .connected {
      await channel.reconnect()
      try await Task.sleep(for: .milliseconds(10))
    }
    #expect(try await channel.send(RESPCommand("SET", "k", "v")) == .ok)
    await channel.close()
    withExtendedLifetime((primary, wrong, right)) {}
  }

  /// The connection to the old one holds all the time, and what is under way there is not sent again.
  @Test func aSilentSwitchIsNoticed() async throws {
    let (old, new) = (try RedisServerProcess(), try RedisServerProcess())
    let isSwitched = Flag()
    let sentinel = try sentinel { _ in isSwitched.isSet ? new.port : old.port }
    let channel = SocketChannel(configuration([sentinel]), on: loop)
    #expect(try await channel.send(RESPCommand("SET", "where", "old")) == .ok)
    isSwitched.set()
    for _ in 0..<3000 {
      let value = try? await channel.send(RESPCommand("GET", "where"))
      if value == .null { break }
      try await Task.sleep(for: .milliseconds(10))
    }
    #expect(try await channel.send(RESPCommand("GET", "where")) == .null)
    #expect(try await channel.send(RESPCommand("SET", "where", "new")) == .ok)
    await channel.close()
    withExtendedLifetime((old, new, sentinel)) {}
  }
}

final class EndpointList: Sendable {
  private let endpoints: Mutex<[Endpoint]>

  init(_ endpoints: consuming Mutex<[Endpoint]>) { self.endpoints = endpoints }

  var all: [Endpoint] { endpoints.withLock { $0 } }

  func add(_ endpoint: Endpoint) { endpoints.withLock { $0.append(endpoint) } }
}

private final class AskedCount: Sendable {
  private let count: Mutex<Int>

  init(_ count: consuming Mutex<Int>) { self.count = count }

  var asked: Int { count.withLock { $0 } }

  func add() { count.withLock { $0 += 1 } }
}

private final class QuestionCount: Sendable {
  private let count: Atomic<Int>

  init(_ count: consuming Atomic<Int>) { self.count = count }

  func next() -> Int { count.add(1, ordering: .relaxed).newValue - 1 }
}
