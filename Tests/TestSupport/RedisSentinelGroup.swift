package import CacheModel
package import RESP
package import RedisClient
package import SystemIO
package import Transport

/// A primary, its replicas and the sentinels that watch over them, all real and on loopback, for one
/// test. It ends with this object.
package final class RedisSentinelGroup: Sendable {
  /// What the group is started with.
  package struct Options: Sendable {
    package var replicas = 2
    package var sentinels = 3
    /// That of the servers, and that of the sentinels.
    package var password: String?
    package var sentinelPassword: String?
    /// TLS and nothing else on all ports.
    package var isEncrypted = false
    /// For every server.
    package var serverOptions: [String] = []
    package var serverFiles: [String: String] = [:]
    /// Milliseconds of silence after which a sentinel takes a server for down.
    package var downAfter = 2_000

    package init() {}
  }

  package let name = "shop"
  /// The first is the primary at the beginning.
  package let nodes: [RedisServerProcess]
  package let sentinels: [RedisServerProcess]
  private let options: Options
  private let channels: [SocketChannel]
  private let sentinelChannels: [SocketChannel]

  /// All are there and know one another, so that any server can take over.
  package convenience init(_ options: Options = Options(), on loop: EventLoop) async throws {
    let nodes = try Self.startNodes(options)
    let channels = nodes.map { Self.channel($0, options.password, on: loop) }
    try await Self.waitForReplicas(channels)
    for channel in channels { await channel.close() }
    try self.init(options, nodes, on: loop)
    try await waitForSentinels()
  }

  /// The same while they are still finding one another: enough where only the primary matters.
  package convenience init(unawaited options: Options, on loop: EventLoop) throws {
    try self.init(options, try Self.startNodes(options), on: loop)
  }

  private init(
    _ options: Options, _ nodes: [RedisServerProcess], on loop: EventLoop
  ) throws {
    self.options = options
    self.nodes = nodes
    let tls = options.isEncrypted ? RedisServerProcess.Encryption() : nil
    let text = Self.configuration(options, name, nodes[0].port)
    sentinels = try (0..<options.sentinels).map { _ in
      try RedisServerProcess(
        ["--sentinel"] + (options.isEncrypted ? ["--tls-replication", "yes"] : []),
        files: ["sentinel.conf": text], configuration: "sentinel.conf", tls: tls)
    }
    channels = nodes.map { Self.channel($0, options.password, on: loop) }
    sentinelChannels = sentinels.map { Self.channel($0, options.sentinelPassword, on: loop) }
  }

  package func close() async {
    for channel in channels + sentinelChannels { await channel.close() }
    for process in nodes + sentinels { process.end(removingFolder: true) }
  }

  // MARK: Where it is

  package func endpoint(_ node: Int) -> Endpoint {
    .tcp(host: "127.0.0.1", port: nodes[node].port)
  }

  package var place: SentinelPlace {
    SentinelPlace(
      name: name, sentinels: sentinels.map { ServerPlace(host: "127.0.0.1", port: $0.port) })
  }

  /// How a channel finds the primary.
  package func configuration() throws -> ChannelConfiguration {
    var sentinels = SentinelConfiguration(
      group: name, sentinels: self.sentinels.map { .tcp(host: "127.0.0.1", port: $0.port) })
    sentinels.password = options.sentinelPassword.map { Array($0.utf8) }
    sentinels.watchInterval = 500
    if options.isEncrypted {
      var settings = TLSSettings(name: "127.0.0.1")
      settings.authorityFile = try TestCertificates.shared().authority
      sentinels.tls = settings
    }
    var configuration = ChannelConfiguration(
      endpoint: .tcp(host: "127.0.0.1", port: 0),
      password: options.password.map { Array($0.utf8) })
    configuration.sentinels = sentinels
    return configuration
  }

  // MARK: What is done to it

  /// A command to one server; an error reply fails.
  @discardableResult
  package func run(_ node: Int, _ words: String...) async throws -> RESPValue {
    try await Self.run(words, by: channels[node])
  }

  /// A command to one sentinel.
  @discardableResult
  package func ask(_ sentinel: Int, _ words: String...) async throws -> RESPValue {
    try await Self.run(words, by: sentinelChannels[sentinel])
  }

  /// The server that most sentinels take for the primary; nil while they do not agree.
  package func primary() async -> Int? {
    var votes: [String: Int] = [:]
    for sentinel in sentinels.indices {
      let reply = try? await ask(sentinel, "SENTINEL", "GET-MASTER-ADDR-BY-NAME", name)
      guard let port = reply?.elements?.last?.text else { continue }
      votes[port, default: 0] += 1
    }
    guard let most = votes.max(by: { $0.value < $1.value }), most.value * 2 > sentinels.count
    else { return nil }
    return nodes.firstIndex { String($0.port) == most.key }
  }

  /// Waits until another server is the primary and takes writes; answers which.
  @discardableResult
  package func waitForPrimary(otherThan old: Int) async throws -> Int {
    var found: Int?
    try await Self.wait("another primary") {
      guard let new = await self.primary(), new != old,
        let role = try? await self.run(new, "ROLE"), role.elements?.first?.text == "master"
      else { return false }
      found = new
      return true
    }
    return found ?? old
  }

  /// Has the sentinels make another server the primary, in order.
  package func failOver() async throws {
    try await Self.wait("a failover can begin") {
      (try? await self.ask(0, "SENTINEL", "FAILOVER", self.name)) == .ok
    }
  }

  // MARK: Starting

  private static func startNodes(_ options: Options) throws -> [RedisServerProcess] {
    let tls = options.isEncrypted ? RedisServerProcess.Encryption() : nil
    let own = nodeOptions(options)
    let files = options.serverFiles
    let primary = try RedisServerProcess(own, files: files, tls: tls)
    let replicas = try (0..<options.replicas).map { _ in
      try RedisServerProcess(
        own + ["--replicaof", "127.0.0.1 \(primary.port)"], files: files, tls: tls)
    }
    return [primary] + replicas
  }

  private static func nodeOptions(_ options: Options) -> [String] {
    var words = ["--repl-diskless-sync-delay", "0"] + options.serverOptions
    if let password = options.password {
      words += ["--requirepass", password, "--masterauth", password]
    }
    if options.isEncrypted { words += ["--tls-replication", "yes"] }
    return words
  }

  private static func configuration(
    _ options: Options, _ name: String, _ port: UInt16
  ) -> String {
    var lines = [
      "sentinel monitor \(name) 127.0.0.1 \(port) \(options.sentinels / 2 + 1)",
      "sentinel down-after-milliseconds \(name) \(options.downAfter)",
      "sentinel failover-timeout \(name) 6000",
      "sentinel parallel-syncs \(name) 2",
    ]
    if let password = options.password { lines.append("sentinel auth-pass \(name) \(password)") }
    if let password = options.sentinelPassword {
      lines += ["requirepass \(password)", "sentinel sentinel-pass \(password)"]
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func channel(
    _ process: RedisServerProcess, _ password: String?, on loop: EventLoop
  ) -> SocketChannel {
    SocketChannel(
      ChannelConfiguration(
        endpoint: .unix(path: process.socketPath), password: password.map { Array($0.utf8) }),
      on: loop)
  }

  private static func run(
    _ words: [String], by channel: SocketChannel
  ) async throws -> RESPValue {
    let reply = try await channel.send(RESPCommand(arguments: words.map { Array($0.utf8) }))
    if let error = reply.error { throw error }
    return reply
  }

  private static func waitForReplicas(_ channels: [SocketChannel]) async throws {
    try await wait("replicas follow") {
      for channel in channels.dropFirst() {
        let told = try? await run(["INFO", "replication"], by: channel).text
        guard told?.contains("master_link_status:up") == true else { return false }
      }
      return true
    }
  }

  /// Each knows the other sentinels and all replicas, so that it can vote and choose.
  private func waitForSentinels() async throws {
    try await Self.wait("sentinels know all") {
      for sentinel in self.sentinels.indices {
        guard let reply = try? await self.ask(sentinel, "SENTINEL", "MASTER", self.name),
          Self.field("num-slaves", of: reply) == String(self.options.replicas),
          Self.field("num-other-sentinels", of: reply) == String(self.options.sentinels - 1)
        else { return false }
      }
      return true
    }
  }

  private static func field(_ name: String, of reply: RESPValue) -> String? {
    if case .map(let pairs) = reply { return pairs.first { $0.key.text == name }?.value.text }
    let words = (reply.elements ?? []).map(\.text)
    guard let place = words.firstIndex(of: name), place + 1 < words.count else { return nil }
    return words[place + 1]
  }

  private static func wait(_ what: String, _ isSo: () async -> Bool) async throws {
    for _ in 0..<2400 {
      if await isSo() { return }
      try await Task.sleep(for: .milliseconds(25))
    }
    throw RedisServerError(words: "the group of servers does not get there: \(what)")
  }
}
