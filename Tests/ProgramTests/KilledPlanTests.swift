import Glibc
import RESP
import RedisClient
import SystemIO
import TestSupport
import Testing
import Transport

/// The program is killed at random moments while a plan, or what takes it back, is under way.
@Suite(.timeLimit(.minutes(60)))
struct KilledPlanTests {
  private static let count = 2500

  /// What there is of every key: its value, in an order of its own, and its deadline.
  private func picture(_ channel: SocketChannel) async throws -> [String] {
    var lines: [String] = []
    for start in stride(from: 0, to: Self.count, by: 250) {
      let batch = (start..<start + 250).flatMap { place in
        [Self.reading(place), RESPCommand("PEXPIRETIME", Self.name(place))]
      }
      let replies = try await channel.send(batch)
      for place in 0..<250 {
        let (value, deadline) = (replies[2 * place], replies[2 * place + 1])
        let parts = (value.elements ?? [value]).map { "\($0)" }
        // Only a list and a sorted set have an order that means something.
        let text = place % 5 < 3 ? parts.sorted() : parts
        lines.append("\(text) \(deadline.integer ?? -9)")
      }
    }
    return lines
  }

  private static func name(_ place: Int) -> String { "k:\(place % 5):\(place)" }

  private static func reading(_ place: Int) -> RESPCommand {
    switch place % 5 {
    case 0: RESPCommand("GET", name(place))
    case 1: RESPCommand("HGETALL", name(place))
    case 2: RESPCommand("SMEMBERS", name(place))
    case 3: RESPCommand("LRANGE", name(place), "0", "-1")
    default: RESPCommand("ZRANGE", name(place), "0", "-1", "WITHSCORES")
    }
  }

  private func fill(_ channel: SocketChannel) async throws {
    var batch: [RESPCommand] = []
    for place in 0..<Self.count {
      let name = Self.name(place)
      switch place % 5 {
      case 0: batch.append(RESPCommand("SET", name, "value \(place)"))
      case 1: batch.append(RESPCommand("HSET", name, "a", "1", "b", "\(place)"))
      case 2: batch.append(RESPCommand("SADD", name, "one", "two", "\(place)"))
      case 3: batch.append(RESPCommand("RPUSH", name, "x", "y", "x", "\(place)"))
      default: batch.append(RESPCommand("ZADD", name, "1.5", "low", "\(place)", "high"))
      }
      if place.isMultiple(of: 3) {
        batch.append(RESPCommand("PEXPIRE", name, "\(80_000_000 + place * 1000)"))
      }
    }
    for reply in try await channel.send(batch) { #expect(reply.error == nil) }
  }

  /// Runs cachescope, and kills it after a while; whether it was killed.
  private func killed(
    _ source: CommandSource, after seconds: Double, _ arguments: [String]
  ) throws -> Bool {
    let finished = try source.program.execute(
      "/usr/bin/timeout",
      ["-s", "KILL", "\(seconds)", BuiltProgram.path("cachescope")] + arguments)
    return finished.status != 0
  }

  private static let plans = [
    ["invalidate", "--match", "k:*"], ["invalidate", "--match", "k:*", "--ttl", "1h"],
    ["invalidate", "--match", "k:*", "--ttl", "none"],
    ["invalidate", "--match", "k:*", "--ttl", "5h~20%"],
  ].map { $0 + ["--confirm", "db0"] }

  /// After a kill every key is either as before, or its change is in the journal and is taken back.
  @Test(arguments: CommandSource.Kind.allCases)
  func everythingIsThereAgainAfterAKill(_ kind: CommandSource.Kind) async throws {
    let source = try CommandSource(kind)
    let channel = SocketChannel(
      ChannelConfiguration(endpoint: .unix(path: source.socketPath)),
      on: try EventLoop(name: "test"))
    try await fill(channel)
    let first = try await picture(channel)
    let start = SystemClock.monotonicMilliseconds
    #expect(try source.program.run(Self.plans[0]).status == 0)
    let whole = Double(SystemClock.monotonicMilliseconds - start) / 1000
    #expect(try await picture(channel) != first)
    #expect(try source.run("undo", "--all", "--confirm", "db0").status == 0)
    try #require(try await picture(channel) == first)

    var random = SeededRandom(seed: LongRun.seed(31, for: "killed plans"))
    var (halves, kills) = (0, 0)
    for round in 0..<(LongRun.factor > 1 ? 70 : 3) {
      let plan = Self.plans[Int.random(in: 0..<Self.plans.count, using: &random)]
      let wait = { Double.random(in: 0.02...max(0.2, whole), using: &random) }
      if try killed(source, after: wait(), plan) { kills += 1 }
      let left = try await picture(channel)
      let same = zip(first, left).count { $0 == $1 }
      if same > 0, same < Self.count { halves += 1 }
      for _ in 0..<Int.random(in: 0...2, using: &random) {
        if try killed(source, after: wait(), ["undo", "--all", "--confirm", "db0"]) { kills += 1 }
      }
      let back = try source.run("undo", "--all", "--confirm", "db0")
      let now = try await picture(channel)
      let different = zip(first, now).count { $0 != $1 }
      #expect(
        different == 0,
        "round \(round), \(plan): \(different) keys differ; \(back.text) \(back.errors)")
      guard different == 0 else { break }
    }
    if LongRun.factor > 1 {
      print("\(kind): \(kills) kills, \(halves) in the middle of a plan")
      #expect(halves > 5)
    }
    await channel.close()
  }
}
