import CacheBackends
import CacheModel
import RESP
import Synchronization
import TestSupport
import Testing

/// Several processes that add up what they cause on one server.
@Suite(.timeLimit(.minutes(5))) struct SharedLookupsTests {
  private final class Account: SharedLookups {
    private let sum: Mutex<LookupLedger>

    init(hits: Int64 = 0) {
      sum = Mutex(LookupLedger(hits: hits, misses: 0))
    }

    var total: LookupLedger { sum.withLock { $0 } }

    func add(_ lookups: LookupLedger) {
      sum.withLock {
        $0 = LookupLedger(hits: $0.hits + lookups.hits, misses: $0.misses + lookups.misses)
      }
    }
  }

  /// Another process causes lookups after the server has answered INFO, and tells of them before
  /// the answer is looked at.
  @Test(arguments: SourceKind.redis)
  func whatIsAddedAfterTheAnswerIsNoReset(_ kind: SourceKind) async throws {
    let source = try SourceUnderTest(kind)
    let account = Account()
    let other = MappedChannel(
      inner: source.channel,
      answered: { command, reply in
        if command.verb == "INFO" { account.add(LookupLedger(hits: 5, misses: 0)) }
        return reply
      })
    let backend = RedisBackend(over: other, address: "a", database: 0, sharing: { _ in account })
    try await source.run("SET", "k", "v")
    _ = try await backend.open()
    for _ in 0..<3 {
      let before = account.total.hits
      let asked = try await source.run("INFO", "stats").text ?? ""
      let told = ServerFigures(asked).number("keyspace_hits") ?? 0
      for _ in stride(from: told, to: before, by: 1) { try await source.run("GET", "k") }
      let statistics = try await backend.statistics()
      #expect(statistics.hits == 0)
      #expect(account.total.hits >= before + 5)
    }
    await source.close()
  }

  /// A scripted run of a server, figure by figure: hits, commands, uptime.
  private func told(_ figures: [(Int64, Int64, Int64)], account: Account) async throws -> Int64? {
    let next = Mutex(figures[...])
    let script = ScriptedChannel { _ in
      let (hits, commands, uptime) = next.withLock { $0.popFirst() } ?? (0, 0, 0)
      return .bulk(
        """
        run_id:a\r\nuptime_in_seconds:\(uptime)\r\ntotal_commands_processed:\(commands)\r
        keyspace_hits:\(hits)\r\nkeyspace_misses:0\r\n
        """)
    }
    let backend = RedisBackend(over: script, address: "a", database: 0, sharing: { _ in account })
    var hits: Int64?
    // The first answer only tells which account it is.
    for _ in 1..<figures.count { hits = try await backend.statistics().hits }
    return hits
  }

  @Test func aLittleAheadIsNoReset() async throws {
    let account = Account(hits: 10)
    let hits = try await told([(10, 50, 3), (10, 51, 3), (7, 52, 4)], account: account)
    #expect(hits == 0 && account.total.hits == 10)
  }

  @Test(arguments: [
    (Int64(10), Int64(7), Int64(20), Int64(4)), (10, 7, 52, 1), (9000, 7, 52, 4),
  ])
  func aResetIsFoundAllTheSame(
    _ own: Int64, _ hits: Int64, _ commands: Int64, _ uptime: Int64
  ) async throws {
    let account = Account(hits: own)
    let told = try await told(
      [(own, 50, 3), (own, 51, 3), (hits, commands, uptime)], account: account)
    #expect(told == hits && account.total.hits == 0)
  }
}
