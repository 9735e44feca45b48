import CacheBackends
import CacheModel
import RESP
import TestSupport
import Testing

/// What servers say, taken at its meaning, and numbers beyond all sense.
@Suite struct ServerWordsTests {
  @Test(arguments: [
    ("NOPERM this user has no permissions to run the 'type' command", true),
    ("NOPERM this user has no permissions to run the 'memory' command or its subcommand", true),
    ("NOPERM this user has no permissions to run the 'memory|usage' command", true),
    ("NOPERM User bob has no permissions to run the 'pttl' command", true),
    ("ERR unknown command 'PEXPIRETIME'", true),
    ("ERR unknown command `UNLINK`, with args beginning with: `k`, ", true),
    ("ERR unknown subcommand 'USAGE'. Try MEMORY HELP.", true),
    ("ERR Unknown subcommand or wrong number of arguments for 'USAGE'. Try MEMORY HELP", true),
    ("NOPERM this user has no permissions to access one of the keys used as arguments", false),
    ("NOPERM No permissions to access a key", false),
    ("NOPERM User bob has no permissions to access the 'a key' key", false),
    ("NOPERM this user has no permissions to access one of the channels used as arguments", false),
    ("NOPERM No permissions to access a channel", false),
    ("WRONGTYPE Operation against a key holding the wrong kind of value", false),
    ("LOADING Redis is loading the dataset in memory", false),
    ("BUSY Redis is busy running a script.", false),
    ("ERR syntax error", false), ("NOAUTH Authentication required.", false), ("", false),
  ])
  func knowsWhichRefusalsStay(_ words: String, _ isForGood: Bool) {
    #expect(RESPError(words).isForGood == isForGood)
  }

  /// A change that was not answered may still be made, and nothing is claimed of one that only read.
  @Test func aChangeThatWasNotAnsweredIsToldAsUnknown() async throws {
    let script = ScriptedChannel { command in
      if command.verb == "UNLINK" || command.verb == "SCAN" {
        throw ChannelError.timedOut(afterMilliseconds: 7, outcomeUnknown: true)
      }
      return command.verb == "TYPE" ? .simple("string") : .integer(1)
    }
    let backend = RedisBackend(over: script, address: "a", database: 0)
    await #expect(throws: BackendError.timedOut(afterMilliseconds: 7, outcomeUnknown: true)) {
      try await backend.apply(.delete, to: CacheKey("k"), undoLimit: nil)
    }
    await #expect(throws: BackendError.timedOut(afterMilliseconds: 7, outcomeUnknown: false)) {
      try await backend.scan(from: .start, matching: nil, count: 1)
    }
    let words = BackendError.timedOut(afterMilliseconds: 7, outcomeUnknown: true).sentence
    #expect(words.contains("may still be done"))
  }

  /// Old and new lifetimes at the ends of what a number holds.
  @Test(arguments: [Int64.max, .max - 1, .min, -1, 0, 1 << 62])
  func survivesEveryNumberOfAServer(_ number: Int64) async throws {
    let script = ScriptedChannel { command in
      switch command.verb {
      case "INFO":
        .bulk("run_id:a\r\nkeyspace_hits:\(number)\r\nkeyspace_misses:\(Int64.min)\r\n")
      case "TIME": .array([.integer(1 << 40), .integer(999_999)])
      case "TYPE": .simple("string")
      case "PEXPIRETIME": .error("ERR unknown command 'PEXPIRETIME'")
      case "MULTI", "WATCH": .ok
      case "EXEC":
        .array([
          .bulk("dump"), .array([.integer(1), .integer(2)]), .integer(number), .integer(1),
          .bulk("dump"), .array([.integer(1), .integer(2)]), .integer(.max),
        ])
      case "DUMP": .bulk("dump")
      default: .integer(number)
      }
    }
    let backend = RedisBackend(over: script, address: "a", database: 0)
    let changes: [KeyChange] = [
      .setTTL(.adjust(milliseconds: .max)), .setTTL(.adjust(milliseconds: .min)),
      .setTTL(.fromNow(milliseconds: .max)), .setString([1], expected: nil), .setTTL(.persist),
    ]
    let key = CacheKey("k")
    for change in changes {
      _ = try? await backend.apply(change, to: key, undoLimit: .max)
    }
    for after in [Int64.max, .min, 0] {
      let record = UndoRecord(
        key: key, payload: [1], deadline: WallTime(milliseconds: .max),
        payloadAfter: bytes("dump"), deadlineAfter: WallTime(milliseconds: after),
        origin: SourceIdentity(serverID: "a", database: 0))
      _ = try? await backend.undo(record, overwriting: false)
    }
    _ = try await backend.describe([key], .everything)
    _ = try await backend.statistics()
    var ledger = LookupLedger()
    ledger.observe(
      [RESPCommand("EXISTS", "k"), RESPCommand("TOUCH", "k")], [.integer(number), .integer(number)])
    #expect((0...2).contains(ledger.hits) && ledger.hits + ledger.misses == 2)
  }
}
