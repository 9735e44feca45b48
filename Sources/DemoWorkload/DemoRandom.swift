/// Numbers that are the same for the same seed on every machine: SplitMix64 (Steele, Lea, Flood,
/// "Fast splittable pseudorandom number generators", OOPSLA 2014).
struct DemoRandom: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }

  mutating func number(_ range: ClosedRange<Int>) -> Int {
    Int.random(in: range, using: &self)
  }

  /// True once in `count` times in the mean.
  mutating func oneIn(_ count: Int) -> Bool {
    number(1...max(1, count)) == 1
  }
}

/// Things of which few are popular: the thing of rank r is chosen in proportion to 1 / (r + 2), a
/// Zipf law with a flattened head. `drift` lets things rise and fall.
struct DemoPopularity {
  private var things: [Int]
  private let cumulative: [Double]

  init(count: Int, random: inout DemoRandom) {
    things = Array(0..<max(1, count)).shuffled(using: &random)
    var sum = 0.0
    cumulative = things.indices.map { rank in
      sum += 1 / Double(rank + 2)
      return sum
    }
  }

  /// The most popular thing now.
  var first: Int { things[0] }

  func choose(_ random: inout DemoRandom) -> Int {
    let point = Double.random(in: 0..<(cumulative.last ?? 1), using: &random)
    var (low, high) = (0, cumulative.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if cumulative[middle] <= point { low = middle + 1 } else { high = middle }
    }
    return things[low]
  }

  /// Exchanges two things of ranks that are not far from each other, sometimes any two.
  mutating func drift(_ random: inout DemoRandom) {
    let one = random.number(0...things.count - 1)
    let other = random.oneIn(6) ? random.number(0...things.count - 1) : one / 2
    things.swapAt(one, other)
  }
}
