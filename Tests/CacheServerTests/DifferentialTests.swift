import CacheServer
import RESP
import SystemIO
import TestSupport
import Testing
import Transport

/// The same commands to a redis-server and to the engine must give the same replies.
struct DifferentialTests {
  @Test(arguments: [1, 2, 3, UInt64.random(in: 4 ... .max)])
  func agreesWithRedis(seed: UInt64) throws {
    let pair = try ServerPair()
    var commands = RandomCommands(seed: seed)
    for step in 0..<10_000 {
      let command = commands.next()
      let (expected, found) = try pair.run(command)
      let isSame = normal(expected, command) == normal(found, command)
      #expect(
        isSame,
        """
        seed \(seed) step \(step): \(command.joined(separator: " ").prefix(300))
        redis \(short(expected).prefix(600))
        engine \(short(found).prefix(600))
        """)
      guard isSame else { return }
    }
  }

  /// The same commands must cause the same notifications, whichever kinds are asked for.
  @Test(arguments: [
    ("KEA", 1), ("KEAm", 2), ("Elszn", 3), ("Kg$hx", UInt64.random(in: 4 ... .max)),
  ])
  func notifiesAsRedis(kinds: String, seed: UInt64) throws {
    let pair = try ServerPair()
    let listeners = try pair.listeners(to: "__key*__:*")
    var commands = RandomCommands(seed: seed)
    let told = try pair.run(["CONFIG", "SET", "notify-keyspace-events", kinds])
    #expect(told.redis == .ok && told.engine == .ok)
    let shown = try pair.run(["CONFIG", "GET", "notify-keyspace-events"])
    #expect(shown.redis == shown.engine)
    var seen: Set<String> = []
    for step in 0..<4000 {
      let command = commands.next()
      _ = try pair.run(command)
      let (expected, found) = (try listeners.redis.messages(), try listeners.engine.messages())
      #expect(
        expected == found,
        "\(kinds) seed \(seed) step \(step): \(command.joined(separator: " ").prefix(200))")
      guard expected == found else { return }
      seen.formUnion(expected)
    }
    #expect(seen.count > 50)
  }

  /// Version 2 has two ways to say nothing, on which strict clients insist.
  @Test func saysNothingAsRedis() throws {
    let pair = try ServerPair()
    let lines = [
      "LPOP q", "LPOP q 3", "RPOP q 3", "BLPOP q 0.01", "BRPOP q 0.01", "BLMOVE a b LEFT LEFT 0.01",
      "BRPOPLPUSH a b 0.01", "BZPOPMIN z 0.01", "LPOP q", "RPOPLPUSH a b", "SPOP s",
      "ZADD z XX INCR 1 a", "XADD x NOMKSTREAM * a b", "XADD x 1 a b", "XRANGE x - + COUNT 0",
      "LPOS l x", "LPOS l x COUNT 1", "ZRANDMEMBER z", "ZRANDMEMBER z 2", "ZRANK z a",
      "ZMSCORE z a",
      "SPOP s 3", "SET w 1", "WATCH w", "SET w 2", "MULTI", "EXEC", "GET none", "HMGET h a",
      "OBJECT ENCODING none", "GETEX none", "LRANGE none 0 1", "SMEMBERS none", "ZPOPMIN none",
    ]
    for line in lines {
      var replies: [String] = []
      for client in [pair.redis, pair.engine] {
        try client.send(line + "\r\n")
        replies.append(String(decoding: try client.receive(), as: UTF8.self))
      }
      #expect(replies[0] == replies[1], "\(line)")
    }
  }

  /// What a server gives in the order of its hash table is compared sorted.
  private func normal(_ reply: RESPValue, _ command: [String]) -> RESPValue {
    let unordered = [
      "SMEMBERS", "SINTER", "SUNION", "SDIFF", "HKEYS", "HVALS", "HGETALL", "SSCAN", "ZSCAN",
      "HSCAN", "KEYS", "SCAN", "SPOP",
    ]
    // Of strings the engine tells the encoding for their content, Redis that of their history.
    if command[0] == "OBJECT", ["int", "embstr", "raw"].contains(reply.text ?? "") {
      return .bulk("string")
    }
    guard unordered.contains(command[0]), let elements = reply.elements else { return reply }
    if elements.count == 2, let inner = elements[1].elements, command[0].hasSuffix("SCAN") {
      return .array([elements[0], .array(inner.sorted(by: precedes))])
    }
    return .array(elements.sorted(by: precedes))
  }

  private func precedes(_ first: RESPValue, _ second: RESPValue) -> Bool {
    (first.bytes ?? []).lexicographicallyPrecedes(second.bytes ?? [])
  }
}

/// A redis-server and an engine, each with a client.
struct ServerPair {
  let server: RedisServerProcess
  let host: EngineHost
  let redis: BlockingClient
  let engine: BlockingClient

  init(_ options: [String] = []) throws {
    server = try RedisServerProcess(options)
    var configuration = EngineConfiguration()
    configuration.tcpPort = 0
    host = try EngineHost(configuration: configuration)
    try host.start()
    redis = try BlockingClient(to: .unix(path: server.socketPath))
    engine = try BlockingClient(to: host.addresses[0])
  }

  /// Clients of both that listen to a pattern.
  func listeners(to pattern: String) throws -> (redis: BlockingClient, engine: BlockingClient) {
    let listeners = (
      redis: try BlockingClient(to: .unix(path: server.socketPath)),
      engine: try BlockingClient(to: host.addresses[0])
    )
    _ = try listeners.redis.run("PSUBSCRIBE \(pattern)")
    _ = try listeners.engine.run("PSUBSCRIBE \(pattern)")
    return listeners
  }

  /// The replies of both to one command.
  func run(_ words: [String]) throws -> (redis: RESPValue, engine: RESPValue) {
    try run(words.map { Array($0.utf8) })
  }

  func run(_ arguments: [[UInt8]]) throws -> (redis: RESPValue, engine: RESPValue) {
    let bytes = RESPEncoder.bytes(of: [RESPCommand(arguments: arguments)])
    try redis.send(bytes: bytes)
    try engine.send(bytes: bytes)
    return (try redis.reply(), try engine.reply())
  }
}

extension BlockingClient {
  /// The messages that have come for a listener of version 2, as channel and content.
  func messages() throws -> [String] {
    try send("PING\r\n")
    var found: [String] = []
    while true {
      let message = try reply().elements?.compactMap(\.text) ?? []
      if message.first == "pong" { return found }
      found.append(message.suffix(2).joined(separator: " "))
    }
  }
}
