import CacheServer
import RESP
import TestSupport
import Testing
import Transport

/// Client-side caching: who is told that what it has read is no longer so.
struct TrackingTests {
  /// One client tracks and reads, both change keys; each must be told the same as by redis-server.
  @Test(arguments: [
    ("ON", 1), ("ON NOLOOP", 2), ("ON BCAST", 3), ("ON BCAST PREFIX l PREFIX s1 NOLOOP", 4),
    ("ON OPTIN", 5), ("ON OPTOUT", UInt64.random(in: 6 ... .max)),
  ])
  func tellsAsRedis(mode: String, seed: UInt64) throws {
    let pair = try ServerPair()
    let trackers = try pair.listeners(tracking: mode)
    var commands = RandomCommands(seed: seed)
    var random = SplitMixGenerator(state: seed)
    var told = 0
    for step in 0..<2500 {
      let command = commands.next()
      if Int.random(in: 0..<3, using: &random) == 0 {
        if Bool.random(using: &random) {
          let caching = mode.contains("OPTIN") ? "YES" : "NO"
          _ = try trackers.redis.run("CLIENT CACHING \(caching)")
          _ = try trackers.engine.run("CLIENT CACHING \(caching)")
        }
        let expected = try trackers.redis.keys(after: command)
        let found = try trackers.engine.keys(after: command)
        #expect(expected == found, "\(mode) seed \(seed) step \(step): own \(command)")
        guard expected == found else { return }
        told += expected.count
      } else {
        _ = try pair.run(step % 400 == 399 ? ["FLUSHALL"] : command)
        let expected = try trackers.redis.keys(after: [])
        let found = try trackers.engine.keys(after: [])
        #expect(expected == found, "\(mode) seed \(seed) step \(step): \(command)")
        guard expected == found else { return }
        told += expected.count
      }
    }
    #expect(told > 50)
  }

  @Test func refusesAsRedis() throws {
    let pair = try ServerPair()
    for line in [
      "CLIENT TRACKINGINFO", "CLIENT CACHING YES", "CLIENT GETREDIR", "CLIENT TRACKING x",
      "CLIENT TRACKING ON PREFIX a", "CLIENT TRACKING ON OPTIN OPTOUT",
      "CLIENT TRACKING ON BCAST OPTIN", "CLIENT TRACKING ON BCAST PREFIX ab PREFIX a",
      "CLIENT TRACKING ON OPTIN x", "CLIENT TRACKING OFF x", "CLIENT TRACKING ON OPTIN",
      "CLIENT TRACKINGINFO", "CLIENT CACHING NO", "CLIENT CACHING x", "CLIENT CACHING YES",
      "CLIENT TRACKINGINFO", "CLIENT TRACKING ON BCAST", "CLIENT TRACKING ON OPTOUT",
      "CLIENT GETREDIR", "CLIENT TRACKING OFF", "CLIENT TRACKING ON BCAST PREFIX a PREFIX b NOLOOP",
      "CLIENT TRACKINGINFO", "CLIENT TRACKING ON", "CLIENT TRACKING OFF", "CLIENT TRACKINGINFO",
    ] {
      let (expected, found) = try pair.run(line.split(separator: " ").map(String.init))
      #expect(expected == found, "\(line)")
    }
  }

  @Test func theTableIsBounded() throws {
    let engine = try TrackingEngine { $0.trackedKeysLimit = 10 }
    for index in 0..<25 { _ = try engine.tracker.keys(after: ["GET", "k\(index)"]) }
    let info = try engine.writer.run("INFO everything").text ?? ""
    #expect(info.contains("tracking_total_keys:10\r\n") && info.contains("tracking_clients:1\r\n"))
    let told = try engine.tracker.keys(after: ["GET", "k25"])
    #expect(told.count == 1 && told != ["k25"])
  }

  @Test func tellsWhatExpiresAndWhoHasLeftIsForgotten() throws {
    let engine = try TrackingEngine()
    _ = try engine.writer.run("SET k v PX 30")
    _ = try engine.tracker.keys(after: ["GET", "k"])
    let told = try engine.tracker.reply()
    #expect(told == .push([.bulk("invalidate"), .array([.bulk("k")])]))
    _ = try engine.tracker.keys(after: ["GET", "k"])
    _ = try engine.tracker.keys(after: ["CLIENT", "TRACKING", "OFF"])
    _ = try engine.writer.run("SET k v")
    #expect(try engine.tracker.keys(after: []) == [])
    let info = try engine.writer.run("INFO everything").text ?? ""
    #expect(info.contains("tracking_total_keys:0\r\n"))
  }
}

/// An engine with a client that tracks and one that does not.
private struct TrackingEngine {
  let host: EngineHost
  let tracker: BlockingClient
  let writer: BlockingClient

  init(_ change: (inout EngineConfiguration) -> Void = { _ in }) throws {
    var configuration = EngineConfiguration()
    configuration.tcpPort = 0
    change(&configuration)
    host = try EngineHost(configuration: configuration)
    try host.start()
    tracker = try BlockingClient(to: host.addresses[0])
    writer = try BlockingClient(to: host.addresses[0])
    _ = try tracker.run("HELLO 3")
    _ = try tracker.run("CLIENT TRACKING ON")
  }
}

extension ServerPair {
  /// Clients of both that track.
  fileprivate func listeners(
    tracking mode: String
  ) throws -> (redis: BlockingClient, engine: BlockingClient) {
    let clients = (
      redis: try BlockingClient(to: .unix(path: server.socketPath)),
      engine: try BlockingClient(to: host.addresses[0])
    )
    for client in [clients.redis, clients.engine] {
      _ = try client.run("HELLO 3")
      #expect(try client.run("CLIENT TRACKING \(mode)") == .ok)
    }
    return clients
  }
}

extension BlockingClient {
  /// The keys of the messages that have come by the time that a command is answered, sorted; `*`
  /// stands for all keys. Redis tells a key of broadcasts once for several changes.
  fileprivate func keys(after command: [String]) throws -> [String] {
    var batch = [RESPCommand("ECHO", "behind")]
    if !command.isEmpty {
      batch.insert(RESPCommand(arguments: command.map { Array($0.utf8) }), at: 0)
    }
    var keys: Set<String> = []
    for command in batch {
      try send(bytes: RESPEncoder.bytes(of: [command]))
      while case .push(let message) = try reply() {
        keys.formUnion(message.last?.elements?.compactMap(\.text) ?? ["*"])
      }
    }
    return keys.sorted()
  }
}
