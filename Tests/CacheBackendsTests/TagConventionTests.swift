import CacheBackends
import CacheModel
import RESP
import Testing

/// Tags that libraries keep on a Redis server: recognised, followed and invalidated by their own
/// rules.
@Suite(.timeLimit(.minutes(5))) struct TagConventionTests {
  /// One library's data, the tags to be recognised in them with their keys, and what invalidating
  /// each leaves.
  struct Library: Sendable, CustomTestStringConvertible {
    var name: String
    var data: String
    /// By spelling; nil where the library cannot tell the keys.
    var tags: [String: Set<String>]
    /// What is gone after the first of these was invalidated, and values that are then others.
    var invalidated: String
    var gone: Set<String>
    var values: [String: String] = [:]
    /// Tags that names alone do not show.
    var hidden: [String: Set<String>] = [:]

    var testDescription: String { name }
  }

  static let libraries = [
    Library(
      name: "Laravel 10", data: LibraryData.laravel,
      tags: [
        "laravel:posts": [
          "laravel_cache_0a1b:one", "laravel_cache_0a1b:two", "laravel_cache_0a1b:gone",
        ],
        "laravel:user:7": ["laravel_cache_77ff:three"],
      ],
      invalidated: "laravel:posts",
      gone: [
        "laravel_cache_0a1b:one", "laravel_cache_0a1b:two", "laravel_cache_tag:posts:entries",
      ]),
    Library(
      name: "Laravel 9", data: LibraryData.laravel9,
      tags: [
        "laravel9:posts": ["db_cache:0a1b:one", "db_cache:0a1b:two"],
        "laravel9:users": ["db_cache:77ff:three"],
      ],
      invalidated: "laravel9:posts",
      gone: [
        "db_cache:0a1b:one", "db_cache:0a1b:two", "db_cache:tag:posts:key",
        "db_cache:5f1e4b3a2c1d81234567aa:standard_ref",
        "db_cache:5f1e4b3a2c1d81234567aa:forever_ref",
      ]),
    Library(
      name: "Symfony", data: LibraryData.symfony,
      tags: [
        "symfony:posts": ["app:one", "app:two"], "symfony:old": ["app:three"],
        "symfony-version:news": [],
      ],
      invalidated: "symfony:posts", gone: ["app:one", "app:two", "app:\u{1}tags\u{1}posts"]),
    Library(
      name: "Symfony versions", data: LibraryData.symfony,
      tags: [
        "symfony:posts": ["app:one", "app:two"], "symfony:old": ["app:three"],
        "symfony-version:news": [],
      ],
      invalidated: "symfony-version:news", gone: ["pool:news\u{1}tags\u{1}"]),
    Library(
      name: "Magento", data: LibraryData.magento,
      tags: [
        "magento:69d_CONFIG": ["zc:k:69d_one", "zc:k:69d_two"],
        "magento:69d_BLOCK": ["zc:k:69d_one"],
      ],
      invalidated: "magento:69d_CONFIG",
      gone: ["zc:k:69d_one", "zc:k:69d_two", "zc:ti:69d_CONFIG"],
      values: ["SMEMBERS zc:tags": "69d_BLOCK"]),
    Library(
      name: "Drupal", data: LibraryData.drupal,
      tags: [
        "drupal:node:1": ["site:page:/a"], "drupal:config": ["site:page:/a", "site:page:/b"],
      ],
      invalidated: "drupal:node:1", gone: [],
      values: ["GET site:cachetags:node:1": "5", "GET site:cachetags:config": "9"]),
    Library(
      name: "Django", data: LibraryData.django,
      tags: [
        "django::1": [":1:home", ":1:count"], "django:dr:1": ["dr:1:page"],
        "django:shop:1": ["shop:1:basket:1"], "django:shop:2": ["shop:2:basket:1"],
      ],
      invalidated: "django:shop:1", gone: ["shop:1:basket:1"]),
    Library(
      name: "dogpile.cache", data: LibraryData.dogpile,
      tags: [
        "dogpile:app.views:load_page": ["app.views:load_page|v2|x 1"],
        "dogpile:app.views:load_user": ["app.views:load_user|7", "app.views:load_user|8"],
      ],
      invalidated: "dogpile:app.views:load_user",
      gone: ["app.views:load_user|7", "app.views:load_user|8"],
      hidden: [
        "dogpile:mangled:*": ["mangled:f9ad38b4b4472f3c4256b3ef2b4781cfd795f827"],
        "dogpile:*": [
          "mangled:f9ad38b4b4472f3c4256b3ef2b4781cfd795f827", "app.views:load_page|v2|x 1",
          "app.views:load_user|7", "app.views:load_user|8",
        ],
      ]),
    Library(
      name: "Flask-Caching", data: LibraryData.flask,
      tags: [
        "flask:app.add": [
          "flask_cache_4xYLP2jW2xvJjgx1fFJsDi", "flask_cache_ifcHHLCkkHzuNxCBfFJsDi",
        ],
        "flask:app.Adder.plus": [
          "flask_cache_ARaHeMsFF/9gR18e4skXlGQ7Sztg", "flask_cache_ArtEJD+6SpnZ8cG04skXlGSse84k",
          "flask_cache_M9BGR9HHtuD0gXPy4skXlGSse84k",
        ],
        "flask:app.Adder.plus.Adder5": [
          "flask_cache_ArtEJD+6SpnZ8cG04skXlGSse84k", "flask_cache_M9BGR9HHtuD0gXPy4skXlGSse84k",
        ],
        "flask:app.Adder.plus.Adder9": ["flask_cache_ARaHeMsFF/9gR18e4skXlGQ7Sztg"],
      ],
      invalidated: "flask:app.add",
      gone: [
        "flask_cache_4xYLP2jW2xvJjgx1fFJsDi", "flask_cache_ifcHHLCkkHzuNxCBfFJsDi",
        "flask_cache_app.add_memver",
      ]),
  ]

  private func source(_ library: Library, _ kind: SourceKind) async throws -> SourceUnderTest {
    let source = try SourceUnderTest(kind)
    for command in LibraryData.commands(library.data) {
      let reply = try await source.other.send(command)
      if let error = reply.error { throw error }
    }
    _ = try await source.backend.open()
    return source
  }

  @Test(arguments: libraries, SourceKind.redis)
  func areRecognisedAndFollowed(_ library: Library, _ kind: SourceKind) async throws {
    let source = try await source(library, kind)
    let tags = try await source.backend.allTags()
    #expect(Set(tags.map(\.tag.spelling)) == Set(library.tags.keys))
    let keys = try await source.keyNames().map { CacheKey($0) }
    let told = try await source.backend.tags(of: keys, among: tags.map(\.tag))
    for seen in tags {
      let expected = library.tags[seen.tag.spelling] ?? []
      #expect(
        try await source.backend.allKeys(of: seen.tag) == expected, "\(seen.tag.spelling)")
      if let count = seen.keys { #expect(count == Int64(expected.count)) }
      let telling = zip(keys, told).filter { $1.contains(seen.tag) }.compactMap(\.0.text)
      #expect(Set(telling) == expected.intersection(keys.compactMap(\.text)))
    }
    await source.close()
  }

  @Test(arguments: libraries)
  func areInvalidatedByTheirOwnRule(_ library: Library) async throws {
    let source = try await source(library, .redisRESP3)
    let before = try await source.keyNames()
    let tags = try await source.backend.tags(spelled: bytes(library.invalidated))
    #expect(tags.map(\.spelling) == [library.invalidated])
    let tag = try #require(tags.first)
    let plan = try #require(try await source.backend.invalidation(of: tag))
    let outcomes = try await source.backend.carryOut(plan)
    #expect(outcomes.allSatisfy { if case .done = $0 { true } else { $0 == .gone } })
    #expect(try await source.keyNames() == before.subtracting(library.gone))
    for (command, value) in library.values {
      let words = command.split(separator: " ").map { Array($0.utf8) }
      let reply = try await source.other.send(RESPCommand(arguments: words))
      #expect((reply.text ?? reply.elements?.first?.text) == value, "\(command)")
    }
    await source.close()
  }

  @Test(arguments: libraries.filter { !$0.hidden.isEmpty })
  func areFoundByTheirSpelling(_ library: Library) async throws {
    let source = try await source(library, .redisRESP2)
    for (spelling, expected) in library.hidden {
      let tags = try await source.backend.tags(spelled: bytes(spelling))
      let tag = try #require(tags.first)
      #expect(tags.count == 1)
      #expect(try await source.backend.allKeys(of: tag) == expected, "\(spelling)")
    }
    await source.close()
  }

  /// All libraries in one keyspace: a bare name finds the tags of all keepers.
  @Test func aNameAloneFindsAllKeepers() async throws {
    let source = try SourceUnderTest(.redisRESP3)
    for library in Self.libraries {
      for command in LibraryData.commands(library.data) { _ = try await source.other.send(command) }
    }
    _ = try await source.backend.open()
    let tags = try await source.backend.tags(spelled: bytes("posts"))
    #expect(Set(tags.map(\.spelling)) == ["laravel:posts", "laravel9:posts", "symfony:posts"])
    #expect(try await source.backend.tags(spelled: bytes("symfony:posts")).count == 1)
    #expect(try await source.backend.tags(spelled: bytes("no such tag")) == [])
    #expect(try await source.backend.tags(spelled: bytes("laravel:news")) == [])
    await source.close()
  }

  /// A set of many keys is walked in pages, and both sets of Laravel 9 one after the other.
  @Test func largeSetsAreWalkedInPages() async throws {
    let source = try SourceUnderTest(.redisRESP2)
    _ = try await source.backend.open()
    try await source.run("SET", "p_tag:big:key", "id1")
    for (list, range) in [("standard", 0..<3000), ("forever", 3000..<5000)] {
      let members = range.map { bytes("p_x:\($0)") }
      let reply = try await source.other.send(
        RESPCommand("SADD", [bytes("p_id1:\(list)_ref")] + members))
      #expect(reply.integer == Int64(range.count))
    }
    let tag = try #require(try await source.backend.tags(spelled: bytes("big")).first)
    let keys = try await source.backend.allKeys(of: tag)
    #expect(keys == Set((0..<5000).map { "p_x:\($0)" }))
    await source.close()
  }

  /// What looks like a tag by its name alone is none, and a tag that has gone says so.
  @Test func chanceLikenessesAreNoTags() async throws {
    let source = try SourceUnderTest(.redisRESP3)
    _ = try await source.backend.open()
    try await source.run("SET", "x_tag:posts:entries", "a string")
    try await source.run("HSET", "tag:posts:key", "a", "b")
    try await source.run("SET", "a:1:b", "text")
    try await source.run("SET", "m:f|x", "text")
    try await source.run("RPUSH", "x:cachetags:y", "text")
    try await source.run("SET", "zc:ti:NAME", "text")
    #expect(try await source.backend.allTags() == [])
    let gone = Tag(
      keeper: .laravel9, prefix: bytes("x_"), name: bytes("posts"),
      ownKey: CacheKey("x_tag:posts:key"))
    #expect(try await source.backend.invalidation(of: gone) == nil)
    #expect(try await source.backend.allKeys(of: gone) == [])
    let wrong = Tag(
      keeper: .laravel9, prefix: [], name: bytes("posts"), ownKey: CacheKey("tag:posts:key"))
    #expect(try await source.backend.invalidation(of: wrong) == nil)
    await source.close()
  }

  /// A number of Django confirms nothing; a pickle among many numbers on the same page does.
  @Test func aTagIsConfirmedByAnyOfItsValues() async throws {
    let source = try SourceUnderTest(.redisRESP3)
    _ = try await source.backend.open()
    for number in 0..<5 { try await source.run("SET", "shop:1:n\(number)", "\(number)") }
    try await source.run("SET", bytes("shop:1:p"), [0x80, 5, 0x4B, 1, 0x2E])
    let page = try await source.backend.tagNames(from: .start, named: nil, count: 100)
    #expect(page.tags.map(\.tag.spelling) == ["django:shop:1"])
    await source.close()
  }

  @Test(arguments: SourceKind.redis)
  func trackersAreCounted(_ kind: SourceKind) async throws {
    let source = try SourceUnderTest(kind)
    _ = try await source.backend.open()
    #expect(try await source.backend.trackers(of: CacheKey("k")) == .counted(0))
    await source.close()
  }
}

