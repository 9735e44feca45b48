import CacheModel
import Plans
import Testing

/// What a plan tells of itself beforehand.
@Suite struct PlanPreviewTests {
  private func summary(_ name: String, bytes: Int64?, ttl: Int64?) -> KeySummary {
    KeySummary(
      key: CacheKey(name), kind: .string,
      lifetime: ttl.map { .remaining(TTL(milliseconds: $0)) } ?? .unlimited,
      bytes: bytes.map { ByteCount($0) })
  }

  @Test func countsByTheFirstDepthThatTellsKeysApart() {
    var preview = PlanPreview(limit: 100)
    preview.add((0..<30).map { CacheKey("app:user:\($0)") })
    preview.add((0..<70).map { CacheKey("app:page:\($0)") })
    preview.add((0..<5).map { CacheKey("other\($0)") })
    let (top, others) = preview.topPrefixes(1)
    #expect(preview.keys == 105)
    #expect(top.map(\.prefix) == [Array("app:page:".utf8)] && top.map(\.count) == [70])
    #expect(others == 35)
  }

  @Test func tellsMeasuredFiguresFromEstimates() {
    var preview = PlanPreview(limit: 1000)
    preview.add((0..<100).map { CacheKey("k:\($0)") })
    preview.add([summary("k:1", bytes: 100, ttl: 5), summary("k:2", bytes: 300, ttl: nil)])
    #expect(!preview.isMeasured && preview.bytes == 20_000)
    preview.add((2..<99).map { summary("k:\($0)", bytes: 200, ttl: 900) })
    preview.add([summary("k:99", bytes: 5000, ttl: 7)])
    #expect(preview.isMeasured && preview.bytes == 24_800)
    #expect(preview.tooLarge == 1 && preview.withoutTTL == 1)
    #expect(preview.shortestTTL == TTL(milliseconds: 5))
    #expect(preview.longestTTL == TTL(milliseconds: 900))
    #expect(preview.kinds == [.string: 100])
  }

  @Test func staysSmallOverManyKeys() {
    var preview = PlanPreview(limit: 1000)
    for number in 0..<40_000 { preview.add([CacheKey("\(number):\(number % 7):x")]) }
    #expect(preview.samples.count == PlanPreview.samplesKept)
    // Names from all over, not the first ones.
    #expect(Set(preview.samples.map { $0.bytes.count }).count >= 1)
    #expect(
      preview.samples.contains {
        !["0", "1", "2", "3"].contains($0.text?.prefix(1) ?? "") || ($0.text?.count ?? 0) > 6
      })
    let (top, others) = preview.topPrefixes(3)
    #expect(top.count == 3 && others == 40_000 - 3)
  }

  @Test func theTimeIsThatOfAJournalledChange() {
    var preview = PlanPreview(limit: 1000)
    preview.add((0..<66_000).map { CacheKey("k:\($0)") })
    preview.add((0..<250).map { summary("k:\($0)", bytes: 300, ttl: nil) })
    // Measured: 4 to 9 s with undo, 1 s without.
    #expect((3.0...6.0).contains(preview.estimate(roundTrip: 200, keepsUndo: true).seconds))
    #expect((0.2...1.0).contains(preview.estimate(roundTrip: 200, keepsUndo: false).seconds))
  }

  @Test func nothingToldIsNotNothing() {
    var preview = PlanPreview(limit: 1000)
    preview.add([CacheKey("a")])
    #expect(preview.bytes == nil && preview.undoBytes == nil)
    let estimate = preview.estimate(roundTrip: .max / 2, keepsUndo: true)
    #expect(estimate.seconds > 0)
    #expect(PlanPreview(limit: 1).estimate(roundTrip: 0, keepsUndo: false).seconds == 0)
  }
}
