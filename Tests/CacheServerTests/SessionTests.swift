import CacheEngine
import CacheServer
import RESP
import Testing

struct SessionTests {
  @Test(arguments: [
    "WATCH k", "MULTI", "EXEC", "DISCARD", "UNWATCH", "SELECT 1", "AUTH x", "HELLO 3", "RESET",
    "QUIT", "SUBSCRIBE c", "MONITOR", "BLPOP k 0",
  ])
  func aSharedChannelRefusesConnectionState(line: String) async throws {
    let engine = try EngineUnderTest()
    let verb = String(line.prefix { $0 != " " })
    await #expect(throws: ChannelError.needsExclusiveConnection(verb: verb)) {
      _ = try await engine.run(line)
    }
    // Nothing of such a batch is sent.
    await #expect(throws: ChannelError.needsExclusiveConnection(verb: "MULTI")) {
      _ = try await engine.channel.send([RESPCommand("SET", "k", "v"), RESPCommand("multi")])
    }
    #expect(try await engine.run("EXISTS k") == .integer(0))
  }

  @Test func transactions() async throws {
    let engine = try EngineUnderTest()
    let replies = try await engine.channel.exclusively(for: nil) {
      connection throws(ChannelError) in
      try await connection.send([
        RESPCommand("EXEC"), RESPCommand("DISCARD"), RESPCommand("MULTI"), RESPCommand("MULTI"),
        RESPCommand("SET", "k", "v"), RESPCommand("INCR", "k"), RESPCommand("EXEC"),
        RESPCommand("EXEC"),
        RESPCommand("MULTI"), RESPCommand("NOSUCH", "a b"), RESPCommand("WATCH", "k"),
        RESPCommand("EXEC"),
        RESPCommand("MULTI"), RESPCommand("SET", "k", "w"), RESPCommand("DISCARD"),
        RESPCommand("GET", "k"),
      ])
    }
    #expect(
      replies.map(short) == [
        "(error) ERR EXEC without MULTI", "(error) ERR DISCARD without MULTI", "OK",
        "(error) ERR MULTI calls can not be nested", "QUEUED", "QUEUED",
        "[OK, (error) ERR value is not an integer or out of range]",
        "(error) ERR EXEC without MULTI", "OK",
        "(error) ERR unknown command 'NOSUCH', with args beginning with: 'a b' ",
        "(error) ERR WATCH inside MULTI is not allowed",
        "(error) EXECABORT Transaction discarded because of previous errors.", "OK", "QUEUED", "OK",
        "\"v\"",
      ])
  }

  @Test func aTransactionIsBounded() async throws {
    let engine = try EngineUnderTest { $0.queryBufferLimit = 10_000 }
    let value = String(repeating: "v", count: 1000)
    let many = (0..<30).map { _ in RESPCommand("SET", "k", value) }
    let replies = try await engine.channel.exclusively(for: nil) {
      connection throws(ChannelError) in
      try await connection.send(
        [RESPCommand("MULTI")] + many
          + [RESPCommand("CLIENT", "LIST"), RESPCommand("EXEC"), RESPCommand("MULTI")] + many[..<8]
          + [RESPCommand("EXEC")])
    }.map(short)
    let words = "(error) ERR transaction exceeds the query buffer limit"
    #expect(replies[1...30].count { $0 == words } == 1)
    #expect(replies[1...30].count { $0 == "QUEUED" } == 29)
    #expect(replies[32].hasPrefix("(error) EXECABORT"))
    // The next one starts anew.
    #expect(replies[33] == "OK" && replies.last?.hasPrefix("[OK, OK") == true)
    #expect(try await engine.run("STRLEN k") == .integer(1000))
  }

  @Test func whatWaitsForExecIsTold() async throws {
    let engine = try EngineUnderTest()
    let list = try await engine.channel.exclusively(for: nil) { connection throws(ChannelError) in
      _ = try await connection.send([
        RESPCommand("MULTI"), RESPCommand("SET", "k", String(repeating: "v", count: 5000)),
      ])
      return try await engine.channel.send(RESPCommand("CLIENT", "LIST"))
    }
    let figure = list.text?.split(separator: "multi-mem=").compactMap {
      Int($0.prefix { $0 != " " })
    }
    #expect(figure?.max() ?? 0 > 5000 && figure?.max() ?? .max < 6000)
  }

  @Test(arguments: [
    ("SET k other", true), ("EXPIRE k 100", true), ("DEL k", true), ("GET k", false),
    ("SET unrelated 1", false), ("FLUSHALL", true), ("APPEND k x", true),
  ])
  func watchSeesEveryChange(line: String, isChange: Bool) async throws {
    let engine = try EngineUnderTest()
    _ = try await engine.run("SET k v")
    let reply = try await engine.channel.exclusively(for: nil) { connection throws(ChannelError) in
      _ = try await connection.send(RESPCommand("WATCH", "k"))
      _ = try await engine.channel.send(
        RESPCommand(arguments: line.split(separator: " ").map { Array($0.utf8) }))
      return try await connection.send(
        [RESPCommand("MULTI"), RESPCommand("SET", "mine", "1"), RESPCommand("EXEC")]
      ).last
    }
    #expect(reply == (isChange ? .null : .array([.ok])))
    #expect(try await engine.run("EXISTS mine") == .integer(isChange ? 0 : 1))
  }

  @Test func aWatchedKeyThatExpiresMakesExecFail() async throws {
    let engine = try EngineUnderTest()
    _ = try await engine.run("SET k v PX 100")
    let reply = try await engine.channel.exclusively(for: nil) { connection throws(ChannelError) in
      _ = try await connection.send(RESPCommand("WATCH", "k"))
      engine.advance(milliseconds: 100)
      return try await connection.send(
        [RESPCommand("MULTI"), RESPCommand("SET", "k", "back"), RESPCommand("EXEC")]
      ).last
    }
    #expect(reply == .null)
    #expect(try await engine.run("GET k") == .null)
  }

  @Test func databasesAreSeparate() async throws {
    let engine = try EngineUnderTest()
    let third = engine.host.channel(database: 3)
    _ = try await third.send(RESPCommand("SET", "k", "three"))
    #expect(try await engine.run("GET k") == .null)
    let selected = try await engine.channel.exclusively(for: nil) {
      connection throws(ChannelError) in
      try await connection.send([
        RESPCommand("SELECT", "3"), RESPCommand("GET", "k"), RESPCommand("SELECT", "16"),
      ])
    }
    #expect(selected.map(short) == ["OK", "\"three\"", "(error) ERR DB index is out of range"])
    #expect(try await engine.run("GET k") == .null)
    #expect(
      try await engine.run("INFO keyspace").text
        == "# Keyspace\r\ndb3:keys=1,expires=0,avg_ttl=0\r\n")
  }

  @Test func aStoppedEngineSaysThatItIsClosed() async throws {
    let engine = try EngineUnderTest()
    _ = try await engine.run("PING")
    await engine.host.stop()
    await #expect(throws: ChannelError.closed) { _ = try await engine.run("PING") }
    await engine.host.stop()
  }

  /// The rule by which lookups count; an explorer subtracts its own by it.
  @Test(arguments: [
    ("GET k", 1), ("STRLEN k", 1), ("GETRANGE k 0 1", 1), ("MGET k k", 2), ("TTL k", 1),
    ("PTTL k", 1), ("PEXPIRETIME k", 1), ("EXPIRETIME k", 1), ("TYPE k", 1), ("EXISTS k k", 2),
    ("TOUCH k", 1), ("OBJECT ENCODING k", 1), ("DUMP k", 1), ("COPY k c", 1), ("GETEX k", 1),
    ("GETDEL k", 1), ("GETSET k v", 1), ("SET k v GET", 1), ("HGET h f", 1), ("HGETALL h", 1),
    ("HLEN h", 1), ("HSCAN h 0", 1), ("HSTRLEN h f", 1), ("HEXISTS h f", 1), ("HMGET h f g", 1),
    ("SET k v", 0), ("SETNX k v", 0), ("APPEND k v", 0), ("DEL k", 0), ("EXPIRE k 5", 0),
    ("PERSIST k", 0), ("RENAME k m", 0), ("MEMORY USAGE k", 0), ("SCAN 0", 0), ("KEYS *", 0),
    ("RANDOMKEY", 0), ("HSET h f v", 0), ("HDEL h f", 0), ("SETRANGE k 0 a", 0), ("INCR n", 0),
    ("SCAN 0 TYPE string", 3), ("SCAN 0 TYPE hash MATCH k*", 1), ("DBSIZE", 0),
  ])
  func countsHitsAsRedisDoes(line: String, hits: Int64) async throws {
    let engine = try EngineUnderTest()
    _ = try await engine.run("MSET k v n 1")
    _ = try await engine.run("HSET h f v")
    #expect(short(try await engine.run(line)).hasPrefix("(error)") == false)
    #expect(try await engine.figure("keyspace_hits") == hits)
    #expect(try await engine.figure("keyspace_misses") == 0)
    _ = try await engine.run("CONFIG RESETSTAT")
    #expect(try await engine.figure("keyspace_hits") == 0)
  }

  @Test func countsMisses() async throws {
    let engine = try EngineUnderTest()
    for line in ["GET a", "TTL a", "TYPE a", "HGET a f", "MGET a b", "DUMP a", "OBJECT FREQ a"] {
      _ = try await engine.run(line)
    }
    #expect(try await engine.figure("keyspace_misses") == 8)
  }

  @Test func noTouchLeavesTheRecency() async throws {
    let engine = try EngineUnderTest()
    _ = try await engine.run("SET k v")
    _ = try await engine.run("CLIENT NO-TOUCH ON")
    engine.advance(milliseconds: 9000)
    try await engine.expect(
      "GET k => \"v\"\nOBJECT IDLETIME k => 9\nTOUCH k => 1\nOBJECT IDLETIME k => 0")
  }

  @Test func memoryStaysInBounds() async throws {
    let engine = try EngineUnderTest { configuration in
      configuration.maxMemory = 200_000
      configuration.policy = .allKeysLRU
    }
    for index in 0..<3000 { _ = try await engine.run("SET key\(index) value\(index)") }
    let used = try await engine.figure("used_memory") ?? .max
    #expect(used <= 200_000)
    #expect(used > 190_000)
    #expect(try await engine.run("EXISTS key2999") == .integer(1))
    #expect(try await engine.run("EXISTS key0") == .integer(0))
    try await engine.expect(
      """
      CONFIG SET maxmemory 1kb maxmemory-policy nosuch => \
      (error) ERR CONFIG SET failed (possibly related to argument 'maxmemory-policy') - \
      argument(s) must be one of the following: noeviction, allkeys-lru
      CONFIG GET maxmemory => {"maxmemory": "200000"}
      CONFIG SET maxmemory-policy noeviction maxmemory 1kb => OK
      SET k v => (error) OOM command not allowed when used memory > 'maxmemory'.
      DEL key2999 => 1
      CONFIG SET maxmemory 0 => OK
      SET k v => OK
      CONFIG SET port 1 => \
      (error) ERR CONFIG SET failed (possibly related to argument 'port') - can't set immutable config
      CONFIG GET maxmemory-p* => {"maxmemory-policy": "noeviction"}
      """)
  }

  @Test func tellsItsCommands() async throws {
    let engine = try EngineUnderTest()
    try await engine.expect(
      """
      COMMAND GETKEYS MSET a 1 b 2 => ["a", "b"]
      COMMAND GETKEYS PING x => (error) ERR The command has no key arguments
      COMMAND NOSUCH => (error) ERR unknown subcommand 'NOSUCH'. Try COMMAND HELP.
      CONFIG GET => (error) ERR wrong number of arguments for 'config|get' command
      nosuch => (error) ERR unknown command 'nosuch', with args beginning with:\(" ")
      """)
    let count = try await engine.run("COMMAND COUNT").integer
    #expect(try await engine.run("COMMAND").elements?.count == count.map { Int($0) })
    let names = CommandTable.specifications.map(\.name)
    #expect(Set(names).count == names.count)
    #expect(CommandTable.specifications.allSatisfy { !$0.summary.isEmpty })
  }
}
