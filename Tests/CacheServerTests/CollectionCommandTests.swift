import CacheEngine
import CacheServer
import RESP
import Testing

/// What a comparison with redis-server cannot show: replies of version 3, random choices, and that
/// nothing is left behind.
struct CollectionCommandTests {
  @Test func anEmptyCollectionRemovesItsKey() async throws {
    let engine = try EngineUnderTest()
    let emptying = [
      ("RPUSH k a b", "LPOP k 5"), ("RPUSH k a", "RPOP k"), ("RPUSH k a a", "LREM k 0 a"),
      ("RPUSH k a b", "LTRIM k 5 9"), ("RPUSH k a", "RPOPLPUSH k other"), ("SADD k 1", "SREM k 1"),
      ("SADD k a b", "SPOP k 2"), ("SADD k a", "SMOVE k other2 a"), ("ZADD k 1 a", "ZREM k a"),
      ("ZADD k 1 a 2 b", "ZPOPMAX k 9"), ("ZADD k 1 a", "ZREMRANGEBYRANK k 0 -1"),
      ("ZADD k 1 a", "ZREMRANGEBYSCORE k -inf inf"), ("SADD k a", "SINTERSTORE k k none"),
    ]
    for (fill, empty) in emptying {
      _ = try await engine.run(fill)
      #expect(try await engine.run("EXISTS k") == .integer(1), "\(fill)")
      #expect(try await engine.run(empty).error == nil, "\(empty)")
      #expect(try await engine.run("EXISTS k") == .integer(0), "\(empty)")
    }
    try await engine.expect("DEL other other2 => 2\nDBSIZE => 0")
    #expect(try await engine.figure("used_memory") == 0)
  }

  @Test func versionThreeHasDoublesAndSets() async throws {
    let engine = try EngineUnderTest()
    try await engine.host.channel().exclusively(for: nil) { connection throws(ChannelError) in
      func run(_ line: String) async throws(ChannelError) -> RESPValue {
        let words = line.split(separator: " ").map { Array($0.utf8) }
        return try await connection.send([RESPCommand(arguments: words)])[0]
      }
      _ = try await run("HELLO 3")
      _ = try await run("ZADD z 1.5 a 2 b")
      _ = try await run("SADD s 2 1")
      #expect(try await run("ZSCORE z a") == .double(1.5))
      #expect(try await run("ZADD z INCR 1 a") == .double(2.5))
      let nested = RESPValue.array([.array([.bulk("b"), .double(2)])])
      #expect(try await run("ZRANGE z 0 0 WITHSCORES") == nested)
      #expect(try await run("ZPOPMIN z 1") == nested)
      #expect(try await run("ZPOPMIN z") == .array([.bulk("a"), .double(2.5)]))
      #expect(try await run("SMEMBERS s") == .set([.bulk("1"), .bulk("2")]))
      #expect(try await run("SUNION s s") == .set([.bulk("1"), .bulk("2")]))
      #expect(try await run("SPOP s 0") == .set([]))
      #expect(try await run("SRANDMEMBER s 5") == .array([.bulk("1"), .bulk("2")]))
    }
  }

  @Test func anyMembers() async throws {
    let engine = try EngineUnderTest()
    for kind in ["i", "member"] {
      let members = (0..<300).map { kind == "i" ? "\($0)" : "m\($0)" }
      _ = try await engine.run("DEL s z")
      _ = try await engine.run("SADD s " + members.joined(separator: " "))
      _ = try await engine.run("ZADD z " + members.map { "1 \($0)" }.joined(separator: " "))
      for command in ["SRANDMEMBER s", "ZRANDMEMBER z"] {
        for count in [1, 20, 250, 299] {
          let drawn = try await engine.run("\(command) \(count)").elements?.compactMap(\.text) ?? []
          #expect(drawn.count == count && Set(drawn).count == count)
          #expect(Set(drawn).isSubset(of: members))
        }
        let repeated = try await engine.run("\(command) -1000").elements?.compactMap(\.text) ?? []
        #expect(repeated.count == 1000 && Set(repeated).count > 100)
        let tooMany = short(try await engine.run("\(command) -9223372036854775807"))
        #expect(tooMany.hasPrefix("(error) ERR value is out of range"))
      }
      var popped: Set<String> = []
      for _ in 0..<300 { popped.insert(try await engine.run("SPOP s").text ?? "") }
      #expect(popped == Set(members))
      try await engine.expect("EXISTS s => 0\nSPOP s => nil\nSRANDMEMBER s => nil")
    }
  }

  @Test func walksLeaveNothingOut() async throws {
    let engine = try EngineUnderTest()
    for index in 0..<1000 { _ = try await engine.run("ZADD z \(index) m\(index)") }
    for index in 0..<1000 { _ = try await engine.run("SADD s m\(index)") }
    for (command, width) in [("ZSCAN z", 2), ("SSCAN s", 1)] {
      var found: [String] = []
      var cursor = "0"
      var steps = 0
      repeat {
        let reply = try await engine.run("\(command) \(cursor) COUNT 20").elements ?? []
        cursor = reply.first?.text ?? "0"
        found += reply.last?.elements?.compactMap(\.text) ?? []
        steps += 1
      } while cursor != "0"
      #expect(steps > 20)
      let members = stride(from: 0, to: found.count, by: width).map { found[$0] }
      #expect(members.count == 1000 && Set(members).count == 1000)
    }
  }

  /// A bound on memory holds for collections too: what grows in place is counted and evicted.
  @Test func collectionsAreEvictedAndExpire() async throws {
    let engine = try EngineUnderTest { configuration in
      configuration.maxMemory = 400_000
      configuration.policy = .allKeysLRU
    }
    for index in 0..<3000 {
      for command in ["RPUSH l", "SADD s", "ZADD z 1"] {
        _ = try await engine.run("\(command)\(index % 30) a-member-of-the-collection-\(index)")
      }
      let used = try await engine.figure("used_memory") ?? 0
      if index % 300 == 0 { #expect(used <= 400_000) }
    }
    #expect(try await engine.figure("evicted_keys") ?? 0 > 0)
    _ = try await engine.run("FLUSHALL")
    try await engine.expect(
      "RPUSH l a => 1\nSADD s a => 1\nZADD z 1 a => 1\nPEXPIRE l 10 => 1\nPEXPIRE s 10 => 1\nPEXPIRE z 10 => 1"
    )
    engine.advance(milliseconds: 10)
    try await engine.expect("DBSIZE => 0\nLPUSHX l a => 0\nZADD z XX 1 a => 0\nSCARD s => 0")
    #expect(try await engine.figure("used_memory") == 0)
  }
}
