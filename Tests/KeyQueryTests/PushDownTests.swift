import CacheModel
import KeyPattern
import KeyQuery
import TestSupport
import Testing

/// What is sent to the server, what is shown, what is proposed.
@Suite struct PushDownTests {
  private func glob(_ text: String) throws -> String? {
    try Query(text).serverGlob.map { String(decoding: $0, as: UTF8.self) }
  }

  @Test func whatTheServerCanFilterIsSentToIt() throws {
    #expect(try glob("prefix:app:s[1]") == "app:s\\[1\\]*")
    #expect(try glob("\"user[1]\"") == "*user\\[1\\]*")
    #expect(try glob("User") == "*User*")
    #expect(try glob("us:7") == "*[uU][sS]:7*")
    #expect(try glob("user:*:7") == "user:*:7")
    #expect(try glob("re:/^user:\\d/") == "user:*")
    #expect(try glob("prefix:app :7") == "app*:7*")
    // `app:7` holds both: the text may begin within the prefix.
    #expect(try glob("prefix:app: :7") == "app:*")
    #expect(try glob("Us prefix:application") == "application*Us*")
    #expect(try glob("a* longer") == "*[lL][oO][nN][gG][eE][rR]*")
    for text in ["", "!user", "~user", "type:hash", "re:/user/", "re:/^a|b/", "re:/^a*/"] {
      #expect(try glob(text) == nil, "\(text)")
    }
    #expect(try Query("a type:hash").serverKind == .hash)
    #expect(try Query("!type:hash").serverKind == nil)
  }

  @Test func whatPassesMatchesTheGlob() throws {
    var random = SeededRandom(seed: LongRun.seed(11, for: "PushDownTests"))
    let words = [
      "a", "ab", "B", ":a", "\"a*\"", "prefix:a", "prefix:ab", "prefix:a*", "*a", "[ab]*",
      "re:/^a/",
      "re:/^ab*/", "!b", "~ab", "\"b\"",
    ]
    let letters = Array("aabbAB:*".utf8)
    for _ in 0..<(20_000 * LongRun.factor) {
      let text = (0..<Int.random(in: 1...3, using: &random))
        .compactMap { _ in words.randomElement(using: &random) }.joined(separator: " ")
      let name = (0..<Int.random(in: 0...6, using: &random)).compactMap { _ in
        letters.randomElement(using: &random)
      }
      let query = try Query(text)
      guard let glob = query.serverGlob, query.nameVerdict(name[...]) == .matches else { continue }
      #expect(GlobPattern(glob).matches(name), "\(text) sends \(glob), name \(name)")
    }
  }

  private func marked(_ text: String, _ name: String) throws -> String {
    let bytes = Array(name.utf8)
    let ranges = try Query(text).highlights(in: bytes[...])
    return bytes.indices.map { place in
      ranges.contains { $0.contains(place) } ? "^" : "-"
    }.joined()
  }

  @Test func whatMatchedIsMarked() throws {
    #expect(try marked("us", "us:Us:x") == "^^-^^--")
    #expect(try marked("us :x", "us:Us:x") == "^^-^^^^")
    #expect(try marked("a*c?", "abbcd") == "^--^-")
    #expect(try marked("*bc", "abcbc") == "---^^")
    #expect(try marked("~uc", "user:c") == "^----^")
    #expect(try marked("re:/b+/", "abbabbb") == "-^^----")
    #expect(try marked("prefix:us", "us:us") == "^^---")
    #expect(try marked("!x type:hash", "us") == "--")
  }

  private func completed(_ text: String) -> [String] {
    let vocabulary = QueryVocabulary(codecs: ["json", "text"]) { text in
      ["app:", "app:user:", "a b:"].filter { $0.hasPrefix(text) }
    }
    return Query.completions(at: text.count, in: text, knowing: vocabulary).map { completion in
      var characters = Array(text)
      characters.replaceSubrange(completion.range, with: Array(completion.text))
      return String(characters)
    }
  }

  @Test func proposesWhatCanGoOn() {
    #expect(completed("é !ty") == ["é !type:"])
    #expect(completed("tt") == ["ttl<", "ttl>", "ttl:none"])
    #expect(completed("type:s") == ["type:string", "type:set", "type:stream"])
    #expect(completed("ttl<5") == ["ttl<5s", "ttl<5m", "ttl<5h", "ttl<5d", "ttl<5w"])
    #expect(completed("size>=1").contains("size>=1mb"))
    #expect(completed("codec:j") == ["codec:json"])
    #expect(completed("prefix:app:u") == ["prefix:app:user:"])
    #expect(completed("prefix:a").contains("prefix:\"a b:\""))
    #expect(completed("user ").contains("user type:"))
    for text in ["user", "\"ty", "~ty", "re:/ty", "type:hash", "ttl<"] {
      #expect(completed(text).isEmpty, "\(text)")
    }
  }
}
