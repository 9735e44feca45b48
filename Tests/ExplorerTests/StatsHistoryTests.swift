import CacheModel
import Explorer
import Testing

@Suite struct StatsHistoryTests {
  private func sample(
    _ second: Int64, hits: Int64, misses: Int64, commands: Int64, run: String = "a"
  ) -> CacheStatistics {
    var sample = CacheStatistics(
      time: WallTime(milliseconds: second * 1000), moment: Moment(milliseconds: second * 1000))
    sample.hits = hits
    sample.misses = misses
    sample.commands = commands
    sample.runID = run
    sample.uptimeSeconds = run == "a" ? 1000 + second : second
    return sample
  }

  @Test func holdsExactlyTheDifferences() {
    var history = StatsHistory()
    history.record(sample(1, hits: 500, misses: 20, commands: 600))
    history.record(sample(2, hits: 900, misses: 170, commands: 1300))
    history.record(sample(3, hits: 1500, misses: 270, commands: 2100))
    #expect(history.points.map(\.hits) == [400, 600])
    #expect(history.lookups(within: 60_000).hits == 1000)
    #expect(history.lookups(within: 60_000).misses == 250)
    #expect(history.lookups(within: 1000).hits == 600)
  }

  @Test func aRestartIsABreakAndNoSpike() {
    var history = StatsHistory()
    history.record(sample(1, hits: 500, misses: 20, commands: 600))
    history.record(sample(2, hits: 100_000, misses: 7, commands: 120_000, run: "b"))
    #expect(history.points.last?.isBreak == true)
    #expect(history.points.last?.hits == nil)
    history.record(sample(3, hits: 100_010, misses: 8, commands: 120_012, run: "b"))
    #expect(history.points.last?.hits == 10)
  }

  @Test func aResetOfTheCountersIsABreak() {
    var history = StatsHistory()
    history.record(sample(1, hits: 500, misses: 20, commands: 600))
    history.record(sample(2, hits: 0, misses: 0, commands: 1))
    #expect(history.points.last?.isBreak == true)
    history.record(sample(3, hits: 5, misses: 1, commands: 8))
    #expect(history.points.last?.hits == 5)
  }

  @Test func aLookupThatIsSubtractedEarlyIsNotCountedTwice() {
    var history = StatsHistory()
    history.record(sample(1, hits: 500, misses: 0, commands: 600))
    history.record(sample(2, hits: 497, misses: 0, commands: 601))
    history.record(sample(3, hits: 502, misses: 0, commands: 606))
    #expect(history.lookups(within: 60_000).hits == 2)
  }

  @Test func itsMemoryIsBounded() {
    var history = StatsHistory(capacity: 100)
    for second in 1...1000 {
      history.record(sample(Int64(second), hits: Int64(second), misses: 0, commands: 0))
    }
    #expect(history.points.count <= 112)
    #expect(history.points.last?.moment == Moment(milliseconds: 1_000_000))
  }
}
