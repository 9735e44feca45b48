import CacheModel
import KeyQuery
import Testing

/// What the names behind `tag:` mean, and what is told about them.
@Suite struct TagTermTests {
  private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

  private var meanings: TagMeanings {
    TagMeanings([
      bytes("posts"): [
        Tag(keeper: .laravel, name: bytes("posts")), Tag(keeper: .symfony, name: bytes("posts")),
      ],
      bytes("news"): [Tag(keeper: .symfonyVersion, name: bytes("news"))],
      bytes("both"): [
        Tag(keeper: .symfonyVersion, name: bytes("both")),
        Tag(keeper: .drupal, name: bytes("both")),
      ],
      bytes("nobody"): [],
    ])
  }

  @Test func aPlainTermIsWalkedOver() throws {
    let query = try Query("user !tag:a type:hash tag:b tag:c")
    let plain = try #require(query.plainTag)
    #expect(plain.spelling == bytes("b"))
    #expect(plain.rest == (try Query("user !tag:a type:hash tag:c")))
    #expect(try Query("!tag:a user").plainTag == nil)
    #expect(query.tagSpellings == [bytes("a"), bytes("b"), bytes("c")])
  }

  @Test func aNameThatNoTagHasIsTold() throws {
    #expect(
      try Query("tag:nobody").remark(on: meanings)
        == "no tag is named nobody: no key matches tag:nobody")
    #expect(
      try Query("!tag:nobody").remark(on: meanings)
        == "no tag is named nobody: every key matches !tag:nobody")
    #expect(try Query("tag:posts tag:both").remark(on: meanings) == nil)
    #expect(try Query("tag:nobody tag:else").remark(on: meanings)?.contains("nor else") == true)
  }

  @Test func aTagWhoseKeysNothingTellsIsRefused() throws {
    let refusal = try #require(try Query("tag:news").refusal(by: meanings))
    #expect(
      refusal.sentence.hasPrefix(
        "tag:news cannot be answered: Symfony keeps a version of symfony-version:news"))
    #expect(try Query("!tag:news").refusal(by: meanings) != nil)
    #expect(try Query("tag:both tag:posts tag:nobody").refusal(by: meanings) == nil)
    #expect(meanings.telling.count == 3)
  }

  @Test func sourcesThatKeepTagsAnswer() throws {
    let query = try Query("tag:posts")
    #expect(query.refusal(on: QueryGround(facts: [.name, .tags])) == nil)
    #expect(
      query.refusal(on: QueryGround(facts: .name))?.sentence.contains("keeps no tags") == true)
  }
}