extension RedisBackend {
  func allTags() async throws -> [SeenTag] {
    var tags: [SeenTag] = []
    var cursor: ScanCursor? = .start
    while let place = cursor {
      let page = try await tagNames(from: place, named: nil, count: 5)
      for seen in page.tags where !tags.contains(seen) { tags.append(seen) }
      cursor = page.next
    }
    return tags
  }

  func allKeys(of tag: CacheModel.Tag) async throws -> Set<String> {
    var keys: Set<String> = []
    var cursor: ScanCursor? = .start
    while let place = cursor {
      let page = try await self.keys(tagged: tag, from: place, count: 50)
      keys.formUnion(page.keys.compactMap(\.text))
      cursor = page.next
    }
    return keys
  }

  /// Deletes the keys as far as the plan says so, then does what follows.
  func carryOut(_ plan: TagInvalidation) async throws -> [ChangeOutcome] {
    var outcomes: [ChangeOutcome] = []
    if plan.deletesKeys {
      for key in try await allKeys(of: plan.tag) {
        outcomes.append(try await apply(.delete, to: CacheKey(key), undoLimit: nil))
      }
    }
    for each in plan.afterwards {
      outcomes.append(try await apply(each.change, to: each.key, undoLimit: nil))
    }
    return outcomes
  }
}

extension SourceUnderTest {
  func keyNames() async throws -> Set<String> {
    Set(try await run("KEYS", "*").elements?.compactMap(\.text) ?? [])
  }
}
