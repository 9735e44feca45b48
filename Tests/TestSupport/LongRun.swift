import SystemIO

/// How long tests with random input run. Each runs for a moment as a rule; `CACHESCOPE_LONG=N`, which
/// `.ci/long` sets, gives them N times as many rounds and another course each time, of which the seed
/// is printed. `CACHESCOPE_SEED` takes one course again.
package enum LongRun {
  /// How many times as many rounds: 1 as a rule.
  package static var factor: Int {
    let text = EnvironmentVariable.value(of: "CACHESCOPE_LONG") ?? ""
    return min(1_000_000, max(1, text.utf8.count < 8 ? Int(text) ?? 1 : 1))
  }

  /// For how many seconds a test goes on that has no end of its own.
  package static func seconds(_ usual: Int, long: Int) -> Int { factor > 1 ? long : usual }

  /// The seeds for a test that takes one after the other: `standard` and a random one as a rule. A
  /// failure names the seed.
  package static func seeds(_ standard: ClosedRange<UInt64>) -> [UInt64] {
    if let chosen { return [chosen] }
    return Array(standard) + (0..<factor).map { _ in UInt64.random(in: 6...(.max)) }
  }

  private static var chosen: UInt64? {
    EnvironmentVariable.value(of: "CACHESCOPE_SEED").flatMap { UInt64($0) }
  }

  /// The seed for a test: `standard` as a rule.
  package static func seed(_ standard: UInt64, for test: String) -> UInt64 {
    let seed = chosen ?? (factor > 1 ? UInt64.random(in: 0...(.max)) : standard)
    if seed != standard { print("\(test): CACHESCOPE_SEED=\(seed)") }
    return seed
  }
}

/// SplitMix64: the same numbers for the same seed on every machine.
package struct SeededRandom: RandomNumberGenerator {
  private var state: UInt64

  package init(seed: UInt64) {
    state = seed
  }

  package mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return mixed ^ mixed >> 31
  }
}
