import CacheBackends
import CacheModel
import RESP
import Synchronization
import Testing

@Suite struct LoggingChannelTests {
  private static let time = WallTime(milliseconds: 1000)

  struct Case: Sendable {
    var words: [String]
    var verb: String
    var key: String?
    var count: Int
    var size: Int

    init(_ words: String, _ verb: String, _ key: String?, _ count: Int, _ size: Int) {
      self.words = words.split(separator: "|").map(String.init)
      (self.verb, self.key, self.count, self.size) = (verb, key, count, size)
    }
  }

  @Test(arguments: [
    Case("UNLINK|a|b", "UNLINK", "a", 2, 0),
    Case("SET|k|secret|KEEPTTL", "SET", "k", 1, 13),
    Case("hset|h|f|value", "HSET", "h", 1, 6),
    Case("RENAME|old|new", "RENAME", "old", 2, 0),
    Case("FLUSHDB|ASYNC", "FLUSHDB", nil, 0, 5),
    Case("EVAL|return 1|0", "EVAL", nil, 0, 9),
    Case("CONFIG|SET|maxmemory|100mb", "CONFIG SET", "maxmemory", 1, 5),
    Case("CLIENT|KILL|ID|7", "CLIENT KILL", nil, 0, 3),
    Case("NOSUCHVERB|x", "NOSUCHVERB", nil, 0, 1),
  ])
  func tellsVerbKeyAndSize(_ each: Case) throws {
    let command = RESPCommand(arguments: each.words.map { Array($0.utf8) })
    let told = try #require(SentCommand(command, at: Self.time))
    #expect(told.verb == each.verb)
    #expect(told.key == each.key.map { Array($0.utf8) })
    #expect(told.keyCount == each.count)
    #expect(told.size == each.size)
  }

  @Test(arguments: [
    ["GET", "k"], ["SCAN", "0"], ["MULTI"], ["AUTH", "pw"], ["HELLO", "3", "AUTH", "u", "pw"],
    ["ACL", "SETUSER", "u", ">pw"], ["CONFIG", "SET", "requirepass", "pw"],
    ["CONFIG", "SET", "maxmemory", "1", "masterauth", "pw"],
    ["MIGRATE", "h", "1", "k", "0", "5", "AUTH", "pw"],
  ])
  func tellsNothingOfReadsAndSecrets(_ words: [String]) {
    #expect(SentCommand(RESPCommand(arguments: words.map { Array($0.utf8) }), at: Self.time) == nil)
  }

  @Test func notesBeforeSendingOnBothWays() async throws {
    let sink = Sink()
    let inner = RecordingChannel(sink)
    let channel = LoggingChannel(inner, to: sink)
    _ = try await channel.send([RESPCommand("GET", "a"), RESPCommand("DEL", "b")])
    _ = try await channel.exclusively(for: nil) { connection throws(ChannelError) in
      try await connection.send([RESPCommand("MULTI"), RESPCommand("SET", "c", "1")])
    }
    #expect(sink.verbs == ["DEL", "SET"])
    // What had been noted when the inner channel was called.
    #expect(inner.seen == [["DEL"], ["DEL", "SET"]])
  }

  @Test func tellsWhatWasHeldBack() async throws {
    let sink = Sink()
    let channel = LoggingChannel(RecordingChannel(sink, failing: .closed), to: sink)
    await #expect(throws: ChannelError.closed) { try await channel.send([RESPCommand("DEL", "b")]) }
    #expect(sink.heldBackVerbs == ["DEL"])
    let broken = ChannelError.commandsUnanswered(reason: "gone")
    let other = LoggingChannel(RecordingChannel(sink, failing: broken), to: sink)
    await #expect(throws: broken) { try await other.send([RESPCommand("SET", "b", "1")]) }
    #expect(sink.heldBackVerbs == ["DEL"])
  }
}

private final class Sink: CommandSink {
  private let noted = Mutex<(sent: [String], held: [String])>(([], []))
  var now: WallTime { WallTime(milliseconds: 0) }
  var verbs: [String] { noted.withLock { $0.sent } }
  var heldBackVerbs: [String] { noted.withLock { $0.held } }

  func sending(_ commands: [SentCommand]) {
    noted.withLock { $0.sent += commands.map(\.verb) }
  }

  func heldBack(_ commands: [SentCommand]) {
    noted.withLock { $0.held += commands.map(\.verb) }
  }
}

/// Answers OK, and remembers what the sink knew by then.
private final class RecordingChannel: RESPChannel, RESPConnection {
  private let sink: Sink
  private let failure: ChannelError?
  private let known = Mutex<[[String]]>([])
  var seen: [[String]] { known.withLock { $0 } }

  init(_ sink: Sink, failing failure: ChannelError? = nil) {
    self.sink = sink
    self.failure = failure
  }

  func send(_ batch: [RESPCommand]) async throws(ChannelError) -> [RESPValue] {
    let verbs = sink.verbs
    known.withLock { $0.append(verbs) }
    if let failure { throw failure }
    return batch.map { _ in .simple("OK") }
  }

  func exclusively<Result: Sendable>(
    for slot: HashSlot?,
    _ body: @Sendable (any RESPConnection) async throws(ChannelError) -> Result
  ) async throws(ChannelError) -> Result {
    try await body(self)
  }

  func close() async {}
}
