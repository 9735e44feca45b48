import CacheModel
import Explorer
import Testing

@Suite struct StatsHistoryTests {
  /// A source whose counters a test drives, sampled each second.
  private struct Source {
    var history = StatsHistory()
    var second: Int64 = 999
    var wallAhead: Int64 = 0
    var counters: [StatsFigure: Int64] = [
      .hits: 500, .misses: 20, .commands: 600, .networkIn: 9000, .connections: 3,
    ]
    var run = "a"
    var uptime: Int64 = 5000

    mutating func work(hits: Int64, misses: Int64 = 0) {
      counters[.hits, default: 0] += hits
      counters[.misses, default: 0] += misses
      counters[.commands, default: 0] += hits + misses
      counters[.networkIn, default: 0] += 30 * (hits + misses)
    }

    mutating func sample(after seconds: Int64 = 1) {
      second += seconds
      uptime += seconds
      var sample = CacheStatistics(
        time: WallTime(milliseconds: (second + wallAhead) * 1000),
        moment: Moment(milliseconds: second * 1000))
      for (figure, count) in counters { sample[figure] = count }
      sample.runID = run
      sample.uptimeSeconds = uptime
      sample[.usedMemory] = 1000 + second
      history.record(sample)
    }

    mutating func startAnew(uptime: Int64, run: String? = "b") {
      counters = counters.mapValues { _ in 0 }
      if let run { self.run = run }
      self.uptime = uptime
    }

    /// One part for each of the last seconds.
    func rates(_ figure: StatsFigure, last seconds: Int) -> [Double?] {
      let end = Moment(milliseconds: second * 1000)
      let grid = TimeGrid(window: Int64(seconds) * 1000, endingAt: end, count: seconds)
      return history.series(figure, over: grid).means
    }
  }

  private func begun() -> Source {
    var source = Source()
    source.sample()
    return source
  }

  @Test func holdsExactlyTheDifferences() {
    var source = begun()
    for (hits, misses) in [(400, 150), (600, 100), (0, 0), (7, 1)] as [(Int64, Int64)] {
      source.work(hits: hits, misses: misses)
      source.sample()
    }
    #expect(source.rates(.hits, last: 4) == [400, 600, 0, 7])
    #expect(source.rates(.misses, last: 4) == [150, 100, 0, 1])
    #expect(source.history.now(.hits) == 7)
    let recent = source.history.lookups(within: 4000)
    #expect(recent?.value == 1007.0 / 1258 && recent?.lookups == 1258)
  }

