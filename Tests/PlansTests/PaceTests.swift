import Plans
import Testing

/// How fast a plan goes, by what is seen of the server.
@Suite struct PaceTests {
  private func sample(
    _ milliseconds: Int64, commands: Int64?, own: Int64 = 0, roundTrip: Int64? = 100
  ) -> Pace.Sample {
    Pace.Sample(at: milliseconds * 1000, commands: commands, own: own, roundTrip: roundTrip)
  }

  @Test func goesAtFullSpeedOnACalmServer() {
    var pace = Pace()
    for second in 0..<10 {
      let own = Int64(second) * 100_000
      pace.observe(sample(Int64(second) * 1000, commands: own + Int64(second) * 50, own: own))
      #expect(pace.share == 1 && pace.reason == nil)
      #expect(pace.pause(afterWorking: 1_000_000) == 0)
    }
  }

  @Test func takesASmallShareBesideManyOthers() {
    var pace = Pace()
    pace.observe(sample(0, commands: 0))
    pace.observe(sample(1000, commands: 60_000, own: 10_000))
    #expect(pace.share == Pace.standardLeastShare)
    #expect(pace.reason == .others(50_000))
    #expect((89_000...91_000).contains(pace.pause(afterWorking: 10_000)))
  }

  @Test func fewOthersLeaveMost() {
    var shares: [Double] = []
    for others in [400, 1000, 3000, 9000, 20_000] as [Int64] {
      var pace = Pace()
      pace.observe(sample(0, commands: 0))
      pace.observe(sample(1000, commands: others))
      shares.append(pace.share)
    }
    #expect(shares.first == 1 && shares.last == Pace.standardLeastShare)
    #expect(shares == shares.sorted(by: >))
    #expect(shares[1] > 0.7)
  }

  @Test func growsSlowlyAndFallsAtOnce() {
    var pace = Pace()
    pace.observe(sample(0, commands: 0))
    pace.observe(sample(1000, commands: 60_000))
    var steps = 0
    while pace.share < 1, steps < 100 {
      steps += 1
      let before = pace.share
      pace.observe(sample(1000 + Int64(steps) * 250, commands: 60_000))
      #expect(pace.share <= before * 1.5 + 0.001)
    }
    #expect((4...10).contains(steps))
    #expect(pace.reason == nil)
    pace.observe(sample(100_000, commands: 60_000 + 20_000 * 100))
    #expect(pace.share == Pace.standardLeastShare)
  }

  @Test func restsWhenAnswersTakeLong() {
    var pace = Pace()
    pace.observe(sample(0, commands: nil, roundTrip: 200))
    for second in 1...6 {
      pace.observe(sample(Int64(second) * 1000, commands: nil, roundTrip: 20_000))
      #expect(pace.reason == .slow(20_000))
    }
    #expect(pace.share == Pace.standardLeastShare)
    #expect(pace.pause(afterWorking: .max / 4) == 2_000_000)
  }

  @Test func countersThatBeginAnewSayNothing() {
    var pace = Pace()
    pace.observe(sample(0, commands: 1_000_000))
    pace.observe(sample(1000, commands: 5))
    pace.observe(sample(1000, commands: .max))
    pace.observe(sample(2000, commands: .min, roundTrip: .max))
    #expect(pace.share <= 1 && pace.share >= Pace.standardLeastShare)
  }

  @Test func looksSoonAtFirstAndSeldomLater() {
    var pace = Pace()
    #expect(pace.wantsSample(at: 0))
    pace.observe(sample(0, commands: 0))
    #expect(!pace.wantsSample(at: 40_000) && pace.wantsSample(at: 50_000))
    for place in 1...5 { pace.observe(sample(Int64(place) * 100, commands: 0)) }
    #expect(!pace.wantsSample(at: 700_000) && pace.wantsSample(at: 750_000))
  }
}
