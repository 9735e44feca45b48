import RESP
import RedisClient
import Testing
import Transport

/// What a cluster needs and no connection: slots, maps, redirections, routes, figures.
@Suite struct ClusterPartsTests {
  /// Examples of the cluster specification, and what CLUSTER KEYSLOT of Redis 7.0 answers.
  @Test(arguments: [
    ("123456789", 12739), ("", 0), ("foo", 12182), ("{user1000}.following", 3443),
    ("{user1000}.followers", 3443), ("foo{}{bar}", 8363), ("foo{{bar}}zap", 4015),
    ("foo{bar}{zap}", 5061), ("{", 4092),
  ])
  func aKeyLiesInItsSlot(_ key: String, _ slot: UInt16) {
    #expect(HashSlot(of: Array(key.utf8)).number == slot)
  }

  private let seed = Endpoint.tcp(host: "seed.example", port: 7000)

  private func node(_ host: RESPValue, _ port: Int64, _ id: String) -> RESPValue {
    .array([host, .integer(port), .bulk(id), .array([])])
  }

  private func range(_ first: Int64, _ last: Int64, _ nodes: RESPValue...) -> RESPValue {
    .array([.integer(first), .integer(last)] + nodes)
  }

  @Test func theMapIsReadFromClusterSlots() throws {
    let reply = RESPValue.array([
      range(8192, 16383, node(.bulk("10.0.0.2"), 7002, "b"), node(.bulk("10.0.0.4"), 7004, "d")),
      range(0, 4095, node(.bulk("10.0.0.1"), 7001, "a")),
      range(4096, 8000, node(.bulk("10.0.0.1"), 7001, "a")),
    ])
    var map = try #require(SlotMap(reply, askedAt: seed))
    #expect(map.primaries.map(\.id) == ["a", "b"])
    #expect(map.replicas.map(\.id) == ["d"])
    #expect(map.ids == ["a", "b", "d"])
    #expect(map.primary(of: HashSlot(5000))?.endpoint == .tcp(host: "10.0.0.1", port: 7001))
    #expect(map.primary(of: HashSlot(16383))?.id == "b")
    #expect(map.primary(of: HashSlot(8001)) == nil && map.firstOpenSlot == HashSlot(8001))
    #expect(map.slotCount(of: map.primaries[0]) == 8001)
    let isKnown = map.move(HashSlot(5000), to: .tcp(host: "10.0.0.2", port: 7002))
    #expect(isKnown && map.primary(of: HashSlot(5000))?.id == "b")
    let isUnknown = map.move(HashSlot(5000), to: .tcp(host: "10.0.0.9", port: 7002))
    #expect(!isUnknown && map.primary(of: HashSlot(5000))?.id == "b")
  }

