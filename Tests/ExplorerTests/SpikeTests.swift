import Explorer
import TestSupport
import Testing

/// The statistics of what expires when.
@Suite struct SpikeTests {
  /// A number of events of which so many are expected (Knuth's product of uniforms, and for larger
  /// means the sum of several).
  private func poisson(_ mean: Double, _ random: inout SeededRandom) -> Int {
    var (rest, sum) = (mean, 0)
    while rest > 0 {
      let part = min(rest, 30)
      rest -= part
      var product = Double.random(in: 0..<1, using: &random)
      let limit = 1 / power(part)
      while product > limit {
        sum += 1
        product *= Double.random(in: 0..<1, using: &random)
      }
    }
    return sum
  }

  /// e to a power up to 30.
  private func power(_ exponent: Double) -> Double {
    var (term, sum, step) = (1.0, 1.0, 1.0)
    while term > sum * 1e-17 {
      term *= exponent / step
      sum += term
      step += 1
    }
    return sum
  }

  @Test(arguments: [(1.0, 6), (5, 15), (20, 39), (100, 139)])
  func quantilesAreThoseOfThePoissonDistribution(_ mean: Double, _ expected: Int) {
    #expect(Poisson.quantile(mean: mean, tail: 0.0001) == expected)
  }

  @Test func quantilesOfLargeMeansGoOnFromThoseOfSmallOnes() {
    for tail in [0.001, 1e-6, 1e-9] {
      let (below, above) = (
        Poisson.quantile(mean: 500, tail: tail), Poisson.quantile(mean: 500.001, tail: tail)
      )
      #expect(abs(below - above) <= 2, "\(tail)")
    }
  }

  /// A thousand histograms in which nothing stands out, of which at most three may alarm, even without
  /// the bounds on the number of keys.
  @Test func uniformHistogramsDoNotAlarm() {
    var random = SeededRandom(seed: LongRun.seed(11, for: "uniform histograms"))
    let means = [0.02, 0.3, 0.7, 1, 1.3, 1.67, 3, 8, 20, 40]
    var alarms = 0
    for round in 0..<1000 {
      let mean = means[round % means.count]
      let counts = (0..<600).map { _ in poisson(mean, &random) }
      if !SpikeSearch(counts, fewestKeys: 0, leastShare: 0).spikes().isEmpty { alarms += 1 }
    }
    #expect(alarms <= 3)
  }

  /// Levels that rise, fall, and end.
  @Test func levelsThatChangeAreNoSpikes() {
    var random = SeededRandom(seed: LongRun.seed(12, for: "levels"))
    let levels: [(Int) -> Double] = [
      { $0 < 300 ? 20 : 0 }, { $0 < 300 ? 0 : 40 }, { Double($0) / 20 },
      { 60 - Double($0) / 10 }, { $0 < 200 ? 5 : $0 < 400 ? 50 : 10 },
    ]
    for level in levels {
      for _ in 0..<20 {
        let counts = (0..<600).map { poisson(max(0, level($0)), &random) }
        #expect(SpikeSearch(counts).spikes().isEmpty)
      }
    }
  }

  /// Fifty keys and a hundredth of all, within three seconds, wherever they lie.
  @Test func plantedClustersAreAllFound() {
    var random = SeededRandom(seed: LongRun.seed(13, for: "clusters"))
    for round in 0..<400 {
      let mean = [0, 0.05, 0.5, 3, 20, 150][round % 6]
      var counts = (0..<600).map { _ in poisson(mean, &random) }
      let all = counts.reduce(0, +)
      let size = max(50, all / 90 + 1)
      let width = Int.random(in: 1...3, using: &random)
      let start = Int.random(in: 0...(600 - width), using: &random)
      for key in 0..<size { counts[start + key % width] += 1 }
      let found = SpikeSearch(counts).spikes().filter { $0.bins.overlaps(start..<start + width) }
      #expect(found.count == 1, "\(size) of \(all) from \(start), \(width) wide")
      guard let spike = found.first else { continue }
      let inside = counts[spike.bins].reduce(0, +)
      #expect(inside >= size * 9 / 10)
    }
  }

  @Test func aSpikeDoesNotHideAnother() {
    var counts = Array(repeating: 2, count: 600)
    counts[100] = 5000
    counts[110] = 300
    counts[130] = 300
    let spikes = SpikeSearch(counts).spikes()
    #expect(spikes.map(\.bins) == [100..<101, 110..<111, 130..<131])
    #expect(spikes.allSatisfy { (1...4).contains($0.usual) })
  }

  /// Of keys of which each is counted with the same chance the bounds hold the truth in at least 95 of
  /// 100 trials, for many and for few.
  @Test(arguments: [2, 8, 64], [0, 3, 40, 900])
  func boundsOfASampleHoldTheTruth(_ oneIn: Int, _ keys: Int) {
    var random = SeededRandom(seed: LongRun.seed(14, for: "samples"))
    let trials = 1000
    let held = (0..<trials).count { _ in
      let counted = (0..<keys).count { _ in Int.random(in: 0..<oneIn, using: &random) == 0 }
      let bounds = Poisson.bounds(of: counted)
      let scale = Double(oneIn)
      return (bounds.lowerBound * scale...bounds.upperBound * scale).contains(Double(keys))
    }
    #expect(held >= trials * 95 / 100, "\(held) of \(trials)")
  }
}
