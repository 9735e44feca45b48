import RESP
import RedisClient
import SystemIO
import TestSupport
import Testing
import Transport

/// Channels over TLS to real servers.
@Suite(.timeLimit(.minutes(5))) struct TLSChannelTests {
  private let loop: EventLoop
  private let certificates: TestCertificates

  init() throws {
    loop = try EventLoop()
    certificates = try TestCertificates.shared()
  }

  private func settings(
    _ host: String = "localhost", _ change: (inout TLSSettings) -> Void = { _ in }
  ) -> TLSSettings {
    var settings = TLSSettings(name: host)
    settings.authorityFile = certificates.authority
    change(&settings)
    return settings
  }

  private func channel(
    _ server: RedisServerProcess, _ settings: TLSSettings?, host: String = "localhost",
    limits: ChannelLimits = .standard
  ) -> SocketChannel {
    var configuration = ChannelConfiguration(
      endpoint: .tcp(host: host, port: server.port), limits: limits)
    configuration.tls = settings.map { TLSClient($0) }
    return SocketChannel(configuration, on: loop)
  }

  /// What the first command is told.
  private func failure(of channel: SocketChannel) async -> ChannelError? {
    do throws(ChannelError) {
      _ = try await channel.send(RESPCommand("PING"))
      await channel.close()
      return nil
    } catch {
      await channel.close()
      return error
    }
  }

  private func reason(of error: ChannelError?) -> String {
    if case .insecure(_, let reason) = error { reason } else { "\(String(describing: error))" }
  }

  // MARK: What works

  @Test(arguments: ["TLSv1.2", "TLSv1.3"], ["localhost", "127.0.0.1", "::1"])
  func carriesEverythingInOrder(_ version: String, _ host: String) async throws {
    let server = try RedisServerProcess(["--tls-protocols", version], tls: .init())
    let channel = channel(server, settings(host), host: host)
    let large = (0..<5_000_000).map { UInt8(truncatingIfNeeded: $0 &* 31 >> 3) }
    _ = try await channel.send(RESPCommand("SET", [Array("large".utf8), large]))
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<200 {
        group.addTask {
          let words = (0..<5).map { "\(number).\($0)" }
          let replies = try await channel.send(words.map { RESPCommand("ECHO", $0) })
          #expect(replies.map(\.text) == words)
        }
      }
      try await group.waitForAll()
    }
    #expect(try await channel.send(RESPCommand("GET", "large")).bytes == large)
    await channel.close()
    withExtendedLifetime(server) {}
  }

  @Test func showsTheClientsCertificate() async throws {
    let server = try RedisServerProcess(tls: .init(wantsClients: true))
    let kit = certificates
    let known = settings {
      $0.certificateFile = kit.certificate("client")
      $0.keyFile = kit.key("client")
    }
    #expect(await failure(of: channel(server, known)) == nil)
    let without = await failure(of: channel(server, settings()))
    #expect(reason(of: without).hasPrefix("the server wants a certificate of the client; "))
    let foreign = settings {
      $0.certificateFile = kit.certificate("foreign")
      $0.keyFile = kit.key("foreign")
    }
    let refused = await failure(of: channel(server, foreign))
    #expect(reason(of: refused).contains("refused the client's certificate (unknown authority)"))
    withExtendedLifetime(server) {}
  }

  @Test func comesBackAfterTheServerWasCutOff() async throws {
    let server = try RedisServerProcess(tls: .init())
    let channel = channel(server, settings())
    _ = try await channel.send(RESPCommand("PING"))
    server.end()
    try server.start()
    for _ in 0..<2000 where channel.status != .connected {
      await channel.reconnect()
      try await Task.sleep(for: .milliseconds(10))
    }
    #expect(try await channel.send(RESPCommand("PING")) == .simple("PONG"))
    await channel.close()
  }

  // MARK: Whom it does not believe

  @Test(arguments: [
    ("expired", "expired on 2020-02-01"), ("early", "not valid before 2098-01-01"),
    ("other-name", "is not for localhost but for cache.example, 10.0.0.1"),
    ("foreign", "signed by an unknown authority"), ("self", "signed its certificate itself"),
  ])
  func believesNoOtherServer(_ certificate: String, _ words: String) async throws {
    let server = try RedisServerProcess(["--requirepass", "geheim"], tls: .init(certificate))
    let channel = channel(server, settings())
    let refusal = await #expect(throws: ChannelError.self) {
      try await channel.send(RESPCommand("PING"))
    }
    #expect(reason(of: refusal).contains(words))
    // Nothing is tried again by itself, and whoever asks hears why.
    #expect(refusal.map { channel.status == .refused($0) } == true)
    await channel.close()
    // Only who says so believes it.
    let unverified = settings { $0.verifies = false }
    let login = await failure(of: self.channel(server, unverified))
    #expect(login == .loginRefused("NOAUTH Authentication required."))
    withExtendedLifetime(server) {}
  }

  @Test func theNameWantedMayBeAnotherThanTheHosts() async throws {
    let server = try RedisServerProcess(tls: .init("other-name"))
    #expect(await failure(of: channel(server, settings("cache.example"))) == nil)
    let wrong = await failure(of: channel(server, settings("cache.example.org")))
    #expect(reason(of: wrong).contains("is not for cache.example.org but for cache.example"))
    withExtendedLifetime(server) {}
  }

  @Test func filesAreReadAgainAfterAFailure() async throws {
    let server = try RedisServerProcess(tls: .init())
    let folder = try TemporaryFolder("authority")
    let path = folder.path + "/ca.pem"
    try FileBytes.writeOwnerOnly(
      path: path, FileBytes.read(path: certificates.certificate("other-ca"), limit: 1 << 20))
    let channel = channel(server, settings { $0.authorityFile = path })
    await #expect(throws: ChannelError.self) { try await channel.send(RESPCommand("PING")) }
    try FileBytes.writeOwnerOnly(
      path: path, FileBytes.read(path: certificates.authority, limit: 1 << 20), replacing: true)
    await channel.reconnect()
    #expect(try await channel.send(RESPCommand("PING")) == .simple("PONG"))
    await channel.close()
    withExtendedLifetime((server, folder)) {}
  }

  // MARK: One side in plain text

  /// A PING finds it out; nothing else is said in plain text, and no login above all.
  @Test func aPortWithoutTLSIsToldAndGetsNoLogin() async throws {
    let server = try RedisServerProcess(["--requirepass", "geheim"])
    var configuration = ChannelConfiguration(
      endpoint: .tcp(host: "localhost", port: server.port), password: Array("geheim".utf8))
    configuration.limits.connecting = 60_000
    configuration.tls = TLSClient(settings())
    let error = await failure(of: SocketChannel(configuration, on: loop))
    #expect(reason(of: error).hasPrefix("what answers there does not speak TLS; "))
    let plain = SocketChannel(
      ChannelConfiguration(
        endpoint: .unix(path: server.socketPath), password: Array("geheim".utf8)), on: loop)
    let statistics = try await plain.send(RESPCommand("INFO", "commandstats")).text ?? ""
    // Those of this channel's own login alone, and a PING that was refused.
    #expect(statistics.contains("cmdstat_auth:calls=1,"))
    #expect(statistics.contains("cmdstat_hello:calls=1,"))
    await plain.close()
  }

  @Test func aPortWithTLSIsToldToWhoSpeaksPlainly() async throws {
    let server = try RedisServerProcess(tls: .init())
    let error = await failure(of: channel(server, nil))
    guard case .unreachable(_, let reason) = error else {
      Issue.record("\(String(describing: error))")
      return
    }
    #expect(reason.contains("rediss://"))
    withExtendedLifetime(server) {}
  }

  @Test func anAlertTellsThatTheServerSpeaksTLS() {
    let configuration = ChannelConfiguration(endpoint: .tcp(host: "cache", port: 1))
    var machine = ConnectionStateMachine(configuration, at: 0)
    #expect(!machine.isFirstOfTLS([0x15]))
    _ = machine.opened()
    #expect(machine.isFirstOfTLS([0x15, 3, 1]) && !machine.isFirstOfTLS([0x2B]))
    let ending = machine.violatedByTLS()
    let words = reason(of: ending?.reason)
    #expect(words.contains("connect with rediss://"))
    #expect(machine.violatedByTLS() == nil)
  }

  @Test func whatMayPassIsTriedAgain() {
    let configuration = ChannelConfiguration(endpoint: .tcp(host: "cache", port: 1))
    var machine = ConnectionStateMachine(configuration, at: 0)
    machine.securing()
    let ending = machine.insecure(.broken(words: "bad record mac"))
    #expect(
      ending?.reason
        == .unreachable(endpoint: "cache:1", reason: "TLS failed (bad record mac)"))
  }
}
