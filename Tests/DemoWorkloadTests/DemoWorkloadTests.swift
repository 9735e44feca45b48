import CacheEngine
import CacheServer
import DemoWorkload
import RESP
import TestSupport
import Testing

/// The demo's application at work on an engine whose clock is moved by hand.
struct DemoWorkloadTests {
  /// One course of the demo.
  private struct Course {
    let clock = ManualClock(1_700_000_000_000)
    let host: EngineHost
    let channel: InProcessChannel
    var workload: DemoWorkload
    /// What the application was answered with errors.
    var errors: [RESPError] = []

    init(seed: UInt64) async throws {
      var configuration = EngineConfiguration()
      configuration.maxMemory = 8 << 20
      configuration.policy = .allKeysLRU
      let clock = clock
      host = try EngineHost(
        configuration: configuration,
        clock: EngineClock(
          wallMilliseconds: { clock.now }, monotonicMicroseconds: { clock.now * 1000 }))
      try host.start()
      channel = host.channel()
      workload = await DemoRunner.fill(seed: seed, over: channel, start: clock.now)
    }

    /// Lets simulated time pass, in steps as the demo takes them; answers the commands sent.
    mutating func run(seconds: Int, step: Int64 = 50) async throws -> [[RESPCommand]] {
      var sent: [[RESPCommand]] = []
      for _ in 0..<(Int64(seconds) * 1000 / step) {
        clock.advance(by: step)
        let commands = workload.batch(at: clock.now)
        let replies = try await channel.send(commands)
        let more = workload.observe(replies)
        errors += (replies + (try await channel.send(more))).compactMap(\.error)
        sent += [commands, more]
      }
      return sent
    }

    func figures() async throws -> [String: Int] {
      let text = try await channel.send(RESPCommand("INFO", "everything")).text ?? ""
      let pairs = text.split(whereSeparator: \.isNewline).compactMap { line -> (String, Int)? in
        let parts = line.split(separator: ":", maxSplits: 1)
        return parts.count == 2 ? Int(parts[1]).map { (String(parts[0]), $0) } : nil
      }
      return Dictionary(pairs, uniquingKeysWith: { first, _ in first })
    }

    func keys() async throws -> [String] {
      try await channel.send(RESPCommand("KEYS", "*")).elements?.compactMap(\.text) ?? []
    }
  }

  @Test func theSameSeedTakesTheSameCourse() async throws {
    var one = try await Course(seed: 7)
    var same = try await Course(seed: 7)
    var other = try await Course(seed: 8)
    let sent = try await one.run(seconds: 5)
    #expect(try await same.run(seconds: 5) == sent)
    #expect(try await other.run(seconds: 5) != sent)
    #expect(try await Set(one.keys()) == Set(same.keys()))
    #expect(sent.reduce(0) { $0 + $1.count } > 4000)
  }

  @Test func looksLikeAnApplication() async throws {
    var course = try await Course(seed: 7)
    let full = try await course.figures()
    #expect(full["used_memory"] ?? 0 > 2 << 20)
    _ = try await course.run(seconds: 10)
    let early = try await course.figures()
    _ = try await course.run(seconds: 100)
    let late = try await course.figures()
    let passed = { (name: String) in Double((late[name] ?? 0) - (early[name] ?? 0)) }
    let (hits, misses) = (passed("keyspace_hits"), passed("keyspace_misses"))
    let ratio = hits / max(1, hits + misses)
    #expect(ratio > 0.75 && ratio < 0.98, "\(ratio)")
    #expect((1000...2500).contains((hits + misses) / 100))
    #expect(passed("expired_keys") > 500)
    #expect(late["used_memory"] ?? .max <= 8 << 20)
    #expect(course.errors.isEmpty)
    let kinds = Set(try await course.keys().map { $0.split(separator: ":").prefix(2) })
    let expected = ["page", "user", "query", "session", "rate", "config"]
    #expect(kinds.subtracting([["app", "lock"]]) == Set(expected.map { ["app", $0[...]] }))
  }
}
