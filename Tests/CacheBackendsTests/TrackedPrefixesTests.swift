import CacheBackends
import TestSupport
import Testing

@Suite struct TrackedPrefixesTests {
  private func covering(_ names: [String]) -> [String] {
    TrackedPrefixes.covering(names.map(bytes)).map { String(decoding: $0, as: UTF8.self) }
  }

  @Test func fewNamesStandForThemselves() {
    #expect(covering([]) == [])
    #expect(covering(["b", "a", "b"]) == ["a", "b"])
    #expect(covering(["app:user:", "app:", "app:user:7", "apple"]) == ["app:", "apple"])
    #expect(covering(["a", ""]) == [""])
  }

  @Test func manyAreCutWhereTheyDifferMost() {
    let names = (0..<15).map { "p\(Character(UnicodeScalar(UInt8(97 + $0)))):" }
    let groups = covering(names + ["zone:1", "zone:2", "zone:31", "zone:32"])
    #expect(groups == names + ["zone:"])
  }

  /// Whatever the names are: sixteen at most, none within another, and every name is covered.
  @Test func everyNameIsCovered() {
    var random = SeededRandom(seed: LongRun.seed(7, for: "tracked prefixes"))
    for _ in 0..<300 * LongRun.factor {
      let names = (0..<Int.random(in: 0...200, using: &random)).map { _ in
        (0..<Int.random(in: 0...6, using: &random)).map { _ in
          UInt8.random(in: 0...3, using: &random)
        }
      }
      let prefixes = TrackedPrefixes.covering(names)
      #expect(prefixes.count <= TrackedPrefixes.most)
      #expect(names.allSatisfy { name in prefixes.contains { name.starts(with: $0) } })
      for (place, one) in prefixes.enumerated() {
        for (other, prefix) in prefixes.enumerated() where other != place {
          #expect(!one.starts(with: prefix))
        }
      }
    }
  }

  @Test func aRateIsOfOneSecond() {
    var rate = PushRate()
    let told: [(names: Int, at: Int64)] = [
      (500, 0), (1, 999_999), (500, 1_000_000), (500, 2_500_000), (501, 9_000_000),
    ]
    let isTooMuch = told.map { rate.take($0.names, at: $0.at) }
    #expect(isTooMuch == [false, true, false, false, true])
  }
}
