import CacheBackends
import CacheModel
import CacheServer
import RESP
import RedisClient
import SystemIO
import TestSupport
import Testing
import Transport

/// The sources that the conformance suite runs over: the same assertions, one code path.
/// `CACHESCOPE_SOURCES=redisCluster,redisTLS` keeps a run to these.
enum SourceKind: String, CaseIterable, Sendable, CustomTestStringConvertible {
  case engineInProcess, engineRESP2, engineRESP3, redisRESP2, redisRESP3
  /// By TCP and TLS, with a certificate of the client.
  case redisTLS
  /// As a user without the rights of an administrator, and without dangerous ways to list keys.
  case redisLimited
  /// The primary that sentinels name.
  case redisSentinel
  /// Three primaries with a replica each, as one.
  case redisCluster

  private static let all: [SourceKind] = [
    .engineInProcess, .engineRESP2, .engineRESP3, .redisRESP2, .redisRESP3, .redisTLS,
    .redisLimited, .redisSentinel, .redisCluster,
  ]
  static let allCases: [SourceKind] = {
    guard let names = EnvironmentVariable.value(of: "CACHESCOPE_SOURCES") else { return all }
    let chosen = names.split(separator: ",").map(String.init)
    return all.filter { chosen.contains($0.rawValue) }
  }()

  static let overSockets = allCases.filter { $0 != .engineInProcess }
  /// Those with other databases than number 0.
  static let withDatabases = overSockets.filter { $0 != .redisCluster }
  /// For a test that takes seconds on a cluster: that is left to the long form.
  static let unhurried = allCases.filter { $0 != .redisCluster || LongRun.factor > 1 }
  static let redis = allCases.filter { $0 == .redisRESP2 || $0 == .redisRESP3 }

  var testDescription: String { rawValue }
  var isEngine: Bool { self == .engineInProcess || self == .engineRESP2 || self == .engineRESP3 }
  var dialect: ChannelConfiguration.Dialect {
    self == .engineRESP2 || self == .redisRESP2 ? .resp2 : .newest
  }
}

extension SourceKind {
  /// Names with bytes of all sorts. On a cluster always six or so lie in one slot, so that one can take
  /// the name of another.
  func names(_ count: Int) -> [CacheKey] {
    (0..<count).map { number in
      let name = [UInt8(number), 255, 0, 10, UInt8(number + 100)]
      let slots = max(2, count / 6)
      return CacheKey(self == .redisCluster ? name + bytes("{\(number % slots)}") : name)
    }
  }
}

/// A name in the slot of the one that is `everyByte`, so that a cluster too can rename the one to it.
let mateOfEveryByte = CacheKey([0, 255, 13, 10] + bytes("{|}"))

/// One fresh, empty source, its backend, and another client that does things behind its back.
final class SourceUnderTest: Sendable {
  let kind: SourceKind
  let backend: RedisBackend
  /// The backend's channel, before any decorator of the backend.
  let channel: any RESPChannel
  let other: any RESPChannel
  private let server: RedisServerProcess?
  private static let limited = (user: "app", password: "secret")
  private static let limitedRules = """
    user default on nopass ~* &* +@all
    user app on >secret ~* &* +@all -@admin -keys -shutdown

    """
  private let host: EngineHost?
  let database: Int
  private let group: RedisSentinelGroup?
  private let pooled: PooledCluster?

  static let loop = Result { try EventLoop() }

