import CacheModel
import Explorer
import Plans
import TestSupport
import Testing

/// What is counted for the Expiry screen, and what is done about a spike.
@Suite struct ExpiryTests {
  /// A keyspace in which 120 pages expire within two seconds and 300 sessions one after the other.
  private func scene(pages: Int = 120) -> Scene {
    var keys = (0..<300).map { string("app:session:\($0)", ttl: 10_000 + Int64($0) * 10_000) }
    keys += (0..<pages).map { string("app:page:\($0)", ttl: 900_500 + Int64($0 % 2) * 1000) }
    keys += (0..<40).map { string("app:user:\($0)", bytes: 200) }
    keys.append(string("lonely", ttl: 4000))
    var scene = Scene(keys)
    scene.advanceFully()
    scene.send(.action(.showExpiry))
    scene.send(.tick)
    scene.advanceFully()
    return scene
  }

  @Test func countsAreExactByPrefix() throws {
    let scene = scene()
    let survey = try #require(scene.state.expiry.survey)
    #expect(survey.known == 461 && survey.unknown == 0 && !survey.isEstimate)
    #expect(survey.withTTL == 421 && survey.withoutTTL == 40)
    func group(_ prefix: String) throws -> ExpiryGroup {
      try #require(survey.groups.first { $0.prefix == Array(prefix.utf8) })
    }
    #expect(try group("app:session:").withTTL == 300)
    #expect(try group("app:user:").withoutTTL == 40)
    #expect(try group("app:user:").bytes == 8000)
    let hours = survey.bins(.hour, at: scene.now)
    // Six sessions in each minute, and the pages in one of them.
    let sums = (0..<60).map { bin in hours.reduce(0) { $0 + $1[bin] } }
    #expect(sums.reduce(0, +) == 421 && sums[15] == 126 && sums[20] == 6)
    let minute = survey.bins(.minute, at: scene.now)
    #expect(minute.reduce(0) { $0 + $1[3] + $1[4] } == 1)
  }

  /// Where one prefix holds all keys its parts are told apart, and so are those of a smaller one beside
  /// a large one that does not part.
  @Test func groupsAreTheLargestPrefixes() throws {
    var keys = (0..<600).map { string("key:\($0)") }
    for name in ["session", "page", "user"] {
      keys += (0..<100).map { string("app:\(name):\($0)", ttl: 60_000) }
    }
    keys.append(string("lonely", ttl: 60_000))
    var scene = Scene(keys)
    scene.advanceFully()
    scene.send(.action(.showExpiry))
    scene.send(.tick)
    scene.advanceFully()
    let groups = try #require(scene.state.expiry.survey).groups
    let names = groups.map { $0.prefix.map { String(decoding: $0, as: UTF8.self) } }
    #expect(names.first == "key:" && names.last == .some(nil))
    #expect(Set(names.compactMap { $0 }) == ["key:", "app:page:", "app:session:", "app:user:"])
    #expect(groups.last?.withTTL == 1)
  }

  @Test func binsMoveWithTheTime() throws {
    var scene = scene()
    let survey = try #require(scene.state.expiry.survey)
    let before = survey.bins(.hour, at: scene.now).map { $0[15] }
    scene.wait(120_000)
    #expect(survey.bins(.hour, at: scene.now).map { $0[13] } == before)
  }

  @Test func theNextToExpireCountDown() {
    var scene = scene()
    let next = scene.state.nextToExpire(3)
    #expect(next.map(\.key) == ["lonely", "app:session:0", "app:session:1"].map { CacheKey($0) })
    #expect(next.map(\.left) == [4000, 10_000, 20_000])
    scene.wait(5000)
    #expect(scene.state.nextToExpire(1).map(\.key) == [CacheKey("app:session:0")])
    #expect(scene.state.nextToExpire(1).map(\.left) == [5000])
  }

  @Test func theSpikeIsNamed() throws {
    let scene = scene()
    let spike = try #require(scene.state.expiry.spikes.first)
    #expect(scene.state.expiry.spikes.count == 1)
    #expect((120...121).contains(spike.count))
    #expect(spike.start.milliseconds(since: scene.now) == 900_000)
    #expect(spike.end.milliseconds(since: spike.start) == 2000)
    let group = try #require(spike.group)
    #expect(scene.state.expiry.survey?.groups[group].prefix == Array("app:page:".utf8))
    #expect(spike.isCritical)
  }

  /// The remedy: the keys of the spike alone are marked, and a TTL with a spread is proposed for them;
  /// what comes of it is a plan.
  @Test func aSpikeIsSpreadByAPlan() throws {
    var scene = scene()
    scene.send(.action(.showKeys))
    scene.send(.action(.mark))
    scene.send(.action(.showExpiry))
    scene.send(.action(.spreadTTLs))
    scene.advanceFully()
    #expect(scene.state.keys.index.markedCount == 120)
    #expect(scene.state.prompt?.texts == ["900s~20%"])
    scene.send(.submit)
    scene.advanceFully()
    let plan = try #require(scene.state.work.plan)
    #expect(plan.change == .spreadTTL(milliseconds: 900_000, percent: 20))
    #expect(plan.count == 120)
  }

  @Test func withoutASpikeThereIsNothingToSpread() {
    var scene = scene(pages: 0)
    #expect(scene.state.expiry.spikes.isEmpty)
    scene.send(.action(.spreadTTLs))
    #expect(scene.state.message?.text.contains("nothing stands out") == true)
    #expect(scene.state.prompt == nil)
  }

  /// Nothing is counted while nobody looks, and not more than once a second.
  @Test func countingCostsNothingUnseen() {
    var scene = scene()
    let first = scene.state.expiry.survey?.base
    scene.wait(500)
    scene.advanceFully()
    #expect(scene.state.expiry.survey?.base == first)
    scene.send(.action(.showKeys))
    scene.wait(60_000)
    #expect(!scene.state.hasPendingWork && scene.state.expiry.survey?.base == first)
    scene.send(.action(.showExpiry))
    scene.wait(10)
    scene.advanceFully()
    #expect(scene.state.expiry.survey?.base == scene.now)
  }

  /// Keys whose TTL has not been told yet make it an estimate.
  @Test func whatIsNotToldYetIsEstimated() throws {
    var scene = Scene()
    scene.send(.tick)
    let names = (0..<100).map { CacheKey("k:\($0)") }
    let walk = try #require(scene.lastWalk)
    scene.send(.scanned(walk, ScanPage(keys: names, next: nil)))
    scene.answerDescriptions((0..<50).map { string("k:\($0)", ttl: 30_000) })
    for (place, key) in names.enumerated() where place < 50 {
      _ = scene.state.keys.index.slot(of: key)
    }
    scene.send(.action(.showExpiry))
    scene.send(.tick)
    scene.advanceFully()
    let survey = try #require(scene.state.expiry.survey)
    #expect(survey.known + survey.unknown <= 100)
    #expect(survey.isEstimate == (survey.unknown > 0))
  }
}
