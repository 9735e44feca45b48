import CacheBackends
import CacheModel
import Explorer
import RESP
import Testing

/// What a source tells second by second, against what was done with it.
@Suite(.timeLimit(.minutes(5))) struct StatsShapeTests {
  /// Known numbers of hits, misses and expirations in steps, a ramp and a spike, while the explorer
  /// looks around: sums are exact, each second's bin is what happened in it, and nothing of what
  /// cachescope does itself shows.
  @Test(arguments: SourceKind.redis + [.engineInProcess])
  func aShapeIsToldAsItWas(_ kind: SourceKind) async throws {
    let source = try SourceUnderTest(kind)
    _ = try await source.backend.open()
    try await source.run("SET", "there", "v")
    var history = StatsHistory()
    var moment = Moment(milliseconds: 1_000_000)
    try await record(source, &history, &moment)
    let shape = [10, 10, 10, 40, 40, 0, 1, 2, 3, 4, 5, 300, 5]
    for (second, hits) in shape.enumerated() {
      for _ in 0..<hits { try await source.run("GET", "there") }
      for _ in 0..<second % 3 { try await source.run("GET", "never") }
      try await source.run("SET", "gone", "v", "PX", "1")
      _ = try await source.backend.describe([CacheKey("there"), CacheKey("never")], .everything)
      _ = try await source.backend.read(CacheKey("there"), within: .preview)
      try await record(source, &history, &moment)
    }
    let grid = TimeGrid(window: Int64(shape.count) * 1000, endingAt: moment, count: shape.count)
    #expect(history.series(.hits, over: grid).means == shape.map { Double($0) })
    #expect(
      history.series(.misses, over: grid).means == shape.indices.map { Double($0 % 3) })
    let calls = history.series(.readingCalls, over: grid).means.compactMap { $0 }
    #expect(calls == shape.enumerated().map { Double($1 + $0 % 3) })
    let writes = history.series(.writingCalls, over: grid).means.compactMap { $0 }
    #expect(writes == shape.map { _ in 1 })
    let use = history.commands.use(over: 100_000).first { $0.name == "get" }
    #expect(use?.calls == Double(shape.reduce(0, +) + shape.indices.reduce(0) { $0 + $1 % 3 }))
    // What the explorer looks around with is nobody's.
    let names = Set(history.commands.use(over: 100_000).map(\.name))
    let own = ["type", "pttl", "memory", "memory|usage", "object", "object|encoding", "scan"]
    #expect(names.isDisjoint(with: own), "\(names)")
    await source.close()
  }

  private func record(
    _ source: SourceUnderTest, _ history: inout StatsHistory, _ moment: inout Moment
  ) async throws {
    var sample = try await source.backend.statistics()
    moment = moment.advanced(by: 1000)
    sample.moment = moment
    sample.time = WallTime(milliseconds: moment.milliseconds)
    history.record(sample)
  }
}