  /// A cluster has the one database 0, whichever is asked for. `isSecond` where the test holds a source
  /// of the kind already.
  init(
    _ kind: SourceKind, database: Int = 0, options: [String] = [], files: [String: String] = [:],
    user: String? = nil, password: String? = nil, program: String = "redis-server",
    isSecond: Bool = false
  ) throws {
    let database = kind == .redisCluster ? 0 : database
    self.kind = kind
    self.database = database
    let login = (user, password.map { Array($0.utf8) })
    pooled = kind == .redisCluster ? PooledCluster(isSecond: isSecond) : nil
    if let pooled {
      (host, server, group) = (nil, nil, nil)
      channel = try Self.without(options, pooled.channel)
      other = pooled.other
    } else if kind.isEngine {
      let (host, endpoint) = try Self.startEngine(kind)
      (self.host, server, group) = (host, nil, nil)
      channel = try Self.channel(kind, host, endpoint, database, login)
      other = host.channel(database: database)
    } else if kind == .redisSentinel {
      (host, server) = (nil, nil)
      let group = try RedisSentinelGroup(
        unawaited: Self.groupOptions(options, files), on: try Self.loop.get())
      self.group = group
      var configuration = try group.configuration()
      (configuration.user, configuration.password) = login
      configuration.database = database
      channel = SocketChannel(configuration, on: try Self.loop.get())
      other = try Self.channel(
        kind, nil, .unix(path: group.nodes[0].socketPath), database, (nil, nil))
    } else {
      group = nil
      let isLimited = kind == .redisLimited && user == nil
      let server = try RedisServerProcess(
        isLimited ? options + ["--aclfile", "@/limited.acl"] : options,
        files: isLimited ? files.merging(["limited.acl": Self.limitedRules]) { $1 } : files,
        tls: kind == .redisTLS ? .init(wantsClients: true) : nil, program: program)
      (host, self.server) = (nil, server)
      let endpoint = Endpoint.unix(path: server.socketPath)
      let own: Endpoint =
        kind == .redisTLS ? .tcp(host: "127.0.0.1", port: server.port) : endpoint
      let limited = (Self.limited.user, Array(Self.limited.password.utf8))
      channel = try Self.channel(kind, nil, own, database, isLimited ? limited : login)
      other = try Self.channel(
        kind == .redisTLS ? .redisRESP3 : kind, nil, endpoint, database, (nil, nil))
    }
    backend = RedisBackend(over: channel, address: kind.rawValue, database: database)
  }

  /// A channel to servers on which commands have been renamed to nothing, as by the same options.
  private static func without(
    _ options: [String], _ inner: any RESPChannel
  ) throws -> any RESPChannel {
    guard let name = options.first else { return inner }
    guard options.count == 3, name == "--rename-command", options[2].isEmpty else {
      throw RedisServerError(words: "the clusters of this suite are not started with \(options)")
    }
    return MappedChannel(
      inner: inner,
      asked: { command in
        guard command.verb == options[1] else { return command }
        return RESPCommand("NO-\(options[1])", Array(command.arguments.dropFirst()))
      })
  }

  /// A small group as a rule: there are many tests, and each has its own.
  private static func groupOptions(
    _ options: [String], _ files: [String: String]
  ) -> RedisSentinelGroup.Options {
    var group = RedisSentinelGroup.Options()
    if LongRun.factor == 1 { (group.replicas, group.sentinels) = (0, 1) }
    group.serverOptions = options
    group.serverFiles = files
    return group
  }

  private static func startEngine(_ kind: SourceKind) throws -> (EngineHost, Endpoint?) {
    var configuration = EngineConfiguration()
    if kind != .engineInProcess { configuration.tcpPort = 0 }
    let host = try EngineHost(configuration: configuration)
    try host.start()
    return (host, host.addresses.first)
  }

  private static func channel(
    _ kind: SourceKind, _ host: EngineHost?, _ endpoint: Endpoint?, _ database: Int,
    _ login: (user: String?, password: [UInt8]?)
  ) throws -> any RESPChannel {
    if kind == .engineInProcess, let host { return host.channel(database: database) }
    guard let endpoint else { throw BackendError.unsupported("listen") }
    var configuration = ChannelConfiguration(
      endpoint: endpoint, user: login.user, password: login.password, database: database,
      dialect: kind.dialect)
    if kind == .redisTLS { configuration.tls = TLSClient(try clientOfTests()) }
    return SocketChannel(configuration, on: try loop.get())
  }

  private static func clientOfTests() throws -> TLSSettings {
    let certificates = try TestCertificates.shared()
    var settings = TLSSettings(name: "127.0.0.1")
    settings.authorityFile = certificates.authority
    settings.certificateFile = certificates.certificate("client")
    settings.keyFile = certificates.key("client")
    return settings
  }

