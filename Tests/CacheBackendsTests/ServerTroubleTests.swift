import CacheBackends
import CacheModel
import RESP
import RedisClient
import SystemIO
import TestSupport
import Testing
import Transport

/// Servers that are in trouble, or hostile: each ends in a sentence with a next step, nothing is claimed
/// that is not known, and the next question is answered.
@Suite(.timeLimit(.minutes(5))) struct ServerTroubleTests {
  private let loop: EventLoop

  init() throws {
    loop = try EventLoop()
  }

  private func backend(
    _ endpoint: Endpoint, _ change: (inout ChannelConfiguration) -> Void = { _ in }
  ) -> (RedisBackend, SocketChannel) {
    var configuration = ChannelConfiguration(endpoint: endpoint)
    configuration.limits.reply = 300
    configuration.limits.replies.replyBytes = 1 << 20
    change(&configuration)
    let channel = SocketChannel(configuration, on: loop)
    return (RedisBackend(over: channel, address: "trouble", database: 0), channel)
  }

  private func sentence(
    _ work: () async throws(BackendError) -> Void
  ) async -> String {
    do throws(BackendError) {
      try await work()
      return ""
    } catch {
      return error.sentence
    }
  }

  // MARK: What servers say

  /// The words of servers in trouble, and what a person is told to do.
  static let troubles: [(words: String, advice: String)] = [
    ("LOADING Redis is loading the dataset in memory", "try again when it is through"),
    (
      "BUSY Redis is busy running a script. You can only call SCRIPT KILL or SHUTDOWN NOSAVE.",
      "SCRIPT KILL"
    ),
    ("READONLY You can't write against a read only replica.", "open the primary"),
    ("OOM command not allowed when used memory > 'maxmemory'.", "raise maxmemory"),
    ("NOAUTH Authentication required.", "--askpass"),
    (
      "NOPERM this user has no permissions to access one of the keys used as arguments", "this user"
    ),
    ("MASTERDOWN Link with MASTER is down and replica-serve-stale-data is set to 'no'.", "primary"),
    (
      "MISCONF Redis is configured to save RDB snapshots, but it's currently unable to persist.",
      "see to the disk"
    ),
    ("NOREPLICAS Not enough good replicas to write.", "min-replicas-to-write"),
  ]

  /// A change is refused with the words, and the next one is made over the same connection.
  @Test(arguments: troubles.indices)
  func aServerInTroubleIsTold(_ row: Int) async throws {
    let (words, advice) = Self.troubles[row]
    let isWell = Flag()
    let server = try ScriptedServer { _, command in
      if let act = ScriptedServer.greeting(command) { return act }
      guard isWell.isSet else { return .reply(.error(words)) }
      return switch command.verb {
      case "INFO": .reply(.bulk("redis_version:7.0.15\r\n"))
      case "SCAN": .reply(.array([.bulk("0"), .array([.bulk("k")])]))
      default: .reply(.error("ERR unknown command"))
      }
    }
    let (backend, channel) = backend(server.endpoint)
    let told = await sentence { () async throws(BackendError) in
      _ = try await backend.scan(from: .start, matching: nil, count: 1)
    }
    #expect(told.hasPrefix("the server refused SCAN: \(words)") && told.contains(advice), "\(told)")
    isWell.set()
    let page = try await backend.scan(from: .start, matching: nil, count: 1)
    #expect(page.keys == [CacheKey("k")] && server.connections == 1)
    #expect(channel.status == .connected)
    await backend.close()
  }

  /// The same from real servers, as far as they can be brought to say it.
  @Test func realServersInTrouble() async throws {
    let full = try RedisServerProcess(["--maxmemory", "100kb", "--maxmemory-policy", "noeviction"])
    let alone = try RedisServerProcess([
      "--replicaof", "127.0.0.1 1", "--replica-serve-stale-data", "no",
    ])
    let replica = try RedisServerProcess(["--replicaof", "127.0.0.1 1"])
    for (server, advice) in [(full, "raise maxmemory"), (replica, "open the primary")] {
      let (backend, _) = backend(.unix(path: server.socketPath)) { $0.limits = .standard }
      _ = try await backend.open()
      let told = await sentence { () async throws(BackendError) in
        _ = try await backend.apply(
          .putString(everyByte, nil, otherKinds: false), to: CacheKey("k"), undoLimit: nil)
      }
      #expect(told.contains(advice), "\(told)")
      await backend.close()
    }
    let (backend, _) = backend(.unix(path: alone.socketPath)) { $0.limits = .standard }
    _ = try? await backend.open()
    let told = await sentence { () async throws(BackendError) in
      _ = try await backend.scan(from: .start, matching: nil, count: 1)
    }
    #expect(told.contains("MASTERDOWN") && told.contains("open the primary"), "\(told)")
    await backend.close()
    withExtendedLifetime((full, alone, replica)) {}
  }

  @Test func aScriptWithoutAnEndIsTold() async throws {
    let server = try RedisServerProcess(["--busy-reply-threshold", "50"])
    let (backend, _) = backend(.unix(path: server.socketPath)) { $0.limits = .standard }
    _ = try await backend.open()
    let (_, admin) = self.backend(.unix(path: server.socketPath)) { $0.limits = .standard }
    let running = Task { try? await admin.send(RESPCommand("EVAL", "while true do end", "0")) }
    var told = ""
    for _ in 0..<1000 where !told.contains("SCRIPT KILL") {
      told = await sentence { () async throws(BackendError) in
        _ = try await backend.scan(from: .start, matching: nil, count: 1)
      }
    }
    #expect(told.hasPrefix("the server refused SCAN: BUSY ") && told.contains("SCRIPT KILL"))
    let (_, other) = self.backend(.unix(path: server.socketPath)) { $0.limits = .standard }
    #expect(try await other.send(RESPCommand("SCRIPT", "KILL")) == .ok)
    _ = await running.value
    #expect(try await backend.scan(from: .start, matching: nil, count: 1).keys.isEmpty)
    for channel in [admin, other] { await channel.close() }
    await backend.close()
    withExtendedLifetime(server) {}
  }

  // MARK: What is no answer

  static let broken: [(name: String, act: ScriptedServer.Act, words: String)] = [
    (
      "stalls mid-reply", .bytes(bytes("*2\r\n$1\r\n0\r\n*1\r\n$10\r\nabc")),
      "no answer within 300 ms"
    ),
    (
      "closes mid-reply", .bytesAndClose(bytes("*2\r\n$1\r\n0\r\n*1\r\n$10\r\nabc")),
      "connection lost"
    ),
    ("closes", .close, "connection lost"),
    ("over-long bulk", .bytes(bytes("$99999999999\r\n")), "makes no sense"),
    ("over-long array", .bytes(bytes("*99999999999\r\n")), "makes no sense"),
    ("an array beyond the bound", .bytes(bytes("*16777217\r\n")), "makes no sense"),
    ("a negative length", .bytes(bytes("$-5\r\n")), "makes no sense"),
    ("no number", .bytes(bytes(":12a\r\n")), "makes no sense"),
    ("another protocol", .bytes(bytes("HTTP/1.1 200 OK\r\n\r\n")), "makes no sense"),
    ("streamed", .bytes(bytes("$?\r\n;3\r\nabc\r\n;0\r\n")), "makes no sense"),
    (
      "too deep", .bytes(bytes(String(repeating: "*1\r\n", count: 100) + ":1\r\n")),
      "makes no sense"
    ),
    ("a reply beyond the bound", .bytes(bytes("$2000000\r\n")), "makes no sense"),
    ("a line without end", .bytes([UInt8](repeating: 0x2B, count: 2 << 20)), "makes no sense"),
    ("one reply too many", .bytes(bytes("*2\r\n$1\r\n0\r\n*0\r\n+OK\r\n")), ""),
    ("null", .bytes(bytes("_\r\n")), "makes no sense"),
    ("something else", .bytes(bytes("%1\r\n+a\r\n+b\r\n")), "makes no sense"),
    ("a cursor that is none", .bytes(bytes("*2\r\n$1\r\nx\r\n*0\r\n")), "makes no sense"),
  ]

  /// The first answers are broken; a question later on is answered.
  @Test(arguments: broken.indices)
  func isToldAndLeftBehind(_ row: Int) async throws {
    let (name, act, words) = Self.broken[row]
    let isWell = Flag()
    let server = try ScriptedServer { _, command in
      if let greeting = ScriptedServer.greeting(command) { return greeting }
      if command.verb == "SCAN", !isWell.isSet { return act }
      return .reply(.array([.bulk("0"), .array([.bulk("k")])]))
    }
    let (backend, channel) = backend(server.endpoint)
    let told = await sentence { () async throws(BackendError) in
      _ = try await backend.scan(from: .start, matching: nil, count: 1)
    }
    #expect(words.isEmpty ? told.isEmpty : told.contains(words), "\(name): \(told)")
    isWell.set()
    // One that stalls may go on where it stopped for as long as it likes.
    if name == "stalls mid-reply" {
      guard case .busy = channel.status else {
        Issue.record("not busy: \(channel.status)")
        return
      }
      await backend.close()
      return
    }
    var keys: [CacheKey]?
    for _ in 0..<1000 where keys == nil {
      await channel.reconnect()
      keys = try? await backend.scan(from: .start, matching: nil, count: 1).keys
      if keys == nil { try await Task.sleep(for: .milliseconds(5)) }
    }
    #expect(keys == [CacheKey("k")], "\(name)")
    await backend.close()
  }
}