  /// Steps, a ramp and a spike, summed up over an hour and more: nothing is lost and nothing moves by
  /// more than a bin, whether it is read from the seconds or from the minutes.
  @Test func aShapeIsDrawnAsItWas() throws {
    var source = begun()
    var truth: [Int64] = []
    for second in 0..<9000 {
      let hits: Int64 =
        second == 4500 ? 90_000 : second < 3000 ? 100 : second < 6000 ? 400 : Int64(second - 6000)
      truth.append(hits)
      source.work(hits: hits, misses: 1)
      source.sample()
    }
    let end = Moment(milliseconds: source.second * 1000)
    let sum = try #require(
      source.history.growth(.hits, from: end.advanced(by: -9_000_000), to: end))
    #expect((sum - Double(truth.reduce(0, +))).magnitude < 0.5)
    // Half an hour, from the seconds.
    let fine = TimeGrid(window: 1_800_000, endingAt: end, count: 180)
    let means = source.history.series(.hits, over: fine).means
    for (part, mean) in means.enumerated() {
      let first = 9000 - 1800 + part * 10
      let expected = truth[first..<first + 10].reduce(0, +) / 10
      #expect((try #require(mean) - Double(expected)).magnitude < 1, "part \(part)")
    }
    // The spike lies in what is held by the minute alone: it is one minute's, and its height is known.
    let coarse = TimeGrid(window: 9_000_000, endingAt: end, count: 150)
    let series = source.history.series(.hits, over: coarse)
    #expect(series.highest == 90_000)
    let high = series.means.prefix(90).enumerated().filter { $0.element ?? 0 > 1000 }
    #expect(high.map(\.offset) == [74])
  }

  @Test func aRestartIsABreakAndNoSpike() {
    var source = begun()
    source.work(hits: 400)
    source.sample()
    source.startAnew(uptime: 0)
    source.work(hits: 100_000)
    source.sample()
    #expect(source.history.breaks.map(\.cause) == [.restart])
    #expect(source.rates(.hits, last: 2) == [400, nil])
    // What is a level is known all the same.
    #expect(source.rates(.usedMemory, last: 1) == [2002])
    source.work(hits: 10)
    source.sample()
    #expect(source.rates(.hits, last: 3) == [400, nil, 10])
  }

  @Test func whoHasRunForLongerTookOver() {
    var source = begun()
    source.startAnew(uptime: 90_000)
    source.work(hits: 1_000_000)
    source.sample()
    #expect(source.history.breaks.map(\.cause) == [.failover])
    #expect(source.rates(.hits, last: 1) == [nil])
  }

  @Test func aResetOfTheCountersIsABreak() {
    var source = begun()
    source.startAnew(uptime: 6000, run: nil)
    // More lookups than before the reset: other counters tell it.
    source.work(hits: 700)
    source.counters[.connections] = 0
    source.sample()
    #expect(source.history.breaks.map(\.cause) == [.reset])
    #expect(source.rates(.hits, last: 1) == [nil])
    source.work(hits: 5)
    source.sample()
    #expect(source.rates(.hits, last: 1) == [5])
  }

  @Test func whatNobodyLookedAtIsUnknown() {
    var source = begun()
    source.work(hits: 5)
    source.sample()
    // The program was stopped.
    source.work(hits: 60_000)
    source.sample(after: 60)
    // The machine slept: its monotonic clock stood still.
    source.wallAhead += 3600
    source.work(hits: 3_600_000)
    source.sample()
    // The connection was away.
    source.history.interrupt()
    source.work(hits: 9000)
    source.sample(after: 30)
    source.work(hits: 6)
    source.sample()
    #expect(source.history.breaks.map(\.cause) == [.gap, .gap, .gap])
    let known = source.rates(.hits, last: 100).compactMap { $0 }
    #expect(known == [5, 6])
  }

  @Test func aServerThatRestartedWhileItWasAwayIsTold() {
    var source = begun()
    source.history.interrupt()
    source.history.interrupt()
    source.startAnew(uptime: -20)
    source.sample(after: 30)
    #expect(source.history.breaks.map(\.cause) == [.restart])
  }

  @Test func whatIsNotToldIsNotNothing() {
    var source = begun()
    source.work(hits: 1)
    source.sample()
    #expect(source.rates(.evicted, last: 2) == [nil, nil])
    #expect(source.history.now(.evicted) == nil)
    #expect(source.history.lookups(within: 1000)?.value == 1)
  }

  @Test func aLookupThatIsSubtractedEarlyIsNotCountedTwice() {
    var source = begun()
    for step: Int64 in [-3, 5, 2] {
      source.counters[.hits, default: 0] += step
      source.sample()
    }
    #expect(source.rates(.hits, last: 3) == [0, 2, 2])
  }

  /// Ten hours at one sample a second: what is held never grows, and all of it can be read.
  @Test func itsMemoryIsFlat() throws {
    var source = begun()
    source.sample()
    var held: Set<Int> = []
    for second in 0..<36_000 {
      source.work(hits: Int64(second % 50))
      source.sample()
      if second == 100 || second % 9000 == 8999 { held.insert(source.history.heldBytes) }
    }
    #expect(held.count == 1)
    #expect(try #require(held.first) < 3 << 20)
    let end = Moment(milliseconds: source.second * 1000)
    let grid = TimeGrid(window: 36_000_000, endingAt: end, count: 200)
    let means = source.history.series(.hits, over: grid).means.compactMap { $0 }
    #expect(means.count >= 199)
    #expect(means.dropFirst().allSatisfy { ($0 - 24.5).magnitude < 3 })
  }

  @Test func commandsAreHeldForADay() throws {
    var history = StatsHistory()
    for step in 0..<9000 {
      var sample = CacheStatistics(
        time: WallTime(milliseconds: Int64(step) * 10_000),
        moment: Moment(milliseconds: Int64(step) * 10_000))
      sample.byCommand = [
        CommandFigures(
          name: "get", calls: Int64(step) * 30, microseconds: Int64(step) * 60, failures: 0),
        CommandFigures(name: "set", calls: 5, microseconds: 500, failures: nil),
      ]
      history.record(sample)
    }
    #expect(history.heldBytes < 3 << 20)
    for window: Int64 in [60_000, 900_000, 3_600_000, 80_000_000] {
      let uses = history.commands.use(over: window)
      let get = try #require(uses.first)
      #expect(uses.count == 1 && get.name == "get" && get.share == 1)
      #expect((get.callsPerSecond - 3).magnitude < 1e-9 && get.microsecondsPerCall == 2)
      #expect((get.calls - Double(window) * 3 / 1000).magnitude <= 3 * 310, "\(window)")
    }
  }

  @Test func theIntervalOfFewIsWilsons() throws {
    // Wilson's interval for 9 of 12 is 0.4677 to 0.9111.
    let ratio = try #require(HitRatio(hits: Int64(9), misses: 3))
    #expect(ratio.isOfFew)
    #expect((ratio.interval.lowerBound - 0.4677).magnitude < 0.0005)
    #expect((ratio.interval.upperBound - 0.9111).magnitude < 0.0005)
    let all = try #require(HitRatio(hits: Int64(1), misses: 0))
    #expect(all.interval.upperBound == 1 && all.interval.lowerBound < 0.3)
  }
}
