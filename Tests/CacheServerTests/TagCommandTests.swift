import CacheServer
import RESP
import Testing
import Transport

struct TagCommandTests {
  @Test func tagsBelongToTheKey() async throws {
    let engine = try EngineUnderTest()
    try await engine.expect(
      """
      SET a 1 => OK
      CACHESCOPE.TAG a red blue red => 2
      CACHESCOPE.TAG a blue green => 1
      CACHESCOPE.TAG none red => 0
      CACHESCOPE.TAGS a => ["red", "blue", "green"]
      CACHESCOPE.TAGS none => nil
      APPEND a 2 => 2
      EXPIRE a 100 => 1
      SET a 5 KEEPTTL => OK
      INCR a => 6
      CACHESCOPE.TAGS a => ["red", "blue", "green"]
      RENAME a b => OK
      CACHESCOPE.TAGS a => nil
      CACHESCOPE.TAGS b => ["red", "blue", "green"]
      COPY b c => 1
      COPY b b DB 1 => 1
      CACHESCOPE.UNTAG c blue none => 1
      CACHESCOPE.TAGS c => ["red", "green"]
      CACHESCOPE.UNTAG c => 2
      CACHESCOPE.TAGS c => []
      CACHESCOPE.UNTAG c => 0
      SET b 1 => OK
      CACHESCOPE.TAGS b => []
      CACHESCOPE.TAGLIST => ["0", []]
      """)
    #expect(try await engine.run("INFO tags").text?.contains("tagged_keys:1\r\n") == true)
  }

  @Test func tagsGoWithTheKey() async throws {
    let engine = try EngineUnderTest()
    try await engine.expect(
      """
      MSET a 1 b 2 c 3 => OK
      CACHESCOPE.TAG a t => 1
      CACHESCOPE.TAG b t => 1
      CACHESCOPE.TAG c t u => 2
      PEXPIRE a 50 => 1
      DEL b => 1
      SET b 2 => OK
      SADD s x => 1
      CACHESCOPE.TAG s t => 1
      SREM s x => 1
      SADD s y => 1
      """)
    engine.advance(milliseconds: 50)
    try await engine.expect(
      """
      CACHESCOPE.TAGGED t COUNT 100 => ["0", ["c"]]
      CACHESCOPE.TAGLIST COUNT 100 MATCH t => ["0", ["t", 1]]
      CACHESCOPE.TAGLIST CURSOR 0 COUNT 100 MATCH x* => ["0", []]
      FLUSHALL => OK
      CACHESCOPE.TAGGED t => ["0", []]
      """)
    #expect(try await engine.figure("used_memory") == 0)
    #expect(try await engine.figure("tags") == 0)
  }

  @Test func dumpsCarryNoTags() async throws {
    let engine = try EngineUnderTest()
    _ = try await engine.run("SET a 1")
    _ = try await engine.run("CACHESCOPE.TAG a t")
    let payload = try #require(try await engine.run("DUMP a").bytes)
    let restore = ["RESTORE", "a", "0"].map { Array($0.utf8) } + [payload, Array("REPLACE".utf8)]
    #expect(try await engine.run(restore) == .ok)
    try await engine.expect("CACHESCOPE.TAGS a => []")
  }

  @Test func refusesWhatIsWrong() async throws {
    let engine = try EngineUnderTest()
    try await engine.expect(
      """
      SET a 1 => OK
      CACHESCOPE.TAG a => (error) ERR wrong number of arguments for 'cachescope.tag' command
      CACHESCOPE.TAGGED t COUNT 0 => (error) ERR syntax error
      CACHESCOPE.TAGGED t COUNT => (error) ERR syntax error
      CACHESCOPE.TAGGED t CURSOR x => (error) ERR invalid cursor
      CACHESCOPE.TAGLIST CURSOR 99999999999999999999 => (error) ERR invalid cursor
      CACHESCOPE.TAGLIST COUNT 9223372036854775807 CURSOR 18446744073709551615 => ["0", []]
      COMMAND GETKEYS CACHESCOPE.TAG a t u => ["a"]
      """)
    let empty = try await engine.run([Array("CACHESCOPE.TAG".utf8), [UInt8(ascii: "a")], []])
    #expect(short(empty) == "(error) ERR a tag has at least one byte and at most 1024")
    let help = try await engine.run("CACHESCOPE.HELP").elements ?? []
    let told = Set(help.compactMap(\.text))
    for facts in CommandTable.specifications where facts.name.hasPrefix("cachescope.") {
      #expect(told.contains { $0.hasPrefix(facts.name.uppercased()) }, "\(facts.name)")
    }
  }

