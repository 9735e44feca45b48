import CacheBackends
import CacheModel
import KeyQuery
import RESP
import Testing

/// The term `tag:` of a query, judged on real servers.
@Suite(.timeLimit(.minutes(5))) struct TagQueryTests {
  private func judged(_ text: String, _ source: SourceUnderTest) async throws -> Set<String> {
    let query = try Query(text)
    let meanings = try await TagMeanings(query.tagSpellings, in: source.backend)
    let judge = QueryJudge(query, tags: meanings) { _ in
      Recognition(codecs: ["text"], framework: "plain")
    }
    let keys = try await source.keyNames().sorted().map { CacheKey($0) }
    let answers = try await judge.judge(keys, by: source.backend)
    return Set(answers.filter { $0.verdict == .matches }.compactMap(\.summary.key.text))
  }

  /// All libraries in one keyspace: each tag finds its own keys, among those that exist.
  @Test(arguments: SourceKind.redis)
  func findsTheKeysOfEveryKeeper(_ kind: SourceKind) async throws {
    let source = try SourceUnderTest(kind)
    for library in TagConventionTests.libraries {
      for command in LibraryData.commands(library.data) { _ = try await source.other.send(command) }
    }
    _ = try await source.backend.open()
    let there = try await source.keyNames()
    for library in TagConventionTests.libraries {
      for (spelling, keys) in library.tags.merging(library.hidden, uniquingKeysWith: { $1 }) {
        #expect(
          try await judged("tag:\(spelling)", source) == keys.intersection(there), "\(spelling)")
      }
    }
    // A name that several keepers know means all of their tags.
    #expect(
      try await judged("tag:posts", source) == [
        "laravel_cache_0a1b:one", "laravel_cache_0a1b:two", "db_cache:0a1b:one",
        "db_cache:0a1b:two", "app:one", "app:two",
      ])
    #expect(
      try await judged("tag:posts two !app", source).sorted()
        == ["db_cache:0a1b:two", "laravel_cache_0a1b:two"])
    #expect(try await judged("tag:nobody", source) == [])
    #expect(try await judged("!tag:posts app:t", source) == ["app:three"])
    await source.close()
  }

  @Test(arguments: SourceKind.allCases.filter(\.isEngine))
  func findsTheKeysOfTheEnginesTags(_ kind: SourceKind) async throws {
    let source = try SourceUnderTest(kind)
    _ = try await source.backend.open()
    for key in ["a", "b", "c", "shop:1:x", "shop:2:x"] { try await source.run("SET", key, "7") }
    try await source.run("CACHESCOPE.TAG", "a", "news", "old")
    try await source.run("CACHESCOPE.TAG", "b", "news")
    #expect(try await judged("tag:news", source) == ["a", "b"])
    #expect(try await judged("tag:news !tag:old", source) == ["b"])
    #expect(try await judged("tag:engine:news value:7", source) == ["a", "b"])
    // What lies in the names of keys is followed here as on any server.
    #expect(try await judged("tag:django:shop:1", source) == ["shop:1:x"])
    #expect(try await judged("!tag:news !tag:django:shop:1", source) == ["c", "shop:2:x"])
    await source.close()
  }

  /// A tag that was never invalidated has no count: its prefix says where that would be.
  @Test func aTagOfDrupalWithoutACountIsFoundByItsPrefix() async throws {
    let source = try SourceUnderTest(.redisRESP3)
    _ = try await source.backend.open()
    try await source.run("HSET", "site:page:/a", "tags", "node:1 config")
    #expect(try await source.backend.tags(spelled: bytes("drupal:config")) == [])
    #expect(try await judged("tag:drupal:config@site", source) == ["site:page:/a"])
    let tag = try #require(
      try await source.backend.tags(spelled: bytes("drupal:config@site")).first)
    let plan = try #require(try await source.backend.invalidation(of: tag))
    _ = try await source.backend.carryOut(plan)
    #expect(try await source.run("GET", "site:cachetags:config").text == "1")
    await source.close()
  }

  /// Two applications with tags of one name: the prefix behind `@` says which is meant.
  @Test func aPrefixTellsTagsOfOneNameApart() async throws {
    let source = try SourceUnderTest(.redisRESP3)
    _ = try await source.backend.open()
    for prefix in ["a_", "b_"] {
      try await source.run("SET", "\(prefix)x:k", "v")
      try await source.run("ZADD", "\(prefix)tag:me@home:entries", "-1", "x:k")
    }
    let both = try await source.backend.tags(spelled: bytes("laravel:me@home"))
    #expect(both.map(\.spelling) == ["laravel:me@home", "laravel:me@home"])
    #expect(
      Set(both.map(\.wholeSpelling)) == ["laravel:me@home@a_", "laravel:me@home@b_"])
    for tag in both {
      #expect(try await source.backend.tags(spelled: bytes(tag.wholeSpelling)) == [tag])
    }
    #expect(try await judged("tag:me@home@b_", source) == ["b_x:k"])
    #expect(try await source.backend.tags(spelled: bytes("laravel:me@home@c_")) == [])
    await source.close()
  }
}
