import CacheBackends
import CacheModel
import RESP
import Testing

/// Tags of the built-in engine through the seam.
@Suite(.timeLimit(.minutes(5))) struct EngineTagTests {
  private static let engines = SourceKind.allCases.filter(\.isEngine)

  @Test(arguments: engines)
  func areShownWalkedOverAndInvalidated(_ kind: SourceKind) async throws {
    let source = try SourceUnderTest(kind)
    let backend = source.backend
    _ = try await backend.open()
    for number in 0..<300 {
      try await source.run("SET", "k\(number)", "v")
      try await source.run("CACHESCOPE.TAG", "k\(number)", "all", number % 2 == 0 ? "even" : "odd")
    }
    try await source.run("SET", "plain", "v")
    let seen = try await backend.allTags()
    #expect(
      Set(seen.map { "\($0.tag.spelling) \($0.keys ?? -1)" }) == ["all 300", "even 150", "odd 150"])
    let tags = try await backend.tags(
      of: [CacheKey("k1"), CacheKey("plain"), CacheKey("gone")], among: [])
    #expect(tags.map { $0.map(\.spelling) } == [["all", "odd"], [], []])
    let even = try #require(try await backend.tags(spelled: bytes("even")).first)
    #expect(try await backend.allKeys(of: even).count == 150)
    let plan = try #require(try await backend.invalidation(of: even))
    #expect(plan.deletesKeys && plan.afterwards.isEmpty)
    _ = try await backend.carryOut(plan)
    #expect(try await backend.tags(spelled: bytes("even")) == [])
    #expect(try await source.keyNames().count == 151)
    await source.close()
  }

  @Test(arguments: engines)
  func undoPutsTagsBack(_ kind: SourceKind) async throws {
    let source = try SourceUnderTest(kind)
    _ = try await source.backend.open()
    let changes: [KeyChange] = [
      .delete, .expireNow, .putString([1], .fromNow(milliseconds: 5000), otherKinds: true),
      .rename(to: CacheKey("other"), replacing: true),
    ]
    for change in changes {
      try await source.run("SET", "k", "v", "PX", "60000")
      try await source.run("SET", "other", "w")
      try await source.run("CACHESCOPE.TAG", "k", "b", "a")
      try await source.run("CACHESCOPE.TAG", "other", "c")
      let outcome = try await source.backend.apply(change, to: CacheKey("k"), undoLimit: 1 << 20)
      guard case .done(let undo?) = outcome else {
        Issue.record("\(change): \(outcome)")
        continue
      }
      guard case .restored = try await source.backend.undo(undo, overwriting: false) else {
        Issue.record("not restored: \(change)")
        continue
      }
      #expect(try await source.tags("k") == ["b", "a"], "\(change)")
      #expect(try await source.tags("other") == ["c"], "\(change)")
      try await source.run("DEL", "k", "other")
    }
    await source.close()
  }

  /// A tag of the engine's own comes before what its name would mean elsewhere; without one, Django's
  /// versions are followed here as on any server.
  @Test func aNameLikeThatOfALibraryIsTheEnginesOwn() async throws {
    let source = try SourceUnderTest(.engineInProcess)
    let backend = source.backend
    _ = try await backend.open()
    for key in ["own", "shop:1:a", "shop:2:a"] { try await source.run("SET", key, "7") }
    try await source.run("CACHESCOPE.TAG", "own", "django:shop:1")
    let own = try #require(try await backend.tags(spelled: bytes("django:shop:1")).first)
    #expect(try await backend.allKeys(of: own) == ["own"])
    try await source.run("CACHESCOPE.UNTAG", "own")
    let version = try #require(try await backend.tags(spelled: bytes("django:shop:1")).first)
    let plan = try #require(try await backend.invalidation(of: version))
    _ = try await backend.carryOut(plan)
    #expect(try await source.keyNames() == ["own", "shop:2:a"])
    #expect(try await backend.tags(spelled: bytes("laravel:posts")) == [])
    await source.close()
  }

  @Test func trackersAreNamed() async throws {
    for kind in [SourceKind.engineRESP2, .engineRESP3] {
      let source = try SourceUnderTest(kind)
      _ = try await source.backend.open()
      #expect(try await source.backend.trackers(of: CacheKey("k")) == .clients([]))
      await source.close()
    }
  }
}

extension SourceUnderTest {
  fileprivate func tags(_ key: String) async throws -> [String] {
    try await run("CACHESCOPE.TAGS", key).elements?.compactMap(\.text) ?? []
  }
}