  /// Without a host a node is where the answer came from; `mapped` tells where it is reached.
  @Test func nodesAreWhereTheyAreReached() throws {
    let reply = RESPValue.array([
      range(0, 1, node(.null, 7001, "a")), range(2, 3, node(.bulk("?"), 7002, "b")),
      range(4, 5, node(.bulk("10.0.0.1"), 7003, "c")),
    ])
    let map = try #require(
      SlotMap(reply, askedAt: seed) { endpoint in
        endpoint == .tcp(host: "10.0.0.1", port: 7003) ? .tcp(host: "here", port: 1) : endpoint
      })
    #expect(
      map.primaries.map(\.endpoint) == [
        .tcp(host: "seed.example", port: 7001), .tcp(host: "seed.example", port: 7002),
        .tcp(host: "here", port: 1),
      ])
  }

  @Test func whatIsNoMapDoesNoHarm() throws {
    #expect(SlotMap(.error("ERR This instance has cluster support disabled"), askedAt: seed) == nil)
    let odd = RESPValue.array([
      .null, .array([]), range(-1, 5, node(.bulk("h"), 1, "a")),
      range(5, 2, node(.bulk("h"), 1, "a")),
      range(0, 99_999, node(.bulk("h"), 1, "a")), range(0, 5, node(.bulk("h"), 0, "a")),
      range(0, 5, node(.bulk("h"), 70_000, "a")), range(.max, .max, node(.bulk("h"), 1, "a")),
    ])
    let map = try #require(SlotMap(odd, askedAt: seed))
    #expect(map.primaries.isEmpty && map.firstOpenSlot == HashSlot(0))
  }

  @Test func redirectionsAreRead() {
    func read(_ text: String) -> Redirection? { Redirection(.error(text), from: seed) }
    #expect(
      read("MOVED 3999 127.0.0.1:6381")
        == .moved(HashSlot(3999), .tcp(host: "127.0.0.1", port: 6381)))
    #expect(read("ASK 3999 ::1:6381") == .ask(HashSlot(3999), .tcp(host: "::1", port: 6381)))
    #expect(read("MOVED 1 [::1]:6381") == .moved(HashSlot(1), .tcp(host: "::1", port: 6381)))
    #expect(read("MOVED 1 :6381") == .moved(HashSlot(1), .tcp(host: "seed.example", port: 6381)))
    #expect(read("TRYAGAIN Multiple keys request during rehashing of slot") == .tryAgain)
    for odd in [
      "MOVED", "MOVED x 1:2", "MOVED 16384 h:1", "MOVED 1 h", "MOVED 1 h:0", "ASK 1 h:99999",
      "ERR MOVED 1 h:1",
    ] {
      #expect(read(odd) == nil, "\(odd)")
    }
    #expect(read("CLUSTERDOWN The cluster is down") == .down)
    #expect(Redirection(.ok, from: seed) == nil)
  }

  @Test func commandsGoWhereTheirKeysAre() {
    let slot = HashSlot(of: Array("foo".utf8))
    for words in [
      ["GET", "foo"], ["set", "foo", "bar"], ["OBJECT", "ENCODING", "foo"],
      ["MEMORY", "USAGE", "foo"], ["RENAME", "foo", "other"],
      ["EVAL", "return 1", "1", "foo", "a"],
      ["UNLINK", "foo"], ["MGET", "foo", "a{foo}"], ["XREAD", "COUNT", "1", "STREAMS", "foo", "0"],
      ["ZUNION", "2", "foo", "b"], ["BITOP", "AND", "foo", "b"], ["UNHEARD", "foo"],
    ] {
      let command = RESPCommand(arguments: words.map { Array($0.utf8) })
      #expect(CommandRoute(of: command) == .slot(slot), "\(words)")
    }
    for words in [
      ["PING"], ["TIME"], ["CLIENT", "LIST"], ["MEMORY", "STATS"], ["CONFIG", "HELP"],
    ] {
      let command = RESPCommand(arguments: words.map { Array($0.utf8) })
      #expect(CommandRoute(of: command) == .anyNode, "\(words)")
    }
    #expect(CommandRoute(of: RESPCommand("DBSIZE")) == .everyNode(.sum))
    #expect(CommandRoute(of: RESPCommand("CONFIG", "SET", "a", "b")) == .everyNode(.same))
    #expect(CommandRoute(of: RESPCommand("CONFIG", "GET", "a")) == .everyNode(.agreed))
    #expect(CommandRoute(of: RESPCommand("SCAN", "0")) == .scan)
    for odd in [
      [], ["EVAL"], ["EVAL", "x", "-3", "k"], ["EVAL", "x", "999999999", "k"],
      ["XREAD", "STREAMS"], ["DEL"], ["OBJECT"],
    ] {
      _ = CommandRoute(of: RESPCommand(arguments: odd.map { Array($0.utf8) }))
    }
  }

  @Test func keysOfSeveralSlotsAreSplitAndKeepTheirPlaces() throws {
    let command = RESPCommand("MGET", "foo", "bar", "x{foo}")
    guard case .slots(let split) = CommandRoute(of: command) else {
      Issue.record("not split")
      return
    }
    #expect(split.join == .inPlaces)
    #expect(split.parts.map(\.places) == [[0, 2], [1]])
    #expect(split.parts[0].command == RESPCommand("MGET", "foo", "x{foo}"))
    #expect(split.parts[1].slot == HashSlot(of: Array("bar".utf8)))
  }

  @Test func figuresOfAllNodesAreJoined() throws {
    let texts = [
      "# Server\r\nredis_version:7.0.15\r\nrun_id:a\r\nused_memory:10\r\nmaxmemory_policy:x\r\n"
        + "# Keyspace\r\ndb0:keys=3,expires=1,avg_ttl=5\r\n",
      "# Server\r\nredis_version:7.0.15\r\nrun_id:b\r\nused_memory:32\r\n"
        + "# Keyspace\r\ndb0:keys=4,expires=0,avg_ttl=9\r\n",
    ]
    let joined = try joined(texts)
    let lines = joined.split(whereSeparator: \.isNewline)
    for line in [
      "redis_version:7.0.15", "used_memory:42", "maxmemory_policy:x",
      "db0:keys=7,expires=1,avg_ttl=5", "cluster_node_ids:a,b,c,d", "# Keyspace",
      "cluster_open_slots:8192",
      "cluster_node_0:id=a,address=10.0.0.1:7001,role=primary,state=up,slots=4096,keys=3,memory=10",
      "cluster_node_1:id=b,address=10.0.0.2:7002,role=primary,state=failing,slots=4096,keys=4,"
        + "memory=32",
      "cluster_node_2:id=c,address=10.0.0.3:7003,role=replica,state=up,of=a",
    ] {
      #expect(lines.contains(Substring(line)), "\(line)")
    }
    #expect(lines.contains { $0.hasPrefix("run_id:cluster") })
    #expect(try self.joined(texts.reversed()).contains("run_id:cluster"))
    let alone = try self.joined([texts[0], "# Keyspace\r\n"])
    #expect(alone.contains("db0:keys=3,expires=1,avg_ttl=5"))
    #expect(try self.joined(["# Keyspace\r\n", texts[1]]).contains("db0:keys=4"))
  }

  /// A node that does not answer is left out of the sums and named.
  @Test func aNodeThatIsAwayIsNamed() throws {
    let joined = try joined(["used_memory:10\r\nrun_id:a\r\n", nil])
    #expect(joined.contains("\r\nrun_id:a\r\n") || joined.hasPrefix("used_memory:10\r\nrun_id:a"))
    #expect(
      joined.contains(
        "cluster_node_1:id=b,address=10.0.0.2:7002,role=primary,state=away,slots=4096,"
          + "reason=CLUSTERDOWN gone; really"))
  }

  private func joined(_ texts: [String?]) throws -> String {
    let slots = RESPValue.array([
      range(0, 4095, node(.bulk("10.0.0.1"), 7001, "a"), node(.bulk("10.0.0.3"), 7003, "c")),
      range(4096, 8191, node(.bulk("10.0.0.2"), 7002, "b")),
    ])
    var map = try #require(SlotMap(slots, askedAt: seed))
    map.take(
      members: """
        a 10.0.0.1:7001@17001 myself,master - 0 0 1 connected 0-4095 [5->-b] [6-<-b]
        b 10.0.0.2:7002@17002,name master,fail - 0 0 2 connected 4096-8191
        c 10.0.0.3:7003@17003 slave a 0 0 1 connected
        d :0@0 master,noaddr,fail - 0 0 0 disconnected
        e 10.0.0.9:7009@17009 handshake - 0 0 0 connected
        """, askedAt: seed, mapped: { $0 })
    #expect(map.members.map(\.id) == ["a", "b", "c", "d"])
    #expect(map.members[0].slotsOnTheirWay == [HashSlot(5), HashSlot(6)])
    #expect(map.members[2].primaryID == "a" && !map.members[2].isPrimary)
    #expect(map.members[3].endpoint == nil && map.members[3].isFailing)
    let answers = zip(map.primaries, texts).map { node, text in
      ClusterFigures.Answer(
        node: node, text: text, failure: text == nil ? "CLUSTERDOWN gone, really" : nil)
    }
    return ClusterFigures.joined(answers, map)
  }
}
