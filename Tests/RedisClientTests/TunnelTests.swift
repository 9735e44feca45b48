import Glibc
import RESP
import RedisClient
import SystemIO
import TestSupport
import Testing
import Transport

/// Commands whose standard input and output are the connection.
@Suite(.timeLimit(.minutes(5))) struct TunnelTests {
  private let loop: EventLoop

  init() throws {
    loop = try EventLoop()
  }

  /// What `ssh -W` does, by the shell alone.
  private func way(to server: RedisServerProcess) -> String {
    let open = "exec 3<>/dev/tcp/127.0.0.1/\(server.port)"
    return "exec bash -c '\(open); cat <&3 & cat >&3; kill $!'"
  }

  private func channel(_ command: String, tls: TLSSettings? = nil) -> SocketChannel {
    var configuration = ChannelConfiguration(endpoint: .command(command))
    configuration.tls = tls.map { TLSClient($0) }
    return SocketChannel(configuration, on: loop)
  }

  @Test(arguments: [false, true])
  func carriesAConnection(_ usesTLS: Bool) async throws {
    let server = try RedisServerProcess(tls: usesTLS ? .init() : nil)
    var settings = TLSSettings(name: "localhost")
    settings.authorityFile = try TestCertificates.shared().authority
    let channel = channel(way(to: server), tls: usesTLS ? settings : nil)
    let large = [UInt8](repeating: 7, count: 1_000_000)
    _ = try await channel.send(RESPCommand("SET", [Array("k".utf8), large]))
    #expect(try await channel.send(RESPCommand("GET", "k")).bytes == large)
    let result = try await channel.exclusively(for: nil) {
      connection throws(ChannelError) in try await connection.send(RESPCommand("CLIENT", "ID"))
    }
    #expect((result.integer ?? 0) > 0)
    await channel.close()
    withExtendedLifetime(server) {}
  }

  @Test func saysWhyATunnelEnded() async {
    let channel = channel("echo 'Permission denied (publickey).' >&2; exit 255")
    await #expect {
      try await channel.send(RESPCommand("PING"))
    } throws: { error in
      guard case .unreachable(_, let reason) = error as? ChannelError else { return false }
      return reason.contains("the tunnel ended: Permission denied (publickey).")
    }
    await channel.close()
  }

  /// A command that writes to standard error without end holds nothing up.
  @Test func aTalkativeTunnelIsReadAndForgotten() async throws {
    let server = try RedisServerProcess()
    let words = "head -c 300000 /dev/zero | tr '\\0' x >&2"
    let channel = channel("\(words); \(way(to: server))")
    #expect(try await channel.send(RESPCommand("PING")) == .simple("PONG"))
    await channel.close()
    withExtendedLifetime(server) {}
  }

  @Test func aTunnelEndsWithItsConnection() async throws {
    let folder = try TemporaryFolder("tunnel")
    let path = folder.path + "/pid"
    let server = try RedisServerProcess()
    let channel = channel("echo $$ >\(path); \(way(to: server))")
    _ = try await channel.send(RESPCommand("PING"))
    let text = String(decoding: try FileBytes.read(path: path, limit: 64), as: UTF8.self)
    let pid = try #require(Int32(text.filter(\.isNumber)))
    #expect(kill(pid, 0) == 0)
    await channel.close()
    for _ in 0..<1000 where kill(pid, 0) == 0 { try await Task.sleep(for: .milliseconds(10)) }
    #expect(kill(pid, 0) != 0)
    withExtendedLifetime((server, folder)) {}
  }
}