  /// A second backend over its own channel, for what must not share the first one's state.
  func decorated(_ decorate: (any RESPChannel) -> any RESPChannel) -> RedisBackend {
    RedisBackend(over: decorate(channel), address: kind.rawValue, database: 0)
  }

  /// A backend of a server that knows no CLIENT TRACKING.
  func untracked() -> RedisBackend {
    RedisBackend(over: UntrackedChannel(inner: channel), address: kind.rawValue, database: database)
  }

  func close() async {
    await backend.close()
    await other.close()
    await host?.stop()
    await group?.close()
    await pooled?.end()
  }

  // MARK: Shorthand

  /// Breaks every connection to the source but those that ask for it.
  func breakConnections() async throws {
    if let pooled {
      try await pooled.runEverywhere("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
    } else {
      try await run("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
    }
  }

  /// A command of the other client; an error reply fails.
  @discardableResult
  func run(_ verb: String, _ arguments: [UInt8]...) async throws -> RESPValue {
    let reply = try await other.send(RESPCommand(verb, arguments))
    if let error = reply.error { throw error }
    return reply
  }

  @discardableResult
  func run(_ verb: String, _ words: String...) async throws -> RESPValue {
    let reply = try await other.send(RESPCommand(verb, words.map { Array($0.utf8) }))
    if let error = reply.error { throw error }
    return reply
  }

  /// The deadline of a key by the server, in milliseconds since 1970; -1 without, -2 no key.
  func deadline(_ key: CacheKey) async throws -> Int64? {
    try await run("PEXPIRETIME", key.bytes).integer
  }

  /// The same, from the clock and what is left; both asked at once.
  func deadlineByPTTL(_ key: CacheKey) async throws -> Int64 {
    let replies = try await other.send([RESPCommand("TIME"), RESPCommand("PTTL", [key.bytes])])
    return milliseconds(replies[0]) + (replies[1].integer ?? 0)
  }

  func value(_ key: CacheKey) async throws -> [UInt8]? {
    try await run("GET", key.bytes).bytes
  }

  /// The server's clock in milliseconds.
  func now() async throws -> Int64 {
    milliseconds(try await other.send(RESPCommand("TIME")))
  }

  private func milliseconds(_ time: RESPValue) -> Int64 {
    let parts = time.elements ?? []
    return (parts.first?.integer ?? 0) * 1000 + (parts.last?.integer ?? 0) / 1000
  }
}

/// Every byte there is.
let everyByte = (0...255).map { UInt8($0) }

func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

/// A channel to a server that refuses CLIENT TRACKING as an old one does.
private struct UntrackedChannel: RESPChannel, PushSource {
  let inner: any RESPChannel

  func send(_ batch: [RESPCommand]) async throws(ChannelError) -> [RESPValue] {
    try await inner.send(batch)
  }

  func exclusively<Answer: Sendable>(
    for slot: HashSlot?,
    _ body: @Sendable (any RESPConnection) async throws(ChannelError) -> Answer
  ) async throws(ChannelError) -> Answer {
    try await inner.exclusively(for: slot, body)
  }

  func listening<Answer: Sendable>(
    for form: PushForm,
    _ body:
      @Sendable (any RESPConnection, AsyncStream<RESPValue>) async throws(ChannelError) ->
      Answer
  ) async throws(ChannelError) -> Answer? {
    guard let inner = inner as? any PushSource else { return nil }
    return try await inner.listening(for: form) { connection, pushes throws(ChannelError) in
      try await body(Connection(inner: connection), pushes)
    }
  }

  func close() async { await inner.close() }

  private struct Connection: RESPConnection {
    let inner: any RESPConnection

    func send(_ batch: [RESPCommand]) async throws(ChannelError) -> [RESPValue] {
      if batch.contains(where: { $0.arguments.contains(Array("TRACKING".utf8)) }) {
        return batch.map { _ in .error("ERR Syntax error, try CLIENT (LIST | KILL ip:port)") }
      }
      return try await inner.send(batch)
    }
  }
}