  @Test func invalidatesInATransactionAndTellsOfIt() async throws {
    let engine = try EngineUnderTest { $0.tcpPort = 0 }
    let client = try BlockingClient(to: engine.host.addresses[0])
    let listener = try BlockingClient(to: engine.host.addresses[0])
    #expect(try client.run("CONFIG SET notify-keyspace-events Eg") == .ok)
    _ = try listener.run("SUBSCRIBE __keyevent@0__:del")
    for key in ["a", "b", "c", "d"] { _ = try client.run("SET \(key) 1") }
    for pair in ["a red", "b red", "b blue", "c blue"] {
      #expect(try client.run("CACHESCOPE.TAG \(pair)") == .integer(1))
    }
    #expect(try client.run("MULTI") == .ok)
    #expect(try client.run("CACHESCOPE.INVALIDATE red blue none").text == "QUEUED")
    #expect(short(try client.run("EXEC")) == "[3]")
    #expect(short(try client.run("KEYS *")) == "[\"d\"]")
    let told = try (0..<3).map { _ in try listener.reply().elements?.last?.text }
    #expect(Set(told) == ["a", "b", "c"])
  }

  /// More keys than one slice takes, with commands behind in the same pipeline, for two clients in
  /// turn; a third has left before its own removal is done.
  @Test func invalidatesInSlices() async throws {
    let engine = try EngineUnderTest { $0.tcpPort = 0 }
    let client = try BlockingClient(to: engine.host.addresses[0])
    for tag in ["red", "blue", "green"] {
      let batch = (0..<4000).flatMap {
        [RESPCommand("SET", "\(tag)\($0)", "1"), RESPCommand("CACHESCOPE.TAG", "\(tag)\($0)", tag)]
      }
      _ = try await engine.channel.send(batch)
    }
    try BlockingClient(to: engine.host.addresses[0]).send("CACHESCOPE.INVALIDATE green\r\n")
    let other = try BlockingClient(to: engine.host.addresses[0])
    try other.send("CACHESCOPE.INVALIDATE blue\r\nPING\r\n")
    try client.send("CACHESCOPE.INVALIDATE red\r\nDBSIZE\r\nCACHESCOPE.TAGGED red\r\n")
    #expect(try client.reply() == .integer(4000))
    #expect(try client.reply().integer != nil)
    #expect(short(try client.reply()) == "[\"0\", []]")
    #expect(try other.reply() == .integer(4000))
    #expect(try other.reply().text == "PONG")
    while try client.run("CACHESCOPE.TAGLIST") != .array([.bulk("0"), .array([])]) {}
    #expect(try client.run("DBSIZE") == .integer(0))
    #expect(try client.run("INFO clients").text?.contains("blocked_clients:0\r\n") == true)
  }

  @Test func tellsWhoTracks() throws {
    var configuration = EngineConfiguration()
    configuration.tcpPort = 0
    let host = try EngineHost(configuration: configuration)
    try host.start()
    let reader = try BlockingClient(to: host.addresses[0])
    let broadcast = try BlockingClient(to: host.addresses[0])
    let plain = try BlockingClient(to: host.addresses[0])
    for (client, name, mode) in [(reader, "reader", ""), (broadcast, "all", " BCAST PREFIX us")] {
      _ = try client.run("HELLO 3 SETNAME \(name)")
      #expect(try client.run("CLIENT TRACKING ON" + mode) == .ok)
    }
    _ = try plain.run("SET user 1")
    _ = try plain.run("SET page 1")
    _ = try reader.run("GET user")
    _ = try reader.run("GET page")
    let trackers = try plain.run("CACHESCOPE.TRACKERS user").elements ?? []
    let names = trackers.map { $0.elements?[3].text ?? "" }
    #expect(names == ["reader", "all"])
    #expect(trackers.first?.elements?[5].text?.hasPrefix("127.0.0.1:") == true)
    #expect(try plain.run("CACHESCOPE.TRACKERS page").elements?.count == 1)
    _ = try plain.run("SET page 2")
    #expect(try plain.run("CACHESCOPE.TRACKERS page").elements?.count == 0)
  }
}
