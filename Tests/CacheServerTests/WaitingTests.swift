import CacheServer
import RESP
import Testing
import Transport

/// Commands that wait for an element.
struct WaitingTests {
  private let host: EngineHost

  init() throws {
    var configuration = EngineConfiguration()
    configuration.tcpPort = 0
    host = try EngineHost(configuration: configuration)
    try host.start()
  }

  private func client() throws -> BlockingClient { try BlockingClient(to: host.addresses[0]) }

  private func send(_ line: String, _ client: BlockingClient) throws {
    try client.send(line + "\r\n")
  }

  /// Waits until so many clients wait, as INFO tells.
  private func expectWaiting(_ count: Int, _ client: BlockingClient) throws {
    var text = ""
    for _ in 0..<2000 {
      text = try client.run("INFO clients").text ?? ""
      if text.contains("blocked_clients:\(count)\r\n") { return }
    }
    Issue.record("\(text)")
  }

  @Test func takesAtOnceWhatIsThere() throws {
    let client = try client()
    _ = try client.run("RPUSH two a b")
    _ = try client.run("ZADD z 1 low 2 high")
    #expect(short(try client.run("BLPOP one two 0")) == "[\"two\", \"a\"]")
    #expect(short(try client.run("BRPOP one two 0")) == "[\"two\", \"b\"]")
    #expect(short(try client.run("BZPOPMAX z 0")) == "[\"z\", \"high\", \"2\"]")
    #expect(short(try client.run("BZPOPMIN z 0")) == "[\"z\", \"low\", \"1\"]")
    _ = try client.run("RPUSH two c")
    #expect(short(try client.run("BLMOVE two one LEFT RIGHT 0")) == "\"c\"")
    #expect(short(try client.run("BRPOPLPUSH one one 0")) == "\"c\"")
    _ = try client.run("SET s v")
    for line in ["BLPOP s 1", "BZPOPMIN s 1", "BLMOVE s one LEFT LEFT 1"] {
      #expect(try client.run(line).error?.code == "WRONGTYPE")
    }
    #expect(short(try client.run("BLPOP k -1")) == "(error) ERR timeout is negative")
    #expect(
      short(try client.run("BLPOP k x")) == "(error) ERR timeout is not a float or out of range")
    #expect(short(try client.run("BLMOVE one two x LEFT 1")) == "(error) ERR syntax error")
  }

  @Test func whoWaitedFirstIsServedFirst() throws {
    let (first, second, third, other) = (try client(), try client(), try client(), try client())
    for (index, waiting) in [first, second, third].enumerated() {
      try send("BLPOP jobs other\(index) 0", waiting)
      try expectWaiting(index + 1, other)
    }
    #expect(try other.run("RPUSH jobs a b") == .integer(2))
    #expect(short(try first.reply()) == "[\"jobs\", \"a\"]")
    #expect(short(try second.reply()) == "[\"jobs\", \"b\"]")
    #expect(try other.run("EXISTS jobs") == .integer(0))
    _ = try other.run("LPUSH other2 c")
    #expect(short(try third.reply()) == "[\"other2\", \"c\"]")
    try expectWaiting(0, other)
  }

  /// What a client sent behind the command that waits is answered afterwards, in order.
  @Test func goesOnWithThePipeline() throws {
    let (waiting, other) = (try client(), try client())
    try waiting.send("PING\r\nBRPOP q 0\r\nPING after\r\nLLEN q\r\n")
    #expect(try waiting.reply() == .simple("PONG"))
    try expectWaiting(1, other)
    _ = try other.run("RPUSH q x y")
    #expect(short(try waiting.reply()) == "[\"q\", \"y\"]")
    #expect(short(try waiting.reply()) == "\"after\"")
    #expect(try waiting.reply() == .integer(1))
  }

  @Test func aTimeRunsOut() throws {
    let waiting = try client()
    try waiting.send("BLPOP q 0.02\r\nBZPOPMIN z 0.01\r\nBLMOVE a b LEFT LEFT 0.01\r\nPING\r\n")
    for _ in 0..<3 { #expect(try waiting.reply() == .null) }
    #expect(try waiting.reply() == .simple("PONG"))
  }

  /// A transaction is whole before anybody is served, and does not wait itself.
  @Test func transactionsAreWhole() throws {
    let (waiting, other) = (try client(), try client())
    try send("BLPOP q 0", waiting)
    try expectWaiting(1, other)
    for line in ["MULTI", "RPUSH q a", "DEL q", "BLPOP q 0", "RPUSH q b", "LLEN q"] {
      _ = try other.run(line)
    }
    #expect(short(try other.run("EXEC")) == "[1, 1, nil, 1, 1]")
    #expect(short(try waiting.reply()) == "[\"q\", \"b\"]")
  }

  /// A key that comes by renaming, restoring or moving serves too; one of another type does not.
  @Test func anyWayOfComingServes() throws {
    let (waiting, chained, other) = (try client(), try client(), try client())
    try send("BLMOVE first second LEFT RIGHT 0", waiting)
    try expectWaiting(1, other)
    try send("BLPOP second 0", chained)
    try expectWaiting(2, other)
    _ = try other.run("SADD first member")
    try expectWaiting(2, other)
    _ = try other.run("RPUSH temporary value")
    _ = try other.run("RENAME temporary first")
    #expect(short(try waiting.reply()) == "\"value\"")
    #expect(short(try chained.reply()) == "[\"second\", \"value\"]")
    #expect(try other.run("DBSIZE") == .integer(0))
  }

  @Test func aClientThatLeavesTakesNothing() throws {
    let other = try client()
    do {
      let leaving = try client()
      try send("BLPOP q 0", leaving)
      try expectWaiting(1, other)
    }
    try expectWaiting(0, other)
    _ = try other.run("RPUSH q a")
    #expect(try other.run("LLEN q") == .integer(1))
  }

  /// A caller in this process has nobody to wait for it.
  @Test func aCallerInThisProcessDoesNotWait() async throws {
    let reply = try await host.channel().exclusively(for: nil) {
      connection throws(ChannelError) in
      try await connection.send([RESPCommand("BLPOP", "q", "0")])[0]
    }
    #expect(reply == .null)
  }
}
