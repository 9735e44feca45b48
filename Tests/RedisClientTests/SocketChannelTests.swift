import RESP
import RedisClient
import Synchronization
import SystemIO
import TestSupport
import Testing
import Transport

/// Keeps every status that a channel told, and lets a test wait for one.
private final class StatusLog: Sendable {
  private let (stream, continuation) = AsyncStream<ConnectionStatus>.makeStream()

  var onStatus: @Sendable (ConnectionStatus) -> Void {
    { [continuation] in _ = continuation.yield($0) }
  }

  func first(where matches: (ConnectionStatus) -> Bool) async -> ConnectionStatus? {
    for await status in stream where matches(status) { return status }
    return nil
  }
}

@Suite(.timeLimit(.minutes(5))) struct SocketChannelTests {
  private let loop: EventLoop

  init() throws {
    loop = try EventLoop()
  }

  private func channel(
    _ server: RedisServerProcess, overTCP: Bool = false, user: String? = nil,
    password: String? = nil, database: Int = 0,
    dialect: ChannelConfiguration.Dialect = .newest, limits: ChannelLimits = .standard,
    log: StatusLog? = nil
  ) -> SocketChannel {
    let endpoint: Endpoint =
      overTCP ? .tcp(host: "127.0.0.1", port: server.port) : .unix(path: server.socketPath)
    let configuration = ChannelConfiguration(
      endpoint: endpoint, user: user, password: password.map { Array($0.utf8) },
      database: database, clientName: "cachescope-test", dialect: dialect, limits: limits)
    guard let log else { return SocketChannel(configuration, on: loop) }
    return SocketChannel(configuration, on: loop, onStatus: log.onStatus)
  }

  private func text(_ value: RESPValue) -> String { value.text ?? "\(value)" }

  @Test(arguments: [true, false])
  func carriesOverlappingBatchesInOrder(_ overTCP: Bool) async throws {
    let server = try RedisServerProcess()
    let channel = channel(server, overTCP: overTCP)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for number in 0..<200 {
        group.addTask {
          let word = String(number)
          let replies = try await channel.send(
            (0..<5).map { RESPCommand("ECHO", "\(word).\($0)") })
          #expect(replies.map(\.text) == (0..<5).map { "\(word).\($0)" })
        }
      }
      try await group.waitForAll()
    }
    #expect(channel.counters.commands == 1000 + 4)
    #expect(channel.status == .connected)
    await channel.close()
    await #expect(throws: ChannelError.closed) { try await channel.send(RESPCommand("PING")) }
  }

  @Test(arguments: [ChannelConfiguration.Dialect.newest, .resp2])
  func speaksBothDialects(_ dialect: ChannelConfiguration.Dialect) async throws {
    let server = try RedisServerProcess()
    let channel = channel(server, dialect: dialect)
    _ = try await channel.send(RESPCommand("HSET", "h", "f", "v"))
    let reply = try await channel.send(RESPCommand("HGETALL", "h"))
    let expected: RESPValue =
      dialect == .resp2
      ? .array([.bulk("f"), .bulk("v")]) : .map([RESPPair(.bulk("f"), .bulk("v"))])
    #expect(reply == expected)
    await channel.close()
  }

  @Test func refusesWhatWouldChangeTheSharedConnection() async throws {
    let channel = SocketChannel(
      ChannelConfiguration(endpoint: .unix(path: "/nowhere")), on: loop)
    await #expect(throws: ChannelError.needsExclusiveConnection(verb: "MULTI")) {
      try await channel.send([RESPCommand("GET", "k"), RESPCommand("multi")])
    }
    #expect(channel.status == .idle)
  }

  @Test func logsInWithDifficultPasswordsAndUsers() async throws {
    let password = "p@ss&%^:/?#[] ü"
    let server = try RedisServerProcess(
      ["--aclfile", "@/users.acl"],
      files: [
        "users.acl": """
        user default on nopass ~* &* +@all
        user ann on >\(password.filter { $0 != " " }) ~* &* +@all -client

        """
      ])
    let ann = channel(server, user: "ann", password: password.filter { $0 != " " }, database: 5)
    #expect(text(try await ann.send(RESPCommand("ACL", "WHOAMI"))) == "ann")
    await ann.close()
    let wrong = channel(server, user: "ann", password: "wrong")
    let refusal = ChannelError.loginRefused(
      "WRONGPASS invalid username-password pair or user is disabled.")
    await #expect(throws: refusal) { try await wrong.send(RESPCommand("PING")) }
    // Nothing is tried again by itself, and whoever asks hears why.
    #expect(wrong.status == .refused(refusal))
    await #expect(throws: refusal) { try await wrong.send(RESPCommand("PING")) }
    await wrong.close()
  }

  @Test func logsInWithAPasswordAlone() async throws {
    let password = "p@ss &%^\"'\\"
    let server = try RedisServerProcess(["--requirepass", password])
    let channel = channel(server, password: password)
    #expect(try await channel.send(RESPCommand("PING")) == .simple("PONG"))
    await channel.close()
    let none = self.channel(server)
    await #expect(throws: ChannelError.loginRefused("NOAUTH Authentication required.")) {
      try await none.send(RESPCommand("GET", "k"))
    }
    await none.close()
  }

  @Test func comesBackAsTheSameUserInTheSameDatabase() async throws {
    let server = try RedisServerProcess(["--requirepass", "secret"])
    let log = StatusLog()
    let channel = channel(server, password: "secret", database: 7, log: log)
    let other = self.channel(server, password: "secret")
    _ = try await channel.send(RESPCommand("SET", "k", "v"))
    _ = await log.first { $0 == .connected }
    let killed = try await other.send(
      RESPCommand("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes"))
    #expect(killed == .integer(1))
    _ = await log.first { $0 == .connected }
    #expect(try await channel.send(RESPCommand("GET", "k")) == .bulk("v"))
    let about = try await channel.send(RESPCommand("CLIENT", "INFO"))
    #expect(text(about).contains(" db=7 "))
    #expect(text(about).contains(" name=cachescope-test "))
    await channel.close()
    await other.close()
  }

  @Test func aDatabaseThatIsRefusedCarriesNothing() async throws {
    let server = try RedisServerProcess()
    let channel = channel(server, database: 99)
    await #expect(throws: ChannelError.loginRefused("ERR DB index is out of range")) {
      try await channel.send(RESPCommand("SET", "k", "v"))
    }
    await channel.close()
    let first = self.channel(server)
    #expect(try await first.send(RESPCommand("DBSIZE")) == .integer(0))
    await first.close()
  }

  @Test func saysHowLongItWaitsAndReturnsByItself() async throws {
    let server = try RedisServerProcess()
    let log = StatusLog()
    let channel = channel(server, log: log)
    _ = try await channel.send(RESPCommand("PING"))
    server.end()
    let waiting = await log.first { if case .waiting = $0 { true } else { false } }
    #expect(waiting != nil)
    await #expect {
      try await channel.send(RESPCommand("PING"))
    } throws: { error in
      guard case .notConnected(let reason) = error as? ChannelError else { return false }
      // When the next try is due is told by the status, which stays true as time goes by.
      return !reason.contains("next try")
    }
    try server.start()
    _ = await log.first { $0 == .connected }
    #expect(try await channel.send(RESPCommand("PING")) == .simple("PONG"))
    await channel.close()
  }

  /// Where somebody is there and lets nobody in the pauses grow: the fourth is of four seconds. On a
  /// busy machine an answer may take as long, but not each time.
  @Test func triesAtOnceWhenAsked() async throws {
    var shortest = Int64.max
    for _ in 0..<5 where shortest >= 2000 {
      let isOpen = Flag()
      let server = try ScriptedServer { _, command in
        isOpen.isSet ? ScriptedServer.greeting(command) ?? .reply(.ok) : .close
      }
      let log = StatusLog()
      let channel = SocketChannel(
        ChannelConfiguration(endpoint: server.endpoint), on: loop, onStatus: log.onStatus)
      _ = try? await channel.send(RESPCommand("PING"))
      var tries = 0
      let longer = await log.first { status in
        if case .waiting = status { tries += 1 }
        return tries == 4
      }
      #expect(longer != nil)
      isOpen.set()
      let before = SystemClock.monotonicMilliseconds
      await channel.reconnect()
      #expect(try await channel.send(RESPCommand("PING")) == .simple("PONG"))
      shortest = min(shortest, SystemClock.monotonicMilliseconds - before)
      await channel.close()
    }
    #expect(shortest < 2000)
  }

  @Test func whatWasUnderWayIsNotSentAgain() async throws {
    let server = try RedisServerProcess()
    let channel = channel(server)
    _ = try await channel.send(RESPCommand("PING"))
    // The server ends this very connection, so the second command is never answered.
    await #expect {
      try await channel.send([
        RESPCommand("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "no"),
        RESPCommand("INCR", "n"),
      ])
    } throws: { error in
      if case .commandsUnanswered = error as? ChannelError { true } else { false }
    }
    let other = self.channel(server)
    let count = try await other.send(RESPCommand("GET", "n"))
    #expect(count == .null || count == .bulk("1"))
    await channel.close()
    await other.close()
  }

  @Test func aServerThatStopsIsBusyOnOneConnection() async throws {
    let server = try RedisServerProcess()
    let log = StatusLog()
    var limits = ChannelLimits.standard
    limits.reply = 200
    let channel = channel(server, limits: limits, log: log)
    _ = try await channel.send(RESPCommand("PING"))
    server.suspend()
    await #expect(throws: ChannelError.timedOut(afterMilliseconds: 200, outcomeUnknown: true)) {
      try await channel.send(RESPCommand("INCR", "n"))
    }
    guard case .busy = channel.status else {
      Issue.record("not shown as busy: \(channel.status)")
      return
    }
    let before = channel.counters.commands
    await #expect(throws: ChannelError.self) { try await channel.send(RESPCommand("PING")) }
    #expect(channel.counters.commands == before)
    server.resume()
    _ = await log.first { if case .busy = $0 { true } else { false } }
    _ = await log.first { $0 == .connected }
    #expect(try await channel.send(RESPCommand("GET", "n")) == .bulk("1"))
    let clients = try await channel.send(RESPCommand("CLIENT", "LIST"))
    #expect(text(clients).split(separator: "\n").count == 1)
    await channel.close()
  }

  @Test func aReplyBeyondTheBoundEndsTheConnection() async throws {
    let server = try RedisServerProcess()
    var limits = ChannelLimits.standard
    limits.replies.replyBytes = 100_000
    let channel = channel(server, limits: limits)
    _ = try await channel.send(RESPCommand("SETRANGE", "big", "200000", "x"))
    await #expect {
      try await channel.send(RESPCommand("GET", "big"))
    } throws: { error in
      if case .protocolViolation = error as? ChannelError { true } else { false }
    }
    await channel.close()
  }

  @Test func nobodyListens() async throws {
    let channel = SocketChannel(
      ChannelConfiguration(endpoint: .unix(path: "/tmp/no-such-redis.sock")), on: loop)
    await #expect(
      throws: ChannelError.unreachable(
        endpoint: "/tmp/no-such-redis.sock", reason: "No such file or directory")
    ) { try await channel.send(RESPCommand("PING")) }
    await channel.close()
  }

  @Test func aPeerThatIsNoRedisIsTold() async throws {
    let server = try RedisServerProcess()
    _ = server
    let listener = try Listener(.tcp(host: "127.0.0.1", port: 0))
    let endpoint = listener.endpoint
    let answering = Mutex<Listener?>(listener)
    let speaker = Speaker(answering, words: "HTTP/1.1 400 Bad Request\r\n\r\n")
    try SystemThread.start(name: "speaker") { speaker.speak() }
    let channel = SocketChannel(ChannelConfiguration(endpoint: endpoint), on: loop)
    await #expect {
      try await channel.send(RESPCommand("PING"))
    } throws: { error in
      if case .protocolViolation = error as? ChannelError { true } else { false }
    }
    await channel.close()
  }

  // MARK: Lending

  @Test func aLentConnectionIsReturnedAsNew() async throws {
    let server = try RedisServerProcess()
    let channel = channel(server, database: 2)
    let ids = Mutex<[Int64?]>([])
    for round in 0..<4 {
      try await channel.exclusively(for: nil) { connection throws(ChannelError) in
        let id = try await connection.send(RESPCommand("CLIENT", "ID"))
        ids.withLock { $0.append(id.integer) }
        if round == 0 {
          _ = try await connection.send([RESPCommand("WATCH", "k"), RESPCommand("MULTI")])
        }
        if round == 1 { #expect(try await connection.send(RESPCommand("SET", "a", "1")) == .ok) }
        if round == 2 { _ = try await connection.send(RESPCommand("SELECT", "9")) }
        if round == 3 {
          let about = try await connection.send(RESPCommand("CLIENT", "INFO"))
          #expect(about.text?.contains(" db=2 ") == true)
        }
      }
    }
    let seen = ids.withLock { $0 }
    #expect(seen[0] == seen[1] && seen[1] == seen[2])
    #expect(seen[3] != seen[2])
    await channel.close()
  }

  @Test func lendsNoMoreThanItMay() async throws {
    let server = try RedisServerProcess()
    let channel = channel(server)
    let count = Mutex((now: 0, most: 0))
    let counter = Counter(count)
    try await withThrowingTaskGroup(of: Void.self) { group in
      for _ in 0..<40 {
        group.addTask {
          try await channel.exclusively(for: nil) { connection throws(ChannelError) in
            counter.enter()
            _ = try await connection.send([RESPCommand("PING"), RESPCommand("PING")])
            counter.leave()
          }
        }
      }
      try await group.waitForAll()
    }
    #expect((1...4).contains(counter.most))
    await channel.close()
  }
}

private final class Counter: Sendable {
  private let count: Mutex<(now: Int, most: Int)>

  init(_ count: consuming Mutex<(now: Int, most: Int)>) {
    self.count = count
  }

  var most: Int { count.withLock { $0.most } }

  func enter() {
    count.withLock {
      $0.now += 1
      $0.most = max($0.most, $0.now)
    }
  }

  func leave() {
    count.withLock { $0.now -= 1 }
  }
}

/// Says the same words to the first client, whatever it asks.
private final class Speaker: Sendable {
  private let listener: Mutex<Listener?>
  private let words: String

  init(_ listener: consuming Mutex<Listener?>, words: String) {
    self.listener = listener
    self.words = words
  }

  func speak() {
    let client: OwnedDescriptor? = listener.withLock { listener in
      guard let poller = try? Poller(), let raw = listener?.raw else { return nil }
      try? poller.add(raw, .readable, token: 1)
      _ = try? poller.wait(milliseconds: 10_000) { _ in }
      return try? listener?.accept()
    }
    guard let client else { return }
    _ = try? Array(words.utf8).withUnsafeBytes { try client.send($0) }
  }
}
